"""Days as people type them: a year, a month or a day."""

from __future__ import annotations

import calendar
import re
from datetime import date

from bot.domain.errors import UserError
from bot.domain.sentences import sentence

_TYPED = re.compile(
    r"(?P<year>\d{4})(?:[-./](?P<month>\d{1,2})(?:[-./](?P<day>\d{1,2}))?)?", re.ASCII
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－．／", "0123456789-./")
_SHOWN = 40


def first_day(typed: str) -> date:
    """The first day of what `2024`, `2024-05` or `2024-05-12` names. Raises UserError."""
    return _span(typed)[0]


def last_day(typed: str) -> date:
    """The last day of what `2024`, `2024-05` or `2024-05-12` names. Raises UserError."""
    return _span(typed)[1]


def _span(typed: str) -> tuple[date, date]:
    match = _TYPED.fullmatch(typed.strip().translate(_FULL_WIDTH))
    parts = [int(part) for part in match.groups() if part] if match else []
    try:
        return _first(*parts), _last(*parts)
    except (TypeError, ValueError) as error:
        raise UserError(
            sentence(
                "“{typed}” is no day. Type a year, a month or a day: 2024, 2024-05 or 2024-05-12.",
                typed=typed.strip()[:_SHOWN],
            )
        ) from error


def _first(year: int, month: int = 1, day: int = 1) -> date:
    return date(year, month, day)


def _last(year: int, month: int = 12, day: int = 0) -> date:
    return date(year, month, day or calendar.monthrange(year, month)[1])
