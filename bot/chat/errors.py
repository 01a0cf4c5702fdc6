"""What goes wrong between Discord and the bot, in one clear line each."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

import aiohttp
import discord
import structlog

from bot.chat.text import clean, cut
from bot.commands.languages import sentence_of
from bot.commands.reply import say
from bot.domain.errors import UserError
from bot.domain.sentences import sentence
from bot.services.ports import Unreachable
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.reply import Reply

log = structlog.get_logger(__name__)

AUTHENTICATION_FAILED = 4004
NETWORK = (aiohttp.ClientError, OSError, TimeoutError)
"""What aiohttp raises when a request does not reach the other side or no answer comes back."""


class CannotStart(UserError):
    """The bot cannot log in or stay connected; the text says why, and what to do."""


def failure(error: Exception, *, doing: str) -> Reply:
    """What a member is told: the error's own sentence, or an apology whose id stands in the log."""
    if isinstance(error, UserError | StorageError | Unreachable):
        return say(sentence_of(error))
    incident = report(error, doing=doing)
    return say(
        sentence(
            "Sorry, that went wrong on my side. The maintainers find it in the log as {incident}.",
            incident=incident,
        )
    )


def report(error: BaseException, *, doing: str) -> str:
    """Log an unexpected error with its traceback; return the id it stands under."""
    incident = secrets.token_hex(4)
    log.error("unexpected error", incident=incident, doing=doing, exc_info=error)
    return incident


@contextmanager
def cannot_start(url: str) -> Iterator[None]:
    """Turn what discord.py raises on the way to `url` into CannotStart."""
    try:
        yield
    except discord.LoginFailure:
        raise _refused() from None
    except discord.PrivilegedIntentsRequired:
        raise CannotStart(
            "Discord refuses the intents the bot asks for (4014): `guilds` and `guild_reactions`. "
            "Look under Bot → Privileged Gateway Intents in the Developer Portal."
        ) from None
    except discord.ConnectionClosed as error:
        raise _closed(error) from None
    except discord.HTTPException as error:
        raise CannotStart(
            f"Discord answers {error.status} at {url}: {reason_of(error)}. "
            "Try again later, or see https://discordstatus.com."
        ) from None
    except NETWORK as error:
        raise CannotStart(
            f"Discord cannot be reached at {url} ({reason_of(error)}). Check the network, "
            "and `api_url` and `gateway_url` under [discord]."
        ) from None


def _refused() -> CannotStart:
    return CannotStart(
        "Discord does not accept the token. Check DISCORD_TOKEN (or the file `token_file` names): "
        "it is the one under Bot → Token in the Developer Portal."
    )


def _closed(error: discord.ConnectionClosed) -> CannotStart:
    if error.code == AUTHENTICATION_FAILED:
        return _refused()
    return CannotStart(
        f"Discord closed the connection for good (code {error.code}). What it means stands under "
        "https://discord.com/developers/docs/topics/opcodes-and-status-codes."
    )


def reason_of(error: BaseException) -> str:
    """One short line: Discord's own words (which may be a page of HTML), or the error's."""
    said = error.text if isinstance(error, discord.HTTPException) else str(error)
    return cut(clean(said).strip(), 200) or type(error).__name__
