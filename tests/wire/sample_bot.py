"""An ordinary small discord.py bot; only Discord's two addresses differ. Run with `python -m`."""

from __future__ import annotations

import asyncio
import os

import discord
import yarl
from discord import app_commands

LATE_SECONDS = 3.3


class Vote(discord.ui.View):
    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Vote", custom_id="vote")
    async def vote(self, press: discord.Interaction, _: discord.ui.Button[Vote]) -> None:
        await press.response.edit_message(content=f"voted by {press.user.name}", view=self)

    @discord.ui.button(label="Later", custom_id="later")
    async def later(self, press: discord.Interaction, _: discord.ui.Button[Vote]) -> None:
        await press.response.defer()
        await press.edit_original_response(content="edited later")

    @discord.ui.button(label="Why", custom_id="why")
    async def why(self, press: discord.Interaction, _: discord.ui.Button[Vote]) -> None:
        await press.response.send_modal(Why())

    @discord.ui.select(
        custom_id="section",
        options=[
            discord.SelectOption(label=name, value=name.lower()) for name in ("Data", "Models")
        ],
    )
    async def section(self, press: discord.Interaction, menu: discord.ui.Select[Vote]) -> None:
        await press.response.send_message(f"chose {menu.values[0]}", ephemeral=True)


class Why(discord.ui.Modal, title="Why?"):
    reason: discord.ui.TextInput[Why] = discord.ui.TextInput(label="Reason", custom_id="reason")

    async def on_submit(self, press: discord.Interaction) -> None:
        await press.response.send_message(f"because {self.reason.value}", ephemeral=True)


sample = app_commands.Group(name="sample", description="Commands of the sample bot")


@sample.command(name="card", description="An embed with controls")
async def card(ask: discord.Interaction, title: str, who: discord.Member | None = None) -> None:
    """Answer with an embed, buttons and a menu."""
    embed = discord.Embed(title=title, url="https://arxiv.org/abs/2409.08239")
    embed.add_field(name="by", value=who.name if who else "nobody")
    await ask.response.send_message(embed=embed, view=Vote())


@sample.command(name="slow", description="Defers, then answers")
async def slow(ask: discord.Interaction) -> None:
    """Answer after `thinking…`, then once more."""
    await ask.response.defer(thinking=True, ephemeral=True)
    await ask.followup.send("done")
    await ask.followup.send("and more", ephemeral=True)


@sample.command(name="late", description="Answers after the deadline")
async def late(ask: discord.Interaction) -> None:
    """Miss the deadline of 3 s."""
    await asyncio.sleep(LATE_SECONDS)
    await _try("LATE", ask.response.send_message("late"))


@sample.command(name="twice", description="Answers twice")
async def twice(ask: discord.Interaction) -> None:
    """Answer a second time, past what discord.py forbids itself."""
    await ask.response.send_message("once")
    ask.response._response_type = None
    await _try("TWICE", ask.response.send_message("twice"))


@sample.command(name="find", description="Completes")
async def find(ask: discord.Interaction, query: str) -> None:
    """Answer with a file."""
    file = discord.File(os.devnull, "found.txt")
    await ask.response.send_message(f"found {query}", file=file)


@find.autocomplete("query")
async def completions(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer three choices."""
    return [app_commands.Choice(name=f"{typed}-{n}", value=str(n)) for n in range(3)]


@app_commands.context_menu(name="Length")
async def length(ask: discord.Interaction, message: discord.Message) -> None:
    """Answer about the chosen message."""
    await ask.response.send_message(f"{message.author.name} wrote {message.id}", ephemeral=True)


class Sample(discord.Client):
    """Says on its output what happens to it."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_reactions=True))
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        self.add_view(Vote())
        self.tree.add_command(sample)
        self.tree.add_command(length)
        say("SYNCED", len(await self.tree.sync()))

    async def on_ready(self) -> None:
        say("READY", self.user, [guild.name for guild in self.guilds])

    async def on_resumed(self) -> None:
        say("RESUMED")

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        say("REACTION", event.emoji, event.member.name if event.member else event.user_id)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        say("UNREACTION", event.emoji, event.user_id)


async def _try(name: str, sending: object) -> None:
    try:
        await sending  # type: ignore[misc]  # every response is awaitable
    except discord.HTTPException as error:
        say(name, error.status, error.code)


def say(*words: object) -> None:
    """Write a line a test can wait for."""
    print(*words, flush=True)


if __name__ == "__main__":
    discord.http.Route.BASE = os.environ["DISCORD_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY"])
    Sample().run(os.environ["DISCORD_TOKEN"], log_level=30)
