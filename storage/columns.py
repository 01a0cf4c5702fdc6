"""Column types that keep what cannot be stored out, and give the records' own types back."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, DateTime, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.models import Author, Before, Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine.interfaces import Dialect

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""PostgreSQL refuses NUL in text, and no driver encodes a lone surrogate."""

NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""A row id: SQLite numbers rows by itself only where the type is spelt INTEGER."""


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def is_clean(text: str) -> bool:
    """Whether all of `text` can be stored."""
    return "\0" not in text if text.isascii() else not UNSTORABLE.search(text)


def clean(text: str) -> str:
    """`text` with every character that cannot be stored replaced by U+FFFD."""
    if text.isascii() and "\0" not in text:
        return text
    return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class Clean(TypeDecorator[str]):
    """Text from outside, cleaned on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Clean `value`."""
        return None if value is None else clean(value)


class Key(Clean):
    """Text that every database compares and sorts by code point, as Python does."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL sorts by the cluster's language unless it is told otherwise."""
        return Text(collation="C" if dialect.name == "postgresql" else None)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. A naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn `value` into UTC; SQLite keeps it without the zone."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"the instant {value.isoformat()} has no time zone")
        instant = value.astimezone(UTC)
        return instant if dialect.name == "postgresql" else instant.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Packed(TypeDecorator[tuple[Any, ...]]):
    """A tuple as a JSON array; `pack` and `unpack` turn an item into JSON and back."""

    impl = Text
    cache_ok = True

    def __init__(self, pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
        super().__init__()
        self.pack = pack
        self.unpack = unpack

    def process_bind_param(self, value: tuple[Any, ...] | None, _dialect: Dialect) -> str:
        """Pack `value`; nothing is an empty array."""
        return _encode([self.pack(item) for item in value]) if value else "[]"

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[Any, ...]:
        """Unpack `value`."""
        return tuple(self.unpack(item) for item in json.loads(value)) if value else ()


def _pack_author(author: Author) -> tuple[str, str]:
    return clean(author.family), clean(author.given)


def _pack_link(link: Link) -> tuple[str, str]:
    return clean(link.label), clean(link.url)


def _unpack_author(pair: list[str]) -> Author:
    return Author(*pair)


def _unpack_link(pair: list[str]) -> Link:
    return Link(*pair)


STRINGS = Packed(clean, str)
"""A tuple of strings."""

AUTHORS = Packed(_pack_author, _unpack_author)
"""Authors, each as `[family, given]`."""

LINKS = Packed(_pack_link, _unpack_link)
"""Links, each as `[label, url]`."""

NUMBERS = Packed(int, int)
"""A tuple of whole numbers."""


class BeforeColumn(TypeDecorator[Before]):
    """What stood before a change, as `[section, title, links, edited, title, links]`.

    The latter two are the entry's.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Before | None, _dialect: Dialect) -> str | None:
        """Pack `value`."""
        if value is None:
            return None
        paper = _pack_named(value.title, value.links)
        entry = _pack_named(value.entry_title, value.entry_links)
        return _encode([clean(value.section), *paper, value.edited, *entry])

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Before | None:
        """Unpack `value`."""
        if value is None:
            return None
        section, title, links, edited, entry_title, entry_links = json.loads(value)
        return Before(
            section, title, _links(links), tuple(edited), entry_title, _links(entry_links)
        )


def _pack_named(title: str | None, links: tuple[Link, ...] | None) -> tuple[Any, Any]:
    packed = None if links is None else [_pack_link(link) for link in links]
    return None if title is None else clean(title), packed


def _links(pairs: list[list[str]] | None) -> tuple[Link, ...] | None:
    return None if pairs is None else tuple(map(_unpack_link, pairs))
