"""Where the index stands: its directory, a private copy of it, or memory. Blocking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from storage import search_files
from storage.search_files import OwnDirectory
from storage.search_index import Shelf

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger()


class Place:
    """`directory` None means memory. Not `writable`, nothing in `directory` is ever changed.

    Where nothing can be written (a read-only disk) the index is made in memory.
    """

    def __init__(self, directory: Path | None, *, writable: bool) -> None:
        self._directory = directory
        self._writable = writable
        self._own: OwnDirectory | None = None

    def open(self) -> Shelf:
        """The index as it was left; empty where it is missing, damaged or of another format."""
        if self._directory is None:
            return Shelf.fresh(None)
        if self._writable:
            search_files.remove_abandoned(self._directory)
        return Shelf.existing(self._directory) or self.start_over()

    def start_over(self) -> Shelf:
        """An empty index."""
        if self._directory is not None:
            try:
                return Shelf.fresh(
                    self._directory if self._writable else self._private(self._directory)
                )
            except (OSError, ValueError) as error:
                log.warning(
                    "the search index is kept in memory, as its folder cannot be written",
                    folder=str(self._directory),
                    reason=str(error),
                )
                self.leave()
                self._directory = None
        return Shelf.fresh(None)

    @property
    def shared(self) -> bool:
        """Whether another process writes what is read here."""
        return self._directory is not None and not self._writable and self._own is None

    def renewed(self, shelf: Shelf, latest: int) -> Shelf:
        """An index that may be written, as near to revision `latest` as it can be had."""
        if self._directory is None or not self.shared:
            return shelf
        try:
            shelf.reload()
            return shelf if shelf.mark.revision >= latest else self._copied(self._directory)
        except (OSError, ValueError):
            return self.start_over()

    def _copied(self, directory: Path) -> Shelf:
        path = self._private(directory)
        if self._own is not None:
            self._own.take(directory)
        return Shelf.existing(path) or self.start_over()

    def intact(self) -> bool:
        """Whether the files that are written are whole."""
        used = self._own.path if self._own else self._directory
        return used is None or search_files.intact(used)

    def leave(self) -> None:
        """Remove a private copy."""
        if self._own is not None:
            self._own.remove()
            self._own = None

    def _private(self, directory: Path) -> Path:
        if self._own is None:
            self._own = OwnDirectory(directory)
        return self._own.path
