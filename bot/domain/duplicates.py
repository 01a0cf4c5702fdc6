"""A like title and first author: a paper that stands in the list, or was rejected, already."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from bot.domain.spelling import same_words, spelled_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.models import Paper

_LIKE = 0.75  # with the same first author
_VERY_LIKE = 0.9  # where an author is not known
_LONGEST = 300
_TELLING = 15  # letters from which on a title is one paper's: many are called “Introduction”

Key = TypeVar("Key")


def same_work(paper: Paper, known: Iterable[tuple[Key, str, str]]) -> Key | None:
    """The key of the one among `known` that is the same work as `paper` under another id, or None.

    `known` are keys with title and family name of the first author. The same are titles that differ
    in spelling only (case, hyphens, accents, LaTeX, British or American, two typos at most), with
    the same first author, known of both. Parts and versions of a series are different works.
    """
    author, title = _letters(_first_author(paper)), spelled_words(paper.title)
    if not author or not title:
        return None
    return next(
        (
            key
            for key, other, family in known
            if _same_name(author, family) and same_words(title, spelled_words(other))
        ),
        None,
    )


def title_key(title: str) -> str:
    """What papers of one title share, however it is spelt; "" where a title tells too little."""
    letters = "".join(spelled_words(title))
    return letters if len(letters) >= _TELLING else ""


def _same_name(author: str, family: str) -> bool:
    if family.isascii() and family.isalpha():
        return family.lower() == author
    return _letters(family) == author


def likely_duplicate(paper: Paper, known: Iterable[tuple[str, str]]) -> str | None:
    """The title among `known` that `paper` most likely repeats, or None.

    `known` are titles with the family name of the first author. Titles are compared by their letter
    triples (Dice), so spelling, hyphens and LaTeX hardly matter. With the same first author 0.75 is
    like enough, with an unknown one 0.9, with another only the same letters.
    """
    title, author = _letters(paper.title), _letters(_first_author(paper))
    if not title:
        return None
    triples = _triples(title)
    best, best_title = 0.0, None
    for other, family in known:
        likeness = _likeness(title, triples, _letters(other))
        if likeness > best and likeness >= _needed(author, _letters(family)):
            best, best_title = likeness, other
    return best_title


def _first_author(paper: Paper) -> str:
    return paper.authors[0].family if paper.authors else ""


def _needed(one: str, other: str) -> float:
    if not one or not other:
        return _VERY_LIKE
    return _LIKE if one == other else 1.0


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", re.sub(r"\\[A-Za-z]+", "", text[:_LONGEST]))
    return "".join(c for c in decomposed.casefold() if c.isalnum())


def _triples(letters: str) -> Counter[str]:
    return Counter(letters[at : at + 3] for at in range(max(1, len(letters) - 2)))


def _likeness(one: str, triples: Counter[str], other: str) -> float:
    if one == other:
        return 1.0
    shorter, longer = sorted((len(one), len(other)))
    if 2 * shorter < _LIKE * (shorter + longer):
        return 0.0
    theirs = _triples(other)
    return min(0.999, 2 * (triples & theirs).total() / (triples.total() + theirs.total()))
