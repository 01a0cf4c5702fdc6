"""The passage of a text that shows best why it was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.search_tokens import STOP_STEMS, normal, plain_words, spans, stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.models import ParsedQuery

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
    matches = _matches(query, text)
    start, end = _window(text, matches)
    return tuple(_parts(text, start, end, matches))


def _matches(query: ParsedQuery, text: str) -> list[tuple[int, int, str]]:
    sought = {
        stem for part in (*query.words, *query.phrases, *query.titles) for stem in stems(part)
    }
    sought = sought - STOP_STEMS or sought
    begun = tuple(words[-1] for prefix in query.prefixes if (words := plain_words(prefix)))
    return [
        (start, end, stem)
        for stem, word, start, end in spans(text)
        if stem in sought or (begun and word.startswith(begun))
    ]


def _window(text: str, matches: Sequence[tuple[int, int, str]]) -> tuple[int, int]:
    """Where most different words stand together, the first such place; cut between words."""
    if len(text) <= WIDTH:
        return 0, len(text)
    best, most = 0, 0
    for start, _, _ in matches:
        inside = {stem for at, end, stem in matches if at >= start and end <= start + WIDTH - LEAD}
        if len(inside) > most:
            best, most = start, len(inside)
    start = 0 if best <= LEAD else text.rfind(" ", 0, best - LEAD) + 1
    end = text.rfind(" ", start + 1, start + WIDTH + 1)
    enough = start + WIDTH >= len(text)
    return start, len(text) if enough else max(end, start + WIDTH // 2)


def _parts(
    text: str, start: int, end: int, matches: Sequence[tuple[int, int, str]]
) -> list[tuple[str, bool]]:
    parts = [("… ", False)] if start else []
    at = start
    for begin, finish, _ in matches:
        if begin >= at and finish <= end:
            parts += [(text[at:begin], False), (text[begin:finish], True)]
            at = finish
    parts.append((text[at:end] + (" …" if end < len(text) else ""), False))
    return [(part, found) for part, found in parts if part]
