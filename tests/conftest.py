"""What all tests share."""

from __future__ import annotations

from pathlib import Path

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
"""Recorded data beside the project where it is developed; tests that need it skip without."""
