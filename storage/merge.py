"""How papers that arrive meet papers that are known: decisions only, no database."""

from __future__ import annotations

from dataclasses import fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING

from storage.columns import clean, is_clean
from storage.models import Author, Link, Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

ARXIV = "arXiv:"

_said = attrgetter(
    *(
        field.name
        for field in fields(Paper)
        if field.name not in {"id", "aliases", "announced", "edited"}
    )
)
"""What a record says of its paper."""


def cleaned(paper: Paper) -> Paper:
    """`paper` as it can be stored, so that what comes again equals what is kept."""
    if is_clean("".join(_texts(paper))):
        return paper
    return replace(
        paper,
        id=PaperId(clean(paper.id)),
        title=clean(paper.title),
        authors=tuple(Author(clean(a.family), clean(a.given)) for a in paper.authors),
        abstract=clean(paper.abstract),
        categories=tuple(map(clean, paper.categories)),
        comment=clean(paper.comment),
        journal_ref=clean(paper.journal_ref),
        doi=clean(paper.doi),
        aliases=tuple(PaperId(clean(alias)) for alias in paper.aliases),
        links=tuple(Link(clean(link.label), clean(link.url)) for link in paper.links),
    )


def _texts(paper: Paper) -> Iterator[str]:
    yield from (paper.id, paper.title, paper.abstract, paper.comment, paper.journal_ref, paper.doi)
    yield from paper.categories
    yield from paper.aliases
    for author in paper.authors:
        yield author.family
        yield author.given
    for link in paper.links:
        yield link.label
        yield link.url


def merge(known: Paper, arriving: Paper) -> Paper:
    """`known` brought up to date by `arriving`: id and aliases stay, empty never replaces full.

    A record without any day (an entry of a list) and one older than what is known only fill gaps.
    What a maintainer wrote stays.
    """
    kept = {name: getattr(known, name) for name in known.edited}
    merged = _merged(known, arriving)
    return replace(merged, **kept) if kept else merged


def _merged(known: Paper, arriving: Paper) -> Paper:
    if _said(known) == _said(arriving) and (known.announced or not arriving.announced):
        return known  # as most cross-listed papers, which come once in each set
    if _knows_less(arriving, known):
        return _over(known, known, arriving)
    return _over(known, arriving, known)


def _over(known: Paper, better: Paper, worse: Paper) -> Paper:
    return replace(
        known,
        title=better.title or worse.title,
        authors=better.authors or worse.authors,
        abstract=better.abstract or worse.abstract,
        published=_earliest(better.published, worse.published),
        updated=better.updated or worse.updated,
        categories=better.categories or worse.categories,
        comment=better.comment if _dated(better) else better.comment or worse.comment,
        journal_ref=better.journal_ref or worse.journal_ref,
        doi=better.doi or worse.doi,
        links=better.links or worse.links,
        datestamp=better.datestamp or worse.datestamp,
        withdrawn=better.withdrawn,
        announced=known.announced or better.announced or worse.announced,
    )


def _earliest(*seen: date | None) -> date | None:
    # OAI gives the day of the current version: the earliest day seen is nearest to the first.
    return min((day for day in seen if day), default=None)


def _dated(paper: Paper) -> bool:
    return bool(paper.published or paper.updated or paper.datestamp)


def _knows_less(arriving: Paper, known: Paper) -> bool:
    if arriving.datestamp and known.datestamp:
        return arriving.datestamp < known.datestamp
    if known.datestamp and arriving.updated and known.updated:
        # Search answers lag behind: they may show the version before. Of the same one they say no
        # more, and their authors are not taken apart.
        return arriving.updated <= known.updated
    return _dated(known) and not _dated(arriving)


class Batch:
    """A batch of papers sorted into new and changed ones, given what is known of their ids.

    `owners` maps every known id among the batch's ids and aliases to its primary id, and `known`
    those primary ids to their papers. An alias that belongs to another paper is left there. Two
    arXiv ids are two papers, though both name one DOI: some give that of their whole volume. Only
    a paper that names another arXiv id itself is that one.
    `announced` is the day of those of which none is known yet.
    """

    def __init__(
        self,
        owners: dict[PaperId, PaperId],
        known: dict[PaperId, Paper],
        announced: date | None = None,
    ) -> None:
        self._owners = dict(owners)
        self._known = known
        self._announced = announced
        self.papers: dict[PaperId, Paper] = {}

    def take(self, paper: Paper) -> None:
        """Put one more paper in."""
        ids = (paper.id, *paper.aliases)
        primary = self._owners.get(paper.id) or self._known_as(paper) or paper.id
        before = self.papers.get(primary) or self._known.get(primary)
        after = merge(before, paper) if before else paper
        for id_ in ids:
            self._owners.setdefault(id_, primary)
        own = (id_ for id_ in ids if self._owners[id_] == primary)
        aliases = dict.fromkeys((*(before.aliases if before else ()), *own))
        aliases.pop(primary, None)
        self.papers[primary] = self._entered(after, primary, tuple(aliases))

    def _entered(self, paper: Paper, primary: PaperId, aliases: tuple[PaperId, ...]) -> Paper:
        announced = paper.announced or self._announced
        if (paper.id, paper.aliases, paper.announced) == (primary, aliases, announced):
            return paper
        return replace(paper, id=primary, aliases=aliases, announced=announced)

    def _known_as(self, paper: Paper) -> PaperId | None:
        """The paper that one of the aliases belongs to."""
        owned = [alias for alias in paper.aliases if alias in self._owners]
        return next((self._owners[one] for one in owned if self._tells(one, paper.id)), None)

    def _tells(self, alias: PaperId, arriving: PaperId) -> bool:
        """Whether an alias makes the arriving paper the one it belongs to."""
        owner = self._owners[alias]
        known = self.papers.get(owner) or self._known.get(owner)
        ids = (owner, *(known.aliases if known else ()))
        both = arriving.startswith(ARXIV) and any(id_.startswith(ARXIV) for id_ in ids)
        return alias.startswith(ARXIV) or not both

    @property
    def new(self) -> list[Paper]:
        """Papers not known before."""
        return [paper for id_, paper in self.papers.items() if id_ not in self._known]

    @property
    def changed(self) -> list[Paper]:
        """Known papers of which anything differs, be it only the day of their record."""
        return [p for id_, p in self.papers.items() if id_ in self._known and p != self._known[id_]]

    @property
    def altered(self) -> list[Paper]:
        """Those of the changed papers of which more differs than the day of their record."""
        return [
            paper
            for paper in self.changed
            if replace(paper, datestamp=None) != replace(self._known[paper.id], datestamp=None)
        ]

    def new_aliases(self, paper: Paper) -> list[tuple[int, PaperId]]:
        """Ids to be added to those known, each with its place among all; the primary id is at 0."""
        before = self._known.get(paper.id)
        had = {paper.id, *before.aliases} if before else set()
        numbered = enumerate((paper.id, *paper.aliases))
        return [(place, alias) for place, alias in numbered if alias not in had]
