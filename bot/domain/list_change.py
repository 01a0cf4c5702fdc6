"""Changing the title and the links of an entry: its own lines, and of them as little as may be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.errors import UserError
from bot.domain.list_blocks import Kind
from bot.domain.list_guard import clean, clean_title, safe_url
from bot.domain.list_retitle import retitled
from bot.domain.list_spot import Edited, Place
from bot.domain.sentences import sentence
from storage.models import Link, Paper, PaperId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.models import ListedEntry


def edit(content: bytes, ordinal: int, title: str, links: Sequence[Link] | None) -> Edited:
    """Give the entry at `ordinal` (from 0 over the whole list) another title, other links or both.

    An empty `title` and `links` None leave them as they are. The links that lead to the paper
    itself stay; of the others only those in `links` do, each with its label. Title and links are
    changed where they stand; where that cannot be, the entry is written anew in the list's style at
    the same place. Every byte outside its lines stays.

    Raises NotFound where there is no such entry, UserError where it shares its lines with another,
    where a link is no web address, or where the file does not take what was asked.
    """
    place = Place(content, ordinal)
    done = Edited(content, place.entry)
    wanted = None if links is None else _web_links(links)
    if title.strip():
        done = _with_title(place, title)
    if wanted is not None:
        place = place if done.content == content else Place(done.content, ordinal)
        done = _with_links(place, wanted)
    return done


def _web_links(links: Iterable[Link]) -> tuple[Link, ...]:
    """The links as they will stand in the list, each address once."""
    found: dict[str, Link] = {}
    for link in links:
        url = safe_url(link.url)
        if not url:
            raise UserError(
                sentence(
                    '"{url}" is no web address; a link begins with http:// or https://.',
                    url=clean(link.url),
                )
            )
        found[url] = Link(clean(link.label) or "Link", url)
    return tuple(found.values())


def _with_title(place: Place, title: str) -> Edited:
    old, new = place.entry, clean_title(Paper(PaperId(""), title))
    if not new:
        raise UserError(sentence("The new title has no letters; give one that can be read."))
    if new == old.title:
        return Edited(place.content, old)
    expected = replace(old, title=new)
    markup = place.found.block.kind is Kind.MARKUP
    for text in retitled(place.own, old.title, new, markup=markup) if place.own else ():
        edited = place.with_text(text, expected)
        if edited and told(edited.entry) == told(old):
            return edited
    for text in place.anew(expected):
        if edited := place.with_text(text, expected):
            return _with_links(Place(edited.content, place.ordinal), place.beside())
    raise UserError(
        sentence(
            '"{old}" cannot get the title "{new}" without harm to the file; edit it by hand.',
            old=old.title,
            new=new,
        )
    )


def _with_links(place: Place, links: Sequence[Link]) -> Edited:
    entry = place.entry
    if place.has_just(entry, links):
        return Edited(place.content, entry)
    for text in place.relinked(links):
        edited = place.with_text(text, entry)
        told = edited and (edited.entry.authors, edited.entry.year) == (entry.authors, entry.year)
        if edited and told and place.has_just(edited.entry, links):
            return edited
    for text in place.anew(replace(entry, links=(*place.pages(), *links))):
        edited = place.with_text(text, entry)
        if edited and place.has_just(edited.entry, links):
            return edited
    raise UserError(
        sentence(
            'The links of "{title}" cannot be changed without harm to the file; edit them by hand.',
            title=entry.title,
        )
    )


def told(entry: ListedEntry) -> tuple[object, ...]:
    """What is read of an entry beside its title and its section."""
    return entry.ids, entry.authors, entry.year, entry.links
