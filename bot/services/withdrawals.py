"""What becomes of a paper that arXiv withdraws or deletes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.models import PaperId


async def withdraw(connection: AsyncConnection, ids: Collection[PaperId], now: datetime) -> None:
    """These papers, known by any id, are withdrawn; within a transaction, as often as one likes."""
