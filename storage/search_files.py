"""The index as files: whether they are whole, and a private copy for a process that may not write.

tantivy ends each file of a segment with a footer: JSON with the CRC-32 of all before it, the JSON's
length and the number 1337, both 4 bytes little endian (tantivy, src/directory/footer.rs).
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import shutil
import struct
import tempfile
import weakref
import zlib
from contextlib import suppress
from pathlib import Path

META = "meta.json"
FOOTER_MAGIC = 1337
SEGMENT_PARTS = ("term", "idx", "pos", "store", "fast", "fieldnorm")
CHUNK = 1 << 22
TRIES = 5

_OWNED = "owner.lock"
_PRIVATE = ".private-"


def intact(directory: Path) -> bool:
    """Whether every file the last commit names is there and has the checksum it ends with."""
    try:
        meta = (directory / META).read_bytes()
        return all(_whole(directory / name) for name in _committed(meta))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error):
        return False


def _committed(meta: bytes) -> list[str]:
    segments = json.loads(meta)["segments"]
    names = []
    for segment in segments:
        stem = segment["segment_id"].replace("-", "")
        names += [f"{stem}.{part}" for part in SEGMENT_PARTS]
        if segment["deletes"]:
            names.append(f"{stem}.{segment['deletes']['opstamp']}.del")
    return names


def _whole(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        length, magic = struct.unpack("<II", content[-8:])
        body = len(content) - 8 - length
        if magic != FOOTER_MAGIC or body < 0:
            return False
        return bool(json.loads(content[body:-8])["crc"] == _checksum(content, body))


def _checksum(content: mmap.mmap, end: int) -> int:
    value = 0
    for start in range(0, end, CHUNK):
        value = zlib.crc32(content[start : min(start + CHUNK, end)], value)
    return value


class OwnDirectory:
    """A directory of this process beside `near`, gone when the object or the process ends.

    The lock on a file in it says that its owner lives; see `remove_abandoned`.
    """

    def __init__(self, near: Path) -> None:
        home, lock = _claimed(near)
        self.remove = weakref.finalize(self, _remove, home, lock)
        self.path = home / "index"
        self.path.mkdir()

    def take(self, source: Path) -> None:
        """Fill it with the index in `source`, by links: a segment's files never change.

        Raises:
            OSError: there is none, or its writer removes files faster than they are linked.
        """
        for left in reversed(range(TRIES)):
            try:
                self._link(source)
            except OSError:
                if not left:
                    raise
            else:
                return

    def _link(self, source: Path) -> None:
        meta = (source / META).read_bytes()
        names = _committed(meta)
        for name in names:
            if not (self.path / name).exists():
                _link_or_copy(source / name, self.path / name)
        (self.path / ".managed.json").write_text(json.dumps([*names, META]))
        (self.path / META).write_bytes(meta)


def _claimed(near: Path) -> tuple[Path, int]:
    """A new directory, and the handle whose lock says that its owner lives."""
    while True:
        home = _made(near)
        try:
            lock = os.open(home / _OWNED, os.O_CREAT | os.O_RDWR)
        except FileNotFoundError:
            continue  # taken for an abandoned one, and removed before it was locked
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (home / _OWNED).exists():
            return home, lock
        os.close(lock)


def _made(near: Path) -> Path:
    prefix = f"{near.name}{_PRIVATE}"
    try:
        near.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=prefix, dir=near.parent))
    except OSError:  # a read-only place
        return Path(tempfile.mkdtemp(prefix=prefix))


def remove_abandoned(near: Path) -> None:
    """Remove what killed processes left beside `near`."""
    for left in near.parent.glob(f"{near.name}{_PRIVATE}*"):
        with suppress(OSError):
            # Made here where its owner was killed before it could; see `_claimed`.
            lock = os.open(left / _OWNED, os.O_CREAT | os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(lock)
            else:
                _remove(left, lock)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without links
        shutil.copyfile(source, target)


def _remove(path: Path, lock: int) -> None:
    shutil.rmtree(path, ignore_errors=True)
    os.close(lock)
