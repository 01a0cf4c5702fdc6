"""Text and URLs → PaperId: what one paper is called, wherever somebody copied it from.

arXiv ids: info.arxiv.org/help/arxiv_identifier (YYMM.NNNNN since 1501, four digits from 0704 to
1412, before that `archive/YYMMNNN`); arXiv's own DOIs are `10.48550/arXiv.<id>`. ACL ids:
aclanthology.org/faq; its DOIs are `10.18653/v1/<id>`, `10.3115/v1/<id>` before 2016.
Every pattern is linear: no quantifier stands over another that can match the same text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from storage.models import PaperId

if TYPE_CHECKING:
    from collections.abc import Iterator

_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas "
    "cond-mat cs dg-ga eess econ funct-an gr-qc hep-ex hep-lat hep-ph hep-th math-ph math mtrl-th "
    "nlin nucl-ex nucl-th patt-sol physics plasm-ph q-alg q-bio q-fin quant-ph solv-int stat "
    "supr-con"
)
_ACL_NEW = r"\d{4}\.[a-z0-9_]{1,40}-[a-z0-9_]{1,40}\.\d{1,5}"
_ACL_OLD = r"[a-z]\d{2}-\d{4,5}"
_ACL = f"{_ACL_NEW}|{_ACL_OLD}"
_OLD = rf"(?:{'|'.join(_ARCHIVES.split())})(?:\.[a-z-]{{2,17}})?/\d{{7}}"
_NEW = r"\d{4}\.\d{4,5}"
_END = r"(?:v\d{1,3})?(?![a-z0-9-]|_\w|\.\d)"

_PATTERN = re.compile(
    rf"""
    (?<![a-z0-9-])(?<!\w_)(?:
      (?: arxiv\.org/{{1,2}}
            (?:(?:abs|pdf|html|format|ps|src|e-print|ftp/[a-z-]{{2,20}}/papers/\d{{4}})/{{1,2}})?
            (?:arxiv:)?
        | xxx\.(?:lanl\.gov|itp\.ac\.cn)/(?:abs|pdf|ps)/
        | arxiv-org\.[a-z0-9.-]{{1,80}}/(?:abs|pdf|html)/
        | alphaxiv\.org/(?:[a-z]{{2}}/)?(?:(?:abs|pdf|html|overview|resources|audio)/)?
        | ar5iv\.(?:labs\.arxiv\.)?org/(?:abs|html|pdf)/
        | (?:huggingface\.co|hf\.co|hf-mirror\.com|arxiv-vanity\.com|emergentmind\.com)/papers/
        | arxiv\s?[:.,/]?\s{{0,3}}(?:preprint\s)?(?:arxiv:)?\s?
      ) (?P<arxiv>{_NEW}|{_OLD}){_END}
    | (?: (?:aclanthology\.(?:org|info)|aclanthology\.[a-z]{{2,5}}\.uni-saarland\.de
            |aclweb\.org/anthology)/(?:papers/(?:\w/\w{{3}}/)?|anthology/|attachments/)?
        | acl: )
      (?P<acl>{_ACL}){_END}
    | (?: openreview\.net/(?:forum|pdf|attachment|revisions|references)/?\?
            (?:[^\s?#"'<>()]{{0,200}}&)?id= | openreview: )
      (?P<openreview>[\w-]{{3,60}})
    | (?P<doi>10\.\d{{4,9}}/[^\s"<>|`，。；、）》」】]{{1,500}})
    | (?P<bare>{_NEW}|{_OLD}|{_ACL}){_END}
    )
    """,
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_FULL_WIDTH = str.maketrans("：／．？＝", ":/.?=")
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.({_NEW}|{_OLD})(?:v\d+)?", re.IGNORECASE)
_ACL_DOI = re.compile(rf"10\.(?:18653|3115)/v1/({_ACL})", re.IGNORECASE | re.ASCII)
_DOI_TAIL = re.compile(r"(?:/(?:full|abstract|pdf|epub|html|meta|summary)|\.pdf)$", re.IGNORECASE)
# What the URLs of bioRxiv (its version) and of Oxford (a number of its own) have behind the DOI.
_BEHIND = re.compile(r"(10\.1101/[\d.]+)v\d+(?:\.\w+)*|(10\.1093/\w+/\w+)/\d+")
_LONGEST = 2_000


@lru_cache(maxsize=2_048)
def identify(text: str) -> PaperId | None:
    """The paper that one typed or pasted id, URL or DOI names, or None.

    Versions, file suffixes, query strings and punctuation around it do not matter; other words do.
    """
    words = text[: _LONGEST + 1].split()
    if not words or len(text.strip()) > _LONGEST:
        return None
    # `arXiv:2402.13446v2 [cs.CL] 21 Feb 2024` is what stands in the margin of every arXiv PDF.
    if len(words) > 1 and (len(words) > 8 or not words[0].casefold().startswith(("arxiv", "doi:"))):
        return None
    found = identify_all(text)
    return found[0] if len(found) == 1 else None


def identify_all(text: str) -> tuple[PaperId, ...]:
    """Every paper a text names, in order, each once. Old and short ids need a prefix or URL.

    Links that lead on to others hold those percent-encoded: they are looked into where a text names
    nothing else.
    """
    found = tuple(dict.fromkeys(_found(text.translate(_FULL_WIDTH))))
    if found or "%2f" not in text.casefold():
        return found
    return tuple(dict.fromkeys(_found(unquote(text))))


def _found(text: str) -> Iterator[PaperId]:
    alone = len(text.split()) == 1
    for match in _PATTERN.finditer(text):
        if paper_id := _normal(match, alone=alone):
            yield paper_id


def _normal(match: re.Match[str], *, alone: bool) -> PaperId | None:
    kind, value = match.lastgroup, match[match.lastgroup or 0]
    if kind == "arxiv":
        return _arxiv(value)
    if kind == "acl":
        return _acl(value)
    if kind == "openreview":
        return PaperId("openreview:" + value)
    if kind == "doi":
        return _doi(value)
    in_url = match.start() > 0 and match.string[match.start() - 1] in "/=."
    return None if in_url else _bare(value, alone=alone)


def _bare(value: str, *, alone: bool) -> PaperId | None:
    """An id that nothing says whose it is; one that may be something else has to stand alone."""
    if re.fullmatch(_ACL, value, re.IGNORECASE):
        return _acl(value) if alone or "." in value else None
    return _arxiv(value) if alone or len(value) == len("2402.13446") else None


def _arxiv(value: str) -> PaperId | None:
    """The id in its canonical form, or None where arXiv never gave such a number."""
    archive, slash, number = value.rpartition("/")
    month, year_month = int(number[2:4]), int(number[:4])
    if not 1 <= month <= 12 or not int(number.replace(".", "")[4:]):
        return None
    if slash:
        valid = year_month >= 9107 or year_month <= 703
        return PaperId(f"arXiv:{archive.lower().partition('.')[0]}/{number}") if valid else None
    digits = len(number) - 5
    valid = year_month >= 1501 if digits == 5 else 704 <= year_month <= 1412
    return PaperId(f"arXiv:{number}") if valid else None


def _acl(value: str) -> PaperId:
    return PaperId("acl:" + (value.lower() if "." in value else value.upper()))


def _doi(value: str) -> PaperId | None:
    doi = unquote(re.split(r"[?#]", value, maxsplit=1)[0]).lower()
    doi = _trimmed(doi.split()[0] if doi.split() else "")
    if arxiv := _ARXIV_DOI.fullmatch(doi):
        return _arxiv(arxiv[1])
    if acl := _ACL_DOI.fullmatch(doi):
        return _acl(acl[1])
    if behind := _BEHIND.fullmatch(doi):
        doi = behind[1] or behind[2]
    return PaperId("doi:" + doi) if re.match(r"10\.\d{4,9}/.", doi) else None


def _trimmed(doi: str) -> str:
    """A DOI without the file name, brackets and punctuation that came with it."""
    before = None
    while before != doi:
        before = doi
        doi = _DOI_TAIL.sub("", doi.rstrip(".,;:!'\"*_\\/&"))
        for opening, closing in ("()", "[]", "{}"):
            cut = _unbalanced(doi, opening, closing)
            doi = doi if cut is None else doi[:cut]
    return doi


def _unbalanced(text: str, opening: str, closing: str) -> int | None:
    """Where the first bracket closes that never opened."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char == opening) - (char == closing)
        if depth < 0:
            return index
    return None


def abs_url(paper_id: PaperId) -> str:
    """The page to link for a paper."""
    scheme, _, value = paper_id.partition(":")
    match scheme:
        case "arXiv":
            return f"https://arxiv.org/abs/{value}"
        case "acl":
            return f"https://aclanthology.org/{value}/"
        case "doi":
            return "https://doi.org/" + quote(value, safe="/:;.-_()")
        case "openreview":
            return f"https://openreview.net/forum?id={value}"
        case _:
            return value


def submitted_month(paper_id: PaperId) -> tuple[int, int] | None:
    """Year and month in which arXiv announced the id (its YYMM), or None for other ids."""
    scheme, _, value = paper_id.partition(":")
    if scheme != "arXiv":
        return None
    number = value.rpartition("/")[2]
    year, month = int(number[:2]), int(number[2:4])
    old = "/" in value and year >= 91
    return (1900 if old else 2000) + year, month
