"""Works → BibTeX that bibtexparser, pybtex, BibTeX and Biber read.

Fields: the `btxdoc` of BibTeX; `eprint`, `archivePrefix` and `primaryClass` as arXiv itself gives
them (info.arxiv.org/help/hypertex/bibstyles). `urldate` and the like are left to the reader.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain import tex
from bot.domain import venue as venues
from bot.domain.names import is_cjk, is_group, is_particle
from storage.models import Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.works import Work
    from storage.models import Author

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PROCEEDINGS = re.compile(
    r"\b(?:proceedings|in proc|conference|workshops?|symposium|findings)\b", re.IGNORECASE
)
_JOURNAL = re.compile(
    r"\b(?:TMLR|JMLR|TACL|TPAMI|IJCV|JAIR|TOIS|TKDE|TNNLS|TASLP|DMLR)\b"
    r"|\b(?:journal|transactions|letters|magazine|computational linguistics)\b",
    re.IGNORECASE,
)
_HONOUR = re.compile(r"[\s(,]*\b(?:oral|spotlight|highlight|poster)\b\)?$", re.IGNORECASE)


def bibtex(work: Work, *, full: bool = False) -> str:
    """One entry with a line feed at its end; `full` tells abstract, comment and section too."""
    fields = dict(_fields(work))
    if full:
        fields |= dict(_further(work))
    lines = [f"  {name} = {value}" for name, value in fields.items() if value not in {"", "{}"}]
    return f"@{kind(work)}{{{work.key},\n" + ",\n".join(lines) + "\n}\n"


def kind(work: Work) -> str:
    """`article`, `inproceedings`, or `misc` where it did not appear anywhere but on the web."""
    name = venue(work)
    if not name or work.paper is None:
        return "misc"
    if _PROCEEDINGS.search(name):
        return "inproceedings"
    if _JOURNAL.search(name):
        return "article"
    reference = work.paper.journal_ref.strip()
    # What authors give as their reference is a journal's, unless it names a conference.
    return "article" if reference and not _names_conference(reference) else "inproceedings"


def _names_conference(reference: str) -> bool:
    return bool(venues.venue(Paper(PaperId(""), "", comment=f"Published in {reference}")))


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{tex.title(work.written_title)}}}"
    yield "author", f"{{{authors(work.authors, others=work.others)}}}"
    yield from _source(work)
    yield "year", f"{{{work.year}}}" if work.year else ""
    if kind(work) == "misc" and work.month:
        yield "month", _MONTHS[work.month - 1]
    if work.paper:
        yield from _eprint(work.paper)
        yield "doi", f"{{{_verbatim(doi(work.paper))}}}"
    yield "url", f"{{{_verbatim(work.url)}}}"


def _source(work: Work) -> Iterator[tuple[str, str]]:
    """Where it appeared."""
    names = {"inproceedings": "booktitle", "article": "journal"}
    if name := names.get(kind(work)):
        yield name, f"{{{tex.escaped(venue(work))}}}"


def venue(work: Work) -> str:
    """The journal or the proceedings, as the record tells, else the id; empty for a preprint."""
    if work.paper is None:
        return ""
    named = _HONOUR.sub("", venues.venue(work.paper))
    told = tex.one_line(work.paper.journal_ref or named)
    scheme, _, value = work.paper.id.partition(":")
    by_id = {"acl": f"ACL Anthology {value}", "openreview": f"OpenReview {value}"}
    return told or by_id.get(scheme, "")


def _eprint(paper: Paper) -> Iterator[tuple[str, str]]:
    if number := arxiv_number(paper):
        yield "eprint", f"{{{number}}}"
        yield "archivePrefix", "{arXiv}"
        yield "primaryClass", f"{{{_verbatim(next(iter(paper.categories), ''))}}}"


def arxiv_number(paper: Paper) -> str:
    """`2402.13446` where the paper is on arXiv, by its id or an alias."""
    return _named(paper, "arXiv")


def doi(paper: Paper) -> str:
    """The publisher's DOI, by the record or else by an id; without `doi:`."""
    return tex.one_line(paper.doi) or _named(paper, "doi")


def _named(paper: Paper, scheme: str) -> str:
    split = (one.partition(":") for one in (paper.id, *paper.aliases))
    return next((value for prefix, _, value in split if prefix == scheme), "")


def _further(work: Work) -> Iterator[tuple[str, str]]:
    yield "abstract", f"{{{tex.escaped(work.abstract)}}}"
    yield "keywords", f"{{{tex.escaped(', '.join(keywords(work)))}}}"
    yield "note", f"{{{tex.escaped(note(work))}}}"


def keywords(work: Work) -> list[str]:
    """The categories at arXiv and the section of the list."""
    section = [work.section] if work.section else []
    return [*(work.paper.categories if work.paper else ()), *section]


def note(work: Work) -> str:
    """The comment, other ids and links, parted by `; `."""
    others = [one for one in (work.paper.aliases if work.paper else ()) if not _is_told(one)]
    links = [f"{link.label}: {link.url}" for link in work.links if link.url != work.url]
    return "; ".join(part for part in (work.comment, *others, *links) if part)


def _is_told(paper_id: str) -> bool:
    """Whether an alias stands in a field of its own."""
    return paper_id.startswith(("arXiv:", "doi:"))


def authors(people: tuple[Author, ...], *, others: bool = False) -> str:
    """`Family, Given and {Gemini Team} and {张三}`, without empty names; `others` for `et al.`."""
    names = [name for name in map(_name, people) if name]
    return " and ".join([*names, *(["others"] if names and others else [])])


def _name(author: Author) -> str:
    family, given = tex.one_line(author.family), tex.one_line(author.given)
    if not family:
        return _whole(given)
    if is_cjk(family):
        return _whole(family + given.replace(" ", ""))
    if not given:
        return _whole(family) if is_group(family) or not family.isalnum() else _part(family)
    return f"{_part(family)}, {_part(given)}"


def _whole(name: str) -> str:
    return f"{{{tex.escaped(name)}}}" if name else ""


def _part(name: str) -> str:
    """A part of a name; in braces where BibTeX would take it apart in another way."""
    words = name.split()
    odd = any(word.casefold() in {"and", "others"} for word in words) or re.search(r"[,{}]", name)
    # Words in lower case before the last one are read as `von`.
    small = any(word[:1].islower() and not is_particle(word) for word in words)
    return _whole(name) if odd or small else tex.escaped(name)


def _verbatim(text: str) -> str:
    """An address as it is: `url` and `doi` are read verbatim, but braces would be counted."""
    text = "".join(text.split())
    return "".join(f"%{ord(char):02X}" if char in "{}\\" else char for char in text)
