"""What stands under readers' answers: for strangers on a shared one, and after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.wire.lab import RELEVANT, said
from tests.wire.library import (
    BEYOND,
    CHINESE,
    HOSTILE,
    LISTED,
    PAPER,
    Library,
    controls,
    face,
    labels,
    message_of,
    open_library,
    private,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.wire.discord import Answer
    from tests.wire.discord.model import Message, User
    from tests.wire.lab import Lab

LONG = "synthetic corpora " + " ".join(f"word{number}" for number in range(430))
"""Nearly 4,000 characters: far too many for a button."""

SHARED: dict[str, tuple[str, dict[str, Any]]] = {
    "search": ("search", {"query": "synthetic corpora", "sort": "newest", "since": "2024"}),
    "long search": ("search", {"query": LONG}),
    "beyond": ("search", {"query": "gardening conversations"}),
    "show": ("show", {"paper": PAPER.id}),
    "harvested": ("show", {"paper": "2405.00022"}),
    "similar": ("similar", {"paper": LISTED[2].id}),
    "latest": ("latest", {}),
    "section": ("latest", {"section": "research"}),
    "cite": ("cite", {"paper": PAPER.id}),
    "new": ("new", {}),
}
"""What is asked and then shared, by a name for it."""

BUTTONS = {
    "search": ["Next ›"],
    "long search": ["Next ›"],
    "beyond": ["Submit 1", "Submit 2"],
    "show": ["Cite", "Similar", "Save", "Project"],
    "harvested": ["Cite", "Similar", "Save", "Submit"],
    "similar": ["Next ›"],
    "latest": ["Next ›"],
    "section": ["Next ›"],
    "cite": ["CSL-JSON", "As in the list"],
    "new": [],
}


@pytest.fixture
async def lab(tmp_path: Path, checked_database: Path) -> AsyncIterator[Lab]:
    """The list, and a paper that arXiv announces today."""
    async with open_library(tmp_path, checked_database) as lab:
        lab.arxiv.archive.add(RELEVANT)
        yield lab


@pytest.mark.long
async def test_shared_answers_serve_everybody_also_after_a_restart(lab: Lab) -> None:
    """Strangers are answered privately, the shared message stays, a killed bot goes on.

    Then a maintainer's ✅ brings a paper onto the list, and every command knows it.
    """
    async with lab.bot() as bot:
        library = Library(lab, bot)
        owner, first = library.reader(), library.reader()
        pages = {
            name: await library.ask(owner, command, **options)
            for name, (command, options) in SHARED.items()
        }
        shared = {name: await library.share(owner, page) for name, page in pages.items()}
        before = {name: await _press_all(library, first, shared[name]) for name in shared}
        await _in_place(library, first, before["search"]["Next ›"])
        assert await _saved(library, owner) == []
        assert await _saved(library, first) == [HOSTILE, PAPER.title]
        shown = {name: face(message) for name, message in shared.items()}
        await bot.kill()
    async with lab.bot() as bot:
        library.bot = bot
        await _works_again(library, owner, shared, before)
        assert {name: face(message) for name, message in shared.items()} == shown
        await _in_place(library, owner, pages["search"])
        await _in_place(library, owner, pages["long search"])
        assert "Nothing new since you looked" in (await library.ask(owner, "new")).text
        assert "From now on /papers new" in (await library.ask(first, "new")).text
        await _approved(library, owner)
    mentions = [sent.json["data"]["allowed_mentions"]["parse"] for sent in library.answers()]
    assert not any(mentions)


async def _press_all(library: Library, stranger: User, message: Message) -> dict[str, Answer]:
    """Press all that stands under a shared message, and choose in its menus."""
    found: dict[str, Answer] = {}
    discord, looks = library.lab.discord, face(message)
    for one in controls(message):
        if one["type"] == 3:
            value = one["options"][-1]["value"]
            chosen = await discord.select(stranger, message, [value], one["custom_id"])
            found["menu"] = private(chosen, stranger)
        elif not one.get("url"):
            found[one["label"]] = await library.press(stranger, message, one["label"])
        assert face(message) == looks, one
    for name, answer in found.items():
        assert answer.kind == "message", name
        others = [library.lab.ana.id, library.lab.eve.id]
        assert not any(message_of(answer).visible_to(other) for other in others)
    return found


async def _works_again(
    library: Library,
    owner: User,
    shared: dict[str, Message],
    before: dict[str, dict[str, Answer]],
) -> None:
    """A second stranger is told what the first was; papers submitted meanwhile wait."""
    second, chinese = library.reader(), library.reader(CHINESE)
    for name, message in shared.items():
        assert labels(message) == BUTTONS[name]
        after = await _press_all(library, second, message)
        assert after.keys() == before[name].keys()
        for label, answer in after.items():
            if label.startswith("Submit"):
                assert "queued for the maintainers" in before[name][label].text or name != "beyond"
                assert "It waits for a maintainer already" in answer.text
            else:
                assert answer.text == before[name][label].text, (name, label)
    assert await _saved(library, second) == [HOSTILE, PAPER.title]
    assert await _saved(library, owner) == []
    turned = await library.press(chinese, shared["search"], "Next ›")
    assert "第 2 页，共 2 页" in turned.text


async def _in_place(library: Library, reader: User, page: Answer) -> None:
    """On a message of one's own a page replaces the other, there and back."""
    message = message_of(page)
    there, back = ("‹ Back", "Next ›") if "‹ Back" in labels(message) else ("Next ›", "‹ Back")
    looks = face(message)
    for label in (there, back):
        answer = await library.press(reader, message, label)
        assert answer.kind == "update"
        assert message_of(answer).id == message.id
    assert face(message) == looks


async def _saved(library: Library, reader: User) -> list[str]:
    """The titles of somebody's reading list, the last first."""
    answer = await library.ask(reader, "saved")
    (menu,) = [one for one in controls(message_of(answer)) if one["type"] == 3] or [{}]
    return [one["label"].partition(". ")[2] for one in menu.get("options", [])]


async def _approved(library: Library, owner: User) -> None:
    """On the card's ✅ the paper is in search, completion, latest, new, stats and export."""
    lab = library.lab
    card = await lab.open_card("PreferSynth")
    assert "Not on the list" in (await library.ask(owner, "search", query="prefersynth")).text
    await lab.discord.react(lab.ana, card, "✅")
    await lab.discord.until(lambda: "ana ·" in said(card))
    found = await library.ask(owner, "search", query="prefersynth")
    assert "1 paper for “prefersynth”" in found.text
    offered = await lab.discord.complete(owner, lab.digest, "papers show", "paper", "prefers")
    assert [one["value"] for one in offered] == [f"arXiv:{RELEVANT.id}"]
    assert "1\\. [PreferSynth" in (await library.ask(owner, "latest")).text
    new = await library.ask(owner, "new")
    assert "1 new paper since 17 Sep 2024" in new.text
    assert "PreferSynth" in new.text
    assert "Nothing new" in (await library.ask(owner, "new")).text
    stats = await library.ask(owner, "stats")
    assert "14 papers on the list" in stats.text
    assert "added in the last 30 days" in stats.text
    exported = message_of(await library.ask(owner, "export", query="prefersynth"))
    (attachment,) = exported.attachments
    assert RELEVANT.id.encode() in lab.discord.file(exported, attachment["filename"])
    assert BEYOND not in lab.public_list()
