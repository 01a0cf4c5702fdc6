"""The benchmarks, which nobody runs every day."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests import bench

NAMES = sorted(path.stem for path in Path(bench.__path__[0]).glob("*.py"))


@pytest.mark.parametrize("name", NAMES)
def test_none_needs_what_is_gone(name: str) -> None:
    """Whatever is renamed or moved, each still finds all it imports."""
    importlib.import_module(f"tests.bench.{name}")
