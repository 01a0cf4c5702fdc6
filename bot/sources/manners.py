"""One limiter for all that talks to arXiv, over processes: a slot every 3 s, one request at a time.

It asks for one request per 3 seconds on a single connection, summed over API, OAI-PMH and RSS and
over all machines (info.arxiv.org/help/api/tou), and for none by a machine from 00:00 to 02:00 UTC.
"""

from __future__ import annotations

import asyncio
import random as chance
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.domain.errors import Refused, SourceError
from storage import manners as rows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.services.ports import Clock
    from storage.database import Database

SPACING = 3.0
FIRST_PAUSE = 60.0
LONGEST_PAUSE = 3600.0
LONGEST_HONOURED = 7 * 86_400.0
"""A Retry-After beyond a week is taken for a mistake."""
QUIET_UNTIL = time(2)
"""UTC; the quiet begins at midnight, when arXiv has just announced."""
_JITTER = 0.25
_DELAY = 0.1
"""The share of the spacing kept on top, since a commit lies between taking the slot and sending."""


class Manners:
    """The right to ask arXiv. `contact` is an address or URL that the User-Agent names."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        contact: str = "",
        spacing: float = SPACING,
        random: Callable[[], float] = chance.random,
    ) -> None:
        self._database = database
        self._clock = clock
        self._spacing = spacing
        self._random = random
        self._alone = asyncio.Lock()
        self.user_agent = _user_agent(contact)

    def now(self) -> datetime:
        """The instant Retry-After is counted from."""
        return self._clock.now()

    @asynccontextmanager
    async def turn(self, patience: float | None = None) -> AsyncIterator[None]:
        """Wait for the slot and hold it for one request.

        `patience` is how many seconds a person who asks waits at most: SourceError is raised at
        once when the slot comes later. None is the machine, which waits as long as it takes, and
        asks nothing from 00:00 to 02:00 UTC.
        """
        while True:
            async with self._line(patience):
                wait = self._quiet() if patience is None else 0.0
                wait = wait or await self._claim()
                if not wait:
                    yield
                    return
            if patience is not None and wait > patience:
                raise Refused(
                    f"arXiv asked for a pause until {self._time(wait)}; try again then", wait
                )
            await self._clock.sleep(wait)

    @asynccontextmanager
    async def _line(self, patience: float | None) -> AsyncIterator[None]:
        """Be the only one who asks: in this process, and over all processes on this database."""
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(patience):
                    await held.enter_async_context(self._alone)
                    await held.enter_async_context(self._database.line())
            except TimeoutError as fault:
                raise SourceError(
                    "arXiv is still answering another question; try again in a minute"
                ) from fault
            yield

    def _quiet(self) -> float:
        """The seconds until a machine may ask."""
        now = self._clock.now()
        end = datetime.combine(now.date(), QUIET_UNTIL, now.tzinfo)
        return max(0.0, (end - now).total_seconds())

    def _time(self, wait: float) -> str:
        then = self._clock.now() + timedelta(seconds=wait)
        return f"{then:%H:%M} UTC" if wait < 43_200 else f"{then:%d %b %Y %H:%M} UTC"

    async def answered(self) -> None:
        """Note an answer: the next refusal starts at the shortest pause again."""
        await self._database.write(lambda c: rows.Manners(c).clear())

    async def refused(self, retry_after: float | None = None) -> None:
        """Note a refusal: nothing is asked for `retry_after` seconds, at least not for 60 s.

        Each refusal in a row doubles the 60 s. Up to a quarter is added by chance, and the pause
        survives a restart.
        """

        async def work(connection: AsyncConnection) -> None:
            """Count the refusal, and pause by how many there were in a row."""
            now = self._clock.now()
            strikes = await rows.Manners(connection).strike(now)
            backoff = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(strikes - 1, 10))
            pause = max(backoff, min(retry_after or 0.0, LONGEST_HONOURED))
            pause *= 1 + _JITTER * self._random()
            await rows.Manners(connection).cool_down(now + timedelta(seconds=pause))

        await self._database.write(work)

    async def busy(self, retry_after: float) -> None:
        """Note that arXiv is busy, which is normal: nothing is asked for `retry_after` seconds."""
        until = self._clock.now() + timedelta(seconds=min(retry_after, LONGEST_HONOURED))
        await self._database.write(lambda c: rows.Manners(c).cool_down(until))

    async def _claim(self) -> float:
        """0.0 when the slot is ours now, else the seconds to wait."""

        async def work(connection: AsyncConnection) -> tuple[float, datetime]:
            """The wait in seconds, and the instant it counts from."""
            now = self._clock.now()  # read inside: the transaction may have waited for others
            return await rows.Manners(connection).claim(now, self._spacing * (1 + _DELAY)), now

        wait, asked_at = await self._database.write(work)
        late = (self._clock.now() - asked_at).total_seconds() > self._spacing * _DELAY
        return self._spacing if late and not wait else wait


def _user_agent(contact: str) -> str:
    visible = "".join(sign for sign in contact if "!" <= sign <= "~" and sign not in "()")
    scheme = "" if "://" in visible or not visible else "mailto:"
    return f"syndata-papers ({scheme}{visible})" if visible else "syndata-papers"
