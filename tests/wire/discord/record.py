"""What the bot sent and what it was told: the evidence tests read."""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiohttp import web

PREFIX = "/api/v10"


@dataclass(slots=True)
class Upload:
    """One uploaded file, in the shape the model reads."""

    filename: str
    fp: io.BytesIO
    description: str | None = None


@dataclass(slots=True)
class Request:
    """One request. `path` starts behind `/api/v10`.

    `status` is None while it is open and where the connection was cut. `answer` is the body the bot
    was given or, where a fault hid the effect, would have been given.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    json: Any = None
    files: list[Upload] = field(default_factory=list)
    time: float = field(default_factory=time.monotonic)
    status: int | None = None
    answer: Any = None
    fault: str = ""

    @property
    def parts(self) -> list[str]:
        """The path's segments."""
        return self.path.strip("/").split("/")

    @property
    def reason(self) -> str | None:
        """What the bot wrote for the audit log."""
        return self.headers.get("X-Audit-Log-Reason")

    @property
    def needs_token(self) -> bool:
        """Interactions and webhooks carry their own token in the path."""
        webhook = self.parts[0] == "webhooks" and len(self.parts) >= 3
        return self.parts[0] != "interactions" and not webhook


@dataclass(frozen=True, slots=True)
class Violation:
    """Something real Discord would have refused, or that nobody here knows."""

    method: str
    path: str
    status: int
    code: int
    problem: str
    json: Any = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the wire sends back; `body` None sends none."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


async def read(request: web.Request) -> Request:
    """Take one request off the wire, body and uploads included."""
    path = request.rel_url.raw_path.removeprefix(PREFIX)
    recorded = Request(request.method, path, dict(request.query), dict(request.headers))
    if request.content_type.startswith("multipart/"):
        await _read_parts(request, recorded)
    elif request.can_read_body:
        text = await request.text()
        recorded.json = json.loads(text) if text else None
    return recorded


async def _read_parts(request: web.Request, recorded: Request) -> None:
    async for part in await request.multipart():
        content = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            recorded.json = json.loads(content)
        elif part.filename:
            recorded.files.append(Upload(part.filename, io.BytesIO(content)))
        else:
            recorded.json = {**(recorded.json or {}), part.name: content.decode()}
    for described in (recorded.json or {}).get("attachments") or []:
        index = int(described.get("id", -1))
        if 0 <= index < len(recorded.files):
            recorded.files[index].description = described.get("description")
