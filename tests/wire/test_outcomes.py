"""Suggestions and what comes of them, over the wire: the real process, strict far sides."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.wire.lab import fresh, said, this_month

if TYPE_CHECKING:
    from tests.wire.discord import Answer
    from tests.wire.lab import Lab

SETTLED = 60.0
"""Seconds within which the minute comes round at the lab's speed, generously."""


def words(answer: Answer) -> str:
    """All the text of an answer."""
    return answer.content + json.dumps(answer.embeds, ensure_ascii=False)


@pytest.mark.long
async def test_papers_of_a_message_are_suggested_and_their_outcomes_told(lab: Lab) -> None:
    """A line a paper at once; then a direct message for each decision, and one for its undo.

    Whoever takes none is named where they asked, and nobody else.
    """
    discord = lab.discord
    zoe = discord.member(lab.guild, "zoe")
    discord.close_direct_messages(zoe, 50278)
    lab.arxiv.archive.add(
        fresh(7, "Alpha for Rare Purposes", "We introduce a data set."),
        fresh(8, "Beta for Others", "We introduce a data set."),
    )
    text = f"Both are new: <https://arxiv.org/abs/{this_month(7)}v1> and arXiv:{this_month(8)}!"
    async with lab.bot():
        message = await discord.say(lab.ana, lab.digest, text)
        answer = await discord.message_command(lab.eve, message, "Submit papers in this message")
        assert answer.ephemeral
        assert words(answer).count("Thank you! It is queued") == 2
        link = f"arxiv.org/abs/{this_month(8)}"
        known = await discord.slash(zoe, lab.digest, "papers submit", paper=link)
        assert "It waits for a maintainer already" in words(known)
        alpha, beta = await lab.open_card("Alpha for"), await lab.open_card("Beta for")
        await discord.react(lab.ana, alpha, "✅")
        await discord.react(lab.ana, beta, "❌")
        direct = discord.direct_channel(lab.eve)
        await discord.until(lambda: len(discord.messages(direct)) == 2, SETTLED)
        told = " ".join(said(one) for one in discord.messages(direct))
        assert "is on the list now" in told
        assert "said no" in told
        in_channel = await discord.until(lambda: discord.messages(lab.digest)[1:], SETTLED)
        assert [one.content for one in in_channel] == [f"<@{zoe.id}>"]
        assert "said no" in said(in_channel[0])
        await discord.click(lab.ana, beta, label="Undo")
        await discord.until(lambda: len(discord.messages(direct)) == 3, SETTLED)
        assert "it waits again" in said(discord.messages(direct)[-1])


@pytest.mark.long
async def test_a_kill_while_an_outcome_is_told(lab: Lab) -> None:
    """The message stands, the answer is lost, and SIGKILL: after a look nothing is said again."""
    lab.arxiv.archive.add(fresh(7, "Alpha for Rare Purposes", "We introduce a data set."))
    direct = lab.discord.direct_channel(lab.eve)
    path = f"channels/{direct.id}/messages"
    async with lab.process() as process:
        await process.line("ready", within=30)
        link = f"arxiv.org/abs/{this_month(7)}"
        await lab.discord.slash(lab.eve, lab.digest, "papers submit", paper=link, patience=30)
        card = await lab.open_card("Alpha for")
        lab.discord.fail("POST", path, "drop", after_effect=True)
        await lab.discord.react(lab.ana, card, "✅")
        await lab.discord.until(lambda: lab.discord.sent("POST", path), SETTLED)
        await process.kill()
    looked = len(lab.discord.sent("GET", path))
    async with lab.bot():
        await lab.discord.until(lambda: len(lab.discord.sent("GET", path)) > looked, SETTLED)
    assert len(lab.discord.messages(direct)) == 1
