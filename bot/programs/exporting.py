"""`export`: the list for people, for reference managers and for scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.composition import open_core
from bot.programs.fields import paper_fields
from bot.services.exporting import Exporting, Format
from bot.services.reading import Reading
from bot.services.reading_list import ReadingList

if TYPE_CHECKING:
    from bot.composition import Core
    from bot.config import Settings
    from bot.services.ports import Clock

_FILES = {"bibtex": Format.BIB, "csl-json": Format.JSON, "csv": Format.CSV}


async def export(settings: Settings, clock: Clock, file_format: str) -> bytes:
    """The whole list, of a new database the shipped one.

    `markdown`: the list's own bytes. `bibtex`, `csl-json`, `csv`: as /papers export has them, but
    for the mark at the beginning of a CSV file that is for Excel. `json`: one object of `papers`,
    whose fields are those of a search.
    """
    async with open_core(settings, clock, command="export") as core:
        if file_format == "markdown":
            document = await core.listing.document()
            return document.content if document else b""
        exporting = _exporting(core)
        chosen = await exporting.listed()
        if file_format == "json":
            papers = [paper_fields(one.shown.paper, one.shown.entry) for one in chosen]
            return f"{json.dumps({'papers': papers}, ensure_ascii=False)}\n".encode()
        content, _, _ = await exporting.written(chosen, _FILES[file_format])
        return content


def _exporting(core: Core) -> Exporting:
    reading = Reading(database=core.database, search=core.search)
    own = ReadingList(database=core.database, reading=reading, clock=core.clock)
    return Exporting(database=core.database, search=core.search, reading_list=own, clock=core.clock)
