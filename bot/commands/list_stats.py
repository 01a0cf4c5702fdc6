"""/papers stats: the list in figures, as text that fits a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.reply import Line, Reply, Span, text
from bot.domain.sentences import counted, joined, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.commands.registry import Context
    from bot.services.list_figures import ListFigures, ListSum

BAR = 12
SECTION = 24
"""Columns; with a number of four digits a row has about 40."""

MOST_ROWS = 12

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
    sections = [(shorten(one.title, SECTION), one.entries) for one in found.sections]
    months = [(f"{month:%Y-%m}", count) for month, count in found.months]
    years: list[tuple[str, int]] = [(f"{year:04}", count) for year, count in found.years]
    years += [(sentence("no year known"), found.undated)] if found.undated else []
    earlier = sentence("The rest, by year") if months else sentence("By year of publication")
    return Reply(
        title=counted(found.total, "{n} paper on the list", "{n} papers on the list"),
        lines=(
            text(sentence("{n} added in the last 30 days", n=found.recent)),
            *_block(sentence("By section"), sections),
            *_block(sentence("By month of publication"), months),
            *_block(earlier, years),
        ),
        shareable=True,
    )


def _block(title: str, rows: Sequence[tuple[str, int]]) -> Iterator[Line]:
    if not rows:
        return
    yield text(Span(title, bold=True))
    most = max(count for _, count in rows)
    for label, count in rows[:MOST_ROWS]:
        yield text(
            joined(" ", (part for part in (bar(count, most), str(count), "·", label) if part))
        )
    if rest := rows[MOST_ROWS:]:
        yield text(
            sentence("… and {n} more with {papers}", n=len(rest), papers=sum(n for _, n in rest))
        )


def bar(count: int, most: int) -> str:
    """A bar of at most 12 columns, in eighths of a block; what is not nothing shows."""
    eighths = max(1, round(count * BAR * 8 / most)) if count else 0
    return _FULL * (eighths // 8) + _PARTS[eighths % 8].strip()
