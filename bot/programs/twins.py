"""The same paper under several ids, versions or titles: told by any of what it shares."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot.domain.duplicates import title_key
from bot.domain.identify import identify

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TELLING_ABSTRACT = 200
"""Characters from which on nobody else has written the same."""


def keys(paper_id: str, title: str, abstract: str = "") -> tuple[str, ...]:
    """What names a paper: its id whatever the version, its title, its abstract.

    Two papers that share one of them are the same.
    """
    found = [f"id {identify(paper_id) or paper_id.strip()}"]
    if letters := title_key(title):
        found.append(f"title {letters}")
    text = "".join(abstract.casefold().split())
    if len(text) >= _TELLING_ABSTRACT:
        written = text.encode(errors="surrogatepass")
        found.append(f"abstract {hashlib.blake2b(written, digest_size=16).hexdigest()}")
    return tuple(found)


def twins(names: Iterable[Sequence[str]]) -> list[list[int]]:
    """The places of those that are one paper together, in the order in which each came first.

    `names` are the keys of each. What is the same as a third is the same.
    """
    first: list[int] = []
    owner: dict[str, int] = {}

    def root(place: int) -> int:
        while first[place] != place:
            first[place] = place = first[first[place]]
        return place

    for place, shared in enumerate(names):
        first.append(place)
        known = {root(owner[key]) for key in shared if key in owner}
        oldest = min(known, default=place)
        for other in (*known, place):
            first[other] = oldest
        for key in shared:
            owner.setdefault(key, place)
    groups: dict[int, list[int]] = {}
    for place in range(len(first)):
        groups.setdefault(root(place), []).append(place)
    return list(groups.values())
