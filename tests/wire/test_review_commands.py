"""The review desk as maintainers use it in Discord: cards' buttons, the sitting, words."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from tests.wire.lab import fresh, said, this_month

if TYPE_CHECKING:
    from simcord.backend.models import Message

    from tests.wire.discord import Answer
    from tests.wire.lab import Lab

ABSTRACT = (
    "We propose {0}, a method that generates synthetic instruction tuning data with large "
    "language models, and show that training on the synthetic data beats human annotation."
)
NAMES = ("AlphaSynth", "BetaSynth", "GammaSynth")
FINDS = [
    fresh(
        number,
        f"{name}: Synthetic Instruction Data Generation with Large Language Models",
        ABSTRACT.format(name),
    )
    for number, name in enumerate(NAMES, 11)
]


def labels(message: Message | None) -> list[str]:
    """The buttons of a message, as people read them."""
    rows = message.components if message else []
    items = [item for row in rows for item in row["components"]]
    return [item["label"] for item in items if item.get("label")]


@pytest.mark.long
async def test_a_desk_for_one_day(lab: Lab) -> None:
    """A card by its buttons; then the rest in one private message, also after a restart."""
    discord, ana = lab.discord, lab.ana
    lab.arxiv.archive.add(*FINDS)
    async with lab.bot():
        await _by_its_buttons(lab, await lab.open_card(NAMES[0]))
        for name in NAMES[1:]:
            await lab.open_card(name)
        begun = await discord.slash(ana, lab.review, "review next")
        assert begun.ephemeral
        assert "1 of 2" in begun.text
        assert labels(begun.message) == ["Yes", "No", "Later", "Back"]
        sitting = begun.message
        assert sitting is not None
        await press(lab, sitting, "Yes", "2 of 2")
    async with lab.bot():
        await press(lab, sitting, "Back", "1 of 2")
        assert "You decided" in said(sitting)
        await press(lab, sitting, "No", "2 of 2")
        await discord.until(lambda: ["Undo", "More"] in [labels(one) for one in lab.cards()])
        await press(lab, sitting, "Later", "1 decided, 0 added, 1 put off, nothing waits")
    exported = await lab.output("export")
    listed = [f"arXiv:{this_month(number)}" in exported for number in (11, 12, 13)]
    assert listed == [True, False, False]


async def _by_its_buttons(lab: Lab, card: Message) -> None:
    """Silently where the card shows it; whoever may not is told so; the list follows each time."""
    discord, ana = lab.discord, lab.ana
    assert labels(card) == ["Approve", "Reject", "Later", "Other section", "More"]
    refused = await discord.click(lab.eve, card, label="Approve")
    assert refused.ephemeral
    assert "Only maintainers decide" in refused.text
    assert "Authors: Lovelace" in (await discord.click(lab.eve, card, label="More")).text

    pressed = await discord.click(ana, card, label="Reject")
    assert pressed.kind == "deferred_update"
    await discord.until(lambda: "❌" in said(card) and "Why?" in str(card.components))
    await discord.select(ana, card, ["too thin"])
    await discord.until(lambda: "too thin" in said(card))
    assert labels(card) == ["Undo", "More"]
    await discord.click(ana, card, label="Undo")
    await discord.until(lambda: "Approve" in labels(card))

    menu = await discord.click(ana, card, label="Other section")
    assert menu.message is not None
    added = await discord.select(ana, menu.message, ["Survey Papers"])
    assert added.kind == "update"
    await discord.until(lambda: "Survey Papers" in said(card) and "Move" in labels(card))
    assert NAMES[0] in lab.public_list().partition("### Research")[0]
    late = await discord.click(ana, card, label="Move")
    assert late.message is not None
    await discord.select(ana, late.message, ["Research Papers"])
    await discord.until(lambda: "Research Papers" in said(card))
    assert NAMES[0] not in lab.public_list().partition("### Research")[0]

    number = await _log_is_complete(lab, ["move", "approve", "undo", "reason", "reject"])
    shown = await discord.slash(ana, lab.review, "review show", paper=number)
    assert f"/{lab.guild.id}/{lab.review.id}/{card.id}" in shown.text
    assert "took back the rejection" in shown.text


async def _log_is_complete(lab: Lab, acts: list[str]) -> str:
    """The file of /review log has a row an act, the newest first; the number they are about."""
    log = await lab.discord.slash(lab.ana, lab.review, "review log")
    assert log.ephemeral
    assert log.message is not None
    written = lab.discord.file(log.message, "review-log.csv").decode()
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [row["action"] for row in rows] == acts
    return rows[0]["candidate"]


async def press(lab: Lab, sitting: Message, label: str, shows: str) -> Answer:
    """Press a button of the sitting's message, which is replaced by what comes next."""
    answer = await lab.discord.click(lab.ana, sitting, label=label)
    assert answer.kind in {"update", "deferred_update"}
    await lab.discord.until(lambda: shows in said(sitting))
    return answer
