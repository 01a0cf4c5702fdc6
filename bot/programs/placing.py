"""Writing a file that stands under its name only when it is complete."""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bot.domain.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD_OUTPUT = frozenset({"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})


@contextmanager
def placed(path: Path) -> Iterator[IO[bytes]]:
    """What is written takes the place of `path` when the block has ended well, else nothing does.

    `-` is standard output; what is there and no file (a pipe) is written to. Raises UserError.
    """
    if str(path) in STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as pipe:
            yield pipe
    else:
        yield from _drafted(Path(os.path.realpath(path)), path)


def _drafted(target: Path, path: Path) -> Iterator[IO[bytes]]:
    draft = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        if target.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        file = draft.open("xb")
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        with file:
            yield file
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
