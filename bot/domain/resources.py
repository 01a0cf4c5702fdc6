"""The code and data a paper names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.models import Link, Paper


def resources(paper: Paper) -> tuple[Link, ...]:
    """At most four links to code, data, models and demos."""
    return paper.links[:4]
