"""Many weak finds are turned down at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.models import Action, Verdict
from storage.sweeps import Sweeps

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.review import Rules
    from bot.services.ports import Clock
    from storage.database import Database
    from storage.models import Member, Via
    from storage.sweeps import Weak

_SWEPT = re.compile(r"below \S+ in a sweep")
LIKE_SWEPT = "below % in a sweep"
"""The reasons of sweeps as a pattern of the database."""


def reason_of(score: float) -> str:
    """Why a sweep turned a paper down."""
    return f"below {score:g} in a sweep"


def was_swept(reason: str) -> bool:
    """Whether that was the reason of a sweep."""
    return _SWEPT.fullmatch(reason) is not None


class SweepService:
    """Finds what waits below a score and turns it down. `done` is called once, at the end."""

    def __init__(
        self,
        *,
        database: Database,
        rules: Rules,
        clock: Clock,
        done: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._rules = rules
        self._clock = clock
        self._done = done

    async def look(self, score: float, up_to: int | None = None) -> tuple[Weak, ...]:
        """What the harvest found and waits below `score`, the best first; `up_to` an id.

        What a member suggested, or somebody approved once, is not among them.
        """
        return await self._database.read(lambda c: Sweeps(c).below(score, up_to))

    async def carry_out(
        self, member: Member, via: Via, score: float, candidates: Collection[int]
    ) -> int:
        """Turn these down as far as they wait still, all in one moment; how many that were.

        Raises:
            NotAllowed: the member is no maintainer.
        """
        self._rules.require(member)
        wanted, now = set(candidates), self._clock.now()
        verdict = Verdict(
            0, Action.REJECT, member.id, member.name, now, via, reason=reason_of(score)
        )

        async def work(connection: AsyncConnection) -> int:
            sweeps = Sweeps(connection)
            ids = [one.candidate for one in await sweeps.below(score) if one.candidate in wanted]
            await sweeps.reject(ids, verdict)
            return len(ids)

        rejected = await self._database.write(work)
        if rejected:
            await self._done()
        return rejected
