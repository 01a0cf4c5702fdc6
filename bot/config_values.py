"""The kinds of value config.toml holds, read strictly; an error goes on after "[section] key:"."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([smhd]?)")
_UNITS = {"": "seconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=365)
_LONGEST_RETENTION = timedelta(days=36_500)
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]{2}|\.[a-z]+-[a-z]+)?")
_CAPITALS = frozenset(
    ("astro-ph", "cs", "econ", "eess", "math", "nlin", "q-bio", "q-fin", "stat"),
)
_MAIL = re.compile(r"[0-9A-Za-z.+_%-]+@[0-9A-Za-z.-]+")
_QUIET = (time(0), time(2))


def shown(value: object) -> str:
    """A value from the file as it may stand in an error: one line, at most 40 characters."""
    if isinstance(value, date | time):
        text = str(value)
    else:
        text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _no_boolean(value: object) -> object:
    if value is True or value is False:
        raise ValueError(f"wants a number, not {str(value).lower()}")
    return value


def _duration(value: object) -> timedelta:
    written = str(value) if isinstance(value, int | float | str) else ""
    match = _DURATION.fullmatch(written)
    if isinstance(value, bool) or not match:
        raise ValueError(f'{shown(value)} is no duration; write "90s", "3m", "2h" or seconds')
    length = timedelta(**{_UNITS[match[2]]: float(match[1])})
    if length > _LONGEST:
        raise ValueError(f"{shown(value)} is longer than a year")
    return length


def _retention(value: object) -> timedelta | None:
    """None keeps everything."""
    if value is None or value == "keep":
        return None
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match or match[2] != "d" or not 1 <= float(match[1]) <= _LONGEST_RETENTION.days:
        raise ValueError(f'{shown(value)} is neither "keep" nor days from "1d" to "36500d"')
    return timedelta(days=float(match[1]))


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value  # TOML has dates of its own: 2026-11-26, without quotes
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(f'{shown(value)} is no day; write "2026-11-26", in quotes') from None


def _time(value: object) -> time:
    if isinstance(value, time) and value == value.replace(second=0, microsecond=0):
        return value  # TOML has times of its own: 09:00:00, without quotes
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError(f'{shown(value)} is no time of day; write "09:00", in quotes')
    return time(int(match[1]), int(match[2]))


def _harvest_time(value: time) -> time:
    if _QUIET[0] <= value < _QUIET[1]:
        raise ValueError(
            f"{value:%H:%M} lies between 00:00 and 02:00 UTC, when arXiv asks not to be polled"
        )
    return value


def _zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        close = _like_zone(value.casefold().replace(" ", "_"))
        hint = f'did you mean "{close}"?' if close else 'write it as "Europe/Berlin"'
        raise ValueError(f"{shown(value)} is no time zone; {hint}") from error
    return value


def _like_zone(written: str) -> str:
    """The zone that may have been meant: a city's (`berlin`), else one spelt nearly so."""
    known = {name.casefold(): name for name in sorted(zoneinfo.available_timezones())}
    cities = {name.rpartition("/")[2]: name for name in known if "/" in name}
    close = difflib.get_close_matches(written, [*known, *cities], n=1, cutoff=0.75)
    return known[cities.get(close[0], close[0])] if close else ""


def _url(value: str, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not value.isascii() or re.search(r"[\s\x00-\x1f\x7f]", value):
        raise ValueError(f"{shown(value)} is no {schemes[0]}:// address")
    return value


def _web_url(value: str) -> str:
    return _url(value, ("https", "http"))


def _socket_url(value: str) -> str:
    return _url(value, ("wss", "ws"))


def _contact(value: str) -> str:
    if value and not _MAIL.fullmatch(value):
        try:
            _web_url(value)
        except ValueError as error:
            raise ValueError(f"{shown(value)} is neither a mail address nor a URL") from error
    return value


def _category(value: str) -> str:
    archive, dot, subject = value.partition(".")
    if not _CATEGORY.fullmatch(value) or (dot and archive in _CAPITALS and not subject.isupper()):
        raise ValueError(f'{shown(value)} is no arXiv category; write for example "cs.CL"')
    return value


def _database_url(value: str) -> str:
    """The URL is never quoted back: it may hold a password."""
    if re.fullmatch(r"sqlite\+aiosqlite:///[^?]+", value) and not value.endswith((":memory:", "/")):
        return value
    if re.fullmatch(r"postgresql\+asyncpg://[^\s]*/[^\s/]+", value):
        return value
    raise ValueError("must be sqlite+aiosqlite:///PATH or postgresql+asyncpg://USER@HOST/DATABASE")


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def _existing(value: Path) -> Path:
    try:
        exists = value.is_file()
    except OSError:  # a name longer than any file's
        exists = False
    if not exists:
        raise ValueError(f"there is no file {shown(str(value))}")
    return value


def _path(value: object) -> object:
    """`~` is home; an empty path would quietly be the folder the bot is started in."""
    if not isinstance(value, str):
        return value
    if "\0" in value:
        raise ValueError(f"{shown(value)} is no path")
    try:
        return Path(_filled(value)).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{shown(value)}: nobody of that name has a home here") from error


def once_each(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values in their order, each once."""
    return tuple(dict.fromkeys(values))


Whole = Annotated[int, BeforeValidator(_no_boolean)]
Snowflake = Annotated[Whole, Field(gt=0, lt=2**63)]
"""A Discord id."""
Fraction = Annotated[float, BeforeValidator(_no_boolean), Field(ge=0, le=1)]
Weight = Annotated[float, BeforeValidator(_no_boolean), Field(ge=-100, le=100)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Retention = Annotated[timedelta | None, BeforeValidator(_retention)]
Day = Annotated[date, BeforeValidator(_day)]
TimeOfDay = Annotated[time, BeforeValidator(_time)]
HarvestTime = Annotated[TimeOfDay, AfterValidator(_harvest_time)]
Zone = Annotated[str, AfterValidator(_zone)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
SocketUrl = Annotated[str, AfterValidator(_socket_url)]
Contact = Annotated[str, AfterValidator(_contact)]
Category = Annotated[str, AfterValidator(_category)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
Filled = Annotated[str, AfterValidator(_filled)]
FilledPath = Annotated[Path, BeforeValidator(_path)]
ExistingFile = Annotated[FilledPath, AfterValidator(_existing)]
