r"""Text → LaTeX that reads back as the text, in any BibTeX file.

Letters stay what they are, in Unicode's composed form (NFC): BibTeX's successors, pdfLaTeX since
2018, XeLaTeX and LuaLaTeX read UTF-8. `<` and `>` stay too: fewer readers know their names
(`\textless`) than the signs.
"""

from __future__ import annotations

import re
import unicodedata

_TABLE = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "{": r"\{",
        "}": r"\}",
    }
)
_LONE = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
_GRAVE = r"\textasciigrave{}"
_FENCE = re.compile("`{3,}")
_BRACE = re.compile("[{}]")
_MATHS = re.compile(r"(?<![\\$])\$(?![\s$])(?P<inside>(?:\\[^\n]|[^$\\])+?)(?<!\s)\$(?![\d$])")
_TELLS = re.compile(r"[\\^_<>=+*/]|[^\W\d]")
_LONG_WORD = re.compile(r"[^\W\d]{3}")
_BLANK = re.compile(r"\s")
_MARK = "[\u0300-\u036f]"
_PART = rf"[^\W_](?:[^\W_]|{_MARK})*"
_RUN = re.compile(rf"{_PART}(?:[-‐‑'’.+]{_PART})*\+*")


def one_line(text: str) -> str:
    """Composed letters, one blank for each run of white space, nothing that controls a terminal."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    kept = composed if composed.isprintable() else "".join(map(_kept, composed))
    return " ".join(kept.encode("utf-8", "replace").decode().split())


def _kept(char: str) -> str:
    return " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char


def escaped(text: str) -> str:
    """The text as LaTeX; braces are as many opened as closed, in an order BibTeX counts."""
    text = one_line(text)
    return _unfenced(_stretch(text, 0, len(text), _unmatched(text)))


def _unfenced(latex: str) -> str:
    """Three backticks would end a block of Discord's Markdown: they are named instead."""
    return _FENCE.sub(lambda run: _GRAVE * len(run[0]), latex) if "```" in latex else latex


def title(text: str) -> str:
    """A title as LaTeX: its maths stays, and capitals that every style must keep are in braces."""
    text = one_line(text)
    pieces: list[str] = []
    start = 0
    proper = _names_stand_out(text)
    for match in _MATHS.finditer(text):
        if is_maths(match["inside"]):
            pieces += [_words(text[start : match.start()], proper, not start), match[0]]
            start = match.end()
    return "".join([*pieces, _words(text[start:], proper, not start)])


def is_maths(inside: str) -> bool:
    """Whether what stands between two dollar signs is a formula that is safe to keep."""
    bare = re.sub(r"\\[\\{}%#&]", "", inside)
    if _unmatched(bare) or re.search(r"[%#&]", bare) or inside.endswith("\\"):
        return False
    wordy = _LONG_WORD.search(inside) and _BLANK.search(inside)
    return bool(_TELLS.search(inside) and ("\\" in inside or not wordy))


def maths_spans(text: str) -> list[tuple[int, int]]:
    """Where the formulas stand in a text, their dollar signs with them."""
    return [match.span() for match in _MATHS.finditer(text) if is_maths(match["inside"])]


def _words(text: str, proper: bool, first: bool) -> str:  # noqa: FBT001 - two facts of one text
    """Escaped text, the words whose capitals matter in braces."""
    pieces: list[str] = []
    start = 0
    lone = _unmatched(text)
    for match in _RUN.finditer(text):
        begins = first and not re.search(r"\w", text[: match.start()])
        pieces.append(_stretch(text, start, match.start(), lone))
        word = _stretch(text, match.start(), match.end(), lone)
        pieces.append(f"{{{word}}}" if _matters(match[0], proper and not begins) else word)
        start = match.end()
    pieces.append(_stretch(text, start, len(text), lone))
    return _unfenced("".join(pieces))


def _stretch(text: str, start: int, end: int, lone: frozenset[int]) -> str:
    """A part of a text, escaped; `lone` are the braces of the whole that have no partner."""
    if not lone:
        return text[start:end].translate(_TABLE)
    return "".join(
        _LONE[text[at]] if at in lone else text[at].translate(_TABLE) for at in range(start, end)
    )


def _matters(run: str, proper: bool) -> bool:  # noqa: FBT001 - as above
    """Whether a style that writes titles in lower case would spoil a word (`LLM`, `mT5`)."""
    parts = re.split(r"[-‐‑'’.+]", run)
    capitals = [sum(char.isupper() for char in part) for part in parts]
    inner = any(any(char.isupper() for char in part[1:]) for part in parts)
    counted = re.search(r"\d|\+", run) and any(part[:1].isupper() for part in parts)
    return inner or bool(counted) or (proper and bool(capitals[0]) and len(run) > 1)


def _names_stand_out(text: str) -> bool:
    """Whether most words are in lower case, so that a capital says that a word is a name."""
    found: list[str] = re.findall(r"[^\W\d_]{4,}", text)
    words = [word for word in found[1:] if word.isascii()]
    return 2 * sum(word[0].islower() for word in words) > len(words)


def _unmatched(text: str) -> frozenset[int]:
    """Where the braces stand that have no partner."""
    opened: list[int] = []
    alone: set[int] = set()
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            opened.pop()
        else:
            alone.add(brace.start())
    return frozenset(alone.union(opened))
