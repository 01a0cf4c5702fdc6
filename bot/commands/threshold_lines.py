"""What /review threshold says of the last days, in lines for a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import fit
from bot.commands.open_card import UNTITLED
from bot.commands.reply import Line, Span, text
from bot.commands.shares import percents
from bot.domain.sentences import counted, passage, sentence
from bot.services.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.services.threshold_preview import Change, Outlook, Period

TITLES = 5


def table_lines(
    period: Period, found: Sequence[Outlook], in_force: float, cards_per_day: int
) -> Iterator[Line]:
    """A row a value, the one in force in bold."""
    yield text(period_line(period))
    if not any(one.queued for one in found):
        return
    yield text(sentence("Score · cards a day · approved of those judged (95 %)"))
    for one in found:
        yield text(Span(_row(one), bold=one.value == in_force))
    yield text(
        sentence("Below {score} nobody has judged what was not shown.", score=f"{in_force:g}")
    )
    if max(one.daily for one in found) > cards_per_day:
        yield text(_ceiling(cards_per_day))


def period_line(period: Period) -> str:
    """What was looked back on: `In 30 days the harvest looked at 31420 papers`."""
    if not period.days:
        return sentence("No harvest has given scores yet.")
    if not period.known:
        return counted(
            period.days,
            "Of the last day only what was shown is known.",
            "Of the last {n} days only what was shown is known.",
        )
    looked = counted(
        period.days,
        "In one day the harvest looked at {papers} papers.",
        "In {n} days the harvest looked at {papers} papers.",
        papers=period.looked_at,
    )
    since = counted(
        period.known,
        "What was not shown is known for the last day only.",
        "What was not shown is known for the last {n} days only.",
    )
    return passage(looked, since if period.known < period.days else "")


def change_lines(change: Change, cards_per_day: int) -> Iterator[Line]:
    """How many it would have shown, how good those were, and what would be gained or lost."""
    if not (change.then.queued or change.now.queued):
        yield text(sentence("Neither would have shown anything."))
        return
    yield text(_queued(change))
    yield text(sentence("Approved of those judged (95 % interval):"))
    for one in (change.then, change.now):
        yield text(sentence("{score}: {share}", score=f"{one.value:g}", share=_judged(one)))
    if change.then.value > change.now.value:
        yield from _lost(change.lost)
    elif more := change.then.queued - change.now.queued:
        yield text(_gained(change, more))
    if change.then.daily > cards_per_day:
        yield text(_ceiling(cards_per_day))


def _row(one: Outlook) -> str:
    daily = f"{one.daily:.1f}"
    if not one.judged.whole:
        return sentence("{score} · {daily} · none judged", score=f"{one.value:g}", daily=daily)
    low, high = percents(one.judged)
    return sentence(
        "{score} · {daily} · {share} % of {judged} ({low}–{high} %)",
        score=f"{one.value:g}",
        daily=daily,
        share=round(100 * one.judged.value),
        judged=one.judged.whole,
        low=low,
        high=high,
    )


def _queued(change: Change) -> str:
    then, now = change.then, change.now
    said = {
        "score": f"{then.value:g}",
        "n": then.queued,
        "daily": f"{then.daily:.1f}",
        "now": f"{now.value:g}",
    }
    if then.queued == now.queued:
        return sentence("{score} would have shown {n}, {daily} a day: as many as {now}.", **said)
    if then.queued < now.queued:
        return sentence(
            "{score} would have shown {n}, {daily} a day: {fewer} fewer than {now}.",
            fewer=now.queued - then.queued,
            **said,
        )
    return sentence(
        "{score} would have shown {n}, {daily} a day: {more} more than {now}.",
        more=then.queued - now.queued,
        **said,
    )


def _judged(one: Outlook) -> str:
    """`64 %, 32 of 50 (50–76 %)`: short enough for a phone."""
    judged = one.judged
    if not judged.whole:
        return sentence("nothing decided")
    low, high = percents(judged)
    return sentence(
        "{share} %, {approved} of {judged} ({low}–{high} %)",
        share=round(100 * judged.value),
        approved=judged.part,
        judged=judged.whole,
        low=low,
        high=high,
    )


def _lost(titles: Sequence[str]) -> Iterator[Line]:
    if not titles:
        yield text(sentence("No approved paper would have been missed."))
        return
    yield text(
        counted(
            len(titles),
            "{n} approved paper would have been missed:",
            "{n} approved papers would have been missed:",
        )
    )
    for title in titles[:TITLES]:
        yield text("• ", fit(plain(title) or UNTITLED, 2))
    if len(titles) > TITLES:
        yield text(sentence("… and {n} more", n=len(titles) - TITLES))


def _gained(change: Change, more: int) -> str:
    return sentence(
        "Of the {more} more nobody has judged {unjudged}; {n} came by hand and were approved.",
        more=more,
        unjudged=change.unjudged,
        n=change.by_hand,
    )


def _ceiling(cards_per_day: int) -> str:
    return sentence("At most {most} cards a day are sent; the rest waits.", most=cards_per_day)
