"""Threads that step behind: niceness that those inherit which they start."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from storage.behind import NICE, started_behind
from storage.search_index import Mark, Shelf

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness here")


def merging() -> list[int]:
    """The niceness of each thread that merges segments, as tantivy names them."""
    names = {one.parent.name: one.read_text() for one in Path("/proc/self/task").glob("*/comm")}
    return [
        os.getpriority(os.PRIO_PROCESS, int(thread))
        for thread, name in names.items()
        if name.startswith("merge_thread")
    ]


def test_a_thread_that_is_started_behind_stays_there() -> None:
    """It has the niceness, and who asked for it keeps their own."""
    own, found, done = os.getpriority(os.PRIO_PROCESS, 0), [], threading.Event()

    def note() -> None:
        """Wait until the starting thread is gone."""
        done.wait()
        found.append(os.getpriority(os.PRIO_PROCESS, 0))

    thread = threading.Thread(target=note)
    started_behind(thread.start)
    done.set()
    thread.join()
    assert (os.getpriority(os.PRIO_PROCESS, 0), *found) == (own, NICE)


def test_an_index_is_merged_behind() -> None:
    """A commit starts the threads that merge segments in the background."""
    own, shelf = os.getpriority(os.PRIO_PROCESS, 0), Shelf.fresh(None)
    shelf.commit([], {}, Mark(1, "here"))
    assert set(merging()) == {NICE}
    assert os.getpriority(os.PRIO_PROCESS, 0) == own
    shelf.abandon()
