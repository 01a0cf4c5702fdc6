"""What a shared answer can do: all that the private one could, for everybody, privately."""

from __future__ import annotations

import pytest

from bot.chat.render import view
from bot.commands.registry import Command
from bot.commands.reply import Attachment, Button, Choice, Menu, Reply, text
from tests.unit.chat_face import Book, Notes, serving


def page(number: int) -> Reply:
    """A page with everything that can stand under an answer."""
    return Reply(
        title=f"Page {number}",
        lines=(text("@everyone words"),),
        buttons=(
            Button("Next", "page", f"{number + 1}:a:b"),
            Button("Project", url="https://a.org/x"),
            Button("Cite", "cite", "arXiv:1", row=True),
        ),
        menu=Menu("Open a paper", "show", "", (Choice("One", "1"), Choice("Two", "2"))),
        shareable=True,
        in_place=True,
    )


async def first(*_: object) -> Reply:
    """The first page."""
    return page(1)


async def answer(action: str, argument: str, value: str) -> Reply:
    """Turn the page, or say what was pressed."""
    if action == "page":
        return page(int(argument.partition(":")[0]))
    return Reply(lines=(text(f"{action} {argument} {value}"),))


def book() -> Book:
    """Commands with pages."""
    return Book(extra=(Command("papers", "pages", "Pages", first),), answer=answer)


@pytest.fixture
def channel(discord, guild):
    """A text channel of it."""
    return discord.channel(guild, "papers")


@pytest.fixture
def ana(discord, guild):
    """Who shares."""
    return discord.member(guild, "ana")


@pytest.fixture
def ben(discord, guild):
    """A stranger."""
    return discord.member(guild, "ben")


async def test_all_but_share_stands_under_the_shared_answer(discord, guild, channel, ana):
    """The same ids, links and choices in the same rows; nobody is mentioned."""
    async with serving(discord, guild.id, book=book()):
        private = await discord.slash(ana, channel, "papers pages")
        shared = await discord.click(ana, private.message, label="Share")
    assert not shared.ephemeral
    kept = [made for made in private.components if made.get("label") != "Share"]
    assert [made["custom_id"] for made in shared.components] == [m["custom_id"] for m in kept]
    rows = [[one.get("label") for one in row["components"]] for row in shared.message.components]
    assert rows == [["Next", "Project"], ["Cite"], [None]]
    assert shared.message.components[0]["components"][1]["url"] == "https://a.org/x"
    assert shared.message.components[2]["components"][0]["options"][1]["value"] == "2"
    [sent] = [one for one in discord.sent("POST", "/callback") if not one.json["data"].get("flags")]
    assert sent.json["data"]["allowed_mentions"]["parse"] == []


async def test_a_strangers_press_is_answered_privately_also_after_a_restart(
    discord, guild, channel, ana, ben
):
    """The shared message stays; what the stranger got turns its pages in its own place."""
    notes = Notes()
    async with serving(discord, guild.id, book=book(), notes=notes):
        private = await discord.slash(ana, channel, "papers pages")
        shared = await discord.click(ana, private.message, label="Share")
    async with serving(discord, guild.id, book=book(), notes=notes):
        second = await discord.click(ben, shared.message, label="Next")
        titles = [second.embeds[0]["title"]]
        third = await discord.click(ben, second.message, label="Next")
        titles.append(third.embeds[0]["title"])
        opened = await discord.select(ben, shared.message, ["2"])
        cited = await discord.click(ana, shared.message, label="Cite")
    assert titles == ["Page 2", "Page 3"]
    assert (second.kind, second.ephemeral) == ("message", True)
    assert (third.kind, third.message.id) == ("update", second.message.id)
    assert (opened.text, cited.text) == ("show 2", "cite arXiv:1")
    assert opened.ephemeral
    assert cited.ephemeral
    shown = discord.backend.get_message(channel.id, shared.message.id)
    assert shown.embeds[0]["title"] == "Page 1"


async def test_the_page_that_was_turned_to_is_the_one_shared(discord, guild, channel, ana, ben):
    """Whoever was shown a page may share it in turn."""
    async with serving(discord, guild.id, book=book()):
        private = await discord.slash(ana, channel, "papers pages")
        turned = await discord.click(ana, private.message, label="Next")
        shared = await discord.click(ana, turned.message, label="Share")
        strangers = await discord.click(ben, shared.message, label="Next")
        again = await discord.click(ben, strangers.message, label="Share")
    assert shared.embeds[0]["title"] == "Page 2"
    assert again.embeds[0]["title"] == "Page 3"
    assert not again.ephemeral


async def test_an_answer_with_a_file_has_no_share_button():
    """The press brings no file back that could be sent again."""
    reply = Reply(lines=(text("x"),), attachment=Attachment("a.bib", b"@"), shareable=True)
    assert view(reply) is None
