"""The keys that works have in BibTeX files: unique, and the same for ever."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from storage.citation_keys import CitationKeys
from storage.database import Database
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from pathlib import Path


async def allocate(database: Database, wanted: dict[str, str]) -> dict[str, str]:
    """Keys for these works."""
    return await database.write(lambda c: CitationKeys(c).allocate(wanted))


async def test_a_work_keeps_its_key(database: Database) -> None:
    """Also when another key is wanted for it later, since its title or year changed."""
    assert await allocate(database, {"a": "lupidi2024source"}) == {"a": "lupidi2024source"}
    assert await allocate(database, {"a": "other2025"}) == {"a": "lupidi2024source"}
    assert await database.read(lambda c: CitationKeys(c).known(["a", "b"])) == {
        "a": "lupidi2024source"
    }


async def test_letters_tell_works_apart(database: Database) -> None:
    """In one call and in several; a key that looks like another one with a letter is heeded."""
    first = await allocate(database, {"1": "k", "2": "k", "3": "ka", "4": "k"})
    assert first == {"1": "k", "2": "ka", "3": "kaa", "4": "kb"}
    assert await allocate(database, {"5": "ka", "6": "k", "7": "z"}) == {
        "5": "kab",
        "6": "kc",
        "7": "z",
    }


async def test_hundreds_of_the_same_key(database: Database) -> None:
    """Behind z comes aa; all are unique, in lower-case ASCII."""
    keys = await allocate(database, {f"w{n}": "wang2024large" for n in range(800)})
    assert len(set(keys.values())) == 800
    assert all(key.isascii() and key == key.lower() for key in keys.values())
    assert {"wang2024large", "wang2024largea", "wang2024largeaa"} <= set(keys.values())


async def test_two_at_once_get_two_keys(database: Database, url: str, tmp_path: Path) -> None:
    """Within a process and from another one."""
    async with Database.open(url, data=tmp_path, now=lambda: NOW) as other:
        given = await asyncio.gather(
            *(allocate(one, {f"w{n}": "same"}) for n, one in enumerate([database, other] * 6)),
            allocate(other, {"w0": "same"}),
        )
    assert len({key for found in given for key in found.values()}) == 12
    assert given[0] == given[-1]


async def test_what_cannot_be_stored_is_a_work_too(database: Database) -> None:
    """A key holds for a work whose name holds what databases refuse."""
    wanted = {"doi:10.1/\0": "x"}
    assert await allocate(database, wanted) == await allocate(database, wanted) == wanted
