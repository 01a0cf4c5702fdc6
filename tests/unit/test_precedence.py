"""Background work stands back while somebody waits for an answer, and is never starved."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import ExitStack

from storage.precedence import PATIENCE, STEP, Precedence


class Watch:
    """Seconds that pass when they are told to, or a step with each look."""

    def __init__(self, step: float = 0.0) -> None:
        self.seconds = 100.0
        self.step = step

    def now(self) -> float:
        self.seconds += self.step
        return self.seconds


async def test_nobody_waits_where_nothing_is_asked() -> None:
    """Without an answer under way background work goes on at once."""
    watch = Watch(1.0)
    precedence = Precedence(watch.now, crowd=1)
    await precedence.stand_back()
    precedence.pause()
    assert watch.seconds < 100 + 6


async def test_background_work_waits_for_the_last_answer() -> None:
    """It begins once all that was asked is answered, not before."""
    watch = Watch()
    precedence = Precedence(watch.now, crowd=1)
    with ExitStack() as second:
        with precedence.answering():
            second.enter_context(precedence.answering())
            standing_back = asyncio.create_task(precedence.stand_back())
            await asyncio.sleep(3 * STEP)
            assert not standing_back.done()
        await asyncio.sleep(3 * STEP)
        assert not standing_back.done()
    await asyncio.wait_for(standing_back, 5)


async def test_an_answer_that_takes_long_holds_nothing_up_for_long() -> None:
    """After its patience background work goes on beside an answer that never comes."""
    watch = Watch(0.1)
    precedence = Precedence(watch.now, crowd=1)
    with precedence.answering():
        await precedence.stand_back()
        assert PATIENCE - 0.5 < watch.seconds - 100 < PATIENCE + 0.5


async def test_who_stood_back_may_go_on_as_long() -> None:
    """What is asked meanwhile does not hold it up again before it has had as much time."""
    watch = Watch()
    precedence = Precedence(watch.now, crowd=1)
    with precedence.answering():
        standing_back = asyncio.create_task(precedence.stand_back())
        await asyncio.sleep(2 * STEP)
        watch.seconds += 1.0
    await standing_back
    with precedence.answering():
        await asyncio.wait_for(precedence.stand_back(), 5)
        watch.seconds += 1.1
        again = asyncio.create_task(precedence.stand_back())
        await asyncio.sleep(2 * STEP)
        waited = not again.done()
    await asyncio.wait_for(again, 5)
    assert waited


async def test_a_thread_pauses_too() -> None:
    """Work in a thread stops while an answer is under way, and the event loop turns meanwhile."""
    precedence = Precedence(crowd=1)
    gone_on = threading.Event()

    def work() -> None:
        precedence.pause()
        gone_on.set()

    with precedence.answering():
        begun = time.monotonic()
        thread = asyncio.create_task(asyncio.to_thread(work))
        await asyncio.sleep(5 * STEP)
        early = gone_on.is_set() and time.monotonic() - begun < PATIENCE
    await asyncio.wait_for(thread, 5)
    assert not early
    assert gone_on.is_set()


async def test_a_few_answers_hold_nothing_up() -> None:
    """Only a crowd goes first: a reader now and then does not make a harvest slow."""
    precedence = Precedence(Watch().now, crowd=3)
    with precedence.answering(), precedence.answering():
        await asyncio.wait_for(precedence.stand_back(), 5)
        with precedence.answering():
            standing_back = asyncio.create_task(precedence.stand_back())
            await asyncio.sleep(3 * STEP)
            assert not standing_back.done()
        await asyncio.wait_for(standing_back, 5)
