"""What discord.py raises becomes one clear line."""

from __future__ import annotations

from types import SimpleNamespace

import discord
import pytest

from bot.chat.errors import CannotStart, cannot_start, failure, reason_of
from bot.domain.errors import NotFound
from bot.services.ports import Unreachable
from storage.errors import StorageError


def closed(code: int) -> discord.ConnectionClosed:
    """The gateway closed the connection with this code."""
    return discord.ConnectionClosed(SimpleNamespace(), shard_id=None, code=code)


def refused(status: int, body: object) -> discord.HTTPException:
    """Discord answered a request with this."""
    return discord.HTTPException(SimpleNamespace(status=status, reason=""), body)


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (discord.LoginFailure("Improper token has been passed."), "DISCORD_TOKEN"),
        (closed(4004), "token_file"),
        (closed(4012), "4012"),
        (discord.PrivilegedIntentsRequired(None), "guild_reactions"),
        (refused(503, "<html>\nGateway\n"), "503 at wss://there: <html> Gateway"),
        (ConnectionRefusedError("refused"), "gateway_url"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_what_keeps_the_bot_from_starting_is_one_line(error, named):
    """It names the key or the thing at fault, and stands on one line."""
    with pytest.raises(CannotStart) as caught, cannot_start("wss://there"):
        raise error
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_page_of_html_is_cut():
    """What a proxy answers in Discord's place does not fill the log."""
    assert len(reason_of(refused(429, "<p>" * 5000))) <= 200


@pytest.mark.parametrize("error", [NotFound("a"), StorageError("b"), Unreachable("c")])
def test_expected_errors_are_their_own_sentence(error):
    """What was written for people is shown as it is."""
    assert failure(error, doing="test").lines[0].spans[0].text == str(error)
