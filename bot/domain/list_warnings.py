"""What is odd about a list: papers twice, links that lead nowhere, bytes that are no text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.identify import identify
from bot.domain.list_words import is_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.list_text import ListText
    from storage.models import ListedEntry

_SHOWN = 80


def normal_title(title: str) -> str:
    """A title by its letters and digits, so that marks and case do not matter."""
    return "".join(char for char in title.casefold() if char.isalnum())


def duplicates(entries: Sequence[tuple[int, ListedEntry]]) -> tuple[str, ...]:
    """One sentence for each entry (with its line, from 1) whose id or title an earlier one has."""
    first: dict[str, tuple[int, ListedEntry]] = {}
    sentences = []
    for line, entry in entries:
        title = normal_title(entry.title)
        telling = len(title) > 3 and not is_label(entry.title)
        keys = [*entry.ids, *([title] if telling else [])]
        earlier = next(((key, first[key]) for key in keys if key in first), None)
        if earlier:
            key, (other_line, other) = earlier
            why = f"both are {key}" if key in entry.ids else "both have this title"
            sentences.append(
                f'lines {other_line} and {line}: "{_cut(other.title)}" and '
                f'"{_cut(entry.title)}": {why}'
            )
        for key in keys:
            first.setdefault(key, (line, entry))
    return tuple(sentences)


def oddities(text: ListText, entries: Iterable[tuple[int, ListedEntry]]) -> tuple[str, ...]:
    """What a maintainer should look at beside duplicates."""
    found = [
        f"line {index}: not valid UTF-8; kept byte for byte"
        for index, line in enumerate(text.lines, 1)
        if re.search(r"[\udc80-\udcff]", line.raw)
    ]
    if text.open_fence is not None:
        found.append(
            f"line {text.open_fence + 1}: a code block opens here and never closes; "
            "nothing after it is read"
        )
    for line, entry in entries:
        broken = [link.url for link in entry.links if _is_broken(link.url)]
        found += [f"line {line}: {_cut(url)} holds no arXiv id" for url in broken]
    return tuple(found)


def _is_broken(url: str) -> bool:
    return re.search(r"arxiv\.org/(?:abs|pdf|html)/", url) is not None and identify(url) is None


def _cut(text: str) -> str:
    clean = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return clean if len(clean) <= _SHOWN else clean[: _SHOWN - 1] + "…"
