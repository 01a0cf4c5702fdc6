"""One connection to the gateway and the session that outlives it.

discord-api-docs: topics/opcodes-and-status-codes, events/gateway (resuming, heartbeats, limits).
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import zlib
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import discord
    from aiohttp import web

EVENTS_A_MINUTE = 120
REPLAYED_EVENTS = 500


class Op(IntEnum):
    """Opcodes."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE = 4
    RESUME = 6
    RECONNECT = 7
    MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Close(IntEnum):
    """Close codes."""

    UNKNOWN_ERROR = 4000
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    RATE_LIMITED = 4008
    SESSION_TIMED_OUT = 4009
    INVALID_API_VERSION = 4012
    DISALLOWED_INTENTS = 4014


@dataclass(slots=True)
class Session:
    """What outlives a connection: the numbered events not yet known to have arrived."""

    intents: discord.Intents
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)
    connection: Connection | None = None

    def push(self, event: str, payload: Mapping[str, Any]) -> None:
        """Number an event, keep it for a resume and send it if somebody listens."""
        self.sequence += 1
        message = {"op": Op.DISPATCH, "s": self.sequence, "t": event, "d": payload}
        self.events.append(message)
        del self.events[:-REPLAYED_EVENTS]
        if self.connection is not None:
            self.connection.send(message)

    def missed_since(self, sequence: int) -> list[dict[str, Any]] | None:
        """The events after `sequence`, or None where some of them are no longer known."""
        known = not self.events or sequence >= self.events[0]["s"] - 1
        return [event for event in self.events if event["s"] > sequence] if known else None


class Connection:
    """One websocket: a queue that a single writer empties, and what Discord counts of it."""

    def __init__(self, socket: web.WebSocketResponse, compressor: zlib._Compress | None) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.closed = False
        self.last_heartbeat = time.monotonic()
        self._compressor = compressor
        self._queue: asyncio.Queue[dict[str, Any] | int] = asyncio.Queue()
        self._received: list[float] = []

    def send(self, message: dict[str, Any]) -> None:
        """Queue a message."""
        self._queue.put_nowait(message)

    def operate(self, op: Op, data: Any = None) -> None:
        """Queue an operation that is no event."""
        self.send({"op": op, "d": data, "s": None, "t": None})

    def close(self, code: int) -> None:
        """Close after what is queued has gone out."""
        self.closed = True
        self._queue.put_nowait(code)

    def too_many_events(self) -> bool:
        """Count one received event."""
        now = time.monotonic()
        self._received = [*(at for at in self._received if now - at < 60), now]
        return len(self._received) > EVENTS_A_MINUTE

    async def write(self) -> None:
        """Send what is queued until the connection closes."""
        while isinstance(message := await self._queue.get(), dict):
            text = json.dumps(message, separators=(",", ":"))
            if self._compressor is None:
                await self.socket.send_str(text)
            else:
                packed = self._compressor.compress(text.encode())
                await self.socket.send_bytes(packed + self._compressor.flush(zlib.Z_SYNC_FLUSH))
        await self.socket.close(code=message)

    async def watch_heartbeat(self, seconds: float) -> None:
        """Close a connection whose client stopped sending heartbeats."""
        # It is the absence of an event that is waited for.
        while time.monotonic() - self.last_heartbeat <= seconds * 1.75:  # noqa: ASYNC110
            await asyncio.sleep(seconds / 2)
        self.close(Close.SESSION_TIMED_OUT)
