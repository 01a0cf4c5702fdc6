"""`search`: the list from the command line, for people and scripts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bot.commands.languages import by_environment
from bot.commands.search_reply import search_reply
from bot.composition import open_core
from bot.console import render
from bot.programs.fields import paper_fields

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.services.ports import Clock
    from bot.services.search_request import SearchRequest
    from bot.services.search_results import SearchResult, SearchResults


async def search(
    settings: Settings, clock: Clock, request: SearchRequest, limit: int
) -> SearchResults:
    """Search the list, or everything that was harvested. Raises UserError."""
    async with open_core(settings, clock, command="search") as core:
        return await core.search.search(request, limit=limit)


def fields(results: SearchResults) -> dict[str, object]:
    """The results as `--json` prints them."""
    return {
        "query": results.query,
        "corrected": results.corrected,
        "total": results.total,
        "results": [_result(result) for result in results.results],
    }


def _result(result: SearchResult) -> dict[str, object]:
    snippet = "".join(part for part, _ in result.snippet)
    return {
        **paper_fields(result.paper, result.entry),
        "score": round(result.score, 4),
        "snippet": snippet,
    }


def worded(results: SearchResults) -> str:
    """The results for a person, in the language of the environment."""
    return render(search_reply(results), by_environment(os.environ))
