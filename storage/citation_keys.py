"""The keys under which works stand in people's BibTeX files: given once, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from storage.columns import clean
from storage.schema import citation_keys
from storage.statements import chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

LETTERS = "abcdefghijklmnopqrstuvwxyz"
BEHIND_LETTERS = "{"
"""The character after `z`: all keys that begin like one and go on with letters stand before it."""

ROWS = 1_000
"""Rows of one INSERT."""


class CitationKeys:
    """Works are named by a paper's primary id, or by `entry:ID` where there is no paper."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def known(self, works: Collection[str]) -> dict[str, str]:
        """The keys of those works that have one."""
        asked = {clean(work): work for work in works}
        found: dict[str, str] = {}
        for some in chunks(list(asked)):
            rows = await self._connection.execute(
                select(citation_keys.c.work, citation_keys.c.key).where(
                    citation_keys.c.work.in_(some)
                )
            )
            found.update((asked[row.work], row.key) for row in rows)
        return found

    async def allocate(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """The key of each work; one that has none gets the key that is wanted for it.

        Wanted keys are lower-case ASCII. Where one is taken, letters go behind it: `a`, `b` … `z`,
        `aa`. Call it where writers take turns (Database.write): no two works get one key.
        """
        given = await self.known(wanted)
        missing = {work: key for work, key in wanted.items() if work not in given}
        taken = await self._taken(set(missing.values()))
        looked_up: set[str] = set()
        new: dict[str, str] = {}
        for work, key in missing.items():
            if key in taken and key not in looked_up:
                taken |= await self._longer(key)
                looked_up.add(key)
            free = next(one for one in _variants(key) if one not in taken)
            taken.add(free)
            new[work] = free
        await self._write(new)
        return given | new

    async def _taken(self, keys: Collection[str]) -> set[str]:
        found: set[str] = set()
        for some in chunks(list(keys)):
            statement = select(citation_keys.c.key).where(citation_keys.c.key.in_(some))
            found.update(await self._connection.scalars(statement))
        return found

    async def _longer(self, key: str) -> set[str]:
        """The keys that are this one with letters behind it, and some more."""
        column = citation_keys.c.key
        statement = select(column).where(column >= key, column < key + BEHIND_LETTERS)
        return set(await self._connection.scalars(statement))

    async def _write(self, new: Mapping[str, str]) -> None:
        rows = [{"work": clean(work), "key": key} for work, key in new.items()]
        for some in chunks(rows, ROWS):
            await self._connection.execute(insert(citation_keys), list(some))


def _variants(key: str) -> Iterator[str]:
    """`key`, `keya` … `keyz`, `keyaa` …: each once, without an end."""
    endings = [""]
    while True:
        yield from (key + ending for ending in endings)
        endings = [ending + letter for ending in endings for letter in LETTERS]
