"""What a member asks of a search, as a value that the buttons under its answer can carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from storage.models import Sort

if TYPE_CHECKING:
    from datetime import date

Scope = Literal["list", "everything"]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """`text` as it was typed (any text is fine), and what narrows and orders its results.

    `section` is the title of one section, empty for all. `since` and `until` are the first and the
    last day of publication, inclusive.
    """

    text: str
    section: str = ""
    since: date | None = None
    until: date | None = None
    sort: Sort = Sort.RELEVANCE
    scope: Scope = "list"
