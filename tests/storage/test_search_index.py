"""An index's commit in the background: what is more urgent goes before it."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from storage.behind import NICE, started_behind
from storage.search_index import Mark, Shelf

nice_threads = pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness here")
WITHIN = 20
"""Seconds."""


def merging() -> list[int]:
    """The niceness of each thread that merges segments, as tantivy names them."""
    names = {one.parent.name: one.read_text() for one in Path("/proc/self/task").glob("*/comm")}
    return [
        os.getpriority(os.PRIO_PROCESS, int(thread))
        for thread, name in names.items()
        if name.startswith("merge_thread")
    ]


@nice_threads
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
    assert (os.getpriority(os.PRIO_PROCESS, 0), *found) == (own, max(own, NICE))


@nice_threads
def test_an_index_is_merged_behind() -> None:
    """A commit starts the threads that merge segments in the background."""
    own, shelf = os.getpriority(os.PRIO_PROCESS, 0), Shelf.fresh(None)
    shelf.commit([], {}, Mark(1, "here"))
    assert set(merging()) == {max(own, NICE)}
    assert os.getpriority(os.PRIO_PROCESS, 0) == own
    shelf.abandon()


def test_a_commit_pauses_before_each_document_and_before_it_is_written() -> None:
    """As long as the pause lasts nothing is written."""
    shelf, paused, going_on = Shelf.fresh(None), threading.Semaphore(0), threading.Semaphore(0)

    def pause() -> None:
        """Say so, and wait until told to go on."""
        paused.release()
        assert going_on.acquire(timeout=WITHIN)

    mark = Mark(1, "here")
    thread = threading.Thread(target=shelf.commit, args=(["a", "b"], {}, mark, pause))
    thread.start()
    for _ in range(3):
        assert paused.acquire(timeout=WITHIN)
        assert shelf.mark == Mark()
        going_on.release()
    thread.join(WITHIN)
    assert shelf.mark == mark
    shelf.abandon()
