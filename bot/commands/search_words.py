"""A search as buttons carry it, and as it is read from what a member typed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.domain import days
from bot.domain.errors import NotFound, UserError
from bot.domain.sentences import sentence
from bot.services.search_request import SearchRequest
from storage.models import Sort

if TYPE_CHECKING:
    from bot.services.search_request import Scope

SORTS = {"best match": Sort.RELEVANCE, "newest": Sort.NEWEST, "added last": Sort.ADDED}
"""What members choose from, by its label."""

SCOPES: dict[str, Scope] = {"list": "list", "everything": "everything"}

_BAR, _ESCAPED = "|", "%7C"
_SHOWN = 40


def read_request(
    query: str, section: str, since: str, until: str, sort: str, scope: str
) -> SearchRequest:
    """The search that these words mean, empty ones being left out. Raises UserError."""
    text = " ".join(query.split())
    if not any(character.isprintable() for character in text.replace(" ", "")):
        raise UserError(
            sentence("Type what you look for: `/papers search synthetic preference data`.")
        )
    first = days.first_day(since) if since.strip() else None
    last = days.last_day(until) if until.strip() else None
    return SearchRequest(text, section, first, last, read_sort(sort), read_scope(scope))


def read_sort(typed: str) -> Sort:
    """The order somebody names, by its word or its label. Raises UserError."""
    word = " ".join(typed.casefold().split())
    if word in SORTS:
        return SORTS[word]
    if word in list(Sort):
        return Sort(word)
    raise UserError(
        sentence(
            "There is no order “{typed}”: type relevance, newest or added.", typed=typed[:_SHOWN]
        )
    )


def read_scope(typed: str) -> Scope:
    """Where somebody wants to search. Raises UserError."""
    scope = SCOPES.get(typed.strip().casefold())
    if scope is None:
        raise UserError(
            sentence("There is no scope “{typed}”: type list or everything.", typed=typed[:_SHOWN])
        )
    return scope


def written(request: SearchRequest) -> str:
    """The search in one line: `rl|2024-01-01||Survey Papers|data augmentation`."""
    mode = request.sort[0] + request.scope[0]
    since, until = (day.isoformat() if day else "" for day in (request.since, request.until))
    section = request.section.replace("%", "%25").replace(_BAR, _ESCAPED)
    return _BAR.join((mode, since, until, section, request.text))


def read(line: str) -> SearchRequest:
    """The search that was written so. Raises NotFound where an earlier version wrote it."""
    mode, *rest = line.split(_BAR, 4)
    sorts = {sort[0]: sort for sort in Sort}
    scopes = {scope[0]: scope for scope in SCOPES.values()}
    if len(rest) != 4 or mode[:1] not in sorts or mode[1:] not in scopes:
        raise NotFound(
            sentence("This button is from an older version of the bot: type the command again.")
        )
    since, until, section, text = rest
    return SearchRequest(
        text,
        section.replace(_ESCAPED, _BAR).replace("%25", "%"),
        date.fromisoformat(since) if since else None,
        date.fromisoformat(until) if until else None,
        sorts[mode[0]],
        scopes[mode[1:]],
    )
