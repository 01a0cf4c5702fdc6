"""The stand-in itself: what a test starts, orders about and looks at."""

from __future__ import annotations

from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from tests.wire.discord.answers import wait_until
from tests.wire.discord.faults import Fault, How
from tests.wire.discord.gateway import Gateway
from tests.wire.discord.model import Backend, WallClock
from tests.wire.discord.people import People
from tests.wire.discord.record import PREFIX
from tests.wire.discord.rest import Rest
from tests.wire.discord.routes import Routes
from tests.wire.discord.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from aiohttp.typedefs import Handler

    from tests.wire.discord.record import Request, Violation

HOST = "127.0.0.1"


class DiscordStandIn(World, People):
    """Discord on a free port of this machine.

    `privileged` names the intents the developer portal grants (`members`, `presences`,
    `message_content`); `heartbeat` is in seconds. Leaving the context without an exception raises
    AssertionError when the bot did anything Discord refuses (see `violations`; `tolerate` says what
    a test provokes on purpose).
    """

    def __init__(
        self,
        *,
        token: str = "stand-in.discord.token",
        privileged: Iterable[str] = (),
        heartbeat: float = 41.25,
        rate_limits: bool = True,
    ) -> None:
        self.token = token
        self.api_url = ""
        self.gateway_url = ""
        self.backend = Backend(clock=WallClock())
        # The model writes all of its traffic down; a long run would fill the memory with it.
        self.backend.transcript = self.backend.http_requests = deque(maxlen=0)
        granted = frozenset(privileged)
        self.gateway = Gateway(self.backend, token, granted, heartbeat=heartbeat)
        routes = Routes(self.backend, granted, lambda: self.gateway_url)
        self.rest = Rest(self.backend, routes, token, granted, rate_limits=rate_limits)
        self._tolerated, self._closed = self.rest.tolerated, self.rest.closed
        self.locales = {}
        self._crashes: list[Exception] = []
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=30 * 2**20, middlewares=[self._keep_crash])
        self.rest.add_to(application)
        self.gateway.add_to(application)
        return application

    @web.middleware
    async def _keep_crash(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except (
            Exception
        ) as error:  # an error of ours must fail the test, not look like Discord's 500
            self._crashes.append(error)
            raise

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.api_url = f"http://{HOST}:{port}{PREFIX}"
        self.gateway_url = self.gateway.url = f"ws://{HOST}:{port}/gateway"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.gateway.drop(1001)
        await self._runner.cleanup()
        if kind is None:
            self.assert_clean()

    @property
    def requests(self) -> list[Request]:
        """Every request, in order."""
        return self.rest.requests

    @property
    def violations(self) -> list[Violation]:
        """What Discord would have refused. A test that provoked one on purpose clears the list."""
        return self.rest.violations

    @property
    def schema_checked(self) -> bool:
        """Whether requests are held against openapi.json; it may not lie beside the project."""
        return self.rest.schema is not None

    def tolerate(self, *codes: int) -> None:
        """Refusals with these codes are no violations from now on."""
        self.rest.tolerated.update(codes)

    def assert_clean(self) -> None:
        """Raises AssertionError naming every violation, or what broke in the stand-in itself."""
        if self._crashes:
            raise self._crashes[0]
        lines = [f"{v.method} {v.path} → {v.status} {v.code}: {v.problem}" for v in self.violations]
        assert not lines, "Discord would have refused:\n" + "\n".join(lines)

    def sent(self, method: str, path_part: str = "", status: int | None = None) -> list[Request]:
        """The requests with this method whose path holds `path_part` (and that got `status`)."""
        return [
            request
            for request in self.requests
            if request.method == method
            and path_part in request.path
            and (status is None or request.status == status)
        ]

    def fail(
        self,
        method: str,
        path_part: str,
        how: How,
        *,
        times: int = 1,
        after_effect: bool = False,
        retry_after: float = 0.3,
        scope: str = "user",
    ) -> None:
        """Let the next `times` matching requests fail with a status (429, 502, 503) or `"drop"`.

        With `after_effect` the request is carried out and only its answer is lost. `retry_after`
        (s) and `scope` (`user`, `shared`, `global`) are a 429's. `method` may be `*`.
        """
        fault = Fault(method, path_part, how, times, after_effect, 0.0, retry_after, scope)
        self.rest.faults.order(fault)

    def delay(self, method: str, path_part: str, seconds: float, *, times: int = 1) -> None:
        """Let the next `times` matching requests take effect at once and be answered late."""
        fault = Fault(
            method, path_part, 0, times, after_effect=True, delay=seconds, retry_after=0, scope=""
        )
        self.rest.faults.order(fault)

    @asynccontextmanager
    async def away(self, *, resumable: bool = False) -> AsyncIterator[None]:
        """Refuse the gateway within the block; what the bot misses is replayed if `resumable`."""
        self.gateway.open = False
        self.gateway.drop(resumable=resumable)
        await wait_until(lambda: not self.gateway.connected, 5.0)
        try:
            yield
        finally:
            self.gateway.open = True

    async def until(self, holds: Callable[[], Any], within: float = 10.0) -> Any:
        """Wait for something true and return it. Raises AssertionError after `within` seconds."""
        value = await wait_until(holds, within)
        assert value, f"still {value!r} after {within} s"
        return value

    async def connected(self, within: float = 20.0) -> None:
        """Wait until a bot is identified on the gateway."""
        await self.until(lambda: self.gateway.connected, within)
