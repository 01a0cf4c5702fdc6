"""Pages of an answer: which there are, and the buttons that lead to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.commands.reply import Button
from bot.domain.errors import NotFound
from bot.domain.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = 5
"""Results of a page: what a phone shows without much scrolling."""

MOST_PAGES = 2_000
"""The index goes down to 10,000 results."""


@dataclass(frozen=True, slots=True)
class Pager:
    """Page `page` (from 1) of `total` results; its buttons carry `packed` with `action`.

    Where nothing can be pressed the first page is the only one: it is not `paged`.
    """

    action: str
    packed: str
    page: int
    total: int
    size: int = PAGE
    paged: bool = True

    @property
    def pages(self) -> int:
        """How many there are."""
        return pages_of(self.total, self.size)

    @property
    def offset(self) -> int:
        """How many results stand before this page."""
        return (self.page - 1) * self.size

    @property
    def footer(self) -> str:
        """`2 of 7`; nothing where there is one page only."""
        if self.pages == 1:
            return ""
        if not self.paged:
            return sentence("The first {n} of {total}", n=self.size, total=self.total)
        return sentence("{page} of {pages}", page=self.page, pages=self.pages)

    def buttons(self) -> Iterator[Button]:
        """Back and Next, where they lead anywhere."""
        if self.paged and self.page > 1:
            yield Button(sentence("‹ Back"), self.action, f"{self.page - 1}.{self.packed}")
        if self.paged and self.page < self.pages:
            yield Button(sentence("Next ›"), self.action, f"{self.page + 1}.{self.packed}")


def pages_of(total: int, size: int = PAGE) -> int:
    """How many pages so many results fill; one even if there are none."""
    return min(MOST_PAGES, max(1, -(-total // size)))


def carried(argument: str) -> tuple[int, str]:
    """The page that a button leads to and what it packed. Raises NotFound."""
    page, dot, packed = argument.partition(".")
    if not (dot and page.isascii() and page.isdecimal() and 0 < int(page[:9]) <= MOST_PAGES):
        raise NotFound(
            sentence("This button is from an older version of the bot: type the command again.")
        )
    return int(page), packed
