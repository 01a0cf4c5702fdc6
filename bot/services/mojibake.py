"""UTF-8 once read as something else (`177â€“198` for `177–198`): find it, repair only it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ftfy
from ftfy.badness import is_bad

if TYPE_CHECKING:
    from collections.abc import Iterator

# A run of characters beyond ASCII; the lone surrogates that stand for invalid bytes end it.
_RUN = re.compile(r"[^\x00-\x7f\ud800-\udfff]+")
_WORD = 24


@dataclass(frozen=True, slots=True)
class Mojibake:
    """One damaged run: its line (from 1), the word it stands in, that word repaired."""

    line: int
    damaged: str
    repaired: str

    def __str__(self) -> str:
        """`line 47: 177â€“198 (should be 177–198)`."""
        return f"line {self.line}: {self.damaged} (should be {self.repaired})"


def find_mojibake(content: bytes) -> tuple[Mojibake, ...]:
    """Every damaged run of a file, in order. Valid text of any script is never one."""
    text = content.decode("utf-8", "surrogateescape")
    found, line, position = [], 1, 0
    for match, repaired in _damaged(text):
        line, position = line + text.count("\n", position, match.start()), match.start()
        before = re.search(r"\S*$", text[max(0, match.start() - _WORD) : match.start()])
        after = re.match(r"\S*", text[match.end() : match.end() + _WORD])
        start, end = before[0] if before else "", after[0] if after else ""
        found.append(Mojibake(line, start + match[0] + end, start + repaired + end))
    return tuple(found)


def repair(content: bytes) -> bytes:
    """The file with its damaged runs repaired; every other byte as it was."""
    text = content.decode("utf-8", "surrogateescape")
    parts, position = [], 0
    for match, repaired in _damaged(text):
        parts += [text[position : match.start()], repaired]
        position = match.end()
    return "".join([*parts, text[position:]]).encode("utf-8", "surrogateescape")


def _damaged(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for match in _RUN.finditer(text):
        if len(match[0]) > 1 and is_bad(match[0]):
            repaired = ftfy.fix_encoding(match[0])
            if repaired != match[0] and "\ufffd" not in repaired:
                yield match, repaired
