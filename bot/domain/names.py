"""Names of authors: one string → family and given name, and the initials that citations want."""

from __future__ import annotations

import re
import unicodedata

from storage.models import Author

_PARTICLE_WORDS = (
    "af al bin da das de del della den der des di do dos du el ibn la le los ten ter van vel von y "
    "zu zum zur"
)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_CAPITAL_PARTICLES = frozenset({"Von", "Der", "Den", "Del", "Della", "Dos"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_GROUP = re.compile(
    r"\b(?:collaboration|collaborative|consortium|team|group|project|initiative|labs?|institute"
    r"|research|community|foundation|openai|deepmind|anthropic)\b",
    re.IGNORECASE,
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_NOTE = re.compile(r"\([^()]*\)|[*†‡§¶\d]+")


def author_from_name(name: str) -> Author:
    """`Zhen Tan`, `Tan, Zhen`, `Jan van der Berg Jr.`, `张三`, a group: as an Author.

    A Chinese, Japanese or Korean name puts the family first; without a space it stays whole.
    """
    name = " ".join(_NOTE.sub(" ", name).split()).strip(" ,;")
    parts = [part.strip() for part in name.split(",")]
    if len(parts) > 1 and parts[-1].rstrip(".").casefold() not in _SUFFIXES:
        return Author(" ".join(parts[:-1]), parts[-1])
    words = name.replace(",", "").split()
    if len(words) < 2 or is_group(name):
        return Author(" ".join(words))
    if is_cjk(name):
        return Author(words[0], " ".join(words[1:]))
    start = _family_start(words)
    return Author(" ".join(words[start:]), " ".join(words[:start]))


def _family_start(words: list[str]) -> int:
    """Where the family name begins: the last word, with its suffix and its particles."""
    start = len(words) - 1
    if start > 1 and words[start].rstrip(".").casefold() in _SUFFIXES:
        start -= 1
    while start > 1 and words[start - 1] in _PARTICLES | _CAPITAL_PARTICLES:
        start -= 1
    return start


def is_particle(word: str) -> bool:
    """Whether a lower-case word belongs to the family name after it (`van`, `de`)."""
    return word in _PARTICLES


def is_group(name: str) -> bool:
    """Whether a name is a collaboration's or a company's, not a person's."""
    return _GROUP.search(name) is not None


def is_cjk(name: str) -> bool:
    """Whether a name is written in Chinese, Japanese or Korean characters."""
    return _CJK.search(name) is not None


def initials(given: str) -> str:
    """`Jean-Luc` → `J L`, `J.M.` → `J M`, `Leandro von` → `L`; empty for an empty name."""
    words = re.split(r"[\s.\-‐‑·_]+", _NOTE.sub(" ", given))
    return " ".join(_initial(word) for word in words if word and word not in _PARTICLES)


def _initial(word: str) -> str:
    """The first letter, upper case, with the accents that stand on it."""
    word = unicodedata.normalize("NFC", word).lstrip("'’`\"")
    end = 1
    while end < len(word) and unicodedata.combining(word[end]):
        end += 1
    return word[:end].upper()


def cited_name(author: Author) -> str:
    """A name as the list cites it, GB/T 7714: `Tan Z`, `van der Berg J`, `张三`."""
    if is_cjk(author.family):
        return author.family + author.given.replace(" ", "")
    moved = [word for word in author.given.split() if word in _PARTICLES]
    family = author.family.replace(".", " ").split()
    return " ".join([*moved, *family, initials(author.given)]).strip()


def full_name(author: Author) -> str:
    """A name as it is spoken: `Zhen Tan`, `山田 太郎`."""
    parts = (
        (author.family, author.given) if is_cjk(author.family) else (author.given, author.family)
    )
    return " ".join(part for part in parts if part)
