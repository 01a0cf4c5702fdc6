"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
"""Recorded data beside the project where it is developed; tests that need it skip without."""

settings.register_profile("short", max_examples=40, deadline=None)  # the machine may be busy
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

LONG = ("test_crash.py", "test_loop.py", "test_harvest.py", "test_commands.py")


@pytest.hookimpl(trylast=True)  # after pytest-randomly has shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones go first: at the end no worker is alone with one of them."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many workers as processors: tests of real processes often wait for them."""
    return 2 * (os.cpu_count() or 1)
