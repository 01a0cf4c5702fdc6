"""The gateway: who may connect, what a bot may send, and which events its intents let through.

discord-api-docs: events/gateway (identify, resume, intents) and topics/opcodes-and-status-codes.
"""

from __future__ import annotations

import asyncio
import copy
import json
import time
import zlib
from typing import TYPE_CHECKING, Any

import discord
from aiohttp import WSMsgType, web

from tests.wire.discord import supers
from tests.wire.discord.connection import Close, Connection, Op, Session
from tests.wire.discord.model import channel_accessible, serializers
from tests.wire.discord.model import intents as intent_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.wire.discord.model import Backend

PAYLOAD_BYTES = 4096
MEMBERS_A_CHUNK = 1000
BEFORE_SESSION = {Op.HEARTBEAT, Op.IDENTIFY, Op.RESUME}


class Gateway:
    """Accepts connections and hands events to the sessions whose intents include them."""

    def __init__(
        self, backend: Backend, token: str, privileged: frozenset[str], *, heartbeat: float
    ) -> None:
        self.url = ""
        self.open = True
        self.heartbeats = 0
        self.identified = 0
        self.resumed = 0
        self.sessions: dict[str, Session] = {}
        self._backend = backend
        self._token = token
        self._privileged = privileged
        self._heartbeat = heartbeat
        self._connections: set[Connection] = set()
        self._handlers = {
            Op.HEARTBEAT: self._on_heartbeat,
            Op.IDENTIFY: self._on_identify,
            Op.RESUME: self._on_resume,
            Op.MEMBERS: self._on_members,
            Op.PRESENCE: _ignore,
            Op.VOICE: _ignore,
        }
        backend.subscribers.append(self._emit)

    def add_to(self, application: web.Application) -> None:
        """Serve `/gateway`."""
        application.router.add_get("/gateway", self._serve)

    @property
    def connected(self) -> bool:
        """Whether a bot is identified and listening."""
        return any(session.connection for session in self.sessions.values())

    def drop(self, code: int = Close.UNKNOWN_ERROR, *, resumable: bool = True) -> None:
        """Close all connections; without `resumable` forget the sessions, so a resume gets op 9."""
        for connection in self._connections:
            connection.close(code)
        if not resumable:
            self.sessions.clear()

    def operate(self, op: Op, data: Any = None) -> None:
        """Send an operation to every connection (`Op.RECONNECT`, `Op.INVALID_SESSION`)."""
        for connection in self._connections:
            connection.operate(op, data)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        compress = request.query.get("compress")
        if not self.open:
            return web.Response(status=503)
        if request.query.get("encoding", "json") != "json" or compress not in {None, "zlib-stream"}:
            return web.Response(status=400)
        socket = web.WebSocketResponse(max_msg_size=4 * PAYLOAD_BYTES)
        await socket.prepare(request)
        connection = Connection(socket, zlib.compressobj() if compress else None)
        self._connections.add(connection)
        connection.operate(Op.HELLO, {"heartbeat_interval": int(self._heartbeat * 1000)})
        if request.query.get("v", "10") != "10":
            connection.close(Close.INVALID_API_VERSION)
        tasks = [
            asyncio.create_task(connection.write()),
            asyncio.create_task(connection.watch_heartbeat(self._heartbeat)),
        ]
        try:
            await self._receive_all(connection)
        finally:
            await self._end(connection, tasks)
        return socket

    async def _end(self, connection: Connection, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._connections.discard(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            if not connection.closed and connection.socket.close_code in {1000, 1001}:
                # A client that says goodbye ends its session.
                self.sessions.pop(session.id, None)

    async def _receive_all(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                return
            fault = self._receive(connection, message.data)
            if fault is not None:
                connection.close(fault)

    def _receive(self, connection: Connection, data: str | bytes) -> Close | None:
        if connection.too_many_events():
            return Close.RATE_LIMITED
        try:
            received = json.loads(data)
        except ValueError:
            return Close.DECODE_ERROR
        op = received.get("op")
        if len(data) > PAYLOAD_BYTES:
            return Close.DECODE_ERROR
        if op not in self._handlers:
            return Close.UNKNOWN_OPCODE
        if op not in BEFORE_SESSION and connection.session is None:
            return Close.NOT_AUTHENTICATED
        return self._handlers[op](connection, received.get("d"))

    def _on_heartbeat(self, connection: Connection, _: Any) -> Close | None:
        self.heartbeats += 1
        connection.last_heartbeat = time.monotonic()
        connection.operate(Op.HEARTBEAT_ACK)
        return None

    def _on_identify(self, connection: Connection, data: dict[str, Any]) -> Close | None:
        if connection.session is not None:
            return Close.ALREADY_AUTHENTICATED
        if data["token"].removeprefix("Bot ") != self._token:
            return Close.AUTHENTICATION_FAILED
        intents = discord.Intents._from_value(data["intents"])
        asked = {name for name in intent_rules.PRIVILEGED_INTENTS if getattr(intents, name)}
        if not asked <= self._privileged:
            return Close.DISALLOWED_INTENTS
        self._welcome(connection, Session(intents), data.get("shard", [0, 1]))
        return None

    def _welcome(self, connection: Connection, session: Session, shard: list[int]) -> None:
        self.identified += 1
        connection.session, session.connection = session, connection
        backend = self._backend
        session.push("READY", self._ready(session, shard))
        self.sessions[session.id] = session
        for guild in list(backend.guilds.values()):
            self._offer(session, "GUILD_CREATE", serializers.guild_create_payload(backend, guild))

    def _ready(self, session: Session, shard: list[int]) -> dict[str, Any]:
        backend = self._backend
        return {
            "v": 10,
            "user": dict(serializers.user_payload(backend.bot_user)),
            "guilds": [{"id": str(guild), "unavailable": True} for guild in backend.guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "application": {"id": str(backend.application_id), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "shard": shard,
        }

    def _on_resume(self, connection: Connection, data: dict[str, Any]) -> Close | None:
        if data["token"].removeprefix("Bot ") != self._token:
            return Close.AUTHENTICATION_FAILED
        session = self.sessions.get(data["session_id"])
        missed = session.missed_since(data["seq"] or 0) if session else None
        if session is None or missed is None:
            connection.operate(Op.INVALID_SESSION, data=False)
            return None
        self.resumed += 1
        connection.session, session.connection = session, connection
        for event in missed:
            connection.send(event)
        session.push("RESUMED", {"_trace": []})
        return None

    def _on_members(self, connection: Connection, data: dict[str, Any]) -> Close | None:
        for chunk in member_chunks(self._backend, data):
            if connection.session is not None:
                connection.session.push("GUILD_MEMBERS_CHUNK", chunk)
        return None

    def _emit(self, event: str, payload: Mapping[str, Any]) -> None:
        if _hidden(self._backend, event, payload):
            return
        for session in self.sessions.values():
            self._offer(session, event, payload)

    def _offer(self, session: Session, event: str, payload: Mapping[str, Any]) -> None:
        intent = intent_rules.required_intent(event, payload)
        if intent is not None and not getattr(session.intents, intent):
            return
        shown = copy.deepcopy(dict(payload))
        supers.told(self._backend, event, shown)
        bot = self._backend.bot_user.id
        if event in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} and not session.intents.message_content:
            intent_rules.censor_message(shown, bot, backend=self._backend)
        if event == "GUILD_CREATE":
            intent_rules.prune_guild_create(shown, session.intents, bot)
        session.push(event, shown)


def _ignore(_: Connection, __: Any) -> Close | None:
    """Presence and voice mean nothing here."""
    return None


def _hidden(backend: Backend, event: str, payload: Mapping[str, Any]) -> bool:
    """The bot is not told of what it may not view, but interactions reach it all the same."""
    channel_id = int(payload.get("channel_id") or 0)
    told = not event.startswith("MESSAGE_") or channel_id not in backend.channels
    return not told and not channel_accessible(backend, channel_id, backend.bot_user.id)


def member_chunks(backend: Backend, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The GUILD_MEMBERS_CHUNK events that answer op 8: by `user_ids`, or by `query` and `limit`."""
    guild = backend.get_guild(int(asked["guild_id"]))
    wanted = asked.get("user_ids") or []
    wanted = {int(user) for user in (wanted if isinstance(wanted, list) else [wanted])}
    prefix = (asked.get("query") or "").lower()
    found = [
        member
        for member in guild.members.values()
        if (
            member.user_id in wanted
            if wanted
            else backend.users[member.user_id].name.lower().startswith(prefix)
        )
    ][: asked.get("limit") or None]
    count = max(1, -(-len(found) // MEMBERS_A_CHUNK))
    for index in range(count):
        part = found[index * MEMBERS_A_CHUNK : (index + 1) * MEMBERS_A_CHUNK]
        yield {
            "guild_id": str(guild.id),
            "members": [serializers.member_payload(backend, guild, member) for member in part],
            "chunk_index": index,
            "chunk_count": count,
            "not_found": [str(user) for user in wanted - {member.user_id for member in found}],
            **({"nonce": asked["nonce"]} if asked.get("nonce") else {}),
        }
