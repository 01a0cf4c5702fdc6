"""Made-up abstracts for benchmarks of search: a Zipf vocabulary, about 1 kB each, seeded."""

from __future__ import annotations

import itertools
import random
from bisect import bisect
from typing import TYPE_CHECKING, NamedTuple

from storage.documents import SearchDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = 200_000
FAMILIES = 20_000
TITLE, ABSTRACT = 9, 135
"""Words; an abstract has about 1 kB."""
KEPT = 4_000
"""Documents of which queries are made."""


class Kind(NamedTuple):
    """One kind of query: as the bot's readers type it, and in FTS5's grammar, tokens quoted."""

    name: str
    typed: list[str]
    fts5: list[str]


class Writer:
    """Writes documents; the same seed gives the same ones."""

    def __init__(self, seed: int = 5) -> None:
        self._chance = random.Random(seed)
        self.words = vocabulary(self._chance)
        self._weights = list(itertools.accumulate(1 / (n + 3) for n in range(WORDS)))
        self._families = [word.capitalize() for word in self.words[-FAMILIES:]]

    def documents(self, count: int) -> Iterator[SearchDocument]:
        """So many, none of them on the list."""
        chance = self._chance
        for number in range(count):
            words = chance.choices(self.words, cum_weights=self._weights, k=TITLE + ABSTRACT)
            yield SearchDocument(
                key=f"arXiv:{number // 99_999 + 1501:04}.{number % 99_999 + 1:05}",
                title=" ".join(words[:TITLE]),
                authors=tuple(f"Ada {chance.choice(self._families)}" for _ in range(3)),
                abstract=" ".join(words[TITLE:]) + ".",
                section="",
                listed=False,
                year=2015 + number % 10,
            )

    def word(self, chance: random.Random, least: int = 0, most: int = WORDS) -> str:
        """A word of those ranks, as often as in the texts."""
        before = self._weights[least - 1] if least else 0.0
        drawn = chance.uniform(before, self._weights[most - 1])
        return self.words[min(bisect(self._weights, drawn), WORDS - 1)]


def vocabulary(chance: random.Random) -> list[str]:
    """Words by falling frequency, the short ones mostly first."""
    syllables = [a + b for a in "bcdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "or", "en")]
    made: dict[str, None] = {}
    while len(made) < WORDS:
        length = 2 + (len(made) > 2_000) + (len(made) > 60_000)
        made["".join(chance.choices(syllables, k=length))] = None
    return list(made)


def kinds(writer: Writer, kept: list[SearchDocument], count: int, seed: int = 9) -> list[Kind]:
    """So many queries of each kind, made of documents and words that exist."""
    chance = random.Random(seed)
    made = [_queries(writer, chance, chance.choice(kept)) for _ in range(count)]
    return [
        Kind(name, [one[name][0] for one in made], [one[name][1] for one in made])
        for name in made[0]
    ]


def _queries(
    writer: Writer, chance: random.Random, source: SearchDocument
) -> dict[str, tuple[str, str]]:
    """One query of each kind: (as typed, for FTS5)."""
    words = list(dict.fromkeys(source.abstract.rstrip(".").split()))
    three = chance.sample(words[:60], 3)
    rare = writer.word(chance, WORDS // 2)
    loose = [*(writer.word(chance) for _ in range(7)), rare]
    sought = writer.word(chance, 300, 20_000)
    at = chance.randrange(1, len(sought) - 1)
    typo = sought[:at] + chance.choice("bcdfgklmn") + sought[at + 1 :]
    family = source.authors[0].removeprefix("Ada ")
    begun = writer.word(chance, 300, 20_000)[:5]
    return {
        "one rare word": (rare, f'"{rare}"'),
        "three words, all": (" ".join(three), _quoted(three, " ")),
        "three words, any": (" ".join(loose[-3:]), _quoted(loose[-3:], " OR ")),
        "eight words, any": (" ".join(loose), _quoted(loose, " OR ")),
        "prefix": (f"{begun}*", f'"{begun}"*'),
        "one typo": (typo, f'"{typo}"'),
        "author filter": (
            f"{three[0]} author:{family}",
            f'abstract : "{three[0]}" AND authors : "{family}"',
        ),
    }


def _quoted(words: list[str], between: str) -> str:
    return between.join(f'"{word}"' for word in words)
