"""Single papers by id, through the `arxiv` package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sources.package_thread import ThroughPackage
from bot.sources.records import arxiv_paper_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.models import Paper, PaperId

_AT_ONCE = 100
"""Ids in one question, as many as a page of the API comfortably holds."""
_PATIENCE = 60.0
"""Seconds a person who asks for a paper may have to wait for the turn."""


class ArxivLookup(ThroughPackage):
    """Looks papers up by id, inside `async with`."""

    _page_size = _AT_ONCE
    _patience = _PATIENCE

    async def lookup(self, ids: Sequence[PaperId]) -> tuple[Paper, ...]:
        """The papers that exist among `ids`; what is no arXiv id is passed over.

        Raises SourceError.
        """
        numbers = [number for paper_id in dict.fromkeys(ids) if (number := _number(paper_id))]
        papers: list[Paper] = []
        for start in range(0, len(numbers), _AT_ONCE):
            papers += await self._fetch(numbers[start : start + _AT_ONCE])
        return tuple(papers)

    async def _fetch(self, numbers: list[str]) -> list[Paper]:
        return await self._thread.run(lambda package: package.fetch(numbers))


def _number(paper_id: PaperId) -> str | None:
    """`2402.13446` of `arXiv:2402.13446`, or None."""
    known = arxiv_paper_id(paper_id.removeprefix("arXiv:"))
    return known.removeprefix("arXiv:") if known and paper_id.startswith("arXiv:") else None
