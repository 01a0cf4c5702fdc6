"""The reasons for which a paper is turned down, to be chosen with one press, and in words."""

from __future__ import annotations

from bot.commands.reply import Choice
from bot.domain.rejections import REASONS
from bot.domain.sentences import sentence

LABELS = (
    sentence("Off topic"),
    sentence("Not about LLM data"),
    sentence("Covered already"),
    sentence("Too thin"),
    sentence("Other"),
)
"""Of REASONS, in their order."""


def reason_choices() -> tuple[Choice, ...]:
    """The options of the menu."""
    return tuple(Choice(label, str(reason)) for label, reason in zip(LABELS, REASONS, strict=True))


def worded(reason: str) -> str:
    """A reason as a sentence where it was chosen, as it was typed where not."""
    return next((known for known in REASONS if known == reason), reason)
