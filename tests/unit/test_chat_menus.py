"""The menu of a message: what it says and where it leads reaches the command."""

from __future__ import annotations

import pytest

from storage.models import Via
from tests.unit.chat_face import Book, Notes, serving

NAME = "Submit papers in this message"


@pytest.fixture
def channel(discord, guild):
    """A text channel of it."""
    return discord.channel(guild, "papers")


async def test_a_messages_words_are_passed_on_and_answered_privately(discord, guild, channel):
    """Line breaks and all; the context says who chose, not who wrote."""
    ana, ben = discord.member(guild, "ana"), discord.member(guild, "ben")
    book = Book()
    async with serving(discord, guild.id, book=book):
        message = await discord.say(ben, channel, "see arXiv:2402.13446\nand **this**")
        answer = await discord.message_command(ana, message, NAME)
        assert answer.ephemeral
        assert "chosen" in answer.text
    [(context, said)] = book.chosen
    assert said == "see arXiv:2402.13446\nand **this**"
    assert (context.member.id, context.via) == (ana.id, Via.COMMAND)
    assert (context.channel_id, context.guild_id) == (channel.id, guild.id)


async def test_where_embeds_and_link_buttons_lead_stands_in_lines(discord, guild, channel):
    """Buttons of commands say nothing; an embed without an address neither."""
    ana = discord.member(guild, "ana")
    book = Book()
    async with serving(discord, guild.id, book=book):
        message = await discord.say(ana, channel, "two")
        message.embeds = [
            {"type": "rich", "title": "A", "url": "https://arxiv.org/abs/2409.08239"},
            {"type": "rich", "title": "B"},
        ]
        link = {"type": 2, "style": 5, "label": "C", "url": "https://arxiv.org/pdf/1", "id": 2}
        pressed = {"type": 2, "style": 1, "label": "D", "custom_id": "d", "id": 3}
        message.components = [{"type": 1, "id": 1, "components": [link, pressed]}]
        await discord.message_command(ana, message, NAME)
    assert book.chosen[0][1] == ("two\nhttps://arxiv.org/abs/2409.08239\nhttps://arxiv.org/pdf/1")


async def test_a_message_without_words_passes_none(discord, guild, channel):
    """A picture alone is no error of the face."""
    ana = discord.member(guild, "ana")
    book = Book()
    async with serving(discord, guild.id, book=book):
        message = await discord.say(ana, channel, "x")
        message.content = ""
        await discord.message_command(ana, message, NAME)
    assert book.chosen[0][1] == ""


async def test_it_works_elsewhere_and_in_direct_messages(discord, guild):
    """The menu is there in every server and with the bot alone."""
    away = discord.guild("Away")
    there, ana = discord.channel(away, "there"), discord.member(away, "ana")
    book = Book()
    async with serving(discord, guild.id, book=book):
        for channel in (there, discord.direct_channel(ana)):
            message = await discord.say(ana, channel, "hello")
            await discord.message_command(ana, message, NAME)
    assert [context.guild_id for context, _ in book.chosen] == [away.id, None]


async def test_it_is_sent_with_the_commands_and_only_when_changed(discord, guild):
    """One list for everywhere, sent once."""
    notes = Notes()
    for _ in range(2):
        async with serving(discord, guild.id, notes=notes):
            pass
    sent = discord.sent("PUT", "/commands")
    assert len(sent) == 2
    menus = [made for made in sent[0].json if made["type"] == 3]
    assert [(made["name"], made["contexts"]) for made in menus] == [(NAME, [0, 1])]
