"""Works → CSL-JSON, as citation processors and Zotero read it.

Types and variables: the CSL 1.0.2 specification (docs.citationstyles.org), appendices III and IV;
the schema is csl-data.json of citation-style-language/schema.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.domain import bibtex
from bot.domain.names import is_cjk
from bot.domain.tex import one_line

if TYPE_CHECKING:
    from bot.domain.works import Work
    from storage.models import Author

_TYPES = {"inproceedings": "paper-conference", "article": "article-journal"}


def item_text(item: dict[str, Any]) -> str:
    """An item as JSON, a variable a line."""
    rows = (
        f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in item.items()
    )
    return "{\n" + ",\n".join(rows) + "\n}"


def csl(work: Work, *, full: bool = False) -> dict[str, Any]:
    """One item; `full` tells abstract, comment and section too. What is empty is left out."""
    paper = work.paper
    kind = bibtex.kind(work)
    made: dict[str, Any] = {
        "id": work.key,
        "citation-key": work.key,
        "type": _TYPES.get(kind) or ("article" if work.id.startswith("arXiv:") else "webpage"),
        "title": one_line(work.title),
        "author": _names(work),
        "issued": _issued(work),
        "container-title": bibtex.venue(work),
        "DOI": bibtex.doi(paper) if paper else "",
        "URL": work.url,
        **_archive(work),
        **(_further(work) if full else {}),
    }
    return {name: value for name, value in made.items() if value}


def _names(work: Work) -> list[dict[str, str]]:
    names = [name for name in map(_name, work.authors) if name]
    # CSL has no word for it; pandoc and Zotero take this one, as BibTeX does.
    return [*names, {"literal": "others"}] if names and work.others else names


def _name(author: Author) -> dict[str, str]:
    family, given = one_line(author.family), one_line(author.given)
    if family and given:
        return {"family": family, "given": given}
    whole = family or given
    if not whole:
        return {}
    lone = not is_cjk(whole) and whole.isalpha()
    return {"family": whole} if lone else {"literal": whole}


def _issued(work: Work) -> dict[str, Any]:
    if not work.year:
        return {}
    day = [work.published.day] if work.published and work.month else []
    return {"date-parts": [[work.year, *([work.month] if work.month else []), *day]]}


def _archive(work: Work) -> dict[str, str]:
    number = bibtex.arxiv_number(work.paper) if work.paper else ""
    if number:
        return {"number": f"arXiv:{number}", "publisher": "arXiv"}
    return {"number": work.id} if work.id and not work.id.startswith(("url:", "doi:")) else {}


def _further(work: Work) -> dict[str, Any]:
    return {
        "abstract": one_line(work.abstract),
        "keyword": ", ".join(bibtex.keywords(work)),
        "note": one_line(bibtex.note(work)),
    }
