"""Where a paper was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.models import Paper


def venue(paper: Paper) -> str:
    """`ACL 2024`."""
    return "" if paper else ""
