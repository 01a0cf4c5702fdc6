"""What /review ledger says: a few short lines a day, for a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.commands.moments import short_day, weekday_text
from bot.commands.reply import Reply, Span, say, text
from bot.domain.sentences import clauses, joined, passage, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from bot.commands.reply import Line
    from bot.domain.ledger import Day
    from bot.services.ledger import Overview

DAYS = 5
"""A week of announcements."""

MOST_FAULTS = 3
LONGEST_FAULT = 90

_ADDRESS = re.compile(r"\(?https?://\S+")


def ledger_reply(overview: Overview) -> Reply:
    """The last announcement days, the newest first."""
    if not overview.days:
        return say(passage(sentence("arXiv was not asked yet."), _next(overview)))
    return Reply(
        title=sentence("What the harvest brought"),
        lines=(
            text(_through(overview)),
            *((text(_next(overview)),) if _next(overview) else ()),
            *(line for day in overview.days for line in _day(day)),
        ),
        footer=sentence("Every pass by set: python -m bot ledger"),
    )


def _through(overview: Overview) -> str:
    if overview.complete_through is None:
        return sentence("Not complete yet")
    return sentence("Complete through {day}", day=_short(overview.complete_through))


def _next(overview: Overview) -> str:
    if overview.left_alone_until is not None:
        until = _instant(overview.left_alone_until)
        return sentence("arXiv is left alone until {instant}", instant=until)
    if overview.next_pass is None:
        return ""
    return sentence("Next pass {instant}", instant=_instant(overview.next_pass))


def _instant(instant: datetime) -> str:
    weekday = weekday_text(instant)
    return sentence("{weekday} {time} UTC", weekday=weekday, time=f"{instant:%H:%M}")


def _short(day: date) -> str:
    """`Mon 16 Sep`."""
    return sentence("{weekday} {day}", weekday=weekday_text(day), day=short_day(day))


def _day(day: Day) -> Iterator[Line]:
    yield text(Span(_short(day.day), bold=True), " · ", _state(day))
    announced = sentence("{n} announced", n=day.announced)
    new, late = sentence("{n} new", n=day.new), sentence("{n} late", n=day.late)
    yield text(joined(" · ", (announced, *_counts((day.new, new), (day.late, late)))))
    updated = sentence("{n} updated", n=day.updated)
    queued, decided = sentence("{n} queued", n=day.queued), sentence("{n} decided", n=day.decided)
    changes = ((day.updated, updated), (day.queued, queued), (day.decided, decided))
    yield text(joined(" · ", _counts(*changes)))
    if day.found:
        yield text(sentence("The cross-check found {n} more", n=day.found))
    for who, what in day.faults[:MOST_FAULTS]:
        yield text(f"{who}: {_cut(what)}", quote=True)
    if len(day.faults) > MOST_FAULTS:
        more = len(day.faults) - MOST_FAULTS
        yield text(sentence("… and {n} more", n=more), quote=True)


def _state(day: Day) -> str:
    if not day.missing:
        checked = sentence("cross-checked") if day.found is not None else ""
        return clauses(sentence("complete"), checked)
    named = {name for who, _ in day.faults for name in who.split(", ")}
    unread = [name for name in day.missing if name not in named]
    if not unread:
        return sentence("not complete")
    return sentence("not complete: {sets}", sets=joined(", ", unread))


def _counts(*counts: tuple[int, str]) -> list[str]:
    """`803 new`; what is zero has nothing to say."""
    return [said for count, said in counts if count]


def _cut(fault: str) -> str:
    words = " ".join(_ADDRESS.sub("", fault).split())
    return words if len(words) <= LONGEST_FAULT else words[: LONGEST_FAULT - 1].rstrip() + "…"
