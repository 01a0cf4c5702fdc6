"""The dates that lists write, found in a text and written again for another paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.citations import publication_year
from bot.domain.identify import submitted_month

if TYPE_CHECKING:
    from storage.models import Paper

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:[a-z]{1,6})?"
_YEAR = r"(?:19|20)\d\d"
DATE = re.compile(
    rf"(?<![\w./:-])(?:{_YEAR}(?P<mark>[-/.])\d{{1,2}}(?:(?P=mark)\d{{1,2}})?"
    rf"|\d{{1,2}}(?P<behind>[-/.]){_YEAR}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?\s)?{_MONTH}\.?(?:\s\d{{1,2}}(?:st|nd|rd|th)?)?,?\s{_YEAR}"
    rf"|{_YEAR})(?![\w:/]|[-.]\d)|(?<=['’])\d\d(?!\d)",
    re.IGNORECASE,
)
"""`2024`, `'24`, `2024-05`, `2024/05/17`, `05/2024`, `May 2024`, `May. 17, 2024`, `17 May 2024`."""


def date_like(written: str, paper: Paper) -> str:
    """The paper's date as `written` is, as exact as it is known; empty where it is not."""
    year = publication_year(paper)
    if year is None:
        return ""
    if len(written) == 2:
        return f"{year}"[2:]
    month, day = _month_and_day(paper)
    named = re.search(_MONTH, written, re.IGNORECASE)
    if named:
        return _spelled(written, named[0], (year, month, day))
    numbers = re.findall(r"\d+", written)
    if len(numbers) > 1 and not month:
        return f"{year}"
    mark = re.sub(r"\d", "", written)[:1]
    short = len(numbers) > 1 and any(len(number) == 1 for number in numbers)
    parts = [f"{year}", f"{month}" if short else f"{month:02}", f"{day}" if short else f"{day:02}"]
    parts = parts[: len(numbers) if day else min(len(numbers), 2)]
    return mark.join(reversed(parts) if len(numbers[0]) < 4 else parts)


def _month_and_day(paper: Paper) -> tuple[int, int]:
    if paper.published:
        return paper.published.month, paper.published.day
    month = submitted_month(paper.id)
    return (month[1] if month else 0), 0


def _spelled(written: str, name: str, date: tuple[int, int, int]) -> str:
    """`Jan., 2025`, `3 January 2025`, `January 3, 2025`."""
    year, month, day = date
    if not month:
        return f"{year}"
    full = _MONTHS[month - 1]
    whole = len(name) > 4 or name.casefold() in {"june", "july"}
    full = full if whole else full[:3]
    text = re.sub(rf"{_YEAR}$", str(year), written.replace(name, full, 1))
    shown = re.compile(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?(?!\d)(\s|,)?")
    if day:
        return shown.sub(lambda number: f"{day}{number[1] or ''}", text, count=1)
    return " ".join(shown.sub("", text, count=1).split())


def dated(text: str) -> bool:
    """Whether a text is a date and nothing else."""
    return DATE.fullmatch(text.strip()) is not None
