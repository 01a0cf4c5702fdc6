"""What the index has to take from the database next, read in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.changes import Changes
from storage.documents import documents, listed_keys
from storage.search_index import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.documents import SearchDocument

AT_ONCE = 50
"""Changes that are found before they are committed; of more, only those on the list."""


class Batch(NamedTuple):
    """What one commit changes: these keys become what was found, and the index is at `mark`."""

    keys: Sequence[str]
    found: dict[str, SearchDocument]
    mark: Mark


class Before(NamedTuple):
    """What is found before it is committed: see Shelf.put_before."""

    keys: Sequence[str]
    found: dict[str, SearchDocument]
    revision: int
    through: int


async def next_batch(connection: AsyncConnection, known: int, most: int) -> Batch:
    """What changed after the revision `known`, in the order of its revisions."""
    changed = await Changes(connection).since(known, most)
    return await batch_of(connection, [key for key, _ in changed], changed[-1][1] if changed else 0)


async def batch_of(connection: AsyncConnection, keys: Sequence[str], revision: int) -> Batch:
    """These keys, for an index that then holds everything up to `revision`."""
    found = await documents(connection, keys)
    return Batch(keys, found, Mark(revision, await Changes(connection).origin(revision)))


async def standing(connection: AsyncConnection, revision: int) -> tuple[int, Mark]:
    """The latest revision, and what an index at `revision` is marked with if it is of this one."""
    changes = Changes(connection)
    return await changes.revision(), Mark(revision, await changes.origin(revision))


async def before(connection: AsyncConnection, known: int, examined: int) -> Before:
    """All that changed after `known`; where that is much, what of it is on the list.

    The list was looked at up to the revision `examined`. Of more than AT_ONCE keys nothing else is
    read.
    """
    latest = await Changes(connection).revision()
    if latest - known > AT_ONCE:
        keys: Sequence[str] = await due_on_list(connection, max(known, examined), latest)
    elif latest != known:
        keys = [key for key, _ in await Changes(connection).since(known, AT_ONCE)]
        known = latest
    else:
        keys = ()
    found = await documents(connection, keys) if len(keys) <= AT_ONCE else {}
    return Before(keys, found, known, latest)


async def due_on_list(connection: AsyncConnection, after: int, latest: int) -> list[str]:
    """What is on the list and changed after a revision; for 0 all of the list."""
    if after >= latest:
        return []
    keys = await listed_keys(connection)
    changed = await Changes(connection).changed(keys, after) if after else set(keys)
    return [key for key in keys if key in changed]
