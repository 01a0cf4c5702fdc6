"""The whole loop over the wire: the real process, real sockets, both far sides strict."""

from __future__ import annotations

import asyncio
import json
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import SHARED
from tests.wire.lab import OFF_TOPIC, RELEVANT, fresh, said

if TYPE_CHECKING:
    from tests.wire.discord import Answer
    from tests.wire.lab import Lab

SEED = (Path(__file__).resolve().parents[2] / "storage" / "seed" / "SynData-Papers.md").read_text()
CARDS = 6


def words(answer: Answer) -> str:
    """All the text of an answer."""
    return answer.content + json.dumps(answer.embeds, ensure_ascii=False)


async def test_a_reader_searches_the_shipped_list(lab: Lab) -> None:
    """Log in, sync once, search and show: answers are private and found in the shipped list."""
    async with lab.bot():
        answer = await lab.discord.slash(
            lab.eve, lab.digest, "papers search", query="preference data"
        )
        assert answer.ephemeral
        assert "Self-Boosting Large Language Models" in words(answer)
        shown = await lab.discord.slash(lab.eve, lab.digest, "papers show", paper="2406.18966")
        assert "UniGen" in words(shown)
        latest = await lab.discord.slash(lab.eve, lab.digest, "papers latest")
        assert "How Abilities in Large Language Models" in words(latest)
        offered = await lab.discord.complete(lab.eve, lab.digest, "papers show", "paper", "unig")
        assert [choice["value"] for choice in offered] == ["arXiv:2406.18966"]
    synced = len(lab.discord.sent("PUT", "/commands"))
    async with lab.bot():
        pass
    assert synced > 0
    assert len(lab.discord.sent("PUT", "/commands")) == synced, "synced again without a change"


async def test_the_loop_from_arxiv_to_the_list_and_the_digest(lab: Lab) -> None:
    """Harvest, card, an outsider's ✅, a maintainer's ✅, list, search, digest."""
    lab.arxiv.archive.add(RELEVANT, OFF_TOPIC)
    due = lab.now() + timedelta(hours=1)
    async with lab.bot():
        card = await lab.open_card("PreferSynth")
        assert len(lab.cards()) == 1, "the off-topic paper has a card too"
        answer = await lab.discord.slash(
            lab.ana, lab.digest, "digest here", time=f"{due:%H:%M}", zone="UTC"
        )
        assert "digest daily" in words(answer)

        await lab.discord.react(lab.eve, card, "✅")
        await asyncio.sleep(0.5)
        assert "PreferSynth" not in lab.public_list()
        await lab.discord.react(lab.ana, card, "✅")
        await lab.discord.until(lambda: "ana ·" in said(card))

        assert "PreferSynth" in lab.public_list()
        found = await lab.discord.slash(lab.eve, lab.digest, "papers search", query="prefersynth")
        assert "PreferSynth" in words(found)
    after = await lab.output("export")
    added = set(after.splitlines()) - set(SEED.splitlines())
    journal = f"arXiv preprint arXiv:{RELEVANT.id}"
    assert added == {
        f"- Lovelace A, Hopper G. {RELEVANT.title}[J]. {journal}, {RELEVANT.created.year}.",
        f"  [Paper](https://arxiv.org/abs/{RELEVANT.id})",
    }

    lab.move(due + timedelta(minutes=1))
    async with lab.bot():
        await lab.discord.until(lambda: lab.discord.messages(lab.digest))
        (digest,) = lab.discord.messages(lab.digest)
        assert "PreferSynth" in said(digest)
    async with lab.bot():
        await asyncio.sleep(1)
    assert len(lab.discord.messages(lab.digest)) == 1, "a digest went out twice"
    assert len(lab.cards()) == 1, "a card went out twice"


async def test_a_reaction_while_the_bot_is_away_is_read_at_start(lab: Lab) -> None:
    """✅ and ❌ given while the bot is down decide when it starts again, an outsider's do not."""
    texts = (RELEVANT.title, RELEVANT.abstract)
    other = fresh(3, *(text.replace("PreferSynth", "SecondSynth") for text in texts))
    lab.arxiv.archive.add(RELEVANT, other)
    async with lab.bot():
        first = await lab.open_card("PreferSynth")
        second = await lab.open_card("SecondSynth")
    await lab.discord.react(lab.ana, first, "❌")
    await lab.discord.react(lab.eve, second, "✅")
    async with lab.bot():
        await lab.discord.until(lambda: "ana ·" in said(first))
        assert "✅ add" in said(second)
    assert "Synth:" not in lab.public_list().replace("Source2Synth:", "")


@pytest.mark.long
async def test_discord_that_does_not_answer_at_start_is_asked_again(lab: Lab) -> None:
    """The reactions cannot be read at first, and the edit fails too: neither is lost."""
    lab.arxiv.archive.add(RELEVANT)
    async with lab.bot():
        card = await lab.open_card("PreferSynth")
    await lab.discord.react(lab.ana, card, "✅")
    history = f"channels/{lab.review.id}/messages"
    lab.discord.fail("GET", history, 503)
    lab.discord.fail("PATCH", history, 503)
    async with lab.bot():
        await lab.discord.until(lambda: "ana ·" in said(card), 40)
    assert lab.discord.rest.faults.waiting == 0
    assert lab.public_list().count("PreferSynth") == 1


@pytest.mark.long
async def test_a_start_asks_little_however_many_cards_are_open(lab: Lab) -> None:
    """A restart loop must not hammer: open cards are read in one request, arXiv is left alone."""
    titles = [RELEVANT.title.replace("PreferSynth", f"Synth{number}") for number in range(CARDS)]
    records = [fresh(number + 1, title, RELEVANT.abstract) for number, title in enumerate(titles)]
    lab.arxiv.archive.add(*records)
    lab.configure(review={"cards_per_day": 50})
    async with lab.bot():
        for number in range(CARDS):
            await lab.open_card(f"Synth{number}:", 60)
    asked, harvested = len(lab.discord.requests), len(lab.arxiv.requests)
    async with lab.bot():
        await asyncio.sleep(2)
    paths = [f"{request.method} {request.path}" for request in lab.discord.requests[asked:]]
    assert len([path for path in paths if "/messages" in path]) == 1, paths
    assert len(paths) < 10, paths
    assert len(lab.arxiv.requests) == harvested


async def test_a_member_submits_a_paper(lab: Lab) -> None:
    """A link is looked up, queued, and becomes a card; asked again it waits."""
    lab.arxiv.archive.add(fresh(7, "Submitted by a Reader", "We introduce a data set."))
    link = f"https://arxiv.org/pdf/{fresh(7, '', '').id}v2"
    async with lab.bot():
        listed = await lab.discord.slash(
            lab.eve, lab.digest, "papers submit", paper="arxiv.org/abs/2410.06961", patience=20
        )
        assert "On the list already" in words(listed)
        answer = await lab.discord.slash(
            lab.eve, lab.digest, "papers submit", paper=link, patience=30
        )
        assert "queued" in words(answer)
        card = await lab.open_card("Submitted by a Reader")
        assert "suggested by eve" in said(card)
        again = await lab.discord.slash(
            lab.eve, lab.digest, "papers submit", paper=link, patience=20
        )
        assert "waits for a maintainer" in words(again)


async def test_sigterm_drains_and_a_second_run_is_refused(lab: Lab) -> None:
    """SIGTERM ends the process with 0; beside a running bot a second one exits 2 and names it."""
    async with lab.plain() as first:
        await first.line("ready", within=30)
        async with lab.plain() as second:
            assert await second.wait() == 2
            assert "in use by `run`" in second.output
            assert "Traceback" not in second.output
        first.signal(signal.SIGTERM)
        assert await first.wait(15) == 0
        assert "Traceback" not in first.output
        assert lab.discord.token not in first.output


@pytest.mark.long
async def test_doctor_names_a_missing_permission(lab: Lab) -> None:
    """Everything well: 0 and a line each. A permission taken away: 1 and its name."""
    fine = await lab.output("doctor")
    checked = [line.split(":")[0].removeprefix("ok").strip() for line in fine.splitlines()]
    assert {"configuration", "database", "index", "arXiv", "token", "intents"} <= set(checked)
    assert "FAIL" not in fine
    lab.discord.deny(lab.review, "add_reactions")
    sick = await lab.output("doctor", status=1)
    assert "FAIL  review channel: #review: missing: Add Reactions" in sick
    async with lab.bot() as bot:
        await bot.line("missing: Add Reactions")


@pytest.mark.long
async def test_recorded_arxiv_records_go_through_the_loop(lab: Lab) -> None:
    """Records recorded from arXiv are harvested, ranked, shown, approved and listed."""
    recorded = SHARED / "arxiv" / "oai"
    if not recorded.is_dir():
        pytest.skip("no recorded responses: ../shared/arxiv/oai is not here")
    lab.arxiv.archive.load_recorded(recorded)
    lab.configure(
        arxiv={"sets": ["gr-qc"], "look_back": "7d"},
        relevance={"threshold": 0.0},
        review={"cards_per_day": 50},
    )
    lab.move(datetime(2016, 1, 15, 5, tzinfo=UTC))
    async with lab.bot():
        card = await lab.open_card("Irreversible degradation of quantum coherence")
        assert "14 Jan 2016" in said(card) or "13 Jan 2016" in said(card)
        await lab.discord.react(lab.ana, card, "✅")
        await lab.discord.until(lambda: "quantum coherence" in lab.public_list())
        exported = await lab.output("export")
    assert "arXiv preprint arXiv:1601.03238, 2016." in exported
    assert lab.discord.schema_checked
    ledger = json.loads(await lab.output("ledger", "--json"))
    announced = [row for row in ledger["rows"] if row["announced"]]
    assert announced
    assert all(row["complete"] for row in announced)


async def test_the_bot_runs_on_postgresql(lab: Lab, postgres_url: str) -> None:
    """The same loop with the data in PostgreSQL: card, ✅, list; a second run is refused."""
    lab.arxiv.archive.add(RELEVANT)
    lab.configure(database={"url": postgres_url})
    async with lab.bot():
        card = await lab.open_card("PreferSynth")
        await lab.discord.react(lab.ana, card, "✅")
        await lab.discord.until(lambda: "ana ·" in said(card))
        assert "PreferSynth" in lab.public_list()
        async with lab.process() as second:
            assert await second.wait() == 2
            assert "in use by" in second.output
    assert "PreferSynth" in await lab.output("export")
