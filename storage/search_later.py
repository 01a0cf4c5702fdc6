"""What changed since the last commit to disk, searchable at once. Blocking.

A commit to disk waits for the disk a dozen times; in memory it takes some milliseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tantivy import Index

from storage.search_document import indexed
from storage.search_tokens import SCHEMA, register

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tantivy import Searcher

    from storage.documents import SearchDocument

HEAP = 15_000_000
"""Bytes; tantivy's least for a thread."""


class Later:
    """Documents in memory; `keys` are those that changed, also where nothing is left.

    All up to `revision` is in them or on disk. They are superseded by a commit to disk at the
    revision `through` or later.
    """

    def __init__(self) -> None:
        self._index = Index(SCHEMA)
        self._index.config_reader("manual")
        register(self._index)
        self._writer = self._index.writer(HEAP, 1)
        self.keys: frozenset[str] = frozenset()
        self.revision = 0
        self.through = 0

    def put(self, keys: Sequence[str], found: Mapping[str, SearchDocument]) -> None:
        """Make the documents under `keys` those `found`, the rest gone."""
        for key in keys:
            self._writer.delete_documents_by_term("key", key)
            if key in found:
                self._writer.add_document(indexed(found[key]))
        self._writer.commit()
        self._index.reload()
        self.keys |= frozenset(keys)

    def searcher(self) -> Searcher:
        """What it holds now."""
        return self._index.searcher()
