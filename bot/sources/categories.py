"""arXiv's categories: what one looks like, and the set of OAI-PMH it is."""

from __future__ import annotations

import re

from bot.domain.errors import SourceError

_PHYSICS = frozenset(
    {
        "astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph",
        "nlin", "nucl-ex", "nucl-th", "physics", "quant-ph",
    }
)  # fmt: skip
"""The archives of the group physics; every other archive is a group of its own."""
_CATEGORY = re.compile(r"[a-z][a-z-]{1,20}(?:\.[A-Za-z-]{2,20})?", re.ASCII)


def check_category(category: str) -> None:
    """Raise SourceError for what is no category, such as `cs.CL` or `hep-th`."""
    if not _CATEGORY.fullmatch(category):
        raise SourceError(f"{category!r} is no arXiv category; [arxiv] sets wants such as “cs.CL”")


def set_spec(category: str) -> str:
    """The OAI set of a category: `cs.CL` → `cs:cs:CL`, `hep-th` → `physics:hep-th`.

    Raises SourceError for what is no category.
    """
    check_category(category)
    archive = category.partition(".")[0]
    group = "physics" if archive in _PHYSICS else archive
    return f"{group}:{category.replace('.', ':')}"
