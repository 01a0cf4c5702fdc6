"""The list, a part of it or a reading list as a file that other programs read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain import review, spreadsheet
from bot.domain.bibtex import bibtex
from bot.domain.csl import csl, item_text
from bot.domain.list_guard import guarded, safe_url
from bot.domain.list_inline import written
from bot.services.citing import listed
from bot.services.reading import shown_entries
from bot.services.search_request import SearchRequest
from bot.services.shown import Shown
from bot.services.works import Chosen, keys_of, work_of
from storage.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.domain.works import Work
    from bot.services.ports import Clock
    from bot.services.reading_list import ReadingList
    from bot.services.search import Search
    from storage.database import Database

MOST_BYTES = 8 * 1024 * 1024
"""Discord takes 10 MiB without anybody paying, and encodes what is sent."""

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Says that a CSV file is UTF-8: without it Excel takes its letters for others."""

_PAGE = 100
_MOST_FOUND = 5_000


class Format(StrEnum):
    """What kind of file: BibTeX, CSL-JSON, a table, or Markdown as the list is written."""

    BIB = "bib"
    JSON = "json"
    CSV = "csv"
    MD = "md"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported; empty is everything. `saved_by`: that member's reading list."""

    format: Format = Format.BIB
    query: str = ""
    section: str = ""
    saved_by: int | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """A file, how many papers it holds, and how many found no room in it."""

    name: str
    content: bytes
    papers: int
    left_out: int


class Exporting:
    """Makes files of what members and scripts ask for."""

    def __init__(
        self, *, database: Database, search: Search, reading_list: ReadingList, clock: Clock
    ) -> None:
        self._database = database
        self._search = search
        self._reading_list = reading_list
        self._clock = clock

    async def export(self, wanted: Wanted, most: int = MOST_BYTES) -> Exported:
        """The file, of at most so many bytes, in the order of the list or as found.

        Raises NotFound where no section is called so.
        """
        chosen, section = await self._choose(wanted)
        name = f"{_stem(wanted)}-{self._clock.now():%Y-%m-%d}.{wanted.format}"
        if wanted == Wanted(Format.MD):
            document = await self._database.read(lambda c: Catalogue(c).document())
            if document is not None and len(document.content) <= most:
                return Exported(name, document.content, len(chosen), 0)
        content, papers, left_out = await self.written(chosen, wanted.format, most, title=section)
        return Exported(name, content, papers, left_out)

    async def written(
        self, chosen: Sequence[Chosen], file: Format, most: int | None = None, *, title: str = ""
    ) -> tuple[bytes, int, int]:
        """The file, how many of the works are in it, and how many did not fit `most` bytes.

        Without `most` it is for a program rather than for a member, and says nothing to Excel.
        """
        # A paper may stand in two sections, but keys are unique in a file.
        keyed = file in {Format.BIB, Format.JSON}
        works = list({one.shown.key: one for one in chosen}.values()) if keyed else list(chosen)
        keys = await keys_of(self._database, [one.shown for one in works])
        content, count = await asyncio.to_thread(_written, works, keys, file, most, title)
        return content, count, len(works) - count

    async def listed(self, section: str | None = None) -> tuple[Chosen, ...]:
        """All entries, or those of one section, in the order of the list."""

        async def work(connection: AsyncConnection) -> tuple[Shown, ...]:
            return await shown_entries(connection, await Catalogue(connection).entries(section))

        return tuple(map(Chosen, await self._database.read(work)))

    async def _choose(self, wanted: Wanted) -> tuple[tuple[Chosen, ...], str]:
        """What is exported, and the section it was narrowed to."""
        titles = await self._search.sections() if wanted.section else ()
        section = review.choose_section(wanted.section, titles) if wanted.section else ""
        if wanted.saved_by is not None:
            return await self._saved(wanted.saved_by, wanted.query, section), section
        if wanted.query:
            return await self._found(wanted.query, section), section
        return await self.listed(section or None), section

    async def _saved(self, member_id: int, query: str, section: str) -> tuple[Chosen, ...]:
        """What a member saved, unread first, of it what has all words of a query."""
        words = query.casefold().split()
        return tuple(
            Chosen(one.shown, one.saved.read_at)
            for one in await self._reading_list.all(member_id)
            if not one.gone and section in {"", one.shown.section} and _has(one.shown, words)
        )

    async def _found(self, query: str, section: str) -> tuple[Chosen, ...]:
        request = SearchRequest(query, section)
        found: list[Chosen] = []
        for offset in range(0, _MOST_FOUND, _PAGE):
            page = await self._search.search(request, limit=_PAGE, offset=offset)
            found += [Chosen(Shown(one.paper, one.entry)) for one in page.results]
            if offset + _PAGE >= page.total:
                break
        return tuple(found)


def _has(shown: Shown, words: Sequence[str]) -> bool:
    paper = shown.paper
    names = " ".join(f"{one.given} {one.family}" for one in paper.authors) if paper else ""
    text = f"{shown.title} {names} {paper.abstract if paper else ''}".casefold()
    return all(word in text for word in words)


def _stem(wanted: Wanted) -> str:
    if wanted.saved_by is not None:
        return "reading-list"
    return "syndata-papers-search" if wanted.query else "syndata-papers"


def _written(
    chosen: Sequence[Chosen], keys: Mapping[str, str], file: Format, most: int | None, title: str
) -> tuple[bytes, int]:
    head, between, foot = _frame(file, title, for_people=most is not None)
    parts = [head.encode()]
    size, count = len(parts[0]) + len(foot.encode()), 0
    for piece in _pieces(chosen, keys, file):
        part = f"{between if count else ''}{piece}".encode("utf-8", "replace")
        if most is not None and size + len(part) > most:
            break
        parts.append(part)
        size, count = size + len(part), count + 1
    return b"".join([*parts, foot.encode()]), count


def _frame(file: Format, title: str, *, for_people: bool) -> tuple[str, str, str]:
    """What stands before, between and behind the works."""
    match file:
        case Format.JSON:
            return "[\n", ",\n", "\n]\n"
        case Format.CSV:
            return (BOM if for_people else "") + spreadsheet.head(), "", ""
        case Format.MD:
            return (f"## {written(guarded(title))}\n\n" if title else ""), "\n", ""
        case Format.BIB:
            return "", "\n", ""


def _pieces(chosen: Sequence[Chosen], keys: Mapping[str, str], file: Format) -> Iterator[str]:
    write: dict[Format, Callable[[Work], str]] = {
        Format.BIB: lambda work: bibtex(work, full=True),
        Format.JSON: lambda work: item_text(csl(work, full=True)),
        Format.CSV: spreadsheet.row,
        Format.MD: _markdown,
    }
    return (write[file](work_of(one, keys)) for one in chosen)


def _markdown(work: Work) -> str:
    """The entry's own lines, else a new one in the style of the list."""
    if work.entry is not None:
        return work.entry.markdown.rstrip() + "\n"
    page = f" [Paper]({safe_url(work.url)})" if safe_url(work.url) else ""
    return f"- {written(guarded(listed(work)))}{page}\n"
