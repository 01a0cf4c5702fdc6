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


async def test_papers_of_a_message_are_suggested_and_their_outcomes_told(lab: Lab) -> None:
    """A line a paper at once; then a direct message for each decision, and one for its undo."""
    lab.arxiv.archive.add(
        fresh(7, "Alpha for Rare Purposes", "We introduce a data set."),
        fresh(8, "Beta for Others", "We introduce a data set."),
    )
    text = f"Both are new: <https://arxiv.org/abs/{this_month(7)}v1> and arXiv:{this_month(8)}!"
    async with lab.bot():
        message = await lab.discord.say(lab.ana, lab.digest, text)
        answer = await lab.discord.message_command(
            lab.eve, message, "Submit papers in this message"
        )
        assert answer.ephemeral
        assert words(answer).count("Thank you! It is queued") == 2
        assert len(lab.arxiv.requests) >= 1
        alpha, beta = await lab.open_card("Alpha for"), await lab.open_card("Beta for")
        await lab.discord.react(lab.ana, alpha, "✅")
        await lab.discord.react(lab.ana, beta, "❌")
        direct = lab.discord.direct_channel(lab.eve)
        await lab.discord.until(lambda: len(lab.discord.messages(direct)) == 2, SETTLED)
        told = " ".join(said(one) for one in lab.discord.messages(direct))
        assert "is on the list now" in told
        assert "said no" in told
        await lab.discord.click(lab.ana, beta, label="Undo")
        await lab.discord.until(lambda: len(lab.discord.messages(direct)) == 3, SETTLED)
        assert "it waits again" in said(lab.discord.messages(direct)[-1])
    async with lab.bot():
        pass
    assert len(lab.discord.messages(direct)) == 3


@pytest.mark.parametrize("code", [50007, 50278])
async def test_closed_direct_messages_are_answered_where_it_was_asked(lab: Lab, code: int) -> None:
    """The channel's message names and pings who asked, and nobody else."""
    lab.arxiv.archive.add(fresh(7, "Alpha for Rare Purposes", "We introduce a data set."))
    lab.discord.close_direct_messages(lab.eve, code)
    async with lab.bot():
        link = f"arxiv.org/abs/{this_month(7)}"
        await lab.discord.slash(lab.eve, lab.digest, "papers submit", paper=link, patience=30)
        card = await lab.open_card("Alpha for")
        await lab.discord.react(lab.ana, card, "❌")
        await lab.discord.until(lambda: lab.discord.messages(lab.digest), SETTLED)
        (answer,) = lab.discord.messages(lab.digest)
        assert answer.content == f"<@{lab.eve.id}>"
        assert "said no" in said(answer)


@pytest.mark.parametrize("when", [True, False])
async def test_a_kill_while_an_outcome_is_told(lab: Lab, when: bool) -> None:
    """The connection breaks before or after the message stood, and SIGKILL: it stands once."""
    lab.arxiv.archive.add(fresh(7, "Alpha for Rare Purposes", "We introduce a data set."))
    direct = lab.discord.direct_channel(lab.eve)
    async with lab.process() as process:
        await process.line("ready", within=30)
        link = f"arxiv.org/abs/{this_month(7)}"
        await lab.discord.slash(lab.eve, lab.digest, "papers submit", paper=link, patience=30)
        card = await lab.open_card("Alpha for")
        path = f"channels/{direct.id}/messages"
        lab.discord.fail("POST", path, "drop", after_effect=when)
        await lab.discord.react(lab.ana, card, "✅")
        await lab.discord.until(lambda: lab.discord.sent("POST", path), SETTLED)
        await process.kill()
    async with lab.bot():
        await lab.discord.until(lambda: lab.discord.messages(direct), SETTLED)
    async with lab.bot():
        pass
    assert len(lab.discord.messages(direct)) == 1
