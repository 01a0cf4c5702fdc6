"""What arXiv sends when it does not answer, told apart from what can be parsed.

Measured and reported faults: HTML or `Rate exceeded.` with status 200, empty bodies, 403 and 406
used as throttling, 429 without Retry-After, 503 with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.domain.errors import Refused, SourceError

_THROTTLING = frozenset({403, 406, 429, 503})
_PARSED = frozenset({200, 400})
"""The API says what was wrong with a question as a feed with status 400."""
_UNSEEN = b"\xef\xbb\xbf \t\r\n"
_QUOTED = 60


class Busy(Refused):
    """A 503 with Retry-After, normal at arXiv: ask the same again after `pause` seconds."""

    def __init__(self, message: str, pause: float) -> None:
        super().__init__(message, pause)
        self.pause = pause


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as it came. `retry_after` is in seconds, `location` where a redirect points.

    `requests` is how many it took, those to which arXiv said that it was busy included.
    """

    url: str
    status: int
    body: bytes
    retry_after: float | None = None
    location: str = ""
    requests: int = 1


def seconds_until(retry_after: str, now: datetime) -> float | None:
    """The seconds a Retry-After header asks for (RFC 9110, 10.2.3); None where it says nothing."""
    text = retry_after.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def usable(answer: Answer) -> bytes:
    """The body, when it may be parsed. Raises Refused, Busy or SourceError naming the fault."""
    where = f"arXiv ({answer.url}) answered"
    _check_status(answer, where)
    head = answer.body[:512].lstrip(_UNSEEN).lower()
    if not head:
        raise SourceError(f"{where} with an empty body; it is asked again later")
    is_page = head.startswith((b"<!doctype html", b"<html"))
    if b"rate exceeded" in head and (is_page or not head.startswith(b"<")):
        raise Refused(f"{where} “Rate exceeded.”; it is left alone for a while", answer.retry_after)
    if is_page:
        raise SourceError(f"{where} with an HTML page instead of data; it is asked again later")
    if not head.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(f"{where} with plain text instead of data: {_quote(answer.body)}")
    return answer.body


def _check_status(answer: Answer, where: str) -> None:
    status, pause = answer.status, answer.retry_after
    if status == 503 and pause is not None:
        raise Busy(f"{where} 503 (busy)", pause)
    if status in _THROTTLING:
        raise Refused(f"{where} {status}; it is left alone for a while", pause)
    if 300 <= status < 400:
        raise SourceError(
            f"{where} with a redirect to {_quote(answer.location.encode())}; "
            "put the new address into [arxiv] of config.toml"
        )
    if status not in _PARSED:
        raise SourceError(f"{where} with status {status}; it is asked again later")


def _quote(body: bytes) -> str:
    text = " ".join(body[: 4 * _QUOTED].decode("utf-8", "replace").split())
    shown = "".join(sign if sign.isprintable() else "�" for sign in text)[:_QUOTED]
    return f"“{shown}”"
