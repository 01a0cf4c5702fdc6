"""Where a paper was published, as far as its ids, its journal reference or its comment say so.

Ids of the ACL Anthology: aclanthology.org/info/ids. Comments are what authors write on arXiv:
`Accepted at EMNLP 2024 Findings`, `NeurIPS 2023 (Spotlight)`; what is not said plainly is left out.
Every pattern is linear in the length of the text, of which the beginning is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.models import Paper

LONGEST = 800
"""Characters of a comment that are read."""

MOST = 80
"""Characters of a journal reference that are shown."""

_NAMES = """
AAAI AACL AAMAS ACCV ACL ACML AISTATS AMTA ASE ASRU BMVC CASE CCS CHI CHIL CIKM CLeaR COLING COLM
COLT CoLLAs CogSci CoNLL CoRL CSCW CVPR DAC DASFAA EACL EAMT ECAI ECCV ECIR EMNLP FAccT FSE
GECCO ICAPS ICASSP ICCV ICDE ICDM ICDAR ICIP ICLR ICME ICML ICPR ICRA ICSE ICWSM IJCAI IJCNLP
IJCNN INLG Interspeech IROS ISCA ISMIR ISSTA ISWC ITSC IUI IWSLT KDD LREC LREC-COLING MICCAI MICRO
MIDL MLSys MobiCom NAACL NDSS NeurIPS OOPSLA OSDI PAKDD PLDI POPL RANLP RecSys RLC RSS SaTML SDM
SemEval SIGCOMM SIGdial SIGGRAPH SIGIR SIGMOD SLT TheWebConf UAI UIST UMAP USENIX VLDB WACV WMT WSDM
WWW
"""
_JOURNALS = "TMLR JMLR TACL TPAMI IJCV JAIR TOIS TKDE TNNLS TASLP DMLR"
_NO_VENUES = (
    "arr msc acm ieee phd pdf ai ml nlp llm llms xai asme mdpi covid gpt international conference"
)
_KNOWN = {name.casefold(): name for name in (*_NAMES.split(), *_JOURNALS.split())}
_KNOWN |= {"nips": "NeurIPS", **dict.fromkeys(_NO_VENUES.split(), "")}

_WORD = r"[A-Za-z][A-Za-z&]*(?:-[A-Za-z]+)?"
_YEAR = r"['’‘]?(?:19|20)\d\d(?!\d)|['’‘-]\d\d(?![\dA-Za-z])"
_DATED = re.compile(
    rf"(?<![\w/.-])(?P<name>{_WORD})\)?(?: (?:Main|Findings|Security))?,?[ -]{{0,2}}?"
    rf"(?P<year>{_YEAR})",
    re.ASCII,
)
_YEAR_FIRST = re.compile(
    rf"(?<![\w/.-])(?P<year>(?:19|20)\d\d) (?:IEEE |ACM )?(?P<name>{_WORD})\b", re.ASCII
)
_JOURNAL = re.compile(
    rf"\b(?P<name>{_JOURNALS.replace(' ', '|')})\b(?:,? \(?(?P<year>(?:19|20)\d\d))?", re.ASCII
)
_SENTENCE = re.compile(r"(?<=[.;!])\s+|\n|[;|]|\.(?=[A-Z])")
_ACCEPTED = re.compile(
    r"\baccept(?:ed|ance)?\b|\bto appear\b|\bappear(?:s|ed|ing)? (?:in|at)\b|\bpublished\b"
    r"|\bto be (?:published|presented)\b|\bpresented\b|\bcamera[- ]?ready\b|\bproceedings\b"
    r"|\bin proc\b|\boral\b|\bspotlight\b|\bposter\b",
    re.IGNORECASE,
)
_NOT_IT = re.compile(
    r"\bsubmi(?:tted|ssion)\b|\bunder\b[^.]{0,20}\breview\b|\brejected\b|\bextended version\b"
    r"|\bextension of\b|\bbased on\b|\b(?:preliminary|earlier|shorter|short) version\b"
    r"|\b(?:previous|prior|conference|initial) version\b|\b(?:portions?|parts?) of\b"
    r"|\bversion of (?:the|this|our|a)\b|\boverlap\b|\btemplate\b|\bformat\b|\bstyle\b|\bsolution\b"
    r"|\b(?:challenge|competition|shared task|award at)\b|\bdataset of\b|\bto be submitted\b"
    r"|\btechnical report of\b|\bsummary of\b|\bsuperse|\bwithdraw|\btutorial\b|\bproposal\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"[\s(,]*\b(?:co-?located|collocated|in conjunction|held (?:with|in|at)|alongside)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_FINDINGS = re.compile(r"\bfindings\b", re.IGNORECASE)
_WORKSHOP = re.compile(r"\bworkshops?\b", re.IGNORECASE)
_HONOUR = re.compile(r"\b(oral|spotlight|highlight)\b", re.IGNORECASE)
_FILLER = re.compile(
    r"(?:ieee|acm|ieee/cvf|the|to|in|at|by|main|conference|findings|track|long|short|full|regular|demo"
    r"|industry|workshop|poster|oral|spotlight|highlight|paper|papers|proceedings|of|accepted)",
    re.IGNORECASE,
)

_ACL_ID = re.compile(r"acl:(?P<year>\d{4})\.(?P<volume>[a-z0-9_]+)-(?P<part>[a-z0-9_]+)\.\d+")
_OLD_ACL_ID = re.compile(r"acl:(?P<letter>[a-z])(?P<year>\d\d)-\d+", re.IGNORECASE)
_LETTERS = {
    "p": "ACL", "d": "EMNLP", "n": "NAACL", "e": "EACL", "c": "COLING", "q": "TACL", "k": "CoNLL",
    "l": "LREC", "j": "Computational Linguistics", "i": "IJCNLP",
}  # fmt: skip
_VOLUMES = {"lrec": "LREC-COLING", "cl": "Computational Linguistics", "bionlp": "BioNLP"}


def venue(paper: Paper) -> str:
    """`ACL 2024`, `EMNLP 2024 Findings`, `ICML 2025 workshop`, a journal; nothing if not known."""
    for paper_id in (paper.id, *paper.aliases):
        if found := _of_id(paper_id):
            return found
    reference = " ".join(paper.journal_ref.split())
    if reference:
        return _of_comment(f"Published in {reference}") or reference[:MOST]
    return _of_comment(paper.comment)


def _of_id(paper_id: str) -> str:
    """The venue that an id of the ACL Anthology names."""
    if old := _OLD_ACL_ID.fullmatch(paper_id):
        short, name = int(old["year"]), _LETTERS.get(old["letter"].lower(), "")
        return f"{name} {short + (1900 if short > 60 else 2000)}" if name else ""
    match = _ACL_ID.fullmatch(paper_id)
    if not match:
        return ""
    year, volume = match["year"], match["volume"]
    if volume == "findings":
        return f"{_volume(match['part'], year)} {year} Findings"
    return f"{_volume(volume, year)} {year}"


def _volume(volume: str, year: str) -> str:
    """`LREC` was held together with COLING in 2024."""
    if volume == "lrec" and year != "2024":
        return "LREC"
    return _VOLUMES.get(volume) or _KNOWN.get(volume) or volume.upper()


def _of_comment(comment: str) -> str:
    """The first venue that a comment says the paper is accepted at or published in."""
    text = " ".join(comment[:LONGEST].split())
    for sentence in _SENTENCE.split(text):
        if not _NOT_IT.search(sentence):
            for found in _named(_BESIDE.sub("", sentence)):
                return found
    return ""


def _named(sentence: str) -> Iterator[str]:
    accepted = _ACCEPTED.search(sentence) is not None
    for match in (*_DATED.finditer(sentence), *_YEAR_FIRST.finditer(sentence)):
        vague = match["year"].startswith("-") or not (accepted or _parenthesised(sentence, match))
        name = _name(match["name"], known_only=vague)
        if name and (accepted or _stands_alone(sentence, match)):
            yield _worded(name, match["year"], sentence)
    journal = _JOURNAL.search(sentence) if accepted else None
    if journal:
        yield " ".join(part for part in (journal["name"], journal["year"]) if part)


def _name(word: str, *, known_only: bool) -> str:
    """A venue's name as people write it; nothing where the word is none."""
    base = word.removesuffix("W") if word.isupper() and word.casefold() not in _KNOWN else word
    known = _KNOWN.get(base.casefold())
    if known is not None or known_only:
        return known or ""
    capitals = sum(letter.isupper() for letter in word)
    return word if capitals >= 3 or (capitals == 2 and len(word) <= 6) else ""


def _parenthesised(sentence: str, match: re.Match[str]) -> bool:
    """`… Conference on Image Processing (ICIP 2022)`."""
    before = sentence[: match.start()]
    return (
        before.endswith("(")
        and re.search(r"conference|symposium|workshop", before, re.IGNORECASE) is not None
    )


def _stands_alone(sentence: str, match: re.Match[str]) -> bool:
    """Whether nothing else of weight stands before it in its clause: `ACL 2026 Main`."""
    start = max(sentence.rfind(mark, 0, match.start()) for mark in ",:") + 1
    before = sentence[start : match.start()]
    return _parenthesised(sentence, match) or not [
        word for word in re.findall(r"[\w/]+", before) if not _FILLER.fullmatch(word)
    ]


def _worded(name: str, year: str, sentence: str) -> str:
    digits = year.lstrip("'’‘-")
    made = f"{name} {digits if len(digits) == 4 else f'20{digits}'}"
    if _WORKSHOP.search(sentence) or re.search(rf"\w@{name}|\b{name}W\b", sentence):
        return f"{made} workshop"
    if _FINDINGS.search(sentence):
        return f"{made} Findings"
    honour = _HONOUR.search(sentence)
    return f"{made} ({honour[1].lower()})" if honour else made
