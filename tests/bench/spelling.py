"""How well misspelt words are corrected: part of `python -m tests.bench.search FOLDER`."""

from __future__ import annotations

import random
import string
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.models import ParsedQuery
from storage.search_spelling import MOST_WORDS, Spelling, Turns
from storage.search_tokens import plain_words, stems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.search import SearchIndex

SAMPLE = 2000
LETTERS = 4
"""Of a word that is tried, at least."""


@dataclass(frozen=True, slots=True)
class Spelt:
    """Shares of a sample of a collection's words, and what the table of them costs.

    `exactly` counts typos corrected to the very word, `corrected` also those that became another
    form of it, which finds the same. A typo that is a word of the collection is none.
    """

    exactly: float
    corrected: float
    wrongly: float
    seconds: float
    bytes: int
    microseconds: float


async def measure_spelling(index: SearchIndex, texts: Iterable[str]) -> Spelt | None:
    """Try single edits of words of `texts`, which the index holds; None where there are none."""
    counted = Counter(word for text in texts for word in set(plain_words(text)) if _plain(word))
    if not counted:
        return None
    choice = random.Random(1)
    words = choice.choices(sorted(counted), k=SAMPLE)
    typos = [(word, edited(word, choice)) for word in words]
    typos = [(word, typo) for word, typo in typos if _plain(typo) and typo not in counted]
    await _meant(index, typos[0][1])
    await index.complete()
    meant = [(word, await _meant(index, typo)) for word, typo in typos]
    begun = time.perf_counter()
    table = Spelling(counted.most_common(MOST_WORDS), Turns(bool))
    seconds = time.perf_counter() - begun
    wrong = [word for word in words if await _meant(index, word) is not None]
    return Spelt(
        exactly=sum(word == found for word, found in meant) / len(typos),
        corrected=sum(stems(word) == stems(found or "") for word, found in meant) / len(typos),
        wrongly=len(wrong) / len(words),
        seconds=seconds,
        bytes=table.size,
        microseconds=_microseconds(table, [typo for _, typo in typos]),
    )


def edited(word: str, choice: random.Random) -> str:
    """A word with one edit: a letter missing, too many, wrong, or two neighbours exchanged."""
    at, letter = choice.randrange(len(word) - 1), choice.choice(string.ascii_lowercase)
    head, here, there, tail = word[:at], word[at], word[at + 1], word[at + 2 :]
    return choice.choice(
        [
            head + there + tail,
            head + letter + word[at:],
            head + letter + there + tail,
            head + there + here + tail,
        ]
    )


async def _meant(index: SearchIndex, word: str) -> str | None:
    return (await index.corrections(ParsedQuery(words=(word,)))).get(word)


def _plain(word: str) -> bool:
    return len(word) >= LETTERS and word.isascii() and word.isalpha()


def _microseconds(table: Spelling, typos: list[str]) -> float:
    begun = time.perf_counter()
    for typo in typos:
        next(table.nearest(typo), None)
    return (time.perf_counter() - begun) / max(len(typos), 1) * 1e6


def described(spelt: Spelt) -> str:
    """The figures as lines."""
    return (
        f"typos corrected {spelt.corrected:.3f} (to the very word {spelt.exactly:.3f})\n"
        f"right words corrected {spelt.wrongly:.4f}\n"
        f"table of spellings {spelt.bytes / 1e6:.1f} MB, made in {spelt.seconds:.2f} s, "
        f"{spelt.microseconds:.0f} µs a word"
    )
