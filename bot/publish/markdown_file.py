"""The public Markdown file: a copy of the list on disk, always whole."""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from pathlib import Path

from bot.domain.errors import UserError


class MarkdownFile:
    """Keeps one file equal to the list."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def publish(self, _name: str, content: bytes) -> None:
        """Write the list. A reader sees the old file or the new one, never a part.

        Raises:
            UserError: the file cannot be written.
        """
        await asyncio.to_thread(self._write, content)

    def _write(self, content: bytes) -> None:
        try:
            if self._path.is_file() and self._path.read_bytes() == content:
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _replace(self._path, content)
        except OSError as error:
            raise UserError(
                f"The public list {self._path} cannot be written ({error.strerror}); "
                "see `path` under [publish] in config.toml."
            ) from error


def _replace(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
        raise


class Unpublished:
    """For lists that are kept in the database only."""

    async def publish(self, _name: str, _content: bytes) -> None:
        """Do nothing: `mode = "off"`."""
