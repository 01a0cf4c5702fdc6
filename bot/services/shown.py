"""One paper as readers look at it: what is known of it, and where it stands on the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import citations, identify
from storage.listing import key_of

if TYPE_CHECKING:
    from datetime import datetime

    from storage.models import Author, Entry, Link, Paper


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper, its entry, or both. `section` is empty where it is not on the list."""

    paper: Paper | None
    entry: Entry | None

    @property
    def key(self) -> str:
        """The paper's primary id, or `entry:ID` of an entry that has no paper."""
        if self.paper is not None:
            return self.paper.id
        return key_of(self.entry.id, self.entry.paper) if self.entry else ""

    @property
    def title(self) -> str:
        """The paper's title, else the entry's."""
        if self.paper is not None and self.paper.title:
            return self.paper.title
        return self.entry.title if self.entry else ""

    @property
    def url(self) -> str:
        """The paper's page, else the entry's first link, else nothing."""
        if self.paper is not None:
            return identify.abs_url(self.paper.id)
        return self.links[0].url if self.links else ""

    @property
    def section(self) -> str:
        """The section it stands in."""
        return self.entry.section if self.entry else ""

    @property
    def authors(self) -> tuple[Author, ...]:
        """The paper's authors, else those whom the list names."""
        if self.paper is not None and self.paper.authors:
            return self.paper.authors
        return self.entry.authors if self.entry else ()

    @property
    def year(self) -> int | None:
        """When it was published, as its source or its id says, else as the list does."""
        known = citations.publication_year(self.paper) if self.paper else None
        return known or (self.entry.year if self.entry else None)

    @property
    def added_at(self) -> datetime | None:
        """When it came onto the list, where that is known."""
        return self.entry.added_at if self.entry else None

    @property
    def links(self) -> tuple[Link, ...]:
        """The entry's links as the list labels them, else the paper's."""
        if self.entry is not None and self.entry.links:
            return self.entry.links
        return self.paper.links if self.paper else ()
