"""One tantivy index on disk or in memory: open it, commit to it, ask it. Blocking."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tantivy import Document, Index

from storage import search_files
from storage.behind import started_behind
from storage.search_document import indexed
from storage.search_later import HEAP, Later
from storage.search_query import META_KEY, key_is
from storage.search_tokens import SCHEMA, register
from storage.search_view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tantivy import IndexWriter, Searcher

    from storage.documents import SearchDocument


def no_pause() -> None:
    """Wait for nothing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The revision of a database up to which an index holds everything, and whose that is."""

    revision: int = 0
    origin: str = ""


class Shelf:
    """An open index. Its mark is a document in it, so a commit holds both or neither.

    What changed since the last commit may stand before it in memory; `view` is both, as they are
    now. One thread may commit while another one puts something before it. `examined` is the
    revision up to which the list was looked at: what of it changed until then is here.
    """

    def __init__(self, directory: Path | None) -> None:
        self._index = Index(SCHEMA, str(directory)) if directory else Index(SCHEMA)
        self._index.config_reader("manual")
        self._writer: IndexWriter | None = None
        self._later: Later | None = None
        self._changing = threading.Lock()
        self.examined = 0
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
        searcher = self._index.searcher()
        with self._changing:
            self.mark = self._stored_mark(searcher)
            if self._later is not None and self.mark.revision >= self._later.through:
                self._later = None
            self._show(searcher)

    def _show(self, committed: Searcher) -> None:
        later = self._later
        self.view = View(committed, later.searcher(), later.keys) if later else View(committed)

    @property
    def revision(self) -> int:
        """The revision up to which everything can be found, committed or not."""
        later = self._later  # first: a commit moves the mark, then drops this
        return max(later.revision if later else 0, self.mark.revision)

    @property
    def replaced(self) -> frozenset[str]:
        """The keys of what changed since the last commit."""
        return self.view.replaced

    def put_before(
        self, keys: Sequence[str], found: Mapping[str, SearchDocument], revision: int, through: int
    ) -> None:
        """Like `commit`, in memory: all up to `revision` is there, read at revision `through`.

        Where a commit overtook it nothing is done.
        """
        with self._changing:
            if self.mark.revision >= through:
                return
            later = self._later or Later()
            later.put(keys, found)
            later.revision, later.through = max(revision, later.revision), through
            self._later = later
            self._show(self.view.committed)

    def drop_later(self) -> None:
        """Forget what was not committed."""
        with self._changing:
            self._later = None
            self._show(self.view.committed)

    def _stored_mark(self, searcher: Searcher) -> Mark:
        hits = searcher.search(key_is(META_KEY), 1, count=False).hits
        if not hits:
            return Mark()
        stored = searcher.doc(hits[0][1])
        return Mark(int(stored["revision"][0]), str(stored["origin"][0]))

    def commit(
        self,
        keys: Sequence[str],
        found: Mapping[str, SearchDocument],
        mark: Mark,
        pause: Callable[[], None] = no_pause,
    ) -> None:
        """Make the documents under `keys` those `found`, the rest gone, and the mark this one.

        They can be found when it returns. Call `release` after the last commit. Before each
        document and before they are written `pause` may wait for what is more urgent.
        Raises ValueError: the files cannot be written, or another process writes them.
        """
        if self._writer is None:
            # A merge of segments takes a core for a second: answers go before it.
            self._writer = started_behind(lambda: self._index.writer(HEAP, 1))
        writer = self._writer
        for key in keys:
            pause()
            writer.delete_documents_by_term("key", key)
            if key in found:
                writer.add_document(indexed(found[key]))
                time.sleep(0)  # cutting words is Python: let the event loop have its turn
        pause()
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


def _meta(mark: Mark) -> Document:
    document = Document()
    document.add_text("key", META_KEY)
    document.add_integer("revision", mark.revision)
    document.add_text("origin", mark.origin)
    return document
