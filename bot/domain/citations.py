"""The list's own style of citation: GB/T 7714 as Google Scholar writes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.identify import submitted_month
from bot.domain.list_words import is_venue
from bot.domain.names import author_from_name, cited_name, is_cjk, is_group, is_particle
from storage.models import Author

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.models import Paper

__all__ = [
    "Citation",
    "author_from_name",
    "list_citation",
    "looks_like_names",
    "named",
    "names_in",
    "parse_citation",
    "publication_year",
    "short_authors",
]

_SHOWN = 3


class Citation(NamedTuple):
    """What a citation says: the authors before `et al.`, the title, the year if it gives one."""

    authors: tuple[Author, ...]
    title: str
    year: int | None


def list_citation(paper: Paper) -> str:
    """`Gan Z, Liu Y. Title[J]. arXiv preprint arXiv:2410.01720, 2024.`; from four on `et al.`."""
    names = [cited_name(author) for author in paper.authors if author.family.strip()]
    authors = ", ".join([*names[:_SHOWN], *(["et al."] if len(names) > _SHOWN else [])])
    lead = f"{authors.rstrip('.')}. " if authors else ""
    year = publication_year(paper)
    source = _source(paper)
    return f"{lead}{' '.join(paper.title.split())}{source}{f', {year}' if year else ''}."


def publication_year(paper: Paper) -> int | None:
    """The year of the first version: as the source gives it, else as the id says."""
    if paper.published:
        return paper.published.year
    anthology = re.match(r"acl:(?:((?:19|20)\d\d)\.|[A-Z](\d\d)-)", paper.id)
    if anthology and anthology[1]:
        return int(anthology[1])
    if anthology:
        short = int(anthology[2])
        return short + (1900 if short > 60 else 2000)
    month = submitted_month(paper.id)
    return month[0] if month else None


def _source(paper: Paper) -> str:
    scheme, _, value = paper.id.partition(":")
    match scheme:
        case "arXiv":
            return f"[J]. arXiv preprint {paper.id}"
        case "acl":
            return f"[C]. ACL Anthology {value}"
        case "openreview":
            return f"[C]. OpenReview {value}"
        case "doi":
            return f"[J]. {paper.id}"
        case _:
            return "[EB/OL]"


def short_authors(authors: Sequence[Author], limit: int = _SHOWN) -> str:
    """`Lupidi, Gemmell, Cancedda et al.`: at most `limit` family names."""
    names = [
        author.family + author.given if is_cjk(author.family) else author.family
        for author in authors[:limit]
    ]
    shown = ", ".join(names)
    return f"{shown} et al." if len(authors) > limit else shown


_KIND = re.compile(r"\[(?:J|C|M|D|R|N|EB|DB|CP)(?:/OL)?\]")
_YEAR = re.compile(r"(?<![\d.:/-])(?:19|20)\d\d(?![\d.]\d|\d)")
_DATED = re.compile(r"[.,]?\s+\(?((?:19|20)\d\d)[a-z]?\)?\.\s+")
_QUOTED = re.compile(r"[\"“]([^\"“”]{8,})[\"”]")
_TITLE_END = re.compile(
    r"\.\s+(?:In\s|arXiv|ArXiv|CoRR|Preprint|Proceedings|Transactions|Journal|Advances|ACM|IEEE|$)"
)
_NUMBER = re.compile(r"^(?:\[\d{1,4}\]|\d{1,4}[.)])\s*")
# MLA's `He, Kaiming, et al.`
_LONE = re.compile(r"([^\s,]{1,40}), ([^,]{1,60}),? et al\.?,?")
_OTHERS = re.compile(
    r",? ?(?:\band )?(?:\bet al\b\.?|\.\.\.(?: \d+ hidden \.\.\.)?|…|\band (?:\d+ )?others\b),?",
    re.IGNORECASE,
)
_ET_AL = re.compile(r"(?<=\bet al)\b\.?")
_CITED = re.compile(r"[^\W\d_][\w'’ʼ`.\- ]{0,60}?\s(?:[^\W\d_a-z][\u0300-\u036f]?[ .\-]{0,2}){1,5}")


def parse_citation(text: str) -> Citation | None:
    """Authors, title and year of a citation in one of the usual styles, or None if it is none.

    Known: this list's, ACL's (`Authors. 2024. Title. In …`), APA's (`(2024).`), quoted titles.
    """
    text = _NUMBER.sub("", " ".join(text.split())[:4_000])
    for read in (_national, _dated, _quoted):
        if citation := read(text):
            return citation
    return None


def _national(text: str) -> Citation | None:
    kind = _KIND.search(text)
    if kind is None:
        return None
    before, after = text[: kind.start()].strip(), text[kind.end() :]
    years = _YEAR.findall(after)
    for stop in re.finditer(r"\.\s+", before[:600]):
        if authors := _cited_authors(before[: stop.start()]):
            before = before[stop.end() :]
            break
    else:
        authors = ()
    return Citation(authors, before.strip(), int(years[-1]) if years else None) if before else None


def _cited_authors(text: str) -> tuple[Author, ...]:
    """Authors as `Tan Z, Beigi A, et al` or nothing where the text cannot be a list of them."""
    names = [name.strip() for name in text.split(",")]
    others = re.fullmatch(r"(?:et al\.?|等|and others)", names[-1]) is not None
    names = names[:-1] if others else names
    if not names or not all(_is_cited(name) for name in names):
        lone = (
            len(names) == 1
            and (others or " " not in names[0])
            and re.fullmatch(r"[\w'’\-]+", names[0])
        )
        return (Author(names[0]),) if lone else ()
    return tuple(_cited_author(name) for name in names)


def _is_cited(name: str) -> bool:
    short_cjk = is_cjk(name) and len(name) <= 12
    return short_cjk or _CITED.fullmatch(name) is not None or (is_group(name) and len(name) < 80)


def _cited_author(name: str) -> Author:
    if is_cjk(name) or (is_group(name) and not _CITED.fullmatch(name)):
        return Author(name)
    words = name.split()
    start = len(words)
    while start > 1 and re.fullmatch(
        r"(?:[^\W\d_a-z][\u0300-\u036f]?[.\-]*){1,3}", words[start - 1]
    ):
        start -= 1
    return Author(" ".join(words[:start]), " ".join(words[start:]))


def _dated(text: str) -> Citation | None:
    """ACL and APA: names, the year, the title up to its full stop."""
    date = _DATED.search(text)
    if date is None or date.start() == 0:
        return None
    title = text[date.end() :]
    end = _TITLE_END.search(title) or re.search(r"\.\s|\.$", title)
    title = title[: end.start()] if end else title
    return (
        Citation(names_in(text[: date.start()]), title.strip(), int(date[1]))
        if title.strip()
        else None
    )


def _quoted(text: str) -> Citation | None:
    """MLA and IEEE: names, the title in quotation marks, the rest."""
    quoted = _QUOTED.search(text)
    if quoted is None or not text[: quoted.start()].strip():
        return None
    years = _YEAR.findall(text[quoted.end() :])
    title = quoted[1].strip().rstrip(",.")
    year = int(years[-1]) if years else None
    names = text[: quoted.start()]
    told = year or looks_like_names(names)
    lone = _LONE.fullmatch(names.strip())
    authors = (Author(lone[1], lone[2].strip()),) if lone else names_in(names)
    return Citation(authors, title, year) if title and told else None


def names_in(text: str) -> tuple[Author, ...]:
    """The authors in `A B, C D, and E F` or `Family, Given and Family, Given`, without `et al.`."""
    text = _OTHERS.sub(";", " ".join(text.split()).strip(" .,;:*_"))
    people = [part for part in re.split(r" ?,? (?:and|&) | ?; ?", text) if part]
    joined = re.search(r" (?:and|&) ", text) is not None
    inverted = joined and all(person.count(",") == 1 for person in people)
    if not inverted:
        people = _paired([name.strip() for person in people for name in person.split(",")])
    return tuple(author_from_name(name) for name in people if re.search(r"[^\W\d_]", name))


_INITIALS = re.compile(
    r"(?:[^\W\d_a-z][\u0300-\u036f]?\.[ \-]?){0,4}[^\W\d_a-z][\u0300-\u036f]?\.?"
)


def _paired(parts: list[str]) -> list[str]:
    """Names whose given part stands after a comma, put together again.

    APA has all so (`Smith, J., Doe, A. B.`), MLA the first (`Hinton, Geoffrey E., Simon Osindero`).
    """
    parts = [part for part in parts if part]
    if len(parts) % 2 == 0 and parts and all(_INITIALS.fullmatch(part) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    mla = len(parts) > 2 and " " in parts[2]
    if mla and " " not in parts[0] and not is_group(parts[0]) and not is_cjk(parts[0]):
        return [f"{parts[0]}, {parts[1]}", *parts[2:]]
    return parts


def named(row: str) -> tuple[Author, ...]:
    """The authors in a row of names that an entry has, as far as `et al.`."""
    return names_in(_ET_AL.split(row, maxsplit=1)[0])


def looks_like_names(text: str) -> bool:
    """Whether a text is a row of names (`Zeyu Gan, Yong Liu.`) and no sentence.

    What stands behind `et al.` does not count: lists put the venue there.
    """
    text = re.sub(r"\([^()]*\)", " ", _ET_AL.split(text, maxsplit=1)[0])
    names = [
        name.split()
        for name in re.split(r",|;|&|\band\b|\bet al\b\.?|\.\.\.", " ".join(text.split()))
    ]
    names = [name for name in names if name]
    if re.search(r"\b(?:19|20)\d\d\b", text) or all(is_venue(w) for name in names for w in name):
        return False
    if not names or any(len(name) > 6 for name in names) or (len(names) == 1 and len(names[0]) > 4):
        return False
    told = [word for name in names for word in name if re.search(r"[^\W\d_]", word)]
    return bool(told) and all(not word[0].islower() or is_particle(word) for word in told)
