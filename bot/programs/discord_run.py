"""`run`: the bot on Discord, with its schedule, until SIGTERM."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.assembly import make_harvesting, open_bot
from bot.chat import checks
from bot.chat.client import PaperBot
from bot.composition import open_core
from bot.domain.errors import UserError
from bot.domain.intake import catch_up_is_due
from bot.domain.sentences import sentence
from bot.logs import configure
from bot.programs import heartbeat, memory
from bot.programs.discord_messages import make_messages
from bot.programs.discord_upkeep import make_upkeep
from bot.programs.doctor import maintainers, review_channel, wanted_channels
from bot.schedule import Jobs, Schedule, finish
from bot.services.pauses import Pauses
from bot.services.reminder import Reminder
from storage.errors import StorageError
from storage.settings import Settings as Remembering
from storage.watermarks import Watermarks

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.assembly import Bot
    from bot.config import Settings
    from bot.services.ports import Clock, Reaction
    from storage.database import Database

AGAIN = (3.0, 10.0)
"""Seconds until what Discord did not answer is tried again, before it is left to the minute."""

PATIENCE = 3.0
"""Seconds that running work gets to finish when the bot is told to stop."""

log = structlog.get_logger()


async def run(settings: Settings, clock: Clock) -> None:
    """Run until told to stop. Raises UserError or StorageError where the bot cannot start."""
    memory.settle()
    token = settings.discord.read_token().get_secret_value()
    configure(token=token)
    async with (
        open_core(settings, clock, command="run", must_lead=True) as core,
        open_bot(core, by_person=False) as bot,
    ):
        await Service(bot).run(token)


class Service:
    """The running bot: Discord on one side, the schedule on the other, the use cases between."""

    def __init__(self, bot: Bot) -> None:
        settings, core = bot.core.settings, bot.core
        self._bot = bot
        self._clock = core.clock
        self._background: set[asyncio.Task[object]] = set()
        self._trying_again = False
        self._client = PaperBot(
            commands=bot.commands,
            guild_id=settings.discord.guild,
            api_url=settings.discord.api_url,
            gateway_url=settings.discord.gateway_url,
            remembered=Remembered(core.database),
            listener=self,
        )
        self._pauses = Pauses(core.clock)
        self._messages = make_messages(bot, self._client, self._pauses)
        self._cards = self._messages.cards
        self._reminder = Reminder(database=core.database, clock=core.clock)
        self._upkeep = make_upkeep(bot)
        self._harvesting = make_harvesting(bot, done=self._follow)
        self._schedule = Schedule(self._jobs())

    async def run(self, token: str) -> None:
        """Serve until SIGTERM or SIGINT, then finish what runs."""
        self._bot.changes.follow = self._follow_soon
        self._bot.changes.post_again = self._post_again
        self._bot.review_channel.on_chosen = self.permitted
        await self._beat()
        await self._bot.changes.publish()
        self._in_background(self._index())
        try:
            await self._client.serve(token)
        finally:
            await self.stopping()
        log.info("stopped")

    async def stopping(self) -> None:
        """Let what runs finish while Discord can still be reached."""
        self._harvesting.close()
        self._bot.training.close()
        await self._schedule.stop(PATIENCE)
        await finish(self._background, PATIENCE)

    def _jobs(self) -> Jobs:
        return Jobs(
            harvest=self._harvesting.run,
            harvest_times=self._bot.core.settings.schedule.harvest,
            every_minute=self._tick,
            heartbeat=self._beat,
        )

    async def connected(self) -> None:
        """Discord is there: keep time, read what was missed, bring both sides in line."""
        if not self._schedule.running:
            self._schedule.start()
            self._in_background(self._catch_up())
            self._in_background(self._say_what_is_missing())
        await _logged(self._cards.recover())
        await self._tick()

    async def reacted(self, channel_id: int, message_id: int, reaction: Reaction) -> None:
        """Let a maintainer's reaction decide."""
        await _logged(self._cards.reactions.react(channel_id, message_id, reaction))

    async def unreacted(self, channel_id: int, message_id: int, member_id: int, emoji: str) -> None:
        """Let a maintainer take the own vote back."""
        await _logged(self._cards.reactions.unreact(channel_id, message_id, member_id, emoji))

    async def _follow_soon(self) -> None:
        """Let cards and index follow without making whoever decided wait for either."""
        self._in_background(self._follow())
        self._in_background(self._index())

    async def _follow(self) -> None:
        if not await self._cards.follow() and not self._trying_again:
            self._in_background(self._try_again())
        await self._messages.notices.run()

    async def permitted(self) -> None:
        """Somebody has seen to the channel or its permissions: it may be in reach again."""
        self._pauses.forget()
        await self._follow_soon()

    async def _post_again(self, candidate_id: int) -> str:
        """Put up a card that was deleted by hand."""
        if not await self._cards.repost(candidate_id):
            return sentence("Its card stands in the review channel still.")
        await self._follow_soon()
        return sentence("Its card is put up again as soon as the channel takes it.")

    async def _try_again(self) -> None:
        """Discord did not answer: that is often over long before the next minute."""
        self._trying_again = True
        try:
            for pause in AGAIN:
                await self._clock.sleep(pause)
                if await self._cards.follow():
                    return
        finally:
            self._trying_again = False

    async def _tick(self) -> None:
        """What is done every minute; what fails does not keep off the rest."""
        await _logged(self._bot.changes.publish())
        await _logged(self._bot.review.wake())
        await _logged(self._reminder.run())
        await _logged(self._follow())
        await _logged(self._messages.digests.run())
        await _logged(self._messages.corrections.run())
        await _logged(self._messages.outcomes.run())
        for work in self._upkeep:
            self._in_background(work())

    async def _catch_up(self) -> None:
        """Harvest at once where a scheduled pass was missed, or else finish the last one."""
        settings = self._bot.core.settings
        complete = await self._bot.core.database.read(
            lambda c: Watermarks(c).last_complete(settings.arxiv.sets)
        )
        if catch_up_is_due(complete, settings.schedule.harvest, self._clock.now()):
            await self._harvesting.run()
        else:
            await self._harvesting.go_on()

    async def _say_what_is_missing(self) -> None:
        """Name in the log what will fail later: permissions, channels, maintainers."""
        settings = self._bot.core.settings
        wanted = await wanted_channels(self._bot.core)
        found = await checks.check(self._client, guild_id=settings.discord.guild, channels=wanted)
        for finding in (maintainers(settings), review_channel(wanted), *found):
            if not finding.ok:
                log.warning(finding.sentence, check=finding.name)

    async def _index(self) -> None:
        await self._bot.core.index.refresh(self._bot.core.database)

    async def _beat(self) -> None:
        data = self._bot.core.settings.database.data
        await asyncio.to_thread(heartbeat.beat, data, self._clock.now())

    def _in_background(self, work: Coroutine[object, object, None]) -> None:
        task: asyncio.Task[object] = asyncio.create_task(_logged(work))
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def _logged(work: Coroutine[object, object, None]) -> None:
    try:
        await work
    except (UserError, StorageError) as error:
        log.warning("left for later", reason=str(error))
    except Exception:
        # The job boundary of what runs beside the schedule.
        log.exception("background work failed")


class Remembered:
    """What the Discord face remembers from one run to the next."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> str | None:
        """The value under a key."""
        return await self._database.read(lambda c: Remembering(c).get(key))

    async def put(self, key: str, value: str) -> None:
        """Keep a value."""
        await self._database.write(lambda c: Remembering(c).put(key, value))
