"""What the bench prints: two tables of at most 90 columns, and who is ahead where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.intervals import wilson
from tests.bench.relevance_measures import MOST_IN, NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.programs.replaying import Played
    from tests.bench.relevance_measures import Judged

_NAME, _CELL, _SECONDS, _REPLAY = 22, 9, 5, 20

Row = tuple[str, float]
"""Its name and how many seconds it took."""


def heading(title: str) -> str:
    """The line above the rankings."""
    return _cells(title, NAMES, "s")


def ranking(row: Row, judged: Judged) -> str:
    """A method's two lines: its measures, and below them how far they may be off."""
    name, seconds = row
    intervals = [
        f"{_share(low)}-{_share(high)}" for low, high in zip(judged.lows, judged.highs, strict=True)
    ]
    values = _cells(name, [_share(value, 3) for value in judged.values], f"{seconds:.0f}")
    return f"{values}\n{_cells('', intervals, '')}"


def replay_heading(title: str, shares: Sequence[float]) -> str:
    """The line above the replays."""
    return _cells(
        title, [f"{share:.0%} shown".replace("%", " %") for share in shares], "s", _REPLAY
    )


def replay(row: Row, played: Sequence[Played]) -> str:
    """A method's two lines: recall at each share, and below how many cards it was."""
    name, seconds = row
    recalls, counts = [], []
    for one in played:
        low, high = wilson(one.approved, one.relevant)
        recalls.append(f"{_share(one.recall.value, 3)} {_share(low)}-{_share(high)}")
        counts.append(f"{one.approved} in {one.shown} cards")
    values = _cells(name, recalls, f"{seconds:.0f}", _REPLAY)
    return f"{values}\n{_cells('', counts, '', _REPLAY)}"


def skipped(name: str, missing: str) -> str:
    """The line of a method whose package is not installed."""
    return f"{name.ljust(_NAME)} skipped: {missing} is not installed (pip install '.[bench]')"


def leaders(judged: Mapping[str, Judged]) -> Iterator[str]:
    """For each measure which method is best, and how far the next one is behind."""
    for column, name in enumerate(NAMES):
        values = {row: float(one.values[column]) for row, one in judged.items()}
        yield _leader(name, values, least=column == MOST_IN)


def replay_leaders(
    shares: Sequence[float], played: Mapping[str, Sequence[Played]]
) -> Iterator[str]:
    """The same for the replays."""
    for column, share in enumerate(shares):
        values = {row: some[column].recall.value for row, some in played.items()}
        yield _leader(f"replay {share:.0%}".replace("%", " %"), values, least=False)


def difference(one: str, other: str, judged: Mapping[str, Judged]) -> Iterator[str]:
    """By how much the first of two methods is ahead, measured on the same papers."""
    if {one, other} <= judged.keys():
        yield f"{one} minus {other}, 95 % interval of a paired bootstrap:"
        for column, name in enumerate(NAMES):
            ahead, low, high = judged[one].ahead_of(judged[other], column)
            yield f"  {name.ljust(10)} {ahead:+.3f} ({low:+.3f} to {high:+.3f})"


def seeds(before: str) -> str:
    """What was made of the papers of the shipped list."""
    return (
        "Of the shipped list the cold row knows the titles, but of no paper while that is scored;\n"
        f"the warm row and the replays know none that may be later than {before} until approved."
    )


def _leader(name: str, values: Mapping[str, float], *, least: bool) -> str:
    first, *rest = sorted(values, key=lambda row: values[row] if least else -values[row])
    line = f"  {name.ljust(10)} {first} {_share(values[first], 3)}"
    if not rest:
        return line
    ahead = _share(abs(values[first] - values[rest[0]]), 3)
    return f"{line}, {f'{ahead} ahead of' if float(ahead) else 'level with'} {rest[0]}"


def _share(value: float, digits: int = 2) -> str:
    """`.31`: a share without its zero."""
    written = f"{value:.{digits}f}"
    return written.removeprefix("0") if value < 1 else written


def _cells(name: str, cells: Sequence[str], seconds: str, width: int = _CELL) -> str:
    line = name.ljust(_NAME) + "".join(cell.rjust(width) for cell in cells)
    return f"{line}{seconds.rjust(_SECONDS)}".rstrip()
