"""`python -m tests.soak`: whether the bot misses papers, and how many others miss; the crash table.

Fifty months and a year by default, and the bot killed around each effect of a life of the desk (see
tests.soak.crash); `--months N`, `--year`, `--seed S` (the first of the seeds) and `--crash` choose.
The year and every fifth month watch five sets, the other months two. Exits 1 when anything was lost
or doubled, or anything else did not hold.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.soak import crash
from tests.soak.papers import SETS
from tests.soak.simulation import MONTH, YEAR, Outcome, Run, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MONTHS = 50
FIRST = datetime(2024, 1, 3, 15, tzinfo=UTC)
"""When the first month begins; the others follow, so that all seasons come."""
ROUNDS = (1, 2, 1, 1, 3)
"""How often a day it harvests, by seed: fewer rounds find as much, only later."""
SHOWN = 12
"""Broken properties that are printed of a run."""
COLUMNS = (
    ("seed", 4), ("days", 4), ("papers", 6), ("stored", 6), ("lost", 4), ("doubled", 7),
    ("kills", 5), ("down", 6), ("faults", 6), ("requests", 8), ("gap", 5),
    ("window", 6), ("ten", 4), ("RSS", 4),
)  # fmt: skip


def runs(months: int, seed: int, *, year: bool) -> Iterator[Run]:
    """What is simulated, the longest first."""
    if year:
        yield seed, FIRST, YEAR
    for number in range(seed, seed + months):
        start = FIRST + timedelta(days=30.4) * (number - 1)
        rounds = ROUNDS[number % len(ROUNDS)]
        two = SETS[number % len(SETS)], SETS[(number + 2) % len(SETS)]
        sets = two if number % 5 else SETS
        yield number, start.replace(hour=number % 24), replace(MONTH, rounds=rounds, sets=sets)


def row(outcome: Outcome) -> str:
    """A line of the table."""
    cells = (
        outcome.seed,
        outcome.days,
        outcome.announced,
        outcome.stored,
        len(outcome.lost),
        len(outcome.doubled),
        outcome.kills,
        f"{outcome.down / timedelta(days=1):.1f} d",
        outcome.troubles,
        outcome.requests,
        f"{outcome.least_gap:.1f} s",
        *(f"{loss.share:.0%}" for loss in outcome.others.values()),
    )
    return "  ".join(f"{cell!s:>{width}}" for cell, (_, width) in zip(cells, COLUMNS, strict=True))


def summary(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What it comes to."""
    announced = sum(outcome.announced for outcome in outcomes)
    yield (
        f"This bot: lost {sum(len(outcome.lost) for outcome in outcomes)}, "
        f"doubled {sum(len(outcome.doubled) for outcome in outcomes)} "
        f"of {announced} papers announced in {sum(outcome.days for outcome in outcomes)} days, "
        f"with {sum(outcome.kills for outcome in outcomes)} kills "
        f"and {sum(outcome.troubles for outcome in outcomes)} faults."
    )
    for name in outcomes[0].others:
        wanted = sum(outcome.others[name].wanted for outcome in outcomes)
        lost = sum(outcome.others[name].lost for outcome in outcomes)
        anyway = sum(outcome.others[name].anyway for outcome in outcomes)
        yield (
            f"{name}: lost {lost} of {wanted} ({lost / wanted:.1%}), "
            f"{anyway / wanted:.1%} had it never been down."
        )
    kept = sum(outcome.kept_back for outcome in outcomes)
    yield f"Lists lacked {kept} records unseen (edits meanwhile, stale answers), until asked again."


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--months", type=int, help="how many months (50, and a year beside them)")
    parser.add_argument("--year", action="store_true", help="a year")
    parser.add_argument("--crash", action="store_true", help="the crash table")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    chosen = parser.parse_args()
    everything = chosen.months is None and not (chosen.year or chosen.crash)
    months = MONTHS if everything else chosen.months or 0
    planned = list(runs(months, chosen.seed, year=everything or chosen.year))
    good = [_simulated(planned)] if planned else []
    if everything or chosen.crash:
        good.append(crash.table())
    return 0 if all(good) else 1


def _simulated(planned: Sequence[Run]) -> bool:
    """Print a row a run and what they come to; whether all was well."""
    outcomes = []
    begun = time.monotonic()
    print("  ".join(f"{name:>{width}}" for name, width in COLUMNS))
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        for future in as_completed([pool.submit(run, one) for one in planned]):
            outcomes.append(future.result())
            print(row(outcomes[-1]), flush=True)
            for fault in (outcomes[-1].lost + outcomes[-1].doubled + outcomes[-1].broken)[:SHOWN]:
                print(f"      {fault}", flush=True)
    print("", *summary(outcomes), f"{(time.monotonic() - begun) / 60:.1f} minutes", sep="\n")
    return all(outcome.good for outcome in outcomes)


if __name__ == "__main__":
    sys.exit(main())
