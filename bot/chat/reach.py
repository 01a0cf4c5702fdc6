"""Getting at a channel, and what keeps the bot from it by name."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeAlias, overload

import discord

from bot.chat.errors import NETWORK, reason_of
from bot.chat.permissions import missing
from bot.domain.sentences import sentence
from bot.services.ports import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.chat.refusals import CountedClient

MessageChannel: TypeAlias = (
    discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
)
"""The channels of a server in which messages stand."""

UNKNOWN_MESSAGE = 10008
CLOSED = frozenset({50007, 50278, 50033, 10013})
"""A member takes no direct messages: of this bot, of anybody without a server in common, or at all.

discord-api-docs, topics/opcodes-and-status-codes; 50033 and 10013 are for accounts that are gone.
"""

BAD_REQUEST = 400
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


@contextmanager
def reaching(client: CountedClient, place: int | str, needed: Sequence[str] = ()) -> Iterator[None]:
    """Raise Unreachable for whatever keeps `client` from a place; `needed` are permissions.

    The place is a channel's id, or words for what has none. Where too much was refused lately
    nothing is asked. After a 5xx, a lost connection, and what follows discord.py's own retries of
    one, nobody knows whether the request was carried out.
    """
    where = place if isinstance(place, str) else _name(client, place)
    if client.refusals.too_many():
        raise Unreachable(
            sentence(
                "{where}: Discord has refused too many requests; nothing is asked for some "
                "minutes.",
                where=where,
            )
        )
    if client.user is None or client.is_closed():
        raise Unreachable(sentence("{where}: the bot is not connected to Discord.", where=where))
    try:
        yield
    except discord.HTTPException as error:
        channel = client.get_channel(place) if isinstance(place, int) else None
        raise _refused(where, error, _lacking(channel, needed)) from None
    except NETWORK as error:
        silent = sentence(
            "{where}: no answer from Discord ({reason}).", where=where, reason=reason_of(error)
        )
        raise Unreachable(silent, ambiguous=True) from None


def _refused(where: str, error: discord.HTTPException, lacking: str) -> Unreachable:
    named: dict[str, object] = {"where": where, "reason": reason_of(error), "status": error.status}
    if isinstance(error, discord.Forbidden):
        named["reason"] = lacking or reason_of(error)
        said = sentence("{where}: not allowed ({reason}).", **named)
    elif isinstance(error, discord.NotFound):
        said = sentence("{where}: not found ({reason}).", **named)
    else:
        said = sentence("{where}: Discord answers {status} ({reason}).", **named)
    return Unreachable(
        said,
        ambiguous=error.status >= SERVER_ERROR or error.status == TOO_MANY_REQUESTS,
        gone=error.code == UNKNOWN_MESSAGE,
        refused=error.status == BAD_REQUEST,
        closed=error.code in CLOSED,
    )


@overload
async def message_channel(
    client: discord.Client, channel_id: int, *, direct: Literal[False] = ...
) -> MessageChannel: ...
@overload
async def message_channel(
    client: discord.Client, channel_id: int, *, direct: bool
) -> MessageChannel | discord.DMChannel: ...
async def message_channel(
    client: discord.Client, channel_id: int, *, direct: bool = False
) -> MessageChannel | discord.DMChannel:
    """The channel, as the bot sees it or else fetched; one of direct messages only where `direct`.

    Raises Unreachable and discord's errors.
    """
    channel = client.get_channel(channel_id) or await client.fetch_channel(channel_id)
    if direct and isinstance(channel, discord.DMChannel):
        return channel
    if not isinstance(channel, MessageChannel):
        kind = type(channel).__name__
        where = _name(client, channel_id)
        raise Unreachable(
            sentence("{where}: no messages can stand in it ({kind}).", where=where, kind=kind)
        )
    return channel


def require(channel: MessageChannel | discord.DMChannel, needed: Sequence[str]) -> None:
    """Raises Unreachable where something needed is known to be missing."""
    if lacking := _lacking(channel, needed):
        where = f"#{channel}"
        raise Unreachable(sentence("{where}: not allowed ({reason}).", where=where, reason=lacking))


def _lacking(channel: object, needed: Sequence[str]) -> str:
    """`missing: Embed Links`, or nothing where that is not known."""
    place = channel.parent if isinstance(channel, discord.Thread) else channel
    if not isinstance(place, discord.abc.GuildChannel) or place.guild.me is None:
        return ""
    names = missing(place, place.guild.me, needed, thread=place is not channel)
    return sentence("missing: {names}", names=", ".join(names)) if names else ""


def _name(client: discord.Client, channel_id: int) -> str:
    name = getattr(client.get_channel(channel_id), "name", "")
    return f"#{name}" if name else f"channel {channel_id}"
