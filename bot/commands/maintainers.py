"""What is for maintainers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import NotAllowed
from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from bot.commands.registry import Context
    from bot.domain.review import Rules


def require_maintainer(rules: Rules, context: Context) -> None:
    """Raise NotAllowed unless a maintainer asks."""
    if not rules.is_maintainer(context.member):
        raise NotAllowed(
            sentence("This is for maintainers. You can suggest papers with /papers submit.")
        )
