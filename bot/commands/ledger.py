"""What /review ledger says: a few short lines a day, for a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.commands.reply import Reply, Span, say, text

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
        return say(f"arXiv was not asked yet. {_next(overview)}".strip())
    return Reply(
        title="What the harvest brought",
        lines=(
            text(_through(overview)),
            *((text(_next(overview)),) if _next(overview) else ()),
            *(line for day in overview.days for line in _day(day)),
        ),
        footer="Every pass by set: python -m bot ledger",
    )


def _through(overview: Overview) -> str:
    if overview.complete_through is None:
        return "Not complete yet"
    return f"Complete through {_short(overview.complete_through)}"


def _next(overview: Overview) -> str:
    if overview.left_alone_until is not None:
        return f"arXiv is left alone until {_instant(overview.left_alone_until)}"
    return f"Next pass {_instant(overview.next_pass)}" if overview.next_pass else ""


def _instant(instant: datetime) -> str:
    return f"{instant:%a %H:%M} UTC"


def _short(day: date) -> str:
    """`Mon 16 Sep`."""
    return f"{day:%a} {day.day} {day:%b}"


def _day(day: Day) -> Iterator[Line]:
    yield text(Span(_short(day.day), bold=True), " · ", _state(day))
    brought = _counts((day.new, "new"), (day.late, "late"))
    yield text(" · ".join((f"{day.announced} announced", *brought)))
    changes = ((day.updated, "updated"), (day.queued, "queued"), (day.decided, "decided"))
    yield text(" · ".join(_counts(*changes)))
    if day.found:
        yield text(f"The cross-check found {day.found} more")
    for who, what in day.faults[:MOST_FAULTS]:
        yield text(f"{who}: {_cut(what)}", quote=True)
    if len(day.faults) > MOST_FAULTS:
        yield text(f"… and {len(day.faults) - MOST_FAULTS} more", quote=True)


def _state(day: Day) -> str:
    if not day.missing:
        return "complete" + (", cross-checked" if day.found is not None else "")
    named = {name for who, _ in day.faults for name in who.split(", ")}
    unread = [name for name in day.missing if name not in named]
    return "not complete" + (f": {', '.join(unread)}" if unread else "")


def _counts(*counts: tuple[int, str]) -> list[str]:
    """`803 new`; what is zero has nothing to say."""
    return [f"{count} {word}" for count, word in counts if count]


def _cut(fault: str) -> str:
    words = " ".join(_ADDRESS.sub("", fault).split())
    return words if len(words) <= LONGEST_FAULT else words[: LONGEST_FAULT - 1].rstrip() + "…"
