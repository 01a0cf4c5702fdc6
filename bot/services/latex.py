"""pylatexenc, held so that it neither raises nor talks."""

from __future__ import annotations

import logging
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_PIECES = 200
"""Pieces of one text that are worth reading; each takes about 0.3 ms."""

_COMMAND = re.compile(r"\\[A-Za-z]+\*?\s?|\\[(){}\[\]\"'`^~=.]|[{}]|\\(?=[$%&#_])")


@lru_cache(maxsize=1_024)
def read(latex: str) -> str:
    """What a piece of LaTeX reads as; just without commands where pylatexenc cannot read it."""
    try:
        found = _reader()(latex)
    except (LookupError, RecursionError, TypeError, ValueError, AttributeError):
        # pylatexenc fails in these ways on commands that lack their arguments.
        return strip(latex)
    return found


def strip(latex: str) -> str:
    """The same without commands and braces."""
    return _COMMAND.sub("", latex)


@cache
def _reader() -> Callable[[str], str]:
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415 - 40 ms, on use only

    # It warns of every command that lacks an argument, in the words of the text itself.
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    nodes = LatexNodes2Text(math_mode="text", strict_latex_spaces=False)
    return lambda latex: str(nodes.latex_to_text(latex, tolerant_parsing=True))
