"""What somebody who asked for a paper hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.open_card import heading
from bot.commands.reply import Reply, Span, text
from bot.commands.submissions import REASON
from storage.models import CandidateState

if TYPE_CHECKING:
    from bot.domain.cards import OutcomePost


def outcome_reply(post: OutcomePost) -> Reply:
    """The paper, and what became of it."""
    return Reply(lines=(text(Span(post.title, post.url)), text(_sentence(post))))


def _sentence(post: OutcomePost) -> str:
    match post.state:
        case CandidateState.APPROVED:
            where = f", under {heading(post.section)}" if post.section else ""
            return f"✅ The paper you suggested is on the list now{where}. Thank you!"
        case CandidateState.REJECTED:
            why = f": {shorten(post.reason, REASON)}" if post.reason else "; they gave no reason"
            return f"❌ The maintainers looked at the paper you suggested and said no{why}."
        case CandidateState.WITHDRAWN:
            return "🚫 The paper you suggested was withdrawn on arXiv, so it is not considered."
    return (
        "↩️ The maintainers took back what they decided on the paper you suggested: it waits again."
    )
