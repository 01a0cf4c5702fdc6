"""What all tests share."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from bot.__main__ import YOUNG

if TYPE_CHECKING:
    from collections.abc import Generator

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
"""Recorded data beside the project where it is developed; tests that need it skip without."""

MEMORY = Path("/dev/shm")  # the folders made in it have names of their own
ROOM = 4 * 2**30
"""Bytes that must be free for the tests' folders to lie in memory."""


def has_room() -> bool:
    """Whether there is a file system in memory, with room, from which programs may be run."""
    if not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(MEMORY).free >= ROOM


# Databases by the thousand: on a disk a sixth of the time went by waiting for it.
if "TMPDIR" not in os.environ and has_room():
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None

# As the bot does: thousands of tests and their modules stay, and need not be looked at again.
gc.set_threshold(YOUNG)

settings.register_profile("short", max_examples=20, deadline=None)  # the machine may be busy
settings.register_profile("wide", max_examples=200, deadline=None)  # `make soak`
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

# Else each worker, and each bot that is started, would compile everything anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# For the workers, as where the bot trains: on small matrices two threads do four times the work.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

LONG = ("test_loop.py", "test_harvest.py", "test_commands.py")


@pytest.hookimpl(tryfirst=True, specname="pytest_collection_modifyitems")
def in_one_order(config: pytest.Config, items: list[pytest.Item]) -> None:
    """All workers name the tests in the same order, wherever they began to read."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.nodeid)


@pytest.hookimpl(trylast=True)  # after pytest-randomly has shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones go first: at the end no worker is alone with one of them."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Each worker begins to read the tests elsewhere, and finds compiled what others have read."""
    report = yield
    worker = getattr(collector.config, "workerinput", None)
    if worker and isinstance(collector, pytest.Directory):
        first = len(report.result) * int(worker["workerid"][2:]) // worker["workercount"]
        report.result = [*report.result[first:], *report.result[:first]]
    return report


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many workers as processors: tests of real processes often wait for them."""
    return 2 * (os.cpu_count() or 1)
