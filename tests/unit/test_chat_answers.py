"""What a press on a button or a menu shows: nothing, the same message anew, or a private word."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bot.chat import client
from bot.chat.answers import Answers
from bot.commands.registry import Command
from bot.commands.reply import Attachment, Button, Choice, Menu, Reply, say, text
from bot.domain.errors import NotAllowed
from tests.unit.chat_face import Book, Notes, serving

if TYPE_CHECKING:
    from bot.commands.registry import Context

SLOW = 0.6
"""Seconds; longer than Discord is let wait here."""


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Discord is told to wait after 0.3 s, not after 1.5."""
    monkeypatch.setattr(client, "Answers", partial(Answers, defer_after=0.3))


@pytest.fixture
def channel(discord, guild):
    """A text channel of it."""
    return discord.channel(guild, "review")


@pytest.fixture
def ana(discord, guild):
    """Somebody."""
    return discord.member(guild, "ana")


def page(number: int) -> Reply:
    """One page of something that is turned in place."""
    menu = Menu("Why?", "why", f"{number}", (Choice("Thin", "thin"),)) if number % 2 else None
    return Reply(
        title=f"Page {number}",
        lines=(text("words"),),
        buttons=(Button("Next", "next", f"{number}"), Button("Stay", "stay")),
        menu=menu,
        in_place=True,
    )


def turning(slow: float = 0.0) -> Book:
    """A button `next` that turns pages, one that says nothing, and one that is not allowed."""

    async def answer(action: str, argument: str, _value: str) -> Reply:
        await asyncio.sleep(slow)
        if action in {"next", "more", "why"}:
            return page(int(argument) + 1 if argument.isdecimal() else 1)
        if action == "forbidden":
            raise NotAllowed("Only maintainers do that.")
        return Reply()

    return Book(answer=answer)


async def test_nothing_to_say_is_an_acknowledgement_and_no_message(discord, guild, channel, ana):
    """An empty answer shows nothing: no message, no change, and no “This interaction failed”."""
    async with serving(discord, guild.id, book=turning()):
        shown = await discord.slash(ana, channel, "papers find", query="q")
        private = await discord.click(ana, shown.message, label="More")
        before = private.message.embeds
        quiet = await discord.click(ana, private.message, label="Stay")
        assert quiet.kind == "deferred_update"
        assert not quiet.followups
        assert quiet.message.embeds == before


async def test_an_answer_in_place_replaces_the_private_message(discord, guild, channel, ana):
    """The message whose button was pressed shows what comes next; no second message appears."""
    async with serving(discord, guild.id, book=turning()):
        first = await discord.slash(ana, channel, "papers find", query="q")
        second = await discord.click(ana, first.message, label="More")
        third = await discord.click(ana, second.message, label="Next")
        assert (second.kind, third.kind) == ("update", "update")
        assert third.message.id == first.message.id
        assert third.ephemeral
        assert third.embeds[0]["title"] == "Page 2"
        assert [made["custom_id"] for made in third.components] == ["next:2", "stay:"]


async def test_what_is_replaced_leaves_nothing_behind(discord, guild, channel, ana):
    """A page without buttons, menu or file takes those of the page before away."""
    last = Reply(lines=(text("done"),), in_place=True)
    with_file = Reply(
        lines=(text("log"),),
        buttons=(Button("End", "end"),),
        attachment=Attachment("log.csv", b"a,b"),
        in_place=True,
    )

    async def answer(action: str, _argument: str, _value: str) -> Reply:
        return last if action == "end" else with_file

    async with serving(discord, guild.id, book=Book(answer=answer)):
        first = await discord.slash(ana, channel, "papers find", query="q")
        logged = await discord.click(ana, first.message, label="More")
        assert discord.file(logged.message, "log.csv") == b"a,b"
        ended = await discord.click(ana, logged.message, label="End")
        assert ended.text == "done"
        assert not ended.components
        assert not ended.message.attachments


async def test_on_a_message_for_everybody_nothing_is_replaced(discord, guild, channel, ana):
    """An answer meant in place is said privately where others would see it change."""
    async with serving(discord, guild.id, book=turning()):
        message = await _public(discord, channel, ana, "next:4")
        pressed = await discord.click(ana, message, label="Go")
        assert pressed.kind == "message"
        assert pressed.ephemeral
        assert pressed.embeds[0]["title"] == "Page 5"
        assert discord.messages(channel)[-1].content == "card"


async def test_a_slow_answer_in_place_shows_no_thinking(discord, guild, channel, ana):
    """Discord is told within its time, and the message changes when there is something to show."""
    async with serving(discord, guild.id, book=turning(SLOW)):
        first = await discord.slash(ana, channel, "papers find", query="q")
        second = await discord.click(ana, first.message, label="More")
        assert second.kind == "deferred_update"
        await discord.until(lambda: second.embeds[0]["title"] == "Page 1")
        assert second.message.id == first.message.id
        assert second.ephemeral
        assert not second.followups


async def test_a_slow_press_that_says_nothing_shows_nothing(discord, guild, channel, ana):
    """Neither “thinking…” nor a message."""
    book = turning(SLOW)
    async with serving(discord, guild.id, book=book):
        message = await _private(discord, channel, ana, "quiet:")
        quiet = await discord.click(ana, message, label="Go")
        assert quiet.kind == "deferred_update"
        await asyncio.sleep(SLOW)
        assert not quiet.followups
        assert quiet.content == "private"


@pytest.mark.parametrize("slow", [0.0, SLOW])
async def test_an_error_is_said_privately_whatever_was_pressed(discord, guild, channel, ana, slow):
    """Fast or slow, the message that was pressed stays as it is."""
    async with serving(discord, guild.id, book=turning(slow)):
        message = await _private(discord, channel, ana, "forbidden:")
        pressed = await discord.click(ana, message, label="Go")
        said = await discord.until(
            lambda: pressed.followups or (pressed.text and [pressed.message])
        )
        if slow:
            said = await discord.until(lambda: pressed.followups)
        assert said[0].is_ephemeral
        assert said[0].embeds[0]["description"] == "Only maintainers do that."
        assert discord.backend.get_message(channel.id, message.id).content == "private"


async def test_what_discord_does_not_take_in_place_is_apologised_for(discord, guild, channel, ana):
    """The message stays as it was, and the member is told that something went wrong."""
    async with serving(discord, guild.id, book=turning()):
        message = await _private(discord, channel, ana, "next:1")
        discord.fail("POST", "/callback", 400)
        pressed = await discord.click(ana, message, label="Go")
        assert pressed.kind == "message"
        assert pressed.ephemeral
        assert "went wrong on my side" in pressed.text
        assert discord.backend.get_message(channel.id, message.id).content == "private"


async def test_an_acknowledgement_that_comes_too_late_breaks_nothing(discord, guild, channel, ana):
    """Discord has given the press up (10062): the next one works."""
    discord.tolerate(10062)
    async with serving(discord, guild.id, book=turning()):
        message = await _private(discord, channel, ana, "quiet:", "next:1")
        discord.fail("POST", "/callback", 404)
        lost = discord.begin_click(ana, message, "quiet:")
        await discord.until(lambda: discord.sent("POST", "/callback", 404))
        turned = await discord.click(ana, message, "next:1")
        assert turned.embeds[0]["title"] == "Page 2"
        assert not lost.interaction.responded


async def test_pressed_twice_the_last_press_is_shown_last(discord, guild, channel, ana):
    """A press while the one before is worked on waits for it: what shows is what came last."""
    calls: list[str] = []

    async def answer(_action: str, argument: str, _value: str) -> Reply:
        calls.append(f"begin {argument}")
        await asyncio.sleep(SLOW if argument == "1" else 0.0)
        calls.append(f"end {argument}")
        return page(int(argument) + 10)

    async with serving(discord, guild.id, book=Book(answer=answer)):
        message = await _private(discord, channel, ana, "next:1", "next:2")
        both = await asyncio.gather(
            discord.click(ana, message, "next:1"), discord.click(ana, message, "next:2")
        )
        await discord.until(lambda: len(calls) == 4)
        await discord.until(lambda: both[1].embeds and both[1].embeds[0]["title"] == "Page 12")
        await asyncio.sleep(0.1)
        assert both[1].embeds[0]["title"] == "Page 12"
    assert calls == ["begin 1", "end 1", "begin 2", "end 2"]


async def test_presses_of_different_people_on_a_card_do_not_wait_for_each_other(
    discord, guild, channel, ana
):
    """On a message for everybody nothing is replaced, so nobody waits for somebody slow."""
    ben = discord.member(guild, "ben")

    async def answer(_action: str, argument: str, _value: str) -> Reply:
        await asyncio.sleep(SLOW if argument == "1" else 0.0)
        return say(f"heard {argument}")

    async with serving(discord, guild.id, book=Book(answer=answer)):
        message = await _public(discord, channel, ana, "next:1", "next:2")
        slow = asyncio.create_task(discord.click(ana, message, "next:1"))
        quick = await discord.click(ben, message, "next:2")
        assert "heard 2" in quick.text
        assert not slow.done()
        heard = await slow
        await discord.until(lambda: heard.followups)
        assert heard.followups[0].embeds[0]["description"] == "heard 1"


async def test_in_place_works_on_a_message_from_before_a_restart(discord, guild, channel, ana):
    """Nothing about the message is remembered but what it carries itself."""
    notes = Notes()
    async with serving(discord, guild.id, notes=notes, book=turning()):
        first = await discord.slash(ana, channel, "papers find", query="q")
        second = await discord.click(ana, first.message, label="More")
    async with serving(discord, guild.id, notes=notes, book=turning()):
        third = await discord.click(ana, second.message, label="Next")
        chosen = await discord.click(ana, third.message, label="Next")
        menu = await discord.select(ana, chosen.message, ["thin"])
        assert menu.message.id == first.message.id
        assert menu.embeds[0]["title"] == "Page 4"


async def test_in_place_means_nothing_to_a_slash_command(discord, guild, channel, ana):
    """The first page of what is turned in place is a private message of its own."""

    async def turn(_context: Context, _given: object) -> Reply:
        return page(0)

    book = Book(extra=(Command("papers", "turn", "Turn", turn),))
    async with serving(discord, guild.id, book=book):
        first = await discord.slash(ana, channel, "papers turn")
        assert (first.kind, first.ephemeral) == ("message", True)
        assert first.embeds[0]["title"] == "Page 0"


def _row(*custom_ids: str) -> list[dict]:
    """A row of buttons as Discord keeps it."""
    buttons = [
        {"type": 2, "style": 2, "label": "Go", "custom_id": one, "id": number}
        for number, one in enumerate(custom_ids, 1)
    ]
    return [{"type": 1, "id": 9, "components": buttons}]


async def _private(discord, channel, person, *custom_ids: str):
    """A private message of the bot with these buttons."""
    shown = await discord.slash(person, channel, "papers find", query="q")
    changes = {"content": "private", "embeds": [], "components": _row(*custom_ids)}
    return discord.backend.edit_message(channel.id, shown.message.id, changes)


async def _public(discord, channel, person, *custom_ids: str):
    """A message of the bot for everybody with these buttons."""
    shown = await discord.slash(person, channel, "papers find", query="q")
    shared = await discord.click(person, shown.message, label="Share")
    changes = {"content": "card", "components": _row(*custom_ids)}
    return discord.backend.edit_message(channel.id, shared.message.id, changes)
