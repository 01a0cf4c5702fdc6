"""Routes the model lacks, or answers with more than Discord would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import regex

from tests.wire.discord import supers
from tests.wire.discord.model import BackendError, serializers

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.wire.discord.model import Backend, Message
    from tests.wire.discord.record import Request

# Application flags of an unverified bot (discord-api-docs, resources/application): *_LIMITED.
INTENT_FLAGS = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
# GUILD_CREATE tells these; GET /guilds/{id} does not.
GATEWAY_ONLY = (
    "channels", "guild_scheduled_events", "joined_at", "large", "member_count", "members",
    "presences", "soundboard_sounds", "stage_instances", "threads", "unavailable", "voice_states",
)  # fmt: skip


class Routes:
    """Looked at before the model's own routes."""

    def __init__(
        self, backend: Backend, privileged: frozenset[str], gateway_url: Callable[[], str]
    ) -> None:
        self._backend = backend
        self._privileged = privileged
        self._gateway_url = gateway_url
        self._table: tuple[tuple[str, Callable[[Request], Any]], ...] = (
            (r"GET /gateway(/bot)?", self._gateway),
            (r"GET /(oauth2/)?applications/@me", self._application),
            (r"GET /users/@me/guilds", self._guilds),
            (r"GET /guilds/\d+", self._guild),
            (r"GET /channels/\d+/messages/\d+/reactions/[^/]+", self._reaction_users),
        )

    def find(self, request: Request) -> Callable[[Request], Any] | None:
        """The handler for a request, if it is ours."""
        asked = f"{request.method} {request.path}"
        return next(
            (handler for place, handler in self._table if regex.fullmatch(place, asked)), None
        )

    def _gateway(self, request: Request) -> dict[str, Any]:
        if request.parts[-1] == "gateway":
            return {"url": self._gateway_url()}
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
        return {"url": self._gateway_url(), "shards": 1, "session_start_limit": limit}

    def _application(self, _: Request) -> dict[str, Any]:
        backend = self._backend
        bot = dict(serializers.user_payload(backend.bot_user))
        flags = sum(flag for name, flag in INTENT_FLAGS.items() if name in self._privileged)
        return {
            "id": str(backend.application_id),
            "name": backend.bot_user.name,
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": flags,
            "flags_new": str(flags),
            "owner": bot,
            "team": None,
            "bot": bot,
            "approximate_guild_count": len(backend.guilds),
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
        }

    def _guilds(self, request: Request) -> list[dict[str, Any]]:
        after, before = int(request.query.get("after", 0)), int(request.query.get("before", 2**63))
        ids = sorted(i for i in self._backend.guilds if after < i < before)
        return [self._partial(i) for i in ids[: int(request.query.get("limit", 200))]]

    def _partial(self, guild_id: int) -> dict[str, Any]:
        bot = self._backend.bot_user.id
        return {
            "id": str(guild_id),
            "name": self._backend.get_guild(guild_id).name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(self._backend.compute_permissions(guild_id, bot)),
            "features": [],
        }

    def _guild(self, request: Request) -> dict[str, Any]:
        guild = self._backend.get_guild(int(request.parts[1]))
        payload = dict(serializers.guild_create_payload(self._backend, guild))
        return {key: value for key, value in payload.items() if key not in GATEWAY_ONLY}

    def _reaction_users(self, request: Request) -> list[dict[str, Any]]:
        message = self._readable(request)
        reaction = message.reaction_for(unquote(request.parts[5]))
        burst = request.query.get("type", "0") == "1"
        of_kind = supers.users(self._backend, message.id, reaction, burst=burst) if reaction else ()
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 25))
        ids = sorted(i for i in of_kind if i > after)
        return [dict(serializers.user_payload(self._backend.get_user(i))) for i in ids[:limit]]

    def _readable(self, request: Request) -> Message:
        channel = self._backend.get_channel(int(request.parts[1]))
        bot = self._backend.bot_user.id
        self._backend.require_permissions(channel.guild_id, bot, channel.id, "read_message_history")
        message = self._backend.get_message(channel.id, int(request.parts[3]))
        if message.is_ephemeral:
            raise BackendError(404, 10008, "Unknown Message")
        return message


def mark_own_reactions(backend: Backend, answer: Any) -> None:
    """Fill in `me`, which the model leaves out of a channel's history, and super reactions."""
    for payload in answer if isinstance(answer, list) else [answer]:
        if isinstance(payload, dict) and payload.get("reactions"):
            message = backend.get_message(int(payload["channel_id"]), int(payload["id"]))
            for shown, reaction in zip(payload["reactions"], message.reactions, strict=True):
                shown.update(supers.counted(backend, message.id, reaction))
