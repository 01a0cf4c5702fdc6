"""LaTeX as it stands in titles, names and abstracts → the text a person reads."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.services.latex import MOST_PIECES, read, strip

LONGEST = 4_000
"""Characters that are read; arXiv takes abstracts of 1,920. What follows stays as it is."""

_DEEPEST = 12  # braces within braces; pylatexenc reads them by recursion
_SIGNS = "\\${}"
_LATEX = re.compile(r"[\\${}]")
_STYLE = re.compile(
    r"\\(?:text(?:bf|it|tt|rm|sc|sf|sl|up|md|normal|color\s*\{[^{}]*\})?|emph|mbox|underline|url|"
    r"math(?:rm|bf|it|sf|tt|normal)|operatorname\*?|boldsymbol|bm|href\s*\{[^{}]*\})\s*(?=\{)"
)
_NOTE = re.compile(
    r"[~ ]?\\(?:cite\w*|ref|label|vspace|hspace|includegraphics)\*?(?:\[[^\]{}]*\]){0,2}\{[^{}]*\}"
)
_DROPPED = re.compile(
    r"\\(?:begin|end)\s*\{[^{}]*\}|"
    r"\\footnote(?![A-Za-z])|\\(?:begin|end|item|href|url|[dt]?frac)(?![A-Za-z]|\s*\{)"
)
_MATHS = re.compile(
    r"(?P<escaped>\\.)|(?P<fence>\$\$?)(?P<inside>(?:\\.|[^$\\])+)(?P=fence)(?P<digit>\d)?|\$",
    re.DOTALL,
)
_WRITTEN = re.compile(r".*[\\^_{].*|[<>=~+\-±*/|.]+", re.DOTALL)
_TIE = re.compile(r"(?<=[\w.,)])~(?=[\w\\($])")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_LITERAL = re.compile(r"(?P<escaped>\\.)|(?P<special>[%&#~])", re.DOTALL)
_PIECE = re.compile(r"\\.|[{}]|\s+|[^\\{}\s]+", re.DOTALL)
_ACCENT = re.compile(r"\\(?:[\"'`^~=.]|[cvuHkrbdt])$")


def is_plain(text: str) -> bool:
    """Whether there is nothing to be read, so that `plain` takes no time."""
    return not any(sign in text for sign in _SIGNS)


@lru_cache(maxsize=2_048)
def plain(text: str) -> str:
    """`text` with its LaTeX read: accents, symbols, styles, maths. Never raises.

    Text without a backslash, dollar or brace comes back as it is; else runs of white space become
    one blank. Dollar amounts stay (`$5 and $10`; maths is told from them by pandoc's rule), and so
    do percent signs, which are no comments here.
    """
    if is_plain(text):
        return text
    pieces = _pieces(_prepared(text[:LONGEST]))
    written = [at for at, piece in enumerate(pieces) if _LATEX.search(piece)]
    for at in written[:MOST_PIECES]:
        pieces[at] = read(pieces[at])
    for at in written[MOST_PIECES:]:
        pieces[at] = strip(pieces[at])
    return " ".join("".join(pieces).split()) + text[LONGEST:]


def _prepared(text: str) -> str:
    r"""LaTeX that pylatexenc reads as people mean it: maths in \( \), literal specials escaped."""
    text = _STYLE.sub("", _DROPPED.sub(" ", _NOTE.sub("", text)))
    text = _TIE.sub(" ", _balanced(text))
    return _LITERAL.sub(_literal, _with_maths(text))


def _with_maths(text: str) -> str:
    parts: list[str] = []
    start = 0
    while match := _MATHS.search(text, start):
        parts.append(text[start : match.start()])
        written, start = _maths(match)
        parts.append(written)
    return "".join([*parts, text[start:]])


def _maths(match: re.Match[str]) -> tuple[str, int]:
    """What stands for a dollar sign and perhaps what follows it, and where to read on."""
    if match["escaped"]:
        return match[0], match.end()
    inside = match["inside"] or ""
    amount = inside != inside.strip() or match["digit"]
    if inside and (_WRITTEN.fullmatch(inside) or not amount):
        return rf"\({inside.strip()}\)", match.end() - len(match["digit"] or "")
    return r"\$", match.start() + 1


def _literal(match: re.Match[str]) -> str:
    if match["escaped"]:
        return match[0]
    return r"\textasciitilde{}" if match["special"] == "~" else rf"\{match['special']}"


def _balanced(text: str) -> str:
    """Drop the braces that have no partner, or all of them where they nest too deep."""
    unmatched: set[int] = set()
    opened: list[int] = []
    deepest = 0
    for match in _BRACE.finditer(text):
        if match[0] == "{":
            opened.append(match.start())
            deepest = max(deepest, len(opened))
        elif match[0] == "}" and opened:
            opened.pop()
        elif match[0] == "}":
            unmatched.add(match.start())
    unmatched.update(opened)
    everything = deepest > _DEEPEST
    return _BRACE.sub(
        lambda m: "" if m[0] in "{}" and (everything or m.start() in unmatched) else m[0], text
    )


def _pieces(latex: str) -> list[str]:
    """Cut at the blanks outside braces and maths, so that ordinary words need no reading."""
    pieces: list[str] = []
    current: list[str] = []
    depth = 0
    for match in _PIECE.finditer(latex):
        part = match[0]
        if part.isspace() and depth <= 0 and not _ACCENT.search("".join(current[-1:])):
            pieces += ["".join(current), part]
            current = []
            continue
        current.append(part)
        depth += (part in {"{", r"\("}) - (part in {"}", r"\)"})
    return [*pieces, "".join(current)]
