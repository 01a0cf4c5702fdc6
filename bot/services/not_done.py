"""What maintainers are told of reactions that did nothing: these cannot be answered in private."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.notices import Notices

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Database

KIND = "not done"
"""Kind of these notices."""


async def say(database: Database, subject: str, text: str, now: datetime) -> None:
    """Have `text` said in the review channel, once about each subject."""
    await database.write(lambda c: Notices(c).add(KIND, subject, text, now))
