"""What is cited and exported: a paper, an entry of the list, or both, under its key."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import citations, identify
from bot.domain.venue import venue

if TYPE_CHECKING:
    from datetime import date, datetime

    from storage.models import Author, Entry, Link, Paper


@dataclass(frozen=True, slots=True)
class Work:
    """All that is told of a work; `paper` or `entry` may be None, not both.

    `title`, the names, `abstract` and `comment` are text that people read; `written_title` is the
    title with its maths as LaTeX (`$…$`), all else of it as text too. `key` is the key in BibTeX;
    `others` says that there are more authors, whom nobody named. `read_at` is None but for what a
    member has read.
    """

    key: str
    title: str
    written_title: str
    authors: tuple[Author, ...]
    paper: Paper | None
    entry: Entry | None
    url: str
    abstract: str = ""
    comment: str = ""
    links: tuple[Link, ...] = ()
    read_at: datetime | None = None
    others: bool = False

    @property
    def id(self) -> str:
        """The paper's primary id, empty where there is no paper."""
        return self.paper.id if self.paper else ""

    @property
    def published(self) -> date | None:
        """The day of the first version, where it is known."""
        return self.paper.published if self.paper else None

    @property
    def year(self) -> int | None:
        """The year in which it appeared where it is known, else of its first version.

        A number counts as a year where it is near the first version's.
        """
        first = year_of(self.paper, self.entry)
        named = _YEAR.findall(self._where)
        return next((int(one) for one in named if first and 0 <= int(one) - first <= 5), first)

    @property
    def month(self) -> int | None:
        """The month of a preprint, by its day or its arXiv id; of what appeared nobody knows it."""
        if self._where or self.paper is None:
            return None
        told = identify.submitted_month(self.paper.id)
        return self.published.month if self.published else told[1] if told else None

    @property
    def _where(self) -> str:
        return f"{self.paper.journal_ref} {venue(self.paper)}".strip() if self.paper else ""

    @property
    def section(self) -> str:
        """The section of the list it stands in."""
        return self.entry.section if self.entry else ""


def year_of(paper: Paper | None, entry: Entry | None) -> int | None:
    """The year of the first version, by the paper, else by the entry."""
    told = citations.publication_year(paper) if paper else None
    return told or (entry.year if entry else None)


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SMALL_WORDS = (
    "a an and are as at be but by can could do does for from how if in into is it its may must no "
    "not of on or our s should so than that the their these this those to toward towards under "
    "upon via was we what when where whether which who why will with within without you your "
    "http https www"
)
_UNTELLING = frozenset(_SMALL_WORDS.split())
_LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i"}
)
_MOST = 30


def wanted_key(title: str, authors: tuple[Author, ...], year: int | None, work: str) -> str:
    """`lupidi2024source2synth`: family name, year and the first telling word of the title.

    Lower-case ASCII letters and digits, a letter first. What is not known or not written in Latin
    letters is left out; where too little is left, `work`, the paper's id, stands in the key.
    """
    family = next((_ascii(author.family) for author in authors if _ascii(author.family)), "")
    words = [word for word in map(_ascii, re.split(r"[^\w'’]+|_", title)) if word]
    telling = next((word for word in words if word not in _UNTELLING), "".join(words[:1]))
    if not (family or telling):
        telling = _ascii(work) or "work"
    key = f"{family[:_MOST]}{year or ''}{telling[:_MOST]}"
    return key if key[0].isalpha() else f"anon{key}"


def _ascii(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(char for char in decomposed if char.isascii() and char.isalnum())
