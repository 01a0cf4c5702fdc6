"""What goes wrong at every try is said once, and once more when it is over."""

from __future__ import annotations

import structlog

log = structlog.get_logger()


class Trouble:
    """Troubles of one kind: each has a key (a channel, a card) and a reason."""

    def __init__(self, event: str) -> None:
        self._event = event
        self._known: dict[int, str] = {}

    def met(self, key: int, reason: str, error: BaseException | None = None) -> None:
        """Log a trouble unless it was met before; with the traceback where an error is given."""
        if self._known.get(key) != reason:
            self._known[key] = reason
            log.warning(self._event, of=key, reason=reason, exc_info=error)

    def over(self, key: int) -> None:
        """All is well here; say so where it was not."""
        if self._known.pop(key, None) is not None:
            log.info("over", trouble=self._event, of=key)
