"""What a button carries: the text itself where it is short, else a key under which it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import NotFound
from bot.domain.sentences import sentence
from storage.searches import Searches

if TYPE_CHECKING:
    from bot.services.ports import Clock
    from storage.database import Database

MOST = 80
"""UTF-16 units a button takes beside its action and a page; Discord has room for 100 in all."""

_HERE, _KEPT = "=", "#"


class Parcels:
    """Packs texts for buttons; those packed once can be unpacked after any restart."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def pack(self, text: str) -> str:
        """At most 81 UTF-16 units that stand for the text."""
        if _fits(text):
            return _HERE + text
        now = self._clock.now()
        return _KEPT + await self._database.write(lambda c: Searches(c).put(text, now))

    async def unpack(self, packed: str) -> str:
        """The text that was packed. Raises NotFound where it is kept no longer."""
        if packed.startswith(_HERE):
            return packed.removeprefix(_HERE)
        key = packed.removeprefix(_KEPT)
        text = await self._database.read(lambda c: Searches(c).get(key))
        if text is None:
            raise NotFound(sentence("This button is too old: type the command again."))
        return text


def _fits(text: str) -> bool:
    """Whether Discord gives the text back as it is; it need not keep what cannot be seen."""
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return units <= MOST and text.isprintable() and text == text.strip()
