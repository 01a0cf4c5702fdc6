"""What the ledger's overview reads: the rows of the last days, and a cool-down that lasts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from storage.harvests import Harvests
from storage.manners import LONGEST_COOL_DOWN, Manners
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database

MONDAY = date(2024, 9, 16)


async def test_the_last_days_come_with_the_rows_of_all_passes(database: Database) -> None:
    """Days without rows do not count; the newest pass comes first, in it the newest day."""
    days = [MONDAY - timedelta(days=back) for back in (0, 3, 40)]

    async def work(connection: AsyncConnection) -> list[int]:
        harvests = Harvests(connection)
        passes = [await harvests.begin(NOW) for _ in range(2)]
        for pass_id in passes:
            for day in days:
                for set_name in ("cs.CL", "cs.LG"):
                    await harvests.row(pass_id, set_name, day, NOW)
        return passes

    first, second = await database.write(work)
    for count, expected in ((1, days[:1]), (2, days[:2]), (9, days)):
        found = await database.read(lambda c, n=count: Harvests(c).of_last_days(n))
        assert [(row.pass_id, row.day, row.set) for row in found] == [
            (pass_id, day, set_name)
            for pass_id in (second, first)
            for day in expected
            for set_name in ("cs.CL", "cs.LG")
        ]


async def test_a_cool_down_is_known_while_it_lasts(database: Database) -> None:
    """One further off than any can be was set by a clock gone wrong, and is none."""

    async def until(back: timedelta) -> object:
        return await database.read(lambda c: Manners(c).cool_until(NOW + back))

    assert await until(timedelta()) is None
    end = NOW + timedelta(hours=1)
    await database.write(lambda c: Manners(c).cool_down(end))
    assert await until(timedelta()) == end
    assert await until(timedelta(hours=1)) is None
    assert await until(-LONGEST_COOL_DOWN) is None
