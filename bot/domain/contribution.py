"""The one sentence of an abstract that says what the authors contribute.

The first sentence speaks of the paper's own work in only 23 % of the abstracts on this topic, some
sentence does in 99 %.
"""

from __future__ import annotations

import re

LONGEST = 10_000
"""Characters of an abstract that are looked at."""

_PAPER = (
    r"(?:\w+ ){0,2}?"
    r"(?:paper|work|study|article|report|survey|thesis|letter|review|research|project)"
)
_THIS_PAPER = rf"\b(?:this|the present) {_PAPER}"
_OUR_PAPER = rf"\bour {_PAPER}"
_OFFER = r"(?:propos|introduc|present|develop|devis|pioneer|put forward|unveil)\w*"
_BUILD = (
    r"(?:build|creat|construct|releas|provid|offer|contribut|describ|establish|curat|collect|"
    r"survey|review|train|design|formulat)\w*"
)
_STUDY = (
    r"(?:stud|investigat|explor|examin|analy[sz]|address|tackl|ask|conduct|perform|focus|"
    r"revisit|extend|adapt|leverag|employ|us|apply|combin|consider|tak|evaluat|compar|assess)\w*"
)
_INTEND = r"(?:aim|seek|attempt|strive)\w*"
_FIND = r"(?:show|demonstrat|find|found|prov|argu|reveal|observ|discover|report|establish)\w*"
# `Code Llama`, `AlpaGasus`, `GPT-4`: what is called by a name.
_COMMON = r"(?:[LPV]*LMs?|AI|NLP|ML|RL|QA|(?:Chat)?GPT(?:-?\d\w*)?)\b"
_NAME = rf"(?!{_COMMON})" + r"[A-Z][a-z]*(?:[A-Z\d]\w*|-[A-Z\d]\w*| [A-Z]\w*|(?=,))"
_ADVERB = (
    r"(?:\w+ly|first|also|then|further|therefore|thus|hence|instead|here|now|would|will|can|"
    r"aim to|seek to|attempt to|try to)"
)
_WE = rf"\b(?:we|the authors?|(?-i:I))(?:,? {_ADVERB},?){{0,2}}"


def _cue(pattern: str, weight: float) -> tuple[re.Pattern[str], float]:
    return re.compile(pattern, re.IGNORECASE), weight


_CUES = (
    _cue(rf"{_WE} {_OFFER}\b", 5),
    _cue(rf"{_THIS_PAPER} (?:{_ADVERB} )?(?:{_OFFER}|{_BUILD})\b", 5),
    _cue(rf"{_WE} .{{1,80}}\band (?:then )?{_OFFER}\b", 4.5),
    _cue(rf"{_THIS_PAPER} (?:{_ADVERB} )?(?:{_STUDY}|{_FIND})\b", 5),
    _cue(rf"{_WE} (?:.{{1,80}}\band )?{_BUILD}\b", 3.5),
    _cue(rf"{_WE} (?:{_STUDY}|{_INTEND})\b", 3.5),
    _cue(rf"{_THIS_PAPER} (?!is |was |has |does )\w+s\b", 4),
    _cue(rf"{_WE} release (?-i:{_NAME})[^.]{{0,40}}, an?\b", 5),
    _cue(rf"{_WE} (?:fill|bridge|close|narrow) (?:this|the|that) gap\b", 4),
    _cue(r"^(?-i:[A-Z][a-z]*[A-Z][A-Za-z]*(?:-[A-Z]\w*)*) is an? ", 3.5),
    _cue(rf"{_OUR_PAPER} (?:{_ADVERB} )?{_OFFER}\b", 5),
    _cue(rf"{_OUR_PAPER} (?:{_ADVERB} )?(?!is |was |has |does )\w+s\b", 3.5),
    _cue(rf"\bin (?:{_THIS_PAPER}|{_OUR_PAPER}),? we\b", 3),
    _cue(rf"{_WE} {_FIND}\b", 3),
    _cue(r"\b(?:is|are|was|were) (?:\w+ly )?(?:proposed|introduced|presented|developed)\b", 2),
    _cue(rf"\bin (?:{_THIS_PAPER}|{_OUR_PAPER})\b", 1.5),
    _cue(rf"\b(?:{_OFFER}|{_BUILD}) (?:the )?(?-i:{_NAME})", 1),
    _cue(r"\bto (?:this end|address|tackle|overcome|bridge|fill|mitigate|alleviate|solve)\b", 0.5),
    _cue(r"\b(?:called|named|namely|dubbed|termed|coined|novel|new|simple)\b", 0.5),
    _cue(r", (?-i:[A-Z]\w*[A-Z]\w*)(?:,|\.$)", 0.5),
    _cue(
        r"\b(?<!applying )(?<!using )(?<!with )our (?:\w+ )?"
        r"(?:method|approach|framework|model|goal|aim|contribution)",
        0.5,
    ),
    _cue(r"^(?:we|here)\b", 0.25),
    _cue(r"^(?:inspired|motivated) by\b", 0.5),
    _cue(r"\b(?:overview|survey|review) (?:of|on)\b", 0.5),
)
_DOUBTS = (
    _cue(
        r"^(?:additionally|further|furthermore|moreover|finally|lastly|besides|also|in addition)\b",
        -2,
    ),
    _cue(r"\bwe (?:also|further|additionally)\b", -1.5),
    _cue(r"\bwe (?:finally|lastly)\b", -1),
    _cue(r"^(?:through )?(?:applying|using|with|leveraging) (?:our|this|these|the proposed)\b", -1),
    _cue(
        r"^to (?!this end|address|tackle|overcome|bridge|fill|mitigate|alleviate|solve|remedy|close"
        r"|resolve|combat|meet|answer|explore|investigate|study)\w+\b",
        -1,
    ),
    _cue(
        rf"\bwe (?:release|make|open-source|provide|share)\b(?! (?-i:{_NAME})[^.]{{0,40}}, an?\b)"
        r".{0,60}\b(?:code|available|public)",
        -3,
    ),
    _cue(r"\b(?:hope|believe|anticipate|expect|future work|plan to)\b", -2),
    _cue(
        r"\b(?:experiment|evaluation|result)s?\b.{0,40}\b(?:show|demonstrat|indicat|reveal)", -1.5
    ),
    _cue(r"\b(?:existing|previous|prior|recent) (?:\w+ )?(?:work|stud|approach|method)", -0.5),
)

_NEVER_ENDS = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|figs?|eqs?|secs?|tabs?|refs?|dr|mr|mrs|prof|resp|approx|viz|ca|"
    r"w\.r\.t|i\.i\.d|a\.k\.a|vol|pp)\.)$",
    re.IGNORECASE,
)
_RARELY_ENDS = re.compile(r"\b(?:et al|inc|ltd|u\.s|u\.k|(?-i:[A-Z]))\.$", re.IGNORECASE)
_STARTER = (
    r"(?:We|In|This|These|To|The|However|Our|Here|It|Existing|Despite|For|As|While|Although|Moreover|"
    r"Such|Experiments?|Results?)\b"
)
_STARTS = re.compile(_STARTER)
_BORDER = re.compile(
    r"(?<=[.!?])[\"'”’)\]]{0,2}\s+(?=[\"'“‘(\[\\$]{0,2}(?:[a-z]{1,12}\{)?"
    r"(?:[A-Z0-9À-Þ]|[a-z]{1,2}[A-Z]))|"
    rf"(?<=[a-z\])][.!?])(?={_STARTER})"
)


def contribution(abstract: str) -> str:
    """The sentence that says what they contribute, on one line; "" of an empty abstract.

    The sentence with the strongest cues (`we propose`, `this paper introduces`, `in this work`),
    the earlier one of equals; without any cue the first.
    """
    return max(sentences(abstract), key=_strength, default="")


def sentences(text: str) -> list[str]:
    """Split `text` into sentences, each on one line; abbreviations and decimals do not end one."""
    text = " ".join(text[:LONGEST].split())
    found: list[str] = []
    start = 0
    for border in _BORDER.finditer(text):
        before, after = text[start : border.end()].strip(), text[border.end() :]
        if _ends(before, after):
            found.append(before)
            start = border.end()
    found.append(text[start:])
    return [sentence for sentence in found if sentence]


def _ends(before: str, after: str) -> bool:
    tail = before[-12:]
    if _NEVER_ENDS.search(tail):
        return False
    return not _RARELY_ENDS.search(tail) or bool(_STARTS.match(after))


def _strength(sentence: str) -> float:
    best = max(
        (weight for cue, weight in _CUES if weight >= 3 and cue.search(sentence)), default=0.0
    )
    hints = sum(weight for cue, weight in _CUES if weight < 3 and cue.search(sentence))
    doubts = sum(weight for cue, weight in _DOUBTS if cue.search(sentence))
    return best + hints + doubts if best or hints else min(0.0, doubts)
