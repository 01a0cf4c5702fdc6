"""Made-up files of labelled papers, and the command line run on them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CLONE = Path(__file__).resolve().parents[2]

ON_TOPIC = (
    "We generate synthetic training data with large language models",
    "Synthetic preference data aligns a model without annotators",
    "Instruction data that a model writes for itself",
    "Data synthesis for mathematical reasoning at scale",
    "Self-instruct pipelines make diverse instruction datasets",
)
OFF_TOPIC = (
    "Acoustic features for the recognition of spoken dialects",
    "A corpus of parliamentary debates in four languages",
    "Parsing with graph neural networks and little supervision",
    "Named entities in clinical notes of several hospitals",
    "Faster decoding by speculative execution of layers",
    "Coreference in long documents read piece by piece",
    "Emotions in the lyrics of popular songs over time",
)


def row(number: int, text: str, *, relevant: object = False, **more: object) -> dict[str, object]:
    """A paper of January 2024."""
    fields = {
        "id": f"2401.{number:05}",
        "title": f"{text} ({number})",
        "abstract": f"{text}. Study number {number} says more about it: {text.lower()}.",
        "relevant": relevant,
    }
    return fields | more


def papers(count: int, *, every: int = 5, first: int = 1) -> list[dict[str, object]]:
    """So many papers; each `every`-th is on topic, and relevant."""
    return [
        row(
            number,
            (OFF_TOPIC, ON_TOPIC)[number % every == 0][number % 5],
            relevant=number % every == 0,
        )
        for number in range(first, first + count)
    ]


def written(path: Path, rows: Iterable[object]) -> Path:
    """A file with an object a line."""
    path.write_text("".join(f"{json.dumps(one)}\n" for one in rows), encoding="utf-8")
    return path


def command(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """What a command said, run in a folder as a person runs it."""
    return subprocess.run(
        [sys.executable, "-P", "-c", RUN, *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def started(folder: Path, *arguments: object) -> subprocess.Popen[bytes]:
    """A command that has been begun."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", RUN, *map(str, arguments)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


RUN = (
    "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_DFL);"
    f" sys.path.insert(0, {str(CLONE)!r}); from bot.__main__ import main; main()"
)
"""The clone's own program, with the folder it runs in; it hears SIGHUP also beneath `nohup`."""
