"""Papers by id from wherever they stand: each source reads the ids of its own scheme."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot.domain.errors import SourceError
from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.services.ports import PaperLookup
    from storage.models import Paper, PaperId

NAMES = {
    "arXiv": sentence("arXiv"),
    "acl": sentence("The ACL Anthology"),
    "openreview": sentence("OpenReview"),
}
"""Sources as people call them, by the scheme of their ids."""

AT_ONCE = frozenset({"arXiv"})
"""Sources that tell of many papers in one answer."""

log = structlog.get_logger()


@dataclass(slots=True)
class Looked:
    """What came of looking papers up, by the id that was asked for.

    `problems` says why there is nothing to be read. What is in neither could not be read now.
    """

    papers: dict[PaperId, Paper] = field(default_factory=dict)
    problems: dict[PaperId, str] = field(default_factory=dict)


class Lookups:
    """All sources together; `sources` are given by the scheme of the ids they read."""

    def __init__(self, sources: Mapping[str, PaperLookup]) -> None:
        self._sources = sources

    async def look_up(self, ids: Iterable[PaperId]) -> Looked:
        """Ask each source for its papers: one after the other, and none again that is silent."""
        looked = Looked()
        by_scheme: dict[str, list[PaperId]] = {}
        for paper_id in ids:
            by_scheme.setdefault(paper_id.partition(":")[0], []).append(paper_id)
        for scheme, some in by_scheme.items():
            if scheme in self._sources:
                await self._ask(scheme, some, looked)
            else:
                looked.problems |= {one: _elsewhere(one) for one in some}
        return looked

    async def _ask(self, scheme: str, ids: Sequence[PaperId], looked: Looked) -> None:
        questions = [ids] if scheme in AT_ONCE else [[one] for one in ids]
        for question in questions:
            try:
                papers = await self._sources[scheme].lookup(question)
            except SourceError as error:
                log.warning("paper not read", ids=question, reason=str(error))
                return
            found = {paper.id: paper for paper in papers}
            looked.papers |= found
            missing = (one for one in question if one not in found)
            looked.problems |= {one: _missing(scheme, one) for one in missing}


def _missing(scheme: str, paper_id: PaperId) -> str:
    name = paper_id.partition(":")[2]
    return sentence("{source} has no paper {name}.", source=NAMES[scheme], name=name)


def _elsewhere(paper_id: PaperId) -> str:
    return sentence(
        "I can read papers from arXiv, the ACL Anthology and OpenReview only, and {paper} is "
        "elsewhere. If it stands there too, give that link.",
        paper=paper_id,
    )
