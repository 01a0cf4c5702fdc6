"""Whether two titles are the same but for their spelling: case, hyphens, accents, LaTeX, typos."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 300
_MOST_TYPOS = 2
_FORMATTING = re.compile(
    r"\\(?:text(?:sc|bf|it|tt|rm|sf|sl|up|normal)?|emph|math(?:rm|bf|sf|tt|it|cal|bb)|mbox|boldsymbol"
    r"|underline|uppercase|tt|bf|it|em|sc|rm|sf|xspace)\b\s*"
)
_ACCENT = re.compile(r"\\(?:[`'^\"~=.]\s*|[cvuHkrd](?=\{))\{?\\?([A-Za-z])\}?")
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_WORD = re.compile(r"[^\W_]+(?:[+#]+(?![^\W_]))?")
_ROMAN = re.compile(r"[ivxlcdm]+")
# Both spellings of a word become one of them; what that does to other words does not matter, since
# only equality is asked.
_AMERICAN = (
    (re.compile(r"is(?=(?:e|es|ed|ing|er|ers|able|ation|ations)$)"), "iz"),
    (re.compile(r"ys(?=(?:e|es|ed|ing|er|ers)$)"), "yz"),
    (re.compile(r"(?<=..)our"), "or"),
    (re.compile(r"tre(?=s?$)"), "ter"),
    (re.compile(r"ogue(?=s?$)"), "og"),
    (re.compile(r"ll(?=(?:ed|ing|er|ers|ation|ations)$)"), "l"),
    (re.compile(r"ence(?=s?$)"), "ense"),
    (re.compile(r"ae|oe"), "e"),
    (re.compile(r"(?<=gr)ey"), "ay"),
    (re.compile(r"(?<=dg)e(?=ment)"), ""),
    (re.compile(r"(?<=art)e(?=fact)"), "i"),
    (re.compile(r"mme(?=s?$)"), "m"),
)


def spelled_words(title: str) -> list[str]:
    """The words of a title without case, accents, punctuation and LaTeX; `C++` keeps its marks."""
    text = title[:_LONGEST]
    if "\\" in text or "$" in text:
        text = re.sub(r"[{}$^_\\]", "", _ACCENT.sub(r"\1", _FORMATTING.sub("", text)))
    text = text.casefold().replace("&", " and ")
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN)).casefold()
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _WORD.findall(text)


def same_words(one: list[str], other: list[str]) -> bool:
    """Whether the words are the same but for where they are joined, and at most two typos.

    Words that differ otherwise, numbers and Roman numerals among them, make them different. So does
    a first letter: it is right in nearly all typos, and opposites differ there (`explicit`).
    """
    first = second = typos = 0
    while first < len(one) and second < len(other):
        mine, theirs = one[first], other[second]
        if mine == theirs:
            step = (1, 1)
        elif mine[0] != theirs[0]:
            return False
        elif joined := _joined(one[first:], other[second:]):
            step = joined
        elif _american(mine) == _american(theirs):
            step = (1, 1)
        elif typos < _MOST_TYPOS and _is_typo(mine, theirs):
            typos += 1
            step = (1, 1)
        else:
            return False
        first, second = first + step[0], second + step[1]
    return bool(first) and first == len(one) and second == len(other)


def _joined(one: list[str], other: list[str]) -> tuple[int, int] | None:
    """How many words from here make the same word: `data set`, `dataset`; two numbers make none."""
    left, right, lefts, rights = one[0], other[0], 1, 1
    while left != right:
        if right.startswith(left) and lefts < len(one) and _joins(left, one[lefts]):
            left, lefts = left + one[lefts], lefts + 1
        elif left.startswith(right) and rights < len(other) and _joins(right, other[rights]):
            right, rights = right + other[rights], rights + 1
        else:
            return None
    return lefts, rights


def _joins(left: str, right: str) -> bool:
    return not (left[-1].isdigit() and right[0].isdigit())


def _american(word: str) -> str:
    if len(word) > 4:
        for british, american in _AMERICAN:
            word = british.sub(american, word)
    return word


def _is_typo(one: str, other: str) -> bool:
    """Whether one letter is missing, doubled, swapped with the next or (in long words) another."""
    shorter, longer = sorted((one, other), key=len)
    plain = (one + other).isascii() and (one + other).isalpha()
    numerals = _ROMAN.fullmatch(one) and _ROMAN.fullmatch(other)
    if not plain or numerals or len(longer) < 4 or len(longer) - len(shorter) > 1:
        return False
    at = next((at for at, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), -1)
    if len(shorter) < len(longer):
        return at < 0 or shorter[at:] == longer[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or (len(one) > 5 and one[at + 1 :] == other[at + 1 :])
