"""The versions of the ranker, each with the model that was learnt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from storage.models import Ranker, Why
from storage.schema import rankers

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

KEPT = 10
"""Versions that keep their model; older ones are only remembered."""

_RECORD = [rankers.c[name] for name in Ranker.__slots__]


class Rankers:
    """Versions over one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, ranker: Ranker, content: bytes) -> Ranker:
        """Keep a new version with its model; gives it with its id."""
        values = {name: getattr(ranker, name) for name in Ranker.__slots__ if name != "id"}
        statement = insert(rankers).values(**values, content=content).returning(rankers.c.id)
        number = int((await self._connection.execute(statement)).scalar_one())
        await self._forget_old_models()
        return replace(ranker, id=number)

    async def latest(self) -> tuple[Ranker, bytes] | None:
        """The newest version that has its model, or None where none was ever made."""
        kept = select(*_RECORD, rankers.c.content).where(rankers.c.content.is_not(None))
        newest = kept.order_by(rankers.c.id.desc()).limit(1)
        row = (await self._connection.execute(newest)).one_or_none()
        if row is None:
            return None
        values = row._asdict()
        content = values.pop("content")
        return Ranker(**{**values, "why": Why(row.why)}), content

    async def _forget_old_models(self) -> None:
        kept = select(rankers.c.id).order_by(rankers.c.id.desc()).limit(KEPT)
        old = (rankers.c.content.is_not(None), rankers.c.id.not_in(kept))
        await self._connection.execute(update(rankers).where(*old).values(content=None))
