"""Many weak finds are turned down at once."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.errors import NotAllowed
from bot.services import deciding
from bot.services.case import Order, open_case
from storage.history import WAITING, History
from storage.models import Action, CandidateState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.review import Rules
    from bot.services.ports import Clock
    from storage.database import Database
    from storage.history import Weak
    from storage.models import Member, Via

AT_ONCE = 20
"""Rejections in one transaction: others get their turn between."""

_SWEPT = re.compile(r"below \S+ in a sweep")


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
        return await self._database.read(lambda c: History(c).unasked_below(score, up_to))

    async def carry_out(
        self, member: Member, via: Via, score: float, candidates: Sequence[int]
    ) -> int:
        """Turn these down as far as they wait still; how many that were.

        Raises:
            NotAllowed: the member is no maintainer.
        """
        if not self._rules.is_maintainer(member):
            raise NotAllowed("Only maintainers decide. You can suggest papers with /papers submit.")
        order = Order(Action.REJECT, member, via, reason=reason_of(score))
        rejected = 0
        for start in range(0, len(candidates), AT_ONCE):
            some = candidates[start : start + AT_ONCE]
            work = partial(self._reject, order=order, candidates=some)
            rejected += await self._database.write(work)
        if rejected:
            await self._done()
        return rejected

    async def _reject(
        self, connection: AsyncConnection, order: Order, candidates: Sequence[int]
    ) -> int:
        rejected = 0
        for number in candidates:
            case = await open_case(connection, number, self._rules, self._clock.now())
            if case.candidate.state in WAITING:
                outcome = await deciding.vote(case, [order])
                rejected += outcome.candidate.state is CandidateState.REJECTED
        return rejected
