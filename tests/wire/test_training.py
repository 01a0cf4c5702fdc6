"""The ranker over the wire: the real process trains in a real child, and is there the next day."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.wire.lab import RELEVANT, START, fresh, open_lab, said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.wire.lab import Lab
    from tests.wire.process import ChildProcess


@pytest.fixture
async def lab(tmp_path: Path, checked_database: Path) -> AsyncIterator[Lab]:
    """One whose bot has no ranker yet."""
    async with open_lab(tmp_path, checked_database, forked=True) as opened:
        yield opened


ADMIRED = fresh(9, "A Study That Another List Has", "We study made-up preference data.")


@pytest.mark.long
async def test_decisions_are_learnt_from_while_the_bot_runs(lab: Lab) -> None:
    """First trained by a harvest, again ten minutes after ❌; after a restart it is still there."""
    lab.move(START, speed=150)
    lab.arxiv.archive.add(RELEVANT)
    async with lab.bot() as bot:
        first = json.loads(await bot.line('"ranker trained"', within=60))
        assert (first["why"], first["positives"], first["negatives"]) == ("start", 8, 0)
        card = await lab.open_card("PreferSynth")
        await lab.discord.react(lab.ana, card, "❌")
        second = json.loads(await bot.line('"decisions"', within=60))
        assert (second["version"], second["negatives"]) == (first["version"] + 1, 1)
    assert "Traceback" not in bot.output
    async with lab.process("harvest", "--json") as harvest:
        assert await harvest.wait(60) == 0
        assert "ranker trained" not in harvest.output


async def test_an_admired_list_is_read_asked_for_and_searched(lab: Lab) -> None:
    """Its papers get their abstracts from arXiv; they are found, not listed and not proposed."""
    lab.arxiv.archive.add(ADMIRED)
    other = lab.folder / "other.md"
    other.write_text(f"## Papers\n\n- [{ADMIRED.title}](https://arxiv.org/abs/{ADMIRED.id})\n")
    lab.configure(relevance={"examples": [str(other)]}, schedule={"harvest": []})
    async with lab.bot() as bot:
        asked = json.loads(await bot.line('"abstracts read"', within=60))
        assert asked["found"] == 1
        found = await lab.discord.slash(
            lab.eve, lab.digest, "papers search", query="another list", scope="everything"
        )
        assert ADMIRED.title in found.content + json.dumps(found.embeds)
    assert ADMIRED.title not in await lab.output("export")
    assert not [card for card in lab.cards() if ADMIRED.title in said(card)]


@pytest.mark.long
async def test_who_only_looks_does_not_train(lab: Lab) -> None:
    """A search, an export and a check need no ranker, and make none; a wrong example is told."""
    garbage = lab.folder / "garbage.md"
    garbage.write_bytes(b"\xff\xfe\x00 no list at all")
    lab.configure(relevance={"examples": [str(garbage)]})
    for arguments in (("export",), ("search", "synthetic data"), ("doctor",), ("ledger",)):
        async with lab.process(*arguments) as process:
            assert await process.wait(60) in {0, 1}
            assert "ranker" not in process.output
    async with lab.process("harvest") as harvest:
        assert await harvest.wait(60) == 0
        warned = json.loads(next(line for line in harvest.stderr if "examples name no" in line))
        assert warned["file"] == str(garbage)


async def trainer_of(bot: ChildProcess) -> psutil.Process:
    """The process in which its ranker is trained, as soon as there is one."""
    async with asyncio.timeout(60):
        while True:
            for child in psutil.Process(bot.pid).children():
                if "bot.learning" in child.cmdline():
                    return child
            await asyncio.sleep(0.005)


@pytest.mark.long
async def test_who_stops_the_bot_does_not_wait_for_a_training(lab: Lab) -> None:
    """It is broken off, its process ends with the bot, and the next start does it anew."""
    lab.move(START, speed=1)
    lab.arxiv.archive.add(RELEVANT)
    async with lab.bot() as bot:
        child = await trainer_of(bot)
        child.suspend()
        assert await bot.terminate(within=30) == 0
        # Broken off at once, and not when the seconds were over that running work gets.
        assert "the bot is being stopped" in bot.output
        assert not child.is_running()
        assert "stopped" in bot.output
        assert "Traceback" not in bot.output
    async with lab.bot() as bot:
        assert json.loads(await bot.line('"ranker trained"', within=60))["why"] == "start"
        await lab.open_card("PreferSynth")
