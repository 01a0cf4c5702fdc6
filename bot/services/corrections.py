"""What was undone, moved or edited after a digest went out is put right in the digest."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.domain import digest
from bot.domain.cards import DigestPost
from bot.services.digest import KIND
from bot.services.ports import Unreachable
from bot.services.trouble import Trouble
from storage.catalogue import Catalogue
from storage.digests import Digests
from storage.messages import Messages

if TYPE_CHECKING:
    from bot.services.digest import Editor
    from bot.services.pauses import Pauses
    from bot.services.ports import Announcer, Clock
    from storage.database import Database
    from storage.models import DigestRun, Message

YOUNG = timedelta(days=3)
"""How long a digest follows the list; later nobody reads it any more."""

log = structlog.get_logger()


class Corrections:
    """Edits young digests whose entries have changed; looks only where the list has changed."""

    def __init__(
        self,
        *,
        database: Database,
        announcer: Announcer,
        editor: Editor,
        clock: Clock,
        pauses: Pauses,
    ) -> None:
        self._database = database
        self._announcer = announcer
        self._editor = editor
        self._clock = clock
        self._pauses = pauses
        self._seen = -1
        self._one_at_a_time = asyncio.Lock()
        self._trouble = Trouble("digest not corrected")

    async def run(self) -> None:
        """Put right what can be reached; the rest at a later call."""
        async with self._one_at_a_time:
            revision = await self._database.read(lambda c: Catalogue(c).revision())
            if revision == self._seen:
                return
            since = self._clock.now() - YOUNG
            runs = await self._database.read(lambda c: Digests(c).done_since(since))
            done = [await self._correct(run) for run in runs]
            if all(done):
                self._seen = revision

    async def _correct(self, run: DigestRun) -> bool:
        """Whether all messages of a digest say what the list says."""
        posts = await self._editor.write(digest.Window(run.day, run.since, run.until))
        by_part = {post.part: post for post in posts}
        messages = await self._database.read(lambda c: Messages(c).of_ref(KIND, run.id))
        for message in messages:
            nothing = DigestPost(run.day, (), None, 0, message.part)
            if not await self._bring(message, by_part.get(message.part, nothing)):
                return False
        return True

    async def _bring(self, message: Message, post: DigestPost) -> bool:
        """Whether a message shows `post` now, or never will."""
        mark = digest.content_mark(post)
        if message.message_id is None or message.revision == mark:
            return True
        if not self._pauses.allows(message.channel_id):
            return False
        try:
            await self._announcer.update(message.channel_id, message.message_id, post, message.key)
        except Unreachable as error:
            if not error.gone:
                self._unreachable(message, error)
                return False
        log.info("digest corrected", channel=message.channel_id, message=message.key)
        self._trouble.over(message.channel_id)
        await self._database.write(lambda c: Messages(c).show(message.key, mark))
        return True

    def _unreachable(self, message: Message, error: Unreachable) -> None:
        self._trouble.met(message.channel_id, str(error))
        self._pauses.met(message.channel_id, error)
