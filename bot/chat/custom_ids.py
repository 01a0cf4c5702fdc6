"""What a button or menu carries through Discord: `action:argument[:key]`, at most 100 characters.

Nothing else is remembered about a button, so that it works after any restart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.chat.text import width

LIMIT = 100
TEMPLATE = re.compile(r"[a-z_-]+:[\s\S]*")

_KEY = re.compile(r"[a-z][a-z0-9]*\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Carried:
    """The parts of a custom_id. `key` is the key of the message it sits on, where it has one."""

    action: str
    argument: str
    key: str = ""


def encode(carried: Carried) -> str:
    """The custom_id, or nothing where it would be too long to be sent."""
    tail = f":{carried.key}" if carried.key or _looks_keyed(carried.argument) else ""
    made = f"{carried.action}:{carried.argument}{tail}"
    return made if width(made) <= LIMIT else ""


def decode(custom_id: str) -> Carried:
    """The parts of a custom_id made by `encode`, whatever colons the argument holds."""
    action, _, rest = custom_id.partition(":")
    if not _looks_keyed(rest):
        return Carried(action, rest)
    argument, _, key = rest.rpartition(":")
    return Carried(action, argument, key)


def _looks_keyed(text: str) -> bool:
    """Whether the end of a text would be taken for a key (an empty one says that there is none)."""
    _, colon, tail = text.rpartition(":")
    return bool(colon) and (not tail or _KEY.fullmatch(tail) is not None)
