"""Where a candidate stands, in a word for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.sentences import sentence
from storage.models import CandidateState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.sentences import Sentence

STATE_NAMES: Mapping[CandidateState, Sentence] = {
    CandidateState.QUEUED: sentence("queued"),
    CandidateState.POSTED: sentence("posted"),
    CandidateState.APPROVED: sentence("approved"),
    CandidateState.REJECTED: sentence("rejected"),
    CandidateState.SNOOZED: sentence("snoozed"),
    CandidateState.WITHDRAWN: sentence("withdrawn"),
}
