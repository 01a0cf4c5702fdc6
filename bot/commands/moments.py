"""Days and durations in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.sentences import Sentence, sentence

if TYPE_CHECKING:
    from datetime import date

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

MONTHS = (
    sentence("Jan"),
    sentence("Feb"),
    sentence("Mar"),
    sentence("Apr"),
    sentence("May"),
    sentence("Jun"),
    sentence("Jul"),
    sentence("Aug"),
    sentence("Sep"),
    sentence("Oct"),
    sentence("Nov"),
    sentence("Dec"),
)
WEEKDAYS = (
    sentence("Mon"),
    sentence("Tue"),
    sentence("Wed"),
    sentence("Thu"),
    sentence("Fri"),
    sentence("Sat"),
    sentence("Sun"),
)


def month_text(day: date) -> Sentence:
    """`Sep`."""
    return MONTHS[day.month - 1]


def weekday_text(day: date) -> Sentence:
    """`Mon`."""
    return WEEKDAYS[day.weekday()]


def day_text(day: date) -> Sentence:
    """`12 Sep 2024`."""
    return sentence("{day} {month} {year}", day=day.day, month=month_text(day), year=day.year)


def short_day(day: date) -> Sentence:
    """`12 Sep`."""
    return sentence("{day} {month}", day=day.day, month=month_text(day))


def lasting(span: timedelta) -> Sentence:
    """`3 days`, `5 h`, `12 min`: the greatest unit of which there are two, rounded down."""
    if span >= 2 * DAY:
        return sentence("{n} days", n=span // DAY)
    if span >= 2 * HOUR:
        return sentence("{n} h", n=span // HOUR)
    return sentence("{n} min", n=max(span, timedelta()) // timedelta(minutes=1))
