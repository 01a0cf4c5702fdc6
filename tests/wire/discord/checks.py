"""What Discord refuses and the model does not, each with Discord's own code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import regex

from tests.wire.discord.command_rules import check_commands
from tests.wire.discord.model import BackendError, InteractionType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.wire.discord.model import Backend
    from tests.wire.discord.record import Request

UPLOAD = 10 * 2**20
REACTIONS = 20
UPDATES = {6, 7}
AUTOCOMPLETE = 8
MODAL = 9
LINKS = ("http://", "https://", "attachment://")
EMOJI = regex.compile(r"(?=.*[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3])\X")


def check(backend: Backend, request: Request, privileged: frozenset[str]) -> None:
    """Hold a request against every rule. Raises BackendError for the first that it breaks."""
    agent = request.headers.get("User-Agent", "")
    if request.needs_token and not agent.startswith("DiscordBot ("):
        raise BackendError(403, 40333, "User-Agent must be `DiscordBot (url, version)`")
    if request.parts[-1] == "members" and request.method == "GET" and "members" not in privileged:
        raise BackendError(403, 50001, "Missing Access")
    for place, rule in RULES:
        if regex.fullmatch(place, f"{request.method} {request.path}"):
            rule(backend, request)


def check_recipients(backend: Backend, request: Request, closed: Mapping[int, int]) -> None:
    """Refuse a direct message to somebody who takes none; `closed` are the codes by user id."""
    if regex.fullmatch(r"POST /channels/\d+/messages", f"{request.method} {request.path}"):
        for person in backend.get_channel(int(request.parts[1])).recipient_ids:
            if person in closed:
                raise BackendError(403, closed[person], "Cannot send messages to this user")


def _reaction(backend: Backend, request: Request) -> None:
    emoji = unquote(request.parts[5])
    if not _known(backend, emoji):
        raise BackendError(400, 10014, "Unknown Emoji")
    message = backend.messages.get(int(request.parts[1]), {}).get(int(request.parts[3]))
    if message and not message.reaction_for(emoji) and len(message.reactions) >= REACTIONS:
        raise BackendError(403, 30010, f"Maximum number of reactions reached ({REACTIONS})")


def _known(backend: Backend, emoji: str) -> bool:
    if EMOJI.fullmatch(emoji):
        return True
    _, _, custom = emoji.rpartition(":")
    return custom.isdigit() and any(
        int(custom) in guild.emojis for guild in backend.guilds.values()
    )


def _thread(backend: Backend, request: Request) -> None:
    if int(request.parts[3]) in backend.channels:
        raise BackendError(400, 160004, "A thread has already been created for this message")


def _commands(_: Backend, request: Request) -> None:
    check_commands(request.json or [])


def _callback(backend: Backend, request: Request) -> None:
    record = backend.interactions.get(int(request.parts[1]))
    kind = (request.json or {}).get("type")
    choices = ((request.json or {}).get("data") or {}).get("choices") or []
    _require(len(choices) <= 25, "data.choices: Must be 25 or fewer in length")
    if record is None:
        return
    asked = record.type == InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE
    _require(
        (kind == AUTOCOMPLETE) == asked,
        f"type: {kind} cannot answer interaction type {record.type}",
    )
    pressed = record.source_message_id is not None
    _require(kind not in UPDATES or pressed, f"type: {kind} needs a message to update")
    _require(
        kind != MODAL or record.type != InteractionType.MODAL_SUBMIT,
        "type: a modal answers no modal",
    )


def _body(_: Backend, request: Request) -> None:
    body = request.json if isinstance(request.json, dict) else {}
    body = body.get("data") or {} if request.parts[0] == "interactions" else body
    _require(len(str(body.get("nonce") or "")) <= 25, "nonce: Must be 25 or fewer in length")
    for embed in body.get("embeds") or []:
        _embed(embed)
    if sum(upload.fp.getbuffer().nbytes for upload in request.files) > UPLOAD:
        raise BackendError(413, 40005, "Request entity too large")


def _embed(embed: dict[str, Any]) -> None:
    for place, url in _urls(embed):
        _require(
            url.startswith(LINKS) and not regex.search(r"\s", url),
            f"{place}: Not a well formed URL.",
        )
        _require(len(url) <= 2048, f"{place}: Must be 2048 or fewer in length.")
    for field in embed.get("fields") or []:
        for key in ("name", "value"):
            _require(
                bool(str(field.get(key) or "").strip()),
                f"embeds.fields.{key}: This field is required",
            )


def _urls(embed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    parts = {"": embed} | {
        name: embed.get(name) or {} for name in ("image", "thumbnail", "author", "footer")
    }
    for name, part in parts.items():
        for key in ("url", "icon_url"):
            if part.get(key):
                yield f"embeds.{name}.{key}", str(part[key])


def _sending(backend: Backend, request: Request) -> None:
    channel = backend.get_channel(int(request.parts[1]))
    body = request.json if isinstance(request.json, dict) else {}
    needed = ["embed_links"] if body.get("embeds") else []
    needed += ["attach_files"] if request.files else []
    if channel.guild_id is not None and needed:
        backend.require_permissions(channel.guild_id, backend.bot_user.id, channel.id, *needed)


def _require(holds: bool, problem: str) -> None:
    if not holds:
        raise BackendError(400, 50035, f"Invalid Form Body: {problem}")


RULES: tuple[tuple[str, Callable[[Backend, Request], None]], ...] = (
    (r"PUT /channels/\d+/messages/\d+/reactions/[^/]+/@me", _reaction),
    (r"POST /channels/\d+/messages/\d+/threads", _thread),
    (r"PUT /applications/\d+/(guilds/\d+/)?commands", _commands),
    (r"POST /interactions/\d+/[^/]+/callback", _callback),
    (r"(POST|PATCH) /(channels/\d+/messages|interactions|webhooks)\b.*", _body),
    (r"POST /channels/\d+/messages", _sending),
)
