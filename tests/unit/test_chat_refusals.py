"""Discord's ban is never run into: what it refuses is counted, and at a tenth of it all rests."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.chat.channels import Channels
from bot.chat.permissions import POSTING
from bot.chat.refusals import MOST, PERIOD, Refusals
from bot.commands.reply import say
from bot.services.ports import Unreachable
from tests.unit.chat_face import serving


class Ticks:
    """Time as a test sets it."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now


def refused(times: int, ticks: Ticks) -> Refusals:
    """So many refusals at once."""
    refusals = Refusals(ticks)
    for _ in range(times):
        refusals.count(403)
    return refusals


def test_the_thousandth_refusal_holds_and_age_lets_go():
    """999 within ten minutes do not hold, 1,000 do, until the oldest is ten minutes old."""
    ticks = Ticks()
    refusals = refused(MOST - 1, ticks)
    assert not refusals.too_many()
    ticks.now += PERIOD - 1
    refusals.count(429)
    assert refusals.too_many()
    ticks.now += 1
    assert not refusals.too_many()


def test_only_what_leads_to_a_ban_counts():
    """Neither other answers nor a limit that others have used up."""
    refusals = refused(MOST - 1, Ticks())
    for status in (200, 204, 400, 404, 500, 502, 503):
        refusals.count(status)
    refusals.count(429, "shared")
    assert not refusals.too_many()
    refusals.count(401)
    assert refusals.too_many()


def test_it_is_said_once_each_time():
    """One line in the log for a thousand refusals, another when it happens anew."""
    ticks = Ticks()
    refusals = refused(MOST, ticks)
    with capture_logs() as logs:
        assert all(refusals.too_many() for _ in range(50))
        ticks.now += PERIOD
        assert not refusals.too_many()
        for _ in range(MOST):
            refusals.count(403)
        assert refusals.too_many()
    assert len(logs) == 2


async def test_every_answer_of_the_client_is_counted_and_then_nothing_is_asked(discord, guild):
    """A real 403 is the thousandth: no request goes out any more until they are older.

    Interactions are answered all the while.
    """
    ticks = Ticks()
    closed, fine = discord.channel(guild, "closed"), discord.channel(guild, "fine")
    discord.deny(closed, "send_messages")
    async with serving(discord, guild.id, now=ticks) as face:
        for _ in range(MOST - 1):
            face.client.refusals.count(429)
        channels = Channels(face.client, POSTING)
        with pytest.raises(Unreachable, match="Send Messages"):
            await channels.send(closed.id, say("x"), "c1.0.0")
        before = len(discord.requests)
        with pytest.raises(Unreachable, match="refused too many") as caught:
            await channels.send(fine.id, say("x"), "c2.0.0")
        assert not caught.value.ambiguous
        assert len(discord.requests) == before
        answer = await discord.slash(discord.member(guild, "ana"), fine, "papers find", query="q")
        assert "Found" in answer.text
        ticks.now += PERIOD
        assert await channels.send(fine.id, say("x"), "c2.0.0")


async def test_refused_answers_to_interactions_count_too(discord, guild):
    """They go through another part of the library, and through the same count."""
    ticks = Ticks()
    channel = discord.channel(guild, "papers")
    async with serving(discord, guild.id, now=ticks) as face:
        for _ in range(MOST - 1):
            face.client.refusals.count(403)
        discord.fail("POST", "/callback", 429)
        await discord.slash(discord.member(guild, "ana"), channel, "papers find", query="q")
        assert face.client.refusals.too_many()
