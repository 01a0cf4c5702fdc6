"""A stand-in for the ACL Anthology and OpenReview over a real socket.

The Anthology answers as its static files do (MODS beside each paper, HTML for what is missing), and
OpenReview as its two APIs do. Answers can be told verbatim:

    async with PublishedStandIn() as published:
        published.anthology["2024.acl-long.12"] = mods(title="…")
        published.say(503, b"busy", {"Retry-After": "1"})
        …  # point bot.sources at published.anthology_url and published.openreview_urls
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NOT_FOUND = b"<!doctype html><html><head><title>404 - ACL Anthology</title></head></html>"
CHALLENGE = {
    "name": "ChallengeRequiredError",
    "message": "Please complete the challenge and try again.",
    "status": 403,
}


@dataclass(frozen=True)
class Told:
    """An answer told verbatim; none at all (the connection breaks) where `status` is 0."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class PublishedStandIn:
    """Both sites on one port of localhost. `older` are the notes only the first API knows."""

    def __init__(self) -> None:
        self.anthology: dict[str, bytes] = {}
        self.notes: dict[str, dict[str, Any]] = {}
        self.older: dict[str, dict[str, Any]] = {}
        self.challenges = False
        self.requests: list[str] = []
        self.agents: set[str] = set()
        self._told: deque[Told] = deque()
        application = web.Application()
        application.router.add_get("/acl/{name}.xml", partial(self._handle, self._record))
        application.router.add_get("/v2/notes", partial(self._handle, self._note))
        application.router.add_get("/v1/notes", partial(self._handle, self._older_note))
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        self.root = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def anthology_url(self) -> str:
        """What bot.sources.anthology.BASE is set to."""
        return f"{self.root}/acl"

    @property
    def openreview_urls(self) -> tuple[str, str]:
        """What bot.sources.openreview.BASES is set to."""
        return f"{self.root}/v2", f"{self.root}/v1"

    def say(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Answer the next request so."""
        self._told.append(Told(status, body, headers or {}))

    async def _handle(
        self, answer: Callable[[web.Request], web.Response], request: web.Request
    ) -> web.Response:
        self.requests.append(request.path_qs)
        self.agents.add(request.headers.get("User-Agent", ""))
        if not self._told:
            return answer(request)
        told = self._told.popleft()
        if told.status == 0:
            assert request.transport is not None
            request.transport.abort()
            await asyncio.sleep(0)
        return web.Response(status=told.status or 500, body=told.body, headers=told.headers)

    def _record(self, request: web.Request) -> web.Response:
        body = self.anthology.get(request.match_info["name"])
        if body is None:
            return web.Response(status=404, body=NOT_FOUND, content_type="text/html")
        return web.Response(body=body, content_type="application/xml")

    def _note(self, request: web.Request) -> web.Response:
        return self._answer(self.notes, request.query.get("id", ""))

    def _older_note(self, request: web.Request) -> web.Response:
        return self._answer(self.older, request.query.get("id", ""))

    def _answer(self, notes: Mapping[str, dict[str, Any]], number: str) -> web.Response:
        if self.challenges:
            return web.json_response(CHALLENGE, status=403)
        if number in notes:
            return web.json_response({"notes": [notes[number]], "count": 1})
        message = f"The Note {number} was not found"
        error = {"name": "NotFoundError", "message": message, "status": 404}
        return web.json_response(error, status=404)


def mods(
    *,
    title: str = "A Paper of the Anthology",
    authors: Sequence[tuple[str, str]] = (("Ada", "Lovelace"), ("Grace", "Hopper")),
    abstract: str = "We propose a method.",
    issued: str = "2024-08",
    doi: str = "",
) -> bytes:
    """A record as the Anthology's bib2xml writes it: editors and volume stand in relatedItem."""
    names = "".join(_name(given, family, "author") for given, family in authors)
    identifier = f'<identifier type="doi">{escape(doi)}</identifier>' if doi else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<modsCollection xmlns="http://www.loc.gov/mods/v3">
<mods ID="lovelace-hopper-2024-paper">
    <titleInfo><title>{escape(title)}</title></titleInfo>
    {names}
    <originInfo><dateIssued>{issued}</dateIssued></originInfo>
    <typeOfResource>text</typeOfResource>
    <relatedItem type="host">
        <titleInfo><title>Proceedings of the Meeting</title></titleInfo>
        {_name("Ed", "Itor", "editor")}
        <originInfo><publisher>Association for Computational Linguistics</publisher></originInfo>
        <identifier type="doi">10.18653/v1/2024.acl-long</identifier>
    </relatedItem>
    <abstract>{escape(abstract)}</abstract>
    <identifier type="citekey">lovelace-hopper-2024-paper</identifier>
    {identifier}
    <location><url>https://aclanthology.org/2024.acl-long.9012/</url></location>
</mods>
</modsCollection>""".encode()


def _name(given: str, family: str, role: str) -> str:
    return (
        f'<name type="personal"><namePart type="given">{escape(given)}</namePart>'
        f'<namePart type="family">{escape(family)}</namePart><role>'
        f'<roleTerm authority="marcrelator" type="text">{role}</roleTerm></role></name>'
    )


def note(number: str, **content: object) -> dict[str, Any]:
    """A note of the second API: a submission with its fields as values."""
    fields: dict[str, object] = {
        "title": "A Paper at OpenReview",
        "authors": ["Ada Lovelace", "Grace Hopper"],
        "abstract": "We propose a method.",
        "venue": "ICLR 2025 poster",
        "pdf": "/pdf/0123456789abcdef.pdf",
        **content,
    }
    return {
        "id": number,
        "forum": number,
        "tcdate": 1_727_000_000_000,
        "pdate": 1_737_576_000_000,
        "content": {name: {"value": value} for name, value in fields.items()},
    }


def older_note(number: str) -> dict[str, Any]:
    """A note of the first API, with plain values."""
    values = {name: field["value"] for name, field in note(number)["content"].items()}
    return {"id": number, "forum": number, "tcdate": 1_537_000_000_000, "content": values}
