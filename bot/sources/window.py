"""The cross-check: all papers submitted in a window, through the `arxiv` package.

Sorting has no tie-breaker, so that papers can swap across the edge of a page, and an answer may be
short, empty, unsorted or stale. So a slice counts only when as many distinct papers came as arXiv
said there are.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from bot.domain.errors import Refused, SourceError
from bot.services.ports import WindowSlice
from bot.sources.categories import check_category
from bot.sources.package_thread import ThroughPackage
from bot.sources.span import Span, days

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from bot.sources.arxiv_package import Found

LIMIT = 2000
"""Results from which on a slice is divided: more are slow, and pages of them go wrong."""
PAGE_SIZE = 500
TRIES = 3


class ArxivWindow(ThroughPackage):
    """Papers by the day of their submission, inside `async with`."""

    _page_size = PAGE_SIZE
    _patience = None

    async def submitted(
        self, sets: Sequence[str], since: datetime, until: datetime
    ) -> AsyncIterator[WindowSlice]:
        """Yield all papers of any of these categories submitted from `since` to `until`, in slices.

        Cross-lists are found. A paper of a minute in which two slices meet comes in both. A slice
        is only given when arXiv sent as many papers as it said there are; else SourceError is
        raised, which names it, and Refused when arXiv wants peace.
        """
        for category in sets:
            check_category(category)
        asked = self._thread.requests
        waiting = deque(days(since, until))
        while waiting:
            span = waiting.popleft()
            found = await self._read(sets, span)
            if found is None:
                waiting.extendleft(reversed(span.halves()))
                continue
            requests = self._thread.requests - asked
            asked = self._thread.requests
            yield WindowSlice(tuple(found.papers.values()), requests)

    async def _read(self, sets: Sequence[str], span: Span) -> Found | None:
        """All papers of a slice, or None when it has to be divided."""
        fault: SourceError | None = None
        empty: Found | None = None
        for _ in range(TRIES):
            try:
                found = await self._ask(sets, span)
            except Refused:
                raise
            except SourceError as met:
                fault = met
                continue
            # An empty answer is believed when it comes twice.
            if found is None or found.papers or empty:
                return found
            empty = found
        if isinstance(fault, _Uneven) and fault.total > PAGE_SIZE and span.halves():
            return None  # on one page, nothing can swap across an edge
        raise SourceError(f"the papers submitted {span} could not be read: {fault}") from fault

    async def _ask(self, sets: Sequence[str], span: Span) -> Found | None:
        any_of = " OR ".join(f"cat:{category}" for category in sets)
        query = f"({any_of}) AND {span.condition}"
        found = await self._thread.run(lambda package: package.search(query, LIMIT))
        total = max(total or 0 for total in found.totals)
        if total >= LIMIT:
            if span.halves():
                return None
            raise SourceError(f"arXiv said that there are {total}, too many for one slice")
        _check(found, span)
        return found


class _Uneven(SourceError):
    """Not as many papers came as arXiv said there are, which is `total`."""

    def __init__(self, message: str, total: int) -> None:
        super().__init__(message)
        self.total = total


def _check(found: Found, span: Span) -> None:
    if found.totals != {len(found.papers)}:
        totals = [total for total in found.totals if total is not None]
        said = " and then ".join(map(str, sorted(totals))) or "not how many"
        raise _Uneven(
            f"arXiv said that there are {said} and sent {len(found.papers)}", max(totals, default=0)
        )
    if span.is_far_from(found.submitted):
        raise SourceError("arXiv sent papers of other days")
