"""Whether a comment says that the paper was withdrawn.

No field says it: a withdrawn paper is a new version whose comment gives the reason. Authors also
write of withdrawn versions, theorems and conference submissions, which leave the paper standing.
"""

from __future__ import annotations

import re

_WORK = (
    r"(?:e-?|p?re-?)?(?:papers?|prints?|articles?|manuscripts?|submissions?|works?|notes?|documents?|reports?"
    r"|drafts?|studies|study|surveys?|version|theses|thesis|arxiv:\S+)"
)
_WITHDRAWN = r"(?:with?drawn?|with?drew|retracted)"
_OTHER_VERSION = re.compile(
    r"\b(?:first|second|previous|earlier|former|older|original|initial|conference|workshop|journal)"
    r"\s+(?:\w+\s+)?(?:versions?|submissions?)\b"
    r"|\bversion\s+(?:at|on)\s+\w+"
    r"|\bfrom\s+(?:our|my|the|a|an)\s+(?:previous|earlier)\b"
    r"|\b(?:supersedes|replaces)\b|\breplaced\s+by\s+this\b"
    rf"|\b{_WORK}\s+(?:that|which)\s+(?:are|were|have)\b"
    # "Theorem 2 is withdrawn", "the claim about optimality is withdrawn"
    r"|\b(?:lemma|theorem|proposition|corollary|section|appendix|table|claim|result|assertion)s?\s+"
    r"(?:(?!(?:and|so|thus|hence|therefore|the|this|our)\b)[\w.]+\s+){0,3}"
    r"(?:is|are|was|were|has\s+been|have\s+been)\s+withdrawn\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    # "formally withdrawn", "withdrawn from ICML" speak of a conference; "from arXiv" of the paper.
    r"\bwithdr(?:awn|ew|aw|awing)\s+"
    r"(?:(?:this|our|my|the|it|by|us|authors?|papers?|manuscript|submission|work|article)\s+){0,4}"
    r"from\s+(?!(?:the\s+)?(?:arxiv|public)|this\b)|\bformally\s+withdrawn\b"
    r"|^\W*withdrawn\s+(?:[\w'/-]+\s+){1,4}submission\b"
    r"|\bnot\s+(?:been\s+)?withdrawn\b",
    re.IGNORECASE,
)
_SAYS_SO = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "This paper has been withdrawn", "The manuscript is withdrawn", "needs to be withdrawn"
        (
            rf"\b{_WORK}\b[^.;]{{0,80}}?\b(?:is|are|was|were|been|be|being|and)\s+(?:\w+ly\s+|now\s+)?"
            rf"{_WITHDRAWN}\b"
        ),
        r"\b(?:needs?|has|have|must|should)\s+(?:to\s+)?be\s+withdrawn\b",
        # "Withdrawn", "Withdrawn due to an error", "Paper withdrawn", "Version 4 withdrawn"
        rf"^\W*(?:\w+ly\s+|now\s+|to\s+be\s+|v\d+\W+)?{_WITHDRAWN}\b",
        # "15 pages, withdrawn due to an error"; but not "Submitted to ICML, withdrawn"
        (
            rf"^(?!.*\b(?:submitted|accepted)\b).*[,:]\s*{_WITHDRAWN}"
            r"(?=\W*$|\s+(?:due|because|since|as|by|for|pending|until|owing)\b)"
        ),
        r"\bremoved\s+by\s+(?:the\s+)?arxiv\b",
        rf"\b(?:{_WORK}|version\s+\d+)\s+(?:\w+ly\s+)?withdrawn\b",
        r"\bwithdrawn\s+by\s+(?:(?:the|its|all|both)\s+){0,2}(?:arxiv|author|submitter|admin)",
        # "We request the withdrawal of our paper", "thus withdrawal is appropriate"
        rf"\b(?:withdrawal|retraction)\s+of\s+(?:our|my|the|this)\s+{_WORK}",
        (
            r"^\W*withdrawal\b|\bwithdrawal\s+is\s+(?:appropriate|necessary|needed|required|requested)\b"
            r"|\brequest\s+(?:for\s+)?(?:its|the|a)\s+withdrawal\b"
        ),
        # "The authors withdrew this preprint", "We would like to withdraw our submission"
        rf"\bwithdr(?:aw|ew|awn|awing)\s+(?:this|our|my|the)\s+(?:\w+\s+)?{_WORK}",
        r"\bwithdraw\s+(?:it|arxiv\s+article)\b",
    )
)
_ABSTRACT_NOTICE = re.compile(
    rf"(?:this|the)\s+{_WORK}\s+(?:is|was|has\s+been|have\s+been)\s+(?:\w+ly\s+)?"
    rf"(?:withdrawn|retracted)\b|withdrawn\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=\W*[A-Za-z])")


def says_withdrawn(comment: str, abstract: str = "") -> bool:
    """Whether the comment says that the paper is withdrawn, or the abstract opens with it.

    Old records have the notice in place of the abstract.
    """
    if any(_sentence_says_so(sentence) for sentence in _suspects(comment)):
        return True
    opening = abstract[:300].lstrip()
    return bool(_ABSTRACT_NOTICE.match(opening))


def _suspects(comment: str) -> list[str]:
    lowered = comment.lower()
    if not any(hint in lowered for hint in ("withdr", "retract", "removed by")):
        return []
    return _SENTENCE.split(" ".join(comment[:4000].split()))


def _sentence_says_so(sentence: str) -> bool:
    if _OTHER_VERSION.search(sentence) or _ELSEWHERE.search(sentence):
        return False
    return any(pattern.search(sentence) for pattern in _SAYS_SO)
