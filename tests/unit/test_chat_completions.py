"""What somebody types is completed in time, and what fails in it shows nowhere but in the log."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.chat.completions import focused
from bot.domain.errors import NotFound
from storage.errors import StorageError
from tests.unit.chat_face import Book, serving

if TYPE_CHECKING:
    from bot.commands.registry import Completion
    from bot.commands.reply import Choice


class Failing(Book):
    """Completes to nothing but an error."""

    error: Exception = NotFound("nothing")

    async def _complete(self, _completion: Completion, _typed: str) -> tuple[Choice, ...]:
        raise self.error


@pytest.fixture
def channel(discord, guild):
    """A text channel of it."""
    return discord.channel(guild, "papers")


@pytest.mark.parametrize("error", [NotFound("a"), StorageError("b"), ZeroDivisionError("c")])
async def test_an_error_offers_nothing(discord, guild, channel, caplog, error):
    """The list stays empty, the log has a line of ours and no traceback of the library's."""
    book = Failing()
    book.error = error
    ana = discord.member(guild, "ana")
    async with serving(discord, guild.id, book=book):
        with capture_logs() as logs:
            assert await discord.complete(ana, channel, "papers find", "query", "ab") == []
    assert [one["event"] for one in logs if one["log_level"] in {"warning", "error"}]
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_one_that_comes_too_late_is_one_line(discord, guild, channel, caplog):
    """Discord has forgotten it (10062): nothing is tried again, the next one is answered."""
    discord.tolerate(10062)
    ana = discord.member(guild, "ana")
    async with serving(discord, guild.id):
        discord.fail("POST", "/callback", 404)
        with capture_logs() as logs:
            late = asyncio.create_task(
                discord.complete(ana, channel, "papers find", "query", "ab", limit=3)
            )
            await discord.until(lambda: discord.sent("POST", "/callback", 404))
            await discord.until(lambda: logs)
            late.cancel()
        assert await discord.complete(ana, channel, "papers find", "query", "abc")
    assert len(discord.sent("POST", "/callback")) == 2
    assert "a completion was lost" in [one["event"] for one in logs]
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


def test_the_option_somebody_types_in_is_found_wherever_it_stands():
    """Under group and command, behind other options; an option that is gone is none."""
    options = [
        {"name": "limit", "type": 4, "value": 3},
        {"name": "query", "type": 3, "value": "ab", "focused": True},
    ]
    command = {"name": "find", "type": 1, "options": options}
    data = {"name": "papers", "options": [command]}
    assert focused(data) == (("papers", "find", "query"), "ab")
    assert focused({"name": "papers"}) == (("papers",), "")
