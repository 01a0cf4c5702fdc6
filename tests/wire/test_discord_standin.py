"""An ordinary discord.py bot, in a process of its own, lives with the stand-in as with Discord."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.wire.discord import DiscordStandIn, Impossible
from tests.wire.discord.connection import Op
from tests.wire.process import ChildProcess, ProcessEnded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.wire.discord.model import Channel, Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Stage:
    """The stand-in, the bot connected to it, and people."""

    discord: DiscordStandIn
    bot: ChildProcess
    channel: Channel
    ana: User
    ben: User

    async def card(self) -> Message:
        answer = await self.discord.slash(
            self.ana, self.channel, "sample card", title="Source2Synth"
        )
        assert answer.message is not None
        return answer.message


def sample_bot(discord: DiscordStandIn) -> ChildProcess:
    """The sample bot, pointed at the stand-in."""
    env = {
        "DISCORD_API": discord.api_url,
        "DISCORD_GATEWAY": discord.gateway_url,
        "DISCORD_TOKEN": discord.token,
    }
    return ChildProcess(sys.executable, "-m", "tests.wire.sample_bot", env=env)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    """One bot for all tests of this file; each test uses messages of its own."""
    async with DiscordStandIn() as discord, sample_bot(discord) as bot:
        guild = discord.guild("Lab")
        channel = discord.channel(guild, "review")
        people = [discord.member(guild, name) for name in ("ana", "ben")]
        await bot.line("READY")
        yield Stage(discord, bot, channel, *people)


async def test_slash_command(stage: Stage) -> None:
    """A grouped command with a text and a member option answers with an embed and controls."""
    answer = await stage.discord.slash(
        stage.ana, stage.channel, "sample card", title="Source2Synth", who=stage.ben
    )
    assert (answer.kind, answer.ephemeral) == ("message", False)
    assert answer.text == "Source2Synth\nby\nben"
    assert [c["custom_id"] for c in answer.components] == ["vote", "later", "why", "section"]
    assert answer.message in stage.discord.messages(stage.channel)


async def test_buttons_and_menu(stage: Stage) -> None:
    """A button updates its message at once or later; a menu is answered privately."""
    card = await stage.card()
    voted = await stage.discord.click(stage.ben, card, "vote")
    assert (voted.kind, voted.content) == ("update", "voted by ben")
    later = await stage.discord.click(stage.ben, card, label="Later")
    assert later.kind == "deferred_update"
    await stage.discord.until(lambda: later.content == "edited later")
    chosen = await stage.discord.select(stage.ben, card, ["models"])
    assert (chosen.content, chosen.ephemeral) == ("chose models", True)
    assert chosen.message not in stage.discord.messages(stage.channel)


async def test_modal(stage: Stage) -> None:
    """A button opens a modal; what is typed there comes back."""
    opened = await stage.discord.click(stage.ana, await stage.card(), "why")
    assert opened.modal is not None
    answer = await stage.discord.submit(stage.ana, opened, reason="good data")
    assert answer.content == "because good data"


async def test_deferred_answer(stage: Stage) -> None:
    """A deferred answer is waited for, and followed up."""
    answer = await stage.discord.slash(stage.ana, stage.channel, "sample slow")
    assert (answer.content, answer.ephemeral) == ("done", True)
    (more,) = await stage.discord.until(lambda: answer.followups)
    assert more.content == "and more"


async def test_completion_and_file(stage: Stage) -> None:
    """An option completes while it is typed, and an answer may hold a file."""
    choices = await stage.discord.complete(stage.ana, stage.channel, "sample find", "query", "ab")
    assert [choice["name"] for choice in choices] == ["ab-0", "ab-1", "ab-2"]
    answer = await stage.discord.slash(stage.ana, stage.channel, "sample find", query="1")
    assert answer.message is not None
    assert stage.discord.file(answer.message, "found.txt") == b""


async def test_message_menu(stage: Stage) -> None:
    """A command in a message's menu gets that message."""
    message = await stage.discord.say(stage.ben, stage.channel, "hello")
    answer = await stage.discord.message_command(stage.ana, message, "Length")
    assert answer.content == f"ben wrote {message.id}"


async def test_direct_messages(stage: Stage) -> None:
    """A command works in the direct messages with the bot, too."""
    channel = stage.discord.direct_channel(stage.ben)
    answer = await stage.discord.slash(stage.ben, channel, "sample slow")
    assert answer.content == "done"


async def test_impossible_for_a_person(stage: Stage) -> None:
    """A person cannot use what Discord's client would not show them."""
    card = await stage.card()
    private = (await stage.discord.select(stage.ben, card, ["data"])).message
    assert private is not None
    with pytest.raises(Impossible, match="no command"):
        await stage.discord.slash(stage.ana, stage.channel, "papers")
    with pytest.raises(Impossible, match="requires option"):
        await stage.discord.slash(stage.ana, stage.channel, "sample card")
    with pytest.raises(Impossible, match="no single enabled control"):
        await stage.discord.click(stage.ana, card, "undo")
    with pytest.raises(Impossible, match="does not see"):
        await stage.discord.click(stage.ana, private, "vote")


async def test_reactions_reach_the_bot(stage: Stage) -> None:
    """Reactions added and taken away reach the bot with the name of their owner."""
    card = await stage.card()
    before = len(stage.bot.lines)
    await stage.discord.react(stage.ben, card, "✅")
    assert await stage.bot.line("REACTION ✅", after=before) == "REACTION ✅ ben"
    await stage.discord.unreact(stage.ben, card, "✅")
    assert await stage.bot.line("UNREACTION", after=before) == f"UNREACTION ✅ {stage.ben.id}"


async def test_deadline_and_second_answer(stage: Stage) -> None:
    """An answer after 3 s gets 10062, a second one 40060; both are violations."""
    stage.discord.begin_slash(stage.ana, stage.channel, "sample late")
    await stage.discord.slash(stage.ana, stage.channel, "sample twice")
    assert await stage.bot.line("TWICE") == "TWICE 400 40060"
    assert await stage.bot.line("LATE") == "LATE 404 10062"
    assert {violation.code for violation in stage.discord.violations} == {10062, 40060}
    stage.discord.violations.clear()


@pytest.mark.parametrize("how", [429, 502])
async def test_bot_tries_again(stage: Stage, how: int) -> None:
    """discord.py takes the stand-in's 429 and 502 for Discord's, and tries again."""
    stage.discord.fail("POST", "/callback", how)
    answer = await stage.discord.slash(stage.ana, stage.channel, "sample card", title="again")
    assert answer.text.startswith("again")
    *_, first, second = stage.discord.sent("POST", "/callback")
    assert (first.status, first.fault, second.status) == (how, str(how), 200)


@pytest.mark.parametrize("cut", ["dropped", "asked to reconnect"])
async def test_resume(stage: Stage, cut: str) -> None:
    """A dropped connection and op 7 both end in a resume that replays what was missed."""
    card = await stage.card()
    before, resumed = len(stage.bot.lines), stage.discord.gateway.resumed
    if cut == "dropped":
        stage.discord.gateway.drop()
    else:
        stage.discord.gateway.operate(Op.RECONNECT)
    await stage.discord.react(stage.ana, card, "✅")
    await stage.bot.line("RESUMED", after=before)
    assert await stage.bot.line("REACTION ✅", after=before) == "REACTION ✅ ana"
    assert stage.discord.gateway.resumed == resumed + 1


@pytest.mark.long
async def test_missed_for_good(stage: Stage) -> None:
    """What happens while the gateway is away is never told; the bot logs in afresh."""
    card = await stage.card()
    before = len(stage.bot.lines)
    async with stage.discord.away():
        await stage.discord.react(stage.ana, card, "💤")
    await stage.bot.line("READY", after=before, within=30)
    assert not any("💤" in line for line in stage.bot.lines[before:])


async def test_sigterm_ends_it() -> None:
    """A process says where it stands, weighs something and ends with its signal."""
    async with DiscordStandIn() as discord, sample_bot(discord) as bot:
        await bot.line("SYNCED")
        await discord.connected()
        assert 10 * 2**20 < bot.rss() < 500 * 2**20
        assert await bot.terminate() == -signal.SIGTERM


async def test_process_that_fails() -> None:
    """Waiting for a line of a process that ended, or says nothing, raises with what it said."""
    script = "import sys, time; print('out'); sys.stderr.write('err'); sys.stdout.flush(); {}"
    async with ChildProcess(sys.executable, "-c", script.format("sys.exit(3)")) as process:
        with pytest.raises(ProcessEnded, match=r"(?s)ended with 3 .*(out|err)"):
            await process.line("never")
        assert (await process.wait(), process.stdout, process.stderr) == (3, ["out"], ["err"])
    async with ChildProcess(sys.executable, "-c", script.format("time.sleep(60)")) as process:
        await process.line("out")
        with pytest.raises(ProcessEnded, match="said no 'more'"):
            await process.line("more", within=0.1)
        assert await process.kill() == -signal.SIGKILL
