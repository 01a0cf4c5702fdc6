"""One read for all who ask at once, and none that is older than the asking."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.services.shared import Gathered, Shared


class Counter:
    """A read that takes until it is let go, and gives how often it was begun."""

    def __init__(self) -> None:
        self.begun = 0
        self.go = asyncio.Event()

    async def read(self) -> int:
        self.begun += 1
        number = self.begun
        await self.go.wait()
        return number


async def turns(count: int = 5) -> None:
    """Let others have their turn."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_those_who_ask_at_once_share_a_read() -> None:
    """A hundred askers at one moment cost one read."""
    counter = Counter()
    counter.go.set()
    shared = Shared(counter.read)
    assert set(await asyncio.gather(*(shared.get() for _ in range(100)))) == {1}
    assert await shared.get() == 2


async def test_who_comes_while_a_read_runs_shares_the_next_one() -> None:
    """What is already being read may be older than the question."""
    counter = Counter()
    shared = Shared(counter.read)
    first = asyncio.create_task(shared.get())
    await turns()
    later = [asyncio.create_task(shared.get()) for _ in range(3)]
    await turns()
    assert counter.begun == 1
    counter.go.set()
    assert [await first, *await asyncio.gather(*later)] == [1, 2, 2, 2]


async def test_a_failure_reaches_all_who_share_it_and_nobody_else() -> None:
    """The next read is a new one."""
    failing = [True]

    async def read() -> str:
        await asyncio.sleep(0)
        if failing.pop() if failing else False:
            raise ValueError("no")
        return "yes"

    shared = Shared(read)
    asked = await asyncio.gather(*(shared.get() for _ in range(3)), return_exceptions=True)
    assert [str(one) for one in asked] == ["no"] * 3
    assert await shared.get() == "yes"


async def test_one_who_leaves_takes_nothing_from_the_others() -> None:
    """A cancelled asker stops waiting; the read goes on."""
    counter = Counter()
    shared = Shared(counter.read)
    leaving, staying = (asyncio.create_task(shared.get()) for _ in range(2))
    await turns()
    leaving.cancel()
    with suppress(asyncio.CancelledError):
        await leaving
    counter.go.set()
    assert await staying == 1
    assert leaving.cancelled()


async def test_what_is_asked_for_by_keys_is_read_together() -> None:
    """Each key once, in the order of asking; a later asker's keys are in a later read."""
    read: list[list[str]] = []
    go = asyncio.Event()

    async def load(keys: object) -> dict[str, int]:
        read.append(list(keys))  # type: ignore[call-overload]
        await go.wait()
        return {key: len(key) for key in read[-1]}

    gathered = Gathered(load)
    first = [asyncio.create_task(gathered.get(keys)) for keys in (["a", "bb"], ["bb", "ccc"])]
    await turns()
    late = asyncio.create_task(gathered.get(["d"]))
    go.set()
    assert (await first[1])["ccc"] == 3
    assert await late == {"d": 1}
    assert read == [["a", "bb", "ccc"], ["d"]]


@pytest.mark.parametrize("askers", [1, 50])
async def test_reads_never_overlap(askers: int) -> None:
    """However many ask whenever, one read runs at a time."""
    running = most = 0

    async def read() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await turns(3)
        running -= 1

    shared = Shared(read)

    async def ask(delay: int) -> None:
        await turns(delay)
        await shared.get()

    await asyncio.gather(*(ask(number % 7) for number in range(askers)))
    assert most == 1
