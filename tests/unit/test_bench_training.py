"""The benchmark of training runs, from the file to its last line, on a handful of papers."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parents[2]
PAPERS = 60


def stream(path: Path) -> Path:
    """A made-up file of labelled papers; every sixth is relevant, every seventh undecided."""
    lines = [
        {
            "id": f"2401.{number:05}",
            "title": f"{'Synthetic data' if number % 6 == 0 else 'Parsing'} for task {number}",
            "abstract": f"We generate data {number}." if number % 6 == 0 else f"A tree {number}.",
            "relevant": None if number % 7 == 3 else number % 6 == 0,
        }
        for number in range(PAPERS)
    ]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    return path


@pytest.mark.long
def test_the_benchmark_prints_what_training_takes(tmp_path: Path) -> None:
    """Seconds of training and of scoring, the stalls, the memory, and the same under a limit."""
    file = stream(tmp_path / "stream.jsonl.gz")
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.training", str(file), "--papers", "50"],
        cwd=CLONE,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(
        r"(?m)^training on 50 papers: [\d.]+ s, CPU [\d.]+ s in the child", done.stdout
    )
    assert re.search(r"(?m)^scoring 50 papers: .* the loop stalled for up to \d+ ms", done.stdout)
    assert re.search(
        r"(?m)^peak: \d{2,} MB, .* the bot's \d{2,} MB and the child's \d{2,} MB", done.stdout
    )
    assert re.search(r"(?m)^under a hard limit: .* \d{2,} MB of data \(RLIMIT_DATA\)", done.stdout)
    assert re.search(r"(?m)^  it succeeded: training: [\d.]+ s", done.stdout)
