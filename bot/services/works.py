"""Papers and entries → works to cite: their LaTeX read, each under the key it keeps for ever."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import tex
from bot.domain.works import Work, wanted_key, year_of
from bot.services.plain_text import plain
from storage.citation_keys import CitationKeys
from storage.listing import key_of
from storage.models import Author

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.services.shown import Shown
    from storage.database import Database

_GREEK = "alpha|beta|gamma|delta|epsilon|eta|theta|kappa|lambda|mu|nu|pi|rho|sigma|tau|phi|chi|psi"
_LATEX = re.compile(
    r"(?<=\w)\{[À-ɏ]\}|\{[À-ɏ]\}(?=\w)|"  # a letter whose accent was read already, in its braces
    r"\\(?:[\"'`^~=.]\s*\{?\\?[A-Za-z]|[cvuHkrbdt]\s*\{|[&%$#_{}]|[A-Za-z]+\s*\{"
    rf"|(?:ss|o|O|l|L|ae|AE|oe|OE|aa|AA|i|j|omega|{_GREEK})(?![A-Za-z]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be cited, and when the member who asks has read it, if that is of interest."""

    shown: Shown
    read_at: datetime | None = None


async def keys_of(database: Database, shown: Sequence[Shown]) -> dict[str, str]:
    """The BibTeX key of each, by its own key; whatever has none yet gets one now.

    An entry that was cited before anybody knew its paper keeps the key it had.
    """
    asked = {name for one in shown for name in _names(one)}
    known = await database.read(lambda c: CitationKeys(c).known(asked))
    given = {one.key: known[name] for one in shown for name in _names(one) if name in known}
    new = [one for one in shown if one.key not in given]
    if not new:
        return given
    wanted = await asyncio.to_thread(lambda: {one.key: _wanted(one) for one in new})
    return given | await database.write(lambda c: CitationKeys(c).allocate(wanted))


def _names(shown: Shown) -> tuple[str, ...]:
    """What a work may have got its key under; its own name is last, since it counts most."""
    return (*((key_of(shown.entry.id, None),) if shown.entry else ()), shown.key)


def _wanted(shown: Shown) -> str:
    year = year_of(shown.paper, shown.entry)
    return wanted_key(readable(shown.title), _authors(shown), year, shown.key)


def work_of(chosen: Chosen, keys: Mapping[str, str]) -> Work:
    """The work, under its key among `keys`. A millisecond or so: many belong into a thread."""
    shown = chosen.shown
    paper = shown.paper
    return Work(
        key=keys[shown.key],
        title=readable(shown.title),
        written_title=with_maths(shown.title),
        authors=_authors(shown),
        paper=paper,
        entry=shown.entry,
        url=shown.url,
        abstract=readable(paper.abstract) if paper else "",
        comment=readable(paper.comment) if paper else "",
        links=shown.links,
        read_at=chosen.read_at,
        others=_has_others(shown),
    )


def _authors(shown: Shown) -> tuple[Author, ...]:
    told = shown.paper.authors if shown.paper else ()
    told = told or (shown.entry.authors if shown.entry else ())
    return tuple(Author(readable(one.family), readable(one.given)) for one in told)


def _has_others(shown: Shown) -> bool:
    """Whether all that is known of the authors is what an entry says before `et al.`."""
    entry = shown.entry
    if entry is None or (shown.paper and len(shown.paper.authors) > len(entry.authors)):
        return False
    return re.search(r"\bet al\b", entry.markdown, re.IGNORECASE) is not None


def readable(text: str) -> str:
    """Text on one line, its LaTeX read where it has some; braces and slashes alone are text."""
    latex = _LATEX.search(text) or tex.maths_spans(text)
    return tex.one_line(plain(text) if latex else text)


def with_maths(text: str) -> str:
    """The same with its formulas as they are, between dollar signs."""
    text = tex.one_line(text)
    pieces: list[str] = []
    start = 0
    for begin, end in tex.maths_spans(text):
        pieces += [_around(text[start:begin]), text[begin:end]]
        start = end
    return "".join([*pieces, _around(text[start:])])


def _around(text: str) -> str:
    """What stands beside a formula, read, the blanks at its ends kept."""
    core = text.strip()
    before, _, after = text.partition(core) if core else (text, "", "")
    return f"{before}{readable(core)}{after}"
