"""What a signal ends tidies up first."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_ENDS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Signals that would end the process at once end the block as Ctrl-C does.

    So drafts and temporary files are removed. What is ignored (`nohup`) stays ignored.
    """
    ours = [one for one in _ENDS if signal.getsignal(one) is signal.SIG_DFL]
    for one in ours:
        signal.signal(one, _end)
    try:
        yield
    finally:
        for one in ours:
            signal.signal(one, signal.SIG_DFL)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    """With the status that a shell gives to what a signal ended."""
    raise SystemExit(128 + number)
