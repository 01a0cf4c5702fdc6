"""Lines to copy as they are → one fenced block of Discord's Markdown."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from bot.chat.text import cut, unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.commands.reply import Line

TAB = 4

_FENCE = re.compile("(?<=``)(?=`)")


def fenced(lines: Iterable[Line], most: int) -> tuple[str, Callable[[int], str]]:
    """The block, and what gives it cut so that it fits some room; of each line `most` is read.

    Nothing but a run of three backticks ends a block: a space is put into it. Spaces are kept,
    since they indent. The block is empty where nothing in it can be seen.
    """
    body = "\n".join("".join(span.text for span in line.spans)[:most] for line in lines)
    shown = "\n".join(unseen(line.expandtabs(TAB)).rstrip() for line in body.splitlines())
    shown = _FENCE.sub(" ", shown.strip("\n"))
    return (_block(shown) if shown else ""), partial(_cut, shown)


def _block(shown: str) -> str:
    return f"```\n{shown}\n```"


def _cut(shown: str, room: int) -> str:
    return cut(shown, room, _block)
