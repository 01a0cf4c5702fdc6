"""The review desk as maintainers use it in Discord: cards' buttons, the sitting, words."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from tests.wire.lab import RELEVANT, fresh, said, this_month

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


async def test_a_card_is_decided_explained_undone_and_moved_by_its_buttons(lab: Lab) -> None:
    """Silently where the card shows it; whoever may not is told so; the list follows each time."""
    discord, ana = lab.discord, lab.ana
    lab.arxiv.archive.add(RELEVANT)
    async with lab.bot():
        card = await lab.open_card("PreferSynth")
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
        assert "PreferSynth" in lab.public_list().partition("### Research")[0]
        late = await discord.click(ana, card, label="Move")
        assert late.message is not None
        await discord.select(ana, late.message, ["Research Papers"])
        await discord.until(lambda: "Research Papers" in said(card))
        assert "PreferSynth" not in lab.public_list().partition("### Research")[0]

        shown = await discord.slash(ana, lab.review, "review show", paper="1")
        assert f"/{lab.guild.id}/{lab.review.id}/{card.id}" in shown.text
        assert "moved" in shown.text
        await _log_is_complete(lab, ["move", "approve", "undo", "reason", "reject"])


async def _log_is_complete(lab: Lab, acts: list[str]) -> None:
    """The file of /review log has a row an act, the newest first."""
    log = await lab.discord.slash(lab.ana, lab.review, "review log")
    assert log.ephemeral
    assert log.message is not None
    written = lab.discord.file(log.message, "review-log.csv").decode()
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [row["action"] for row in rows] == acts


async def test_a_sitting_goes_on_after_a_restart(lab: Lab) -> None:
    """One private message through the queue; a second maintainer's decision is respected."""
    discord, ana = lab.discord, lab.ana
    ben = discord.member(lab.guild, "ben", [lab.maintainers])
    lab.arxiv.archive.add(*FINDS)
    async with lab.bot():
        for name in NAMES:
            await lab.open_card(name)
        begun = await discord.slash(ana, lab.review, "review next")
        assert begun.ephemeral
        assert "1 of 3" in begun.text
        assert labels(begun.message) == ["Yes", "No", "Later", "Back"]
        sitting = begun.message
        assert sitting is not None
        await press(lab, sitting, "Yes", "2 of 3")
        intruder = await discord.slash(ben, lab.review, "review queue")
        assert "2 waiting" in intruder.text
    async with lab.bot():
        (other,) = [card for card in lab.cards() if labels(card) == ["Undo", "Move", "More"]]
        await press(lab, sitting, "Back", "1 of 3")
        assert "You decided" in said(sitting)
        await press(lab, sitting, "No", "2 of 3")
        await discord.until(lambda: "❌" in said(other))
        await press(lab, sitting, "Later", "3 of 3")
        await press(lab, sitting, "Yes", "2 decided, 1 added, 1 put off, nothing waits")
        sweep = await discord.slash(ana, lab.review, "review sweep", score="0.99")
        assert "Nothing that the harvest found waits" in sweep.text
        stats = await discord.slash(ana, lab.review, "review stats")
        assert "4 weeks: 50 % (1 of 2 approved)" in stats.text
    exported = await lab.output("export")
    assert sum(f"arXiv:{this_month(number)}" in exported for number in (11, 12, 13)) == 1


async def press(lab: Lab, sitting: Message, label: str, shows: str) -> Answer:
    """Press a button of the sitting's message, which is replaced by what comes next."""
    answer = await lab.discord.click(lab.ana, sitting, label=label)
    assert answer.kind in {"update", "deferred_update"}
    await lab.discord.until(lambda: shows in said(sitting))
    return answer
