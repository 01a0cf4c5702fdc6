"""The public copy where two processes change the list at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.services.listing import Listing
from tests.unit.desk import no_backup

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock

NEWER = b"## Only\n\n- [A Paper](https://arxiv.org/abs/2402.13446)\n"


class SlowDisk:
    """A public file. While it is first written another process changes the list and is faster."""

    def __init__(self) -> None:
        self.content = b""
        self.faster: Listing | None = None

    async def publish(self, _name: str, content: bytes) -> None:
        faster, self.faster = self.faster, None
        if faster is not None:
            await faster.take("newer.md", NEWER, replace=True)
        self.content = content


async def test_the_newest_list_is_what_stays_in_the_public_file(
    sqlite: Database, clock: FakeClock
) -> None:
    """Console beside run: the slower of two writers does not leave the older list behind."""
    disk = SlowDisk()
    here, there = (
        Listing(database=sqlite, publisher=disk, clock=clock, back_up=no_backup) for _ in range(2)
    )
    await here.ensure()
    disk.faster = there
    await here.publish()
    assert disk.content == NEWER


async def test_two_processes_that_make_a_new_database_at_once_both_start(
    sqlite: Database, clock: FakeClock
) -> None:
    """The shipped list is taken once."""
    disk = SlowDisk()
    both = [
        Listing(database=sqlite, publisher=disk, clock=clock, back_up=no_backup) for _ in range(2)
    ]
    await asyncio.gather(*(one.ensure() for one in both))
    document = await both[0].document()
    assert document is not None
    assert document.revision == 1
