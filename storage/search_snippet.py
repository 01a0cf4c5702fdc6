"""The passage of a text that shows best why it was found."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from storage.search_places import places, sought
from storage.search_tokens import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.models import ParsedQuery
    from storage.search_places import Place

WIDTH = 200
LEAD = 50
"""Characters shown before the first word found."""

LONGEST = 6_000
"""Characters of a text that are looked at."""

Snippet = tuple[tuple[str, bool], ...]


def snippet(query: ParsedQuery, text: str) -> Snippet:
    """(text, whether it was looked for) in order: about `WIDTH` characters, or all of a short text.

    Without a match it is the beginning; of an empty text nothing.
    """
    text = " ".join(normal(text[:LONGEST]).split())
    matches = places(text, sought(query))
    start, end = _window(text, matches)
    return tuple(_parts(text, start, end, matches))


def _window(text: str, matches: Sequence[Place]) -> tuple[int, int]:
    """Where most different words stand together, the first such place; cut between words."""
    if len(text) <= WIDTH:
        return 0, len(text)
    best = _densest(matches, WIDTH - LEAD)
    start = 0 if best <= LEAD else text.rfind(" ", 0, best - LEAD) + 1
    end = text.rfind(" ", start + 1, start + WIDTH + 1)
    enough = start + WIDTH >= len(text)
    return start, len(text) if enough else max(end, start + WIDTH // 2)


def _densest(matches: Sequence[Place], room: int) -> int:
    """Where the first of those begins of which most different ones end within `room` characters."""
    inside: Counter[str] = Counter()
    best = most = last = 0
    for stem, start, _ in matches:
        while last < len(matches) and matches[last].end <= start + room:
            inside[matches[last].stem] += 1
            last += 1
        if len(inside) > most:
            best, most = start, len(inside)
        inside[stem] -= 1
        if not inside[stem]:
            del inside[stem]
    return best


def _parts(text: str, start: int, end: int, matches: Sequence[Place]) -> list[tuple[str, bool]]:
    parts = [("… ", False)] if start else []
    at = start
    for _, begin, finish in matches:
        if begin >= at and finish <= end:
            parts += [(text[at:begin], False), (text[begin:finish], True)]
            at = finish
    parts.append((text[at:end] + (" …" if end < len(text) else ""), False))
    return [(part, found) for part, found in parts if part]
