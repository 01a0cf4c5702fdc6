"""All that /papers does, put together from the use cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.commands.finding import FindingCommands
from bot.commands.keeping_definitions import KeepingGroup
from bot.commands.list_stats import StatsCommands
from bot.commands.newest import NewestCommands
from bot.commands.papers import PapersCommands
from bot.services.list_figures import ListFigures
from bot.services.news import News
from bot.services.parcels import Parcels

if TYPE_CHECKING:
    from bot.services.ports import Clock
    from bot.services.reading import Reading
    from bot.services.search import Search
    from bot.services.submit import Submissions
    from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersServices:
    """What stands behind /papers."""

    database: Database
    clock: Clock
    search: Search
    reading: Reading
    submissions: Submissions


class PapersGroup:
    """The commands of /papers by what they are about."""

    def __init__(self, of: PapersServices) -> None:
        database, clock = of.database, of.clock
        parcels = Parcels(database=database, clock=clock)
        self.papers = PapersCommands(
            reading=of.reading, submissions=of.submissions, parcels=parcels
        )
        self.finding = FindingCommands(
            search=of.search, reading=of.reading, parcels=parcels, clock=clock
        )
        self.newest = NewestCommands(news=News(database=database, clock=clock))
        self.stats = StatsCommands(figures=ListFigures(database=database, clock=clock))
        self.keeping = KeepingGroup(
            database=database, clock=clock, search=of.search, reading=of.reading
        )
