"""/papers stats: the list in figures, as text that fits a phone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.reply import Line, Reply, Span, text
from bot.domain.sentences import counted, joined, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from bot.commands.registry import Context
    from bot.services.list_figures import ListFigures, ListSum
    from storage.models import Section

BAR = 12
SECTION = 24
"""Columns; with a number of four digits a row has about 40."""

WHOLE = 60
"""Columns of a title that begins as another does."""

MOST_ROWS = 12
FIRST = frozenset(range(MOST_ROWS))

_FULL, _PARTS = "█", " ▏▎▍▌▋▊▉"


class StatsCommands:
    """Stats."""

    def __init__(self, *, figures: ListFigures) -> None:
        self._figures = figures

    async def stats(self, _context: Context) -> Reply:
        """How many papers, in which sections, from when."""
        return stats_reply(await self._figures.sum())


def stats_reply(found: ListSum) -> Reply:
    """Bars first, so that they begin in one column whatever the letters are."""
    sections = list(zip(_labels(found.sections), _sizes(found.sections), strict=True))
    months = [(f"{month:%Y-%m}", count) for month, count in found.months]
    years: list[tuple[str, int]] = [(f"{year:04}", count) for year, count in found.years]
    years += [(sentence("no year known"), found.undated)] if found.undated else []
    earlier = sentence("The rest, by year") if months else sentence("By year of publication")
    return Reply(
        title=counted(found.total, "{n} paper on the list", "{n} papers on the list"),
        lines=(
            text(sentence("{n} added in the last 30 days", n=found.recent)),
            *_block(sentence("By section"), sections, _largest(_sizes(found.sections))),
            *_block(sentence("By month of publication"), months),
            *_block(earlier, years),
        ),
        shareable=True,
    )


def _sizes(sections: Sequence[Section]) -> list[int]:
    return [one.entries for one in sections]


def _labels(sections: Sequence[Section]) -> list[str]:
    """The titles, cut to a row of a phone, unless another would then read the same."""
    cut = [shorten(one.title, SECTION) for one in sections]
    seen = Counter(cut)
    return [
        label if seen[label] == 1 else shorten(one.title, WHOLE)
        for label, one in zip(cut, sections, strict=True)
    ]


def _largest(sizes: Sequence[int]) -> set[int]:
    """Which rows to show where there are too many: the largest, those first of equals."""
    return set(sorted(range(len(sizes)), key=lambda row: -sizes[row])[:MOST_ROWS])


def _block(
    title: str, rows: Sequence[tuple[str, int]], chosen: AbstractSet[int] = FIRST
) -> Iterator[Line]:
    if not rows:
        return
    yield text(Span(title, bold=True))
    most = max(count for _, count in rows)
    rest = [count for row, (_, count) in enumerate(rows) if row not in chosen]
    for label, count in (one for row, one in enumerate(rows) if row in chosen):
        yield text(
            joined(" ", (part for part in (bar(count, most), str(count), "·", label) if part))
        )
    if rest:
        yield text(sentence("… and {n} more with {papers}", n=len(rest), papers=sum(rest)))


def bar(count: int, most: int) -> str:
    """A bar of at most 12 columns, in eighths of a block; what is not nothing shows."""
    eighths = max(1, round(count * BAR * 8 / most)) if count else 0
    return _FULL * (eighths // 8) + _PARTS[eighths % 8].strip()
