"""The ledger as `python -m bot ledger` prints it."""

from __future__ import annotations

from bot.programs.fields import ledger_fields
from bot.programs.ledger import worded
from tests.unit.test_ledger import row

ENDS = ("announced", "12412")


def test_a_row_is_a_pass_a_day_and_a_set() -> None:
    """Numbers under one another, at most 100 columns, and below them what went wrong."""
    rows = [
        row(12, announced=12_412, new=1_803, late=3, updated=40, ranked=1_803, queued=6, decided=2),
        row(9, "cross-check", complete=False, faults=("timed out",)),
    ]
    shown = worded([ledger_fields(one) for one in rows]).splitlines()
    assert [line.split()[:6] for line in shown[:3]] == [
        ["pass", "day", "set", "announced", "new", "late"],
        ["12", "2024-09-16", "cs.CL", "12412", "1803", "3"],
        ["9", "2024-09-16", "cross-check", "0", "0", "0"],
    ]
    assert [line.split()[-2:] for line in shown[:3]] == [
        ["decided", "complete"],
        ["2", "yes"],
        ["0", "NO"],
    ]
    assert len({line.index(end) + len(end) for line, end in zip(shown, ENDS, strict=False)}) == 1
    assert shown[3:] == ["pass 9, 2024-09-16, cross-check: timed out"]
    assert max(map(len, shown)) <= 100


def test_an_empty_ledger_says_what_to_do() -> None:
    """No harvest was made yet."""
    assert worded([]) == "No harvest yet: run `python -m bot harvest`."
