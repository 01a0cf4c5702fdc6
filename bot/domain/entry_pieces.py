"""One line of an entry put together again with what a new paper fills.

A pair of brackets or of emphasis marks goes with all that is in it; between two filled pieces
stands what stood there. Words that nothing can be put for are dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.entry_tokens import Part, Piece, kept, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.models import Paper

__all__ = ["Piece", "filled"]

_DEEP = 20
"""Brackets in brackets that are looked into."""
_CLOSING = dict(zip("([{（【“", ")]}）】”", strict=True))
_TRAILING_BREAK = re.compile(r"\s*<br ?/?>\s*$")


def filled(text: str, pieces: Sequence[Piece], paper: Paper) -> str:
    """The line `text` with its pieces, dates and names of preprint servers filled for `paper`.

    `pieces` are in order and do not overlap. Empty where nothing is filled.
    """
    stack = [Part("group")]
    for part in parts_of(text, pieces, paper):
        if part.kind == "opens" and len(stack) < _DEEP:
            group = Part("group", part.text)
            stack[-1].inner.append(group)
            stack.append(group)
        elif part.kind == "closes" and any(_closes(group, part) for group in stack[1:]):
            while not _closes(stack[-1], part):
                _dissolve(stack)
            stack.pop().inner.append(part)
        else:
            stack[-1].inner.append(part if part.kind not in {"opens", "closes"} else kept(""))
    while len(stack) > 1:
        _dissolve(stack)
    return _joined(stack[0].inner)


def _closes(group: Part, part: Part) -> bool:
    """Whether `part` closes a group: a bracket, a mark or a tag."""
    if group.text.startswith("<"):
        name = group.text[1:].split(maxsplit=1)[0].rstrip(">").lower()
        return part.text.lower() == f"</{name}>"
    return part.text == _CLOSING.get(group.text, group.text)


def _dissolve(stack: list[Part]) -> None:
    """A group that never closes is none: its parts belong to the one around it."""
    group = stack.pop()
    group.kind = "dropped"
    stack[-1].inner += group.inner
    group.inner = []


def _joined(parts: Sequence[Part]) -> str:
    """The kept parts; where some were dropped between two, the first thing that stood there."""
    text, glue, dropped = "", list[str](), False
    trimmed = worded = False
    for part in _resolved(parts):
        if part.kind == "glue":
            glue.append(part.text)
        elif part.kind in {"dropped", "word"}:
            dropped, worded = True, worded or part.kind == "word"
        elif not text:
            trimmed = dropped
            text = ("" if dropped else "".join(glue)) + part.text
            glue, dropped = [], False
        else:
            text += _link(glue, dropped=dropped) + part.text
            glue, dropped, worded = [], False, False
    if not text:
        return ""
    last = "".join(glue)
    if dropped:
        ends = last.startswith(".") or (last.rstrip().endswith(".") and not worded)
        last = "." if ends else ""
    return text + (re.sub(r"\s*<br ?/?>\s*$", "", last) if trimmed else last)


def _link(glue: list[str], *, dropped: bool) -> str:
    if not dropped:
        return "".join(glue)
    return next((one for one in glue if one.strip()), next((one for one in glue if one), " "))


def _resolved(parts: Sequence[Part]) -> Iterator[Part]:
    """Groups as kept or dropped parts; a picture goes with the link right behind it."""
    picture = ""
    for part in parts:
        if part.kind == "mark":
            picture += part.text
            continue
        if part.kind == "group":
            inner = _joined(part.inner[:-1])
            yield kept(part.text + inner + part.inner[-1].text if inner else "")
        elif part.kind == "kept" and part.text.startswith(("[", "<a")):
            yield kept(picture + part.text)
        else:
            yield part
        picture = ""
