"""Why a paper may be turned down, as it is recorded and stands in a line."""

from __future__ import annotations

from bot.domain.sentences import sentence

OFF_TOPIC = sentence("off topic")

COVERED = sentence("covered already")
"""The paper is on topic, but stands on the list as another."""

REASONS = (
    OFF_TOPIC,
    sentence("not about LLM data"),
    COVERED,
    sentence("too thin"),
    sentence("other"),
)
"""The reasons that can be chosen; others are typed."""
