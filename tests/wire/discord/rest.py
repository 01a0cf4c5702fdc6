"""The REST API: one request through token, faults, limits, schema, rules and model, and back."""

from __future__ import annotations

import asyncio
import copy
import json
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire.discord import checks, openapi
from tests.wire.discord.faults import Faults
from tests.wire.discord.model import BackendError, router
from tests.wire.discord.ratelimits import RateLimits
from tests.wire.discord.record import PREFIX, Reply, Request, Violation, read
from tests.wire.discord.routes import mark_own_reactions
from tests.wire.discord.shapes import completed

if TYPE_CHECKING:
    from tests.wire.discord.faults import Fault
    from tests.wire.discord.model import Backend
    from tests.wire.discord.routes import Routes

# Not the bot's mistake by itself: a wrong token is a test's doing, a rate limit is Discord's.
NO_VIOLATION = {401, 429}
# "Past few minutes" (discord-api-docs, resources/message, enforce_nonce).
NONCE_SECONDS = 180.0


class Rest:
    """Answers requests, and keeps all of them with their answers."""

    def __init__(
        self,
        backend: Backend,
        routes: Routes,
        token: str,
        privileged: frozenset[str],
        *,
        rate_limits: bool,
    ) -> None:
        self.requests: list[Request] = []
        self.violations: list[Violation] = []
        self.tolerated: set[int] = set()
        self.closed: dict[int, int] = {}
        self.faults = Faults()
        self.schema = openapi.load()
        self._backend = backend
        self._routes = routes
        self._token = token
        self._privileged = privileged
        self._limits = RateLimits() if rate_limits else None
        self._nonces: dict[str, tuple[float, Any]] = {}

    def add_to(self, application: web.Application) -> None:
        """Serve everything under `/api/v10`."""
        application.router.add_route("*", PREFIX + "/{rest:.*}", self._handle)

    def forget_nonces(self) -> None:
        """As after the few minutes for which Discord remembers them."""
        self._nonces.clear()

    async def _handle(self, wire: web.Request) -> web.StreamResponse:
        request = await read(wire)
        self.requests.append(request)
        fault = self.faults.take(request)
        if fault is None:
            return self._send(request, self._reply(request))
        request.fault = fault.name
        hidden = self._reply(request) if fault.after_effect or not fault.how else None
        request.answer = hidden.body if hidden else None
        await asyncio.sleep(fault.delay)
        return self._misbehave(wire, request, fault, hidden)

    def _misbehave(
        self, wire: web.Request, request: Request, fault: Fault, hidden: Reply | None
    ) -> web.StreamResponse:
        if fault.how == "drop":
            if wire.transport is not None:
                wire.transport.abort()
            return web.Response(status=500)
        return self._send(request, hidden if not fault.how and hidden else fault.reply())

    def _send(self, request: Request, reply: Reply) -> web.Response:
        request.status = reply.status
        request.answer = request.answer if request.fault else reply.body
        headers = {"Via": "1.1 google", **reply.headers}
        if reply.body is None:
            return web.Response(status=reply.status, headers=headers)
        if isinstance(reply.body, str):
            return web.Response(body=reply.body.encode(), status=reply.status, headers=headers)
        # discord.py compares this header for equality, so it carries no charset.
        headers["Content-Type"] = "application/json"
        return web.Response(
            body=json.dumps(reply.body).encode(), status=reply.status, headers=headers
        )

    def _reply(self, request: Request) -> Reply:
        headers: dict[str, str] = {}
        if request.needs_token:
            if request.headers.get("Authorization") != f"Bot {self._token}":
                return Reply(401, {"message": "401: Unauthorized", "code": 0})
            if self._limits is not None:
                headers, refusal = self._limits.take(request)
                if refusal is not None:
                    return refusal
        try:
            body = self._carry_out(request)
        except BackendError as error:
            return self._refuse(request, error, headers)
        return Reply(204 if body is None else 200, body, headers)

    def _refuse(self, request: Request, error: BackendError, headers: dict[str, str]) -> Reply:
        if error.status not in NO_VIOLATION and error.code not in self.tolerated:
            problem = f"{error.message} {error.errors or ''}".strip()
            place = (request.method, request.path, error.status, error.code)
            self.violations.append(Violation(*place, problem, copy.deepcopy(request.json)))
        return Reply(error.status, error.to_json(), headers)

    def _carry_out(self, request: Request) -> Any:
        """Returns the answer's body. Raises BackendError where Discord would refuse."""
        self._check_schema(request)
        checks.check(self._backend, request, self._privileged)
        checks.check_recipients(self._backend, request, self.closed)
        nonce = self._nonce(request)
        if nonce in self._nonces and time.monotonic() - self._nonces[nonce][0] < NONCE_SECONDS:
            return self._nonces[nonce][1]
        handler = self._routes.find(request)
        body = completed(handler(request) if handler else self._ask_model(request))
        if nonce:
            body["nonce"] = request.json["nonce"]
            self._nonces[nonce] = (time.monotonic(), body)
        return body

    def _check_schema(self, request: Request) -> None:
        if self.schema is None:
            return
        if self.schema.find(request.method, request.path) is None:
            raise BackendError(404, 0, "404: Not Found")
        problems = self.schema.problems(request.method, request.path, request.query, request.json)
        if problems:
            raise BackendError(400, 50035, "Invalid Form Body", errors={"_openapi": problems})

    def _nonce(self, request: Request) -> str:
        sends = request.method == "POST" and request.path.endswith("/messages")
        body = request.json if sends and isinstance(request.json, dict) else {}
        return str(body.get("nonce") or "") if body.get("enforce_nonce") else ""

    def _ask_model(self, request: Request) -> Any:
        try:
            answer = router.dispatch(
                self._backend,
                request.method,
                request.path,
                json=copy.deepcopy(request.json),
                params=dict(request.query),
                files=request.files,
                reason=request.reason,
                message_content_access="message_content" in self._privileged,
            )
        except ValueError as error:
            raise BackendError(400, 50035, f"Invalid Form Body: {error}") from error
        mark_own_reactions(self._backend, answer)
        wants_response = request.query.get("with_response", "").lower() in {"1", "true"}
        return None if request.parts[0] == "interactions" and not wants_response else answer
