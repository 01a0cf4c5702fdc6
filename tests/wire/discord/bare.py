"""A client without discord.py's manners: it sends what a test wants, right or wrong."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, Self

import aiohttp
import discord

if TYPE_CHECKING:
    from tests.wire.discord.server import DiscordStandIn

INTENTS = discord.Intents(guilds=True, guild_reactions=True, guild_messages=True).value


class BareClient:
    """One session with the bot's token."""

    def __init__(self, stand_in: DiscordStandIn, *, token: str = "") -> None:
        self._stand_in = stand_in
        self._token = token or stand_in.token
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        headers = {"Authorization": f"Bot {self._token}", "User-Agent": "DiscordBot (bare, 1)"}
        self._session = aiohttp.ClientSession(headers=headers)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session; only within the context."""
        assert self._session is not None
        return self._session

    async def call(
        self, method: str, path: str, body: Any = None, **options: Any
    ) -> tuple[int, Any]:
        """One request; returns status and decoded body."""
        url = self._stand_in.api_url + path
        async with self.session.request(method, url, json=body, **options) as response:
            text = await response.text()
        return response.status, json.loads(text) if text.startswith(("{", "[")) else text

    async def connect(self, *, compress: bool = False) -> BareSocket:
        """A websocket to the gateway."""
        query = "?v=10&encoding=json" + ("&compress=zlib-stream" if compress else "")
        socket = await self.session.ws_connect(self._stand_in.gateway_url + query)
        return BareSocket(socket, self._token)


class BareSocket:
    """One gateway connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, token: str) -> None:
        self.socket = socket
        self._token = token
        self._inflate = zlib.decompressobj()

    async def send(self, op: int, data: Any = None) -> None:
        """Send an operation."""
        await self.socket.send_json({"op": op, "d": data})

    async def identify(self, intents: int = INTENTS, *, token: str = "") -> None:
        """Log in."""
        data = {"token": token or self._token, "intents": intents, "properties": {}}
        await self.send(2, data)

    async def resume(self, session: str, sequence: int) -> None:
        """Take an earlier session up again."""
        await self.send(6, {"token": self._token, "session_id": session, "seq": sequence})

    async def receive(self) -> dict[str, Any]:
        """The next message. Raises ConnectionError with the code once it is closed."""
        message = await self.socket.receive(timeout=5.0)
        if message.type is aiohttp.WSMsgType.BINARY:
            return json.loads(self._inflate.decompress(message.data))
        if message.type is aiohttp.WSMsgType.TEXT:
            return json.loads(message.data)
        raise ConnectionError(self.socket.close_code)

    async def event(self, name: str) -> dict[str, Any]:
        """The next event of this name, others dropped."""
        while (message := await self.receive())["t"] != name:
            pass
        return message

    async def close_code(self) -> int | None:
        """Wait until the gateway closes the connection and return its code."""
        try:
            while True:
                await self.receive()
        except ConnectionError:
            return self.socket.close_code
