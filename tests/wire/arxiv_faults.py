"""The faults the stand-in can be told to show, each one reported of arXiv or measured."""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from typing import TYPE_CHECKING

from aiohttp import web

from tests.wire.arxiv_atom import error_feed, feed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HTML = b"<!DOCTYPE html>\n<html><head><title>arXiv</title></head><body>We are down.</body></html>"
XML = "application/xml"


class Fault(Enum):
    """What goes wrong with one answer."""

    HTML200 = auto()
    RATE_EXCEEDED = auto()
    EMPTY = auto()
    TRUNCATED = auto()
    NO_RESULTS = auto()
    BUSY = auto()
    TOO_MANY = auto()
    FORBIDDEN = auto()
    NOT_ACCEPTABLE = auto()
    RESET = auto()
    BROKEN_OFF = auto()
    TIMEOUT = auto()
    ERROR_ENTRY = auto()
    SERVER_ERROR = auto()


_PLAIN: dict[Fault, tuple[int, bytes]] = {
    Fault.HTML200: (200, HTML),
    Fault.RATE_EXCEEDED: (200, b"Rate exceeded."),
    Fault.EMPTY: (200, b""),
    Fault.BUSY: (503, HTML),
    Fault.TOO_MANY: (429, b"Rate exceeded."),
    Fault.FORBIDDEN: (403, HTML),
    Fault.NOT_ACCEPTABLE: (406, b""),
    Fault.SERVER_ERROR: (500, HTML),
    Fault.ERROR_ENTRY: (200, error_feed("internal error")),
}

_EMPTY_LIST = (
    b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2024-09-16T04:20:00Z</responseDate>'
    b"<ListRecords></ListRecords></OAI-PMH>"
)


async def show(
    fault: Fault,
    request: web.Request,
    true_answer: Callable[[], Awaitable[web.Response]],
    retry_after: str | None,
) -> web.StreamResponse:
    """Answer with the fault. `retry_after` is the header's text for statuses that carry it."""
    match fault:
        case Fault.RESET:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        case Fault.BROKEN_OFF:
            response = web.StreamResponse(headers={"Content-Length": "100000"})
            await response.prepare(request)
            await response.write(b"<OAI-PMH>")
            assert request.transport is not None
            request.transport.close()
            return response
        case Fault.TIMEOUT:
            await asyncio.sleep(3600)
            return web.Response()
        case Fault.TRUNCATED:
            whole = await true_answer()
            assert isinstance(whole.body, bytes)
            return web.Response(body=whole.body[: len(whole.body) * 2 // 3], content_type=XML)
        case Fault.NO_RESULTS:
            is_api = request.path.startswith("/api")
            return web.Response(
                body=feed([], 5, 0, 100) if is_api else _EMPTY_LIST, content_type=XML
            )
    status, body = _PLAIN[fault]
    headers = {"Retry-After": retry_after} if retry_after is not None else {}
    return web.Response(status=status, body=body, headers=headers, content_type="text/html")
