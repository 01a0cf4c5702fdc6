"""The simulated arXiv over a real socket, in simulated time, where everything may go wrong."""

from __future__ import annotations

from collections import Counter
from contextlib import asynccontextmanager
from datetime import date, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from aiohttp import web

from tests.soak.faces import Cache, KeptBack, LyingOai, ids_asked_after, search
from tests.soak.weather import Lie, Weather
from tests.wire.arxiv_faults import XML, Fault, show

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime
    from random import Random

    from tests.soak.clock import SharedClock
    from tests.soak.timeline import Timeline
    from tests.soak.weather import Spell, Trouble

SPACING = 3.0


class Ledger:
    """What was asked and when, and the offences against arXiv's manners among it."""

    def __init__(self) -> None:
        self.requests = 0
        self.least_gap = float("inf")
        self.troubles: Counter[str] = Counter()
        self.offences: list[str] = []
        self.open = 0
        self._last: datetime | None = None

    def asked(self, now: datetime) -> None:
        """A request came."""
        self.requests += 1
        if self._last is not None:
            self.least_gap = min(self.least_gap, (now - self._last).total_seconds())
        if self.least_gap < SPACING:
            self.offences.append(f"{now}: {self.least_gap:.1f} s after the request before")
        if self.open:
            self.offences.append(f"{now}: another request was still open")
        if now.hour < 2:
            self.offences.append(f"{now}: between 00:00 and 02:00 UTC")
        self._last = now
        self.open += 1


class Site:
    """One arXiv for one bot. `on_request(number)` hears of each request, before it is answered.

    `on_answer(number)` hears of its answer.
    """

    def __init__(
        self,
        timeline: Timeline,
        clock: SharedClock,
        weather: Weather,
        *,
        page_size: int,
        chance: Random,
    ) -> None:
        self.ledger = Ledger()
        self.on_request: Callable[[int], None] = _nothing
        self.on_answer: Callable[[int], None] = _nothing
        self.oai = LyingOai(timeline, clock.now, page_size, chance)
        self.kept_back = KeptBack(self.oai.honest)
        self._api = search(self.oai.honest, chance)
        self._cache = Cache(timeline)
        self._clock, self._weather, self._chance = clock, weather, chance

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Serve, and give the address."""
        application = web.Application()
        application.router.add_get("/oai", self._handle)
        application.router.add_get("/api/query", self._handle)
        runner = web.AppRunner(
            application, shutdown_timeout=0.1, access_log=None, handler_cancellation=True
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    def hung_up(self) -> None:
        """Whoever asked is dead: nothing is open any more."""
        self.ledger.open = 0

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.ledger.asked(self._clock.now())
        number = self.ledger.requests
        self.on_request(number)
        self._clock.advance(self._chance.uniform(0.1, 1.5))
        now = self._clock.now()
        self.oai.honest.advance(now)
        trouble = self._weather.trouble(now)
        if trouble:
            self.ledger.troubles[trouble.name] += 1
        try:
            response = await self._respond(request, trouble, self._weather.spell(now))
        finally:
            self.ledger.open = max(0, self.ledger.open - 1)
        self.on_answer(number)
        return response

    async def _respond(
        self, request: web.Request, trouble: Trouble | None, spell: Spell
    ) -> web.StreamResponse:
        if trouble is Fault.TIMEOUT:
            self._clock.advance(300)
        elif trouble is Lie.SLOW:
            self._clock.advance(self._chance.uniform(20, 140))
        if not isinstance(trouble, Fault):
            return self._answer(request, trouble, spell)

        async def truly() -> web.Response:
            return self._answer(request, None, spell)

        return await show(trouble, request, truly, self._retry_after(trouble))

    def _retry_after(self, fault: Fault) -> str | None:
        if fault is not Fault.BUSY:
            return None
        seconds = self._chance.choice((2, 10, 60, 400, 4000))
        if self._chance.random() < 0.3:
            then = self._clock.now() + timedelta(seconds=seconds)
            return format_datetime(then, usegmt=True)
        return str(seconds)

    def _answer(self, request: web.Request, lie: Trouble | None, spell: Spell) -> web.Response:
        if request.path != "/oai":
            self._api.sorts = lie is not Lie.UNSORTED
            status, body = self._api.answer(request.query)
            return web.Response(status=status, body=body, content_type=XML)
        body = self._cached(request, spell) or self._list(request, lie, spell)
        self.kept_back.told(request.query, body)
        return web.Response(body=body, content_type=XML)

    def _cached(self, request: web.Request, spell: Spell) -> bytes | None:
        found = self._cache.get(str(request.rel_url), self._clock.now()) if spell.cached else None
        if found is not None:
            self.ledger.troubles["CACHED"] += 1
        return found

    def _list(self, request: web.Request, lie: Trouble | None, spell: Spell) -> bytes:
        token = request.query.get("resumptionToken", "")
        oai = self.oai
        oai.stale, oai.repeats = spell.stale, lie is Lie.REPEATED
        oai.other_day = lie is Lie.OTHER_DAY and not token
        if lie is Lie.OLD_TOKEN and token:
            oai.issued.pop(token, None)
        if token and self._weather.edits(self._clock.now()):
            self._edit(*ids_asked_after(token))
        body = oai.answer(request.query)
        if lie is None:
            self._cache.put(str(request.rel_url), body, self._clock.now())
        return body

    def _edit(self, spec: str, day: str) -> None:
        """Somebody changes a record of this very list, so that the others move up."""
        archive = self.oai.honest
        self.ledger.troubles["EDITED"] += 1
        found = archive.modified(spec, date.fromisoformat(day), date.fromisoformat(day))
        if found:
            chosen = self._chance.choice(found)
            archive.touch(chosen.id, f"Edited {self._clock.now():%d %b %H:%M}")


def _nothing(_number: int) -> None:
    return None
