"""What /papers answers over hostile lists and queries, as it is sent: Discord takes all of it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.chat import render
from bot.chat.text import width
from bot.commands.languages import in_language, sentence_of
from bot.commands.reply import say
from bot.domain.errors import UserError
from bot.domain.sentences import Language
from storage.catalogue import Catalogue
from storage.models import Author, Link, PaperId
from storage.papers import Papers
from tests.factories import listed_entry, paper
from tests.unit.maintaining import Desks, open_desks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.reply import Reply
    from storage.database import Database
    from tests.fakes import FakeClock

PARTS = (
    "@everyone", "<@123>", "**b**", "`x`", "[l](http://e.x)", "||s||", "# h", "> q", ":smile:",
    "\u202ertl\u202c", "עברית", "\x1b[31m", "😀", "👩‍👩‍👧", "\u200b", "C++", "GPT-4", "foo:bar",
    '"', "'", "|", "%7C", "=", ":c1.0.0", "https://a.b/c", "数据合成", "a" * 90, "--", "-",
    "section:", "year:20",
)  # fmt: skip
LINKS = ("https://e.org/a", "https://e.org/" + "b" * 600, "javascript:x", "https://u@e.org", "")


def words(random: Random, most: int) -> str:
    """A few of what breaks things."""
    return " ".join(random.choices(PARTS, k=random.randint(1, most)))


async def fill(desks: Desks, random: Random) -> None:
    """A list and a harvest of such words."""
    listed = [
        listed_entry(
            title=words(random, 12),
            ids=random.choice([(), (PaperId(f"arXiv:2401.{number:05}"),)]),
            authors=tuple(Author(words(random, 3), "A") for _ in range(random.randint(0, 4))),
            year=random.choice([None, 2020]),
            links=tuple(Link(words(random, 3), url) for url in random.choices(LINKS, k=2)),
            section=random.choice(["Research Papers", "S " * 40, words(random, 9)]),
        )
        for number in range(14)
    ]
    found = [
        paper(
            id=PaperId(f"arXiv:2409.2{number:04}"),
            title=words(random, 12),
            abstract=words(random, 400),
        )
        for number in range(7)
    ]
    now, database = desks.office.clock.now(), desks.office.database
    await database.write(lambda c: Catalogue(c).replace("l.md", b"x", [], listed, now))
    await database.write(lambda c: Papers(c).store(found, now))


def lines(random: Random) -> Iterator[str]:
    """What members type."""
    yield from ("help", "stats", "latest", "new", "saved all", "latest 1")
    for _ in range(4):
        typed = words(random, 5)
        yield from (f"search {typed}", f"search --scope everything {typed}", f"show {typed}")
        yield from (f"similar {typed} --scope everything", f"save {typed}", f"latest {typed}")
    yield f"search --scope everything {words(random, 300)}"[:4000]


async def answered(asked: Any) -> Reply:
    """The answer, or what is said instead."""
    try:
        reply: Reply = await asked
    except UserError as error:
        return say(sentence_of(error))
    return reply


def hold(reply: Reply, language: Language) -> None:
    """Hold a reply to Discord's limits (discord-api-docs, Message and Component objects)."""
    said = in_language(reply, language)
    embed, view = render.embed(said), render.view(said, language=language)
    assert 0 < len(embed) <= 6000
    assert width(embed.title or "") <= 256
    assert width(embed.description or "") <= 4096
    items: list[Any] = view.children if view else []
    carried = [one.custom_id for one in items if getattr(one, "custom_id", None)]
    assert len(set(carried)) == len(carried)
    assert all(width(one) <= 100 for one in carried)
    assert len({one.row for one in items}) <= 5
    buttons = [one for one in items if isinstance(one, discord.ui.Button)]
    assert all(0 < width(one.label or "") <= 80 for one in buttons)
    assert {str(one.label) for one in said.buttons if not one.url} <= {one.label for one in buttons}
    for menu in (one for one in items if isinstance(one, discord.ui.Select)):
        assert 0 < len(menu.options) <= 25
        assert all(0 < width(option.label) <= 100 for option in menu.options)
        assert all(0 < width(option.value) <= 100 for option in menu.options)


@pytest.mark.parametrize("seed", [5, 6])
async def test_discord_takes_whatever_readers_are_answered(
    sqlite: Database, clock: FakeClock, seed: int
) -> None:
    """In both languages; each button and menu is there, and what it answers is taken too."""
    random = Random(seed)
    desks = await open_desks(sqlite, clock)
    await fill(desks, random)
    for line in lines(random):
        reply = await answered(desks.type(f"/papers {line}"))
        pressed = [(one.action, one.argument, "") for one in reply.buttons if not one.url]
        if reply.menu is not None:
            pressed.append(("show", reply.menu.argument, reply.menu.choices[-1].value))
        after = [
            await answered(desks.press(*one))
            for one in pressed
            if one[0] not in {"submit", "similar", "cite"}
        ]
        for one in (reply, *after):
            for language in Language:
                hold(one, language)
