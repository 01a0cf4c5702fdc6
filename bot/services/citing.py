"""One paper as a citation, in the style that is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.bibtex import bibtex
from bot.domain.citations import list_citation
from bot.domain.csl import csl, item_text
from bot.services.works import Chosen, keys_of, work_of
from storage.models import Author

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.works import Work
    from bot.services.reading import Reading
    from bot.services.shown import Shown
    from storage.database import Database


class Style(StrEnum):
    """How a paper is cited."""

    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"
    LIST = "list"


ENDINGS = {Style.BIBTEX: "bib", Style.CSL_JSON: "json", Style.LIST: "txt"}
"""The endings of files of each style."""


_AND_OTHERS = Author("et al.")


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation: `text` ends in a line feed; `file` is a name for it."""

    shown: Shown
    work: Work
    style: Style
    text: str

    @property
    def file(self) -> str:
        """`lupidi2024source2synth.bib`."""
        return f"{self.work.key}.{ENDINGS[self.style]}"


class Citing:
    """Cites what a reader names."""

    def __init__(self, *, database: Database, reading: Reading) -> None:
        self._database = database
        self._reading = reading

    async def cite(self, paper: str, style: Style) -> Cited:
        """The paper that a text names, cited. Raises NotFound as Reading.show does."""
        shown = await self._reading.show(paper)
        keys = await keys_of(self._database, [shown])
        # An abstract full of LaTeX takes a tenth of a second to read.
        return await asyncio.to_thread(_cited, shown, keys, style)


def _cited(shown: Shown, keys: Mapping[str, str], style: Style) -> Cited:
    work = work_of(Chosen(shown), keys)
    return Cited(shown, work, style, _text(work, style))


def _text(work: Work, style: Style) -> str:
    match style:
        case Style.BIBTEX:
            return bibtex(work)
        case Style.CSL_JSON:
            # A backtick, escaped as JSON can, never ends a block of Discord's Markdown.
            return f"[{item_text(csl(work))}]\n".replace("`", "\\u0060")
        case Style.LIST:
            return listed(work) + "\n"


def listed(work: Work) -> str:
    """The citation in the style of the list, GB/T 7714, on one line."""
    if work.paper is not None:
        authors = (*work.authors, *((_AND_OTHERS,) if work.others else ()))
        return list_citation(replace(work.paper, title=work.title, authors=authors))
    return " ".join(work.entry.markdown.split()).lstrip("-*+ ") if work.entry else work.title
