"""A withdrawal over the wire: the card collapses, a listed paper is told of once, nothing more."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.wire.lab import RELEVANT, fresh, said

if TYPE_CHECKING:
    from tests.wire.discord import Answer
    from tests.wire.lab import Lab

WHY = "This paper has been withdrawn by the author due to an error in <@1> **Table 2**"
NOTICE = "Withdrawn on arXiv, and on the list"


def words(answer: Answer) -> str:
    """All the text of an answer."""
    return answer.content + json.dumps(answer.embeds, ensure_ascii=False)


@pytest.mark.long
async def test_a_withdrawal_closes_the_card_and_tells_of_a_listed_paper(lab: Lab) -> None:
    """By an edit and by a message; reactions, words and a restart change nothing after that."""
    listed = fresh(3, "UniGen", "A framework.", id="2406.18966")
    lab.arxiv.archive.add(RELEVANT, listed)
    async with lab.bot():
        card = await lab.open_card("PreferSynth")
    lab.arxiv.archive.add(
        replace(RELEVANT, comments=WHY, version=2), replace(listed, comments="Withdrawn", version=2)
    )
    await lab.output("harvest", "--json")
    before = lab.public_list()
    async with lab.bot():
        await lab.discord.until(lambda: "Withdrawn on arXiv · " in said(card))
        await lab.discord.until(lambda: len(lab.cards()) == 2)
        notice = lab.cards()[-1]
        assert NOTICE in said(notice)
        assert "On the list under Research Papers" in said(notice)
        assert notice.embeds[0]["footer"]["text"] == "n1.0.0"
        assert "<@1>" not in json.dumps(card.embeds)
        assert [button["label"] for button in card.components[0]["components"]] == ["More"]
        await lab.discord.react(lab.ana, card, "✅")
        late = await lab.discord.slash(lab.ana, lab.review, "review approve", paper="1")
        assert late.ephemeral
        assert "#1 was withdrawn on arXiv: there is nothing to decide." in words(late)
        again = await lab.discord.slash(lab.eve, lab.digest, "papers submit", paper=RELEVANT.id)
        assert "It was withdrawn on arXiv" in words(again)
        shown = await lab.discord.slash(lab.eve, lab.digest, "papers show", paper="2406.18966")
        assert "Withdrawn on arXiv" in words(shown)
        ledger = await lab.discord.slash(lab.ana, lab.review, "review ledger")
        assert ledger.ephemeral
        assert "Complete through Tue 17 Sep" in words(ledger)
    await lab.output("harvest")
    async with lab.bot():
        shown = await lab.discord.slash(lab.ana, lab.review, "review queue")
        assert "Nothing waits" in words(shown)
    assert len(lab.cards()) == 2
    assert lab.public_list() == before
