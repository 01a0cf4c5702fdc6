"""The query language of arXiv's API, for the stand-in (info.arxiv.org/help/api/user-manual).

    cat:cs.CL AND (ti:"synthetic data" OR all:corpus) ANDNOT au:doe
    submittedDate:[202409160000 TO 202409161200]

Operators bind from left to right, all alike; two terms with nothing between them are refused.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.wire.arxiv_archive import Record

Matcher = Callable[["Record"], bool]

TOKEN = re.compile(r"\s*(\(|\)|(?:[A-Za-z]+:)?(?:\"[^\"]*\"|\[[^\]]*\]|[^\s()\"\[\]]+))")
WORD = re.compile(r"\w+")
WINDOW = re.compile(r"\[(\d{12}) TO (\d{12})\]")


class QueryError(Exception):
    """The query cannot be read; the text is what arXiv says."""


def matcher(query: str) -> Matcher:
    """What the query finds. Raises QueryError."""
    tokens = _tokens(query)
    found = _expression(tokens)
    if tokens:
        raise QueryError(f"cannot parse fragment: {tokens[0]}")
    return found


def _tokens(query: str) -> list[str]:
    tokens: list[str] = []
    place, end = 0, len(query.rstrip())
    while place < end:
        token = TOKEN.match(query, place)
        if token is None:
            raise QueryError(f"cannot parse fragment: {query[place:].strip()}")
        tokens.append(token[1])
        place = token.end()
    return tokens


def _expression(tokens: list[str]) -> Matcher:
    found = _operand(tokens)
    while tokens and tokens[0] in _JOINED:
        join = _JOINED[tokens.pop(0)]
        found = join(found, _operand(tokens))
    return found


def _operand(tokens: list[str]) -> Matcher:
    if not tokens or tokens[0] in {*_JOINED, ")"}:
        raise QueryError("the query lacks a term")
    token = tokens.pop(0)
    if token != "(":
        return _term(token)
    inside = _expression(tokens)
    if not tokens or tokens.pop(0) != ")":
        raise QueryError("a parenthesis does not close")
    return inside


def _either(left: Matcher, right: Matcher) -> Matcher:
    return lambda record: left(record) or right(record)


def _both(left: Matcher, right: Matcher) -> Matcher:
    return lambda record: left(record) and right(record)


def _without(left: Matcher, right: Matcher) -> Matcher:
    return lambda record: left(record) and not right(record)


_JOINED = {"OR": _either, "AND": _both, "ANDNOT": _without}


def _term(token: str) -> Matcher:
    name, colon, value = token.partition(":")
    if not colon:
        name, value = "all", token
    if name == "submittedDate":
        return _submitted(value)
    wanted = value.strip('"').lower()
    if name == "cat":
        return lambda record: wanted in map(str.lower, record.categories)
    if name == "id":
        return lambda record: record.id == wanted
    if name not in _TEXTS:
        raise QueryError(f"invalid field: {name}")
    text, phrase = _TEXTS[name], _words(wanted)
    return lambda record: phrase in _words(text(record))


@functools.lru_cache(50_000)
def _words(text: str) -> str:
    return f" {' '.join(re.findall(WORD, text.lower()))} "


def _submitted(value: str) -> Matcher:
    window = WINDOW.fullmatch(value)
    try:
        since, until = (
            datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=UTC)
            for text in (window.groups() if window else ())
        )
    except ValueError:
        raise QueryError(f"submittedDate wants [YYYYMMDDHHMM TO YYYYMMDDHHMM]: {value}") from None
    after = until + timedelta(minutes=1)
    return lambda record: since <= record.submitted < after


def _names(record: Record) -> str:
    return " , ".join(f"{given} {family}" for family, given in record.authors)


_TEXTS: dict[str, Callable[[Record], str]] = {
    "ti": lambda record: record.title,
    "abs": lambda record: record.abstract,
    "au": _names,
    "co": lambda record: record.comments,
    "jr": lambda record: record.journal_ref,
    "all": lambda record: f"{record.title} , {record.abstract} , {_names(record)}",
}
