"""The face over real sockets: commands, buttons, reactions, recovery, start and stop."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal

import pytest
from structlog.testing import capture_logs

from bot.chat.errors import CannotStart
from bot.commands.registry import Command
from bot.commands.reply import say
from storage.models import Via
from tests.unit.chat_face import Book, Notes, make_client, serving


@pytest.fixture
def channel(discord, guild):
    """A text channel of it."""
    return discord.channel(guild, "papers")


async def test_a_command_is_answered_privately_with_its_parameters(discord, guild, channel):
    """A slash command reaches `run` with plain values, and only the member sees the answer."""
    role = discord.role(guild, "maintainer")
    ana = discord.member(guild, "ana", roles=[role])
    book = Book()
    async with serving(discord, guild.id, book=book):
        answer = await discord.slash(ana, channel, "papers find", query="C++ `x`", limit=3)
        assert answer.ephemeral
        assert answer.embeds[0]["title"] == "Found"
        context, given = book.calls[0]
        assert given == {"query": "C++ `x`", "limit": 3}
        assert (context.member.id, context.via) == (ana.id, Via.COMMAND)
        assert role.id in context.member.roles
        assert (context.channel_id, context.guild_id) == (channel.id, guild.id)


async def test_a_parameter_left_out_is_absent(discord, guild, channel):
    """An optional parameter that was not given is not passed as None."""
    book = Book()
    async with serving(discord, guild.id, book=book):
        await discord.slash(discord.member(guild, "ana"), channel, "papers find", query="q")
    assert book.calls[0][1] == {"query": "q"}


async def test_a_slow_command_is_deferred_and_still_private(discord, guild, channel):
    """A command that takes longer than Discord waits is deferred, then answered."""
    async with serving(discord, guild.id, book=Book(slow=2.0)):
        answer = await discord.slash(discord.member(guild, "ana"), channel, "papers slow")
        assert answer.ephemeral
        assert "at last" in answer.text


async def test_a_command_goes_on_when_discord_refuses_to_wait(discord, guild, channel):
    """A decision is not dropped because the interaction expired meanwhile."""
    book = Book(slow=2.0)
    discord.tolerate(10062)
    async with serving(discord, guild.id, book=book):
        discord.fail("POST", "/callback", 404, times=5)
        discord.begin_slash(discord.member(guild, "ana"), channel, "papers slow")
        await discord.until(lambda: book.finished)


async def test_an_error_of_the_asker_is_one_escaped_sentence(discord, guild, channel):
    """A UserError is shown as its sentence, with its Markdown taken out of action."""
    async with serving(discord, guild.id):
        answer = await discord.slash(discord.member(guild, "ana"), channel, "papers missing")
        assert answer.ephemeral
        assert answer.embeds[0]["description"] == r"No paper has the id \*\*17\*\*."


async def test_an_unexpected_error_is_an_apology_whose_id_stands_in_the_log(
    discord, guild, channel
):
    """Nothing of the error is shown but an id; the log holds that id with the traceback."""
    async with serving(discord, guild.id):
        with capture_logs() as logs:
            answer = await discord.slash(discord.member(guild, "ana"), channel, "papers broken")
        assert "secret detail" not in answer.text
        incident = re.search(r"\b[0-9a-f]{8}\b", answer.text)
        assert incident
        entry = next(log for log in logs if log.get("incident") == incident.group())
        assert isinstance(entry["exc_info"], ZeroDivisionError)


async def test_completion_offers_what_discord_takes(discord, guild, channel):
    """Choices are at most 25, named, and cut to 100 characters; values are never cut."""
    async with serving(discord, guild.id):
        ana = discord.member(guild, "ana")
        choices = await discord.complete(ana, channel, "papers find", "query", "ab")
        assert 20 < len(choices) <= 25
        assert all(0 < len(choice["name"]) <= 100 for choice in choices)
        assert choices[0]["value"] == "0"


async def test_home_commands_exist_in_the_home_guild_only(discord, guild):
    """/review is not offered elsewhere; /papers is."""
    away = discord.guild("Away")
    there = discord.channel(away, "there")
    async with serving(discord, guild.id):
        ana = discord.member(away, "ana")
        await discord.slash(ana, there, "papers find", query="q")
        with pytest.raises(AssertionError):
            await discord.slash(ana, there, "review queue", query="q")


async def test_a_command_for_servers_is_refused_in_direct_messages(discord, guild):
    """Groups exist in direct messages when one of their commands does; the others say no."""
    async with serving(discord, guild.id):
        ana = discord.member(guild, "ana")
        direct = discord.direct_channel(ana)
        found = await discord.slash(ana, direct, "papers find", query="q")
        refused = await discord.slash(ana, direct, "papers missing")
        assert "Found" in found.text
        assert "server only" in refused.text


async def test_buttons_and_menus_work_after_a_restart(discord, guild, channel):
    """A press on a message from before a restart reaches the commands, colons and all."""
    ana = discord.member(guild, "ana")
    notes, book = Notes(), Book()
    async with serving(discord, guild.id, notes=notes):
        answer = await discord.slash(ana, channel, "papers find", query="q")
    async with serving(discord, guild.id, notes=notes, book=book):
        pressed = await discord.click(ana, answer.message, label="More")
        chosen = await discord.select(ana, answer.message, ["code"])
        assert pressed.ephemeral
        assert chosen.ephemeral
    assert book.presses == [("more", "arXiv:2402.13446", ""), ("section", "17", "code")]


async def test_share_posts_the_answer_for_everybody_even_after_a_restart(discord, guild, channel):
    """The embed the button sits on appears in the channel."""
    ana, notes = discord.member(guild, "ana"), Notes()
    async with serving(discord, guild.id, notes=notes):
        answer = await discord.slash(ana, channel, "papers find", query="q")
    async with serving(discord, guild.id, notes=notes):
        shared = await discord.click(ana, answer.message, label="Share")
        assert not shared.ephemeral
        assert shared.embeds[0]["title"] == "Found"


async def test_commands_are_synced_only_when_they_changed(discord, guild):
    """A second start sends no commands; one with a new command sends those that changed."""
    notes = Notes()
    async with serving(discord, guild.id, notes=notes):
        assert len(discord.sent("PUT", "/commands")) == 2
    async with serving(discord, guild.id, notes=notes):
        assert len(discord.sent("PUT", "/commands")) == 2

    async def new(_context, _given):
        return say("new")

    book = Book(extra=(Command("review", "new", "New", new, home_only=True),))
    async with serving(discord, guild.id, notes=notes, book=book):
        paths = [request.path for request in discord.sent("PUT", "/commands")]
        assert len(paths) == 3
        assert str(guild.id) in paths[-1]


async def test_a_members_reaction_on_the_bots_message_is_passed_on(discord, guild, channel):
    """The member comes with the roles held now; the bot's own reactions and other bots' do not."""
    role = discord.role(guild, "maintainer")
    ana = discord.member(guild, "ana", roles=[role])
    robot = discord.member(guild, "robot", bot=True)
    async with serving(discord, guild.id) as face:
        target = await face.client.get_channel(channel.id).send("card")
        message = discord.messages(channel)[0]
        await target.add_reaction("✅")
        await discord.react(robot, message, "✅")
        await discord.react(ana, message, "✅")
        await discord.until(lambda: face.told.reactions)
        [(channel_id, message_id, reaction)] = face.told.reactions
        assert (channel_id, message_id) == (channel.id, message.id)
        assert (reaction.member.id, reaction.emoji) == (ana.id, "✅")
        assert role.id in reaction.member.roles


async def test_each_reaction_that_vanishes_is_passed_on(discord, guild, channel):
    """Whose it was and which, on any message and the bot's own too; custom emoji are left out."""
    ana = discord.member(guild, "ana")
    async with serving(discord, guild.id) as face:
        message = await discord.say(ana, channel, "anything")
        await discord.react(ana, message, "1️⃣", burst=True)
        await face.client.get_channel(channel.id).get_partial_message(message.id).add_reaction("✅")
        message.reactions[0].user_ids.append(discord.bot.id)
        await discord.unreact(ana, message, "1️⃣")
        await discord.unreact(discord.bot, message, "1️⃣")
        await discord.unreact(discord.bot, message, "✅")
        await discord.until(lambda: len(face.told.unreactions) == 3)
    here = (channel.id, message.id)
    assert face.told.unreactions == [
        (*here, ana.id, "1️⃣"),
        (*here, discord.bot.id, "1️⃣"),
        (*here, discord.bot.id, "✅"),
    ]


async def test_a_clean_up_is_not_passed_on(discord, guild, channel):
    """“Clear all” and “clear emoji” do not say whose reactions they were, nor who cleared them."""
    ana = discord.member(guild, "ana")
    async with serving(discord, guild.id) as face:
        message = await discord.say(ana, channel, "anything")
        for emoji in ("✅", "❌", "💤"):
            await discord.react(ana, message, emoji)
        await discord.clear_emoji(message, "✅")
        await discord.clear_reactions(message)
        await discord.react(ana, message, "🎉")
        await discord.unreact(ana, message, "🎉")
        await discord.until(lambda: face.told.unreactions)
    assert [told[3] for told in face.told.unreactions] == ["🎉"]


@pytest.mark.long
async def test_every_new_session_is_told(discord, guild):
    """After the gateway was away and forgot the session, what was missed is read again."""
    async with serving(discord, guild.id) as face:
        async with discord.away():
            pass
        await discord.until(lambda: face.told.connections >= 2, 15)


async def test_a_stop_waits_for_what_is_being_answered(discord, guild, channel):
    """SIGTERM lets a running command finish and answer before the connection closes."""
    book = Book(slow=0.7)
    async with serving(discord, guild.id, book=book) as face:
        answer = discord.begin_slash(discord.member(guild, "ana"), channel, "papers slow")
        await asyncio.sleep(0.3)
        os.kill(os.getpid(), signal.SIGTERM)
        await face.serving
        assert "at last" in answer.text


async def test_a_stop_during_log_in_is_no_failure(discord, guild):
    """SIGTERM while Discord is slow to answer ends quietly."""
    discord.delay("GET", "/users/@me", 3.0)
    client, told = make_client(discord, guild.id, Book(), Notes())
    serving_it = asyncio.create_task(client.serve(discord.token))
    await discord.until(lambda: discord.sent("GET", "/users/@me"))
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(serving_it, 2.0)
    assert not told.connections


async def test_a_wrong_token_is_one_line_without_the_token(discord, guild):
    """The line names DISCORD_TOKEN and token_file, and shows no part of the token."""
    discord.tolerate(0)
    client, _ = make_client(discord, guild.id, Book(), Notes())
    with pytest.raises(CannotStart, match="DISCORD_TOKEN") as caught:
        await client.serve("wrong.secret.token")
    assert "secret" not in str(caught.value)
    discord.violations.clear()


async def test_an_unreachable_api_is_one_line(discord, guild, unused_tcp_port):
    """Nothing listens where api_url points: the line names the address and the keys."""
    discord.api_url = f"http://127.0.0.1:{unused_tcp_port}/api/v10"
    client, _ = make_client(discord, guild.id, Book(), Notes())
    with pytest.raises(CannotStart, match="api_url"):
        await client.serve(discord.token)


async def test_an_unreachable_gateway_is_one_line(discord, guild, unused_tcp_port):
    """Nothing listens where gateway_url points: no endless retry at the start."""
    discord.gateway_url = f"ws://127.0.0.1:{unused_tcp_port}/gateway"
    client, _ = make_client(discord, guild.id, Book(), Notes())
    with pytest.raises(CannotStart, match="gateway_url"):
        await client.serve(discord.token)


async def test_the_token_is_in_no_log_line(discord, guild, channel, caplog):
    """Not even discord.py's own debug lines hold it."""
    caplog.set_level(logging.DEBUG)
    async with serving(discord, guild.id):
        await discord.slash(discord.member(guild, "ana"), channel, "papers find", query="q")
    assert len(caplog.text) > 1000
    assert discord.token not in caplog.text


async def test_permissions_that_change_are_told(discord, guild):
    """What was forbidden may be allowed now; a channel that is only renamed tells nothing."""
    channel = discord.channel(guild, "review")
    async with serving(discord, guild.id) as face:
        discord.deny(channel, "send_messages")
        await discord.until(lambda: face.told.permissions == 1)
        discord.allow(channel)
        await discord.until(lambda: face.told.permissions == 2)
        channel.name = "renamed"
        discord.backend.announce_channel_update(channel.id)
        await discord.until(lambda: str(face.client.get_channel(channel.id)) == "renamed")
        assert face.told.permissions == 2
