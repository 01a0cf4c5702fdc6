"""Shares of what was counted, with how far they may be off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from bot.domain.intervals import Share


def approved_share(share: Share) -> str:
    """`25 % (1 of 4 approved), 95 % interval 5–70 %`."""
    return sentence(
        "{share} % ({approved} of {decided} approved), {interval}",
        share=round(100 * share.value),
        approved=share.part,
        decided=share.whole,
        interval=interval_text(share),
    )


def interval_text(share: Share) -> str:
    """`95 % interval 5–70 %`: the share lies between them, in 95 of 100 such cases."""
    low, high = percents(share)
    return sentence("95 % interval {low}–{high} %", low=low, high=high)


def percents(share: Share) -> tuple[int, int]:
    """The ends of the interval in percent."""
    low, high = share.interval
    return round(100 * low), round(100 * high)
