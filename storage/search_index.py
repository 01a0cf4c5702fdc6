"""One tantivy index on disk or in memory: open it, commit to it, ask it. Blocking."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tantivy import Document, Index

from storage import search_files
from storage.search_query import META_KEY, Plan, heading, key_is
from storage.search_tokens import SCHEMA, register, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tantivy import IndexWriter, Searcher, SearchResult

    from storage.documents import SearchDocument
    from storage.models import ParsedQuery

HEAP = 15_000_000
"""Bytes; tantivy's least for a thread."""

TITLE_TIMES = 3
"""How often the title stands in the searched field.

Measured on SciFact (nDCG@10): once .703, twice .708, 3 times .710, 4 times .707.
"""

LONGEST = 50_000
"""Characters of one text that can be found; cutting more into words would hold everybody up."""

RANKED_AUTHORS = 20
"""Authors that words find; `author:` finds all. Hundreds of names would drown the abstract."""

ENOUGH = 3
"""Results that hold all words, from which on those with only some of them are left out."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document's key and its score; higher is better, 0 where nothing was ranked."""

    key: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchPage:
    """How many documents fit in all, and some of them, best first."""

    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """The revision of a database up to which an index holds everything, and whose that is."""

    revision: int = 0
    origin: str = ""


class Shelf:
    """An open index. Its mark is a document in it, so a commit holds both or neither."""

    def __init__(self, directory: Path | None) -> None:
        self._index = Index(SCHEMA, str(directory)) if directory else Index(SCHEMA)
        self._index.config_reader("manual")
        self._writer: IndexWriter | None = None
        register(self._index)
        self.reload()

    @classmethod
    def existing(cls, directory: Path) -> Shelf | None:
        """The index in a directory, or None where it is missing, damaged or of another format."""
        try:
            if search_files.intact(directory) and Index.exists(str(directory)):
                return cls(directory)
        except (OSError, ValueError):
            pass
        return None

    @classmethod
    def fresh(cls, directory: Path | None) -> Shelf:
        """An empty index; what stood in the directory is thrown away."""
        if directory is not None:
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
        return cls(directory)

    def reload(self) -> None:
        """See what was committed last, also by another process."""
        self._index.reload()
        self.mark = self._stored_mark()

    def _stored_mark(self) -> Mark:
        searcher = self._index.searcher()
        hits = searcher.search(key_is(META_KEY), 1, count=False).hits
        if not hits:
            return Mark()
        stored = searcher.doc(hits[0][1])
        return Mark(int(stored["revision"][0]), str(stored["origin"][0]))

    def commit(self, keys: Sequence[str], found: Mapping[str, SearchDocument], mark: Mark) -> None:
        """Make the documents under `keys` those `found`, the rest gone, and the mark this one.

        They can be found when it returns. Call `release` after the last commit.
        Raises ValueError: the files cannot be written, or another process writes them.
        """
        if self._writer is None:
            self._writer = self._index.writer(HEAP, 1)
        writer = self._writer
        for key in keys:
            writer.delete_documents_by_term("key", key)
            if key in found:
                writer.add_document(_document(found[key]))
                time.sleep(0)  # cutting words is Python: let the event loop have its turn
        writer.delete_documents_by_term("key", META_KEY)
        writer.add_document(_meta(mark))
        writer.commit()
        self.reload()

    def release(self) -> None:
        """Finish the merging of segments that commits began, and let go of the writer."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.wait_merging_threads()

    def abandon(self) -> None:
        """Let go of the writer at once; merging begun is lost, nothing committed is."""
        self._writer = None

    def search(
        self,
        query: ParsedQuery,
        *,
        listed: bool | None,
        section: str | None,
        limit: int,
        offset: int,
    ) -> SearchPage:
        """One page: documents with all words, then (where these are few) with any of them."""
        searcher = self._index.searcher()
        plan = Plan(query, searcher, listed=listed, section=section)
        if plan.empty:
            return SearchPage(0, ())
        if not plan.ranked:
            newest = searcher.search(plan.all_words(), limit, offset=offset, order_by_field="year")
            return _page(searcher, newest, ranked=False)
        result = searcher.search(plan.all_words(), limit, offset=offset)
        if _count(result) < ENOUGH and plan.widens:
            result = searcher.search(plan.any_word(), limit, offset=offset)
        return _page(searcher, result, ranked=True)


def _count(result: SearchResult) -> int:
    return int(result.count or 0)  # type: ignore[attr-defined]


def _page(searcher: Searcher, result: SearchResult, *, ranked: bool) -> SearchPage:
    hits = tuple(
        Hit(searcher.doc(address)["key"][0], float(score) if ranked else 0.0)
        for score, address in result.hits
    )
    return SearchPage(_count(result), hits)


def _document(source: SearchDocument) -> Document:
    document = Document()
    document.add_text("key", source.key)
    title, abstract = split(source.title[:LONGEST]), split(source.abstract[:LONGEST])
    names = [split(name) for name in source.authors]
    # Values of their own, so that no phrase matches across the seam.
    for value in [*[title] * TITLE_TIMES, abstract, *names[:RANKED_AUTHORS]]:
        document.add_text("body", value)
    for value in (title, abstract, *names[:RANKED_AUTHORS]):
        document.add_text("words", value)
    document.add_text("title", title)
    for name in names:
        document.add_text("authors", name)
    if source.section:
        document.add_text("section", split(source.section))
        document.add_text("heading", heading(source.section))
    document.add_boolean("listed", source.listed)
    if source.year is not None:
        document.add_text("body", str(source.year))
        document.add_integer("year", source.year)
    return document


def _meta(mark: Mark) -> Document:
    document = Document()
    document.add_text("key", META_KEY)
    document.add_integer("revision", mark.revision)
    document.add_text("origin", mark.origin)
    return document
