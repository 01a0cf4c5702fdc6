"""Other links in an entry: what stays, what gets another address or label, what goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.entry_links import label_of, linked, repository_of
from bot.domain.list_blocks import Kind
from bot.domain.list_guard import guarded, guarded_html
from bot.domain.list_inline import plain, shown, spans
from bot.domain.list_link_places import Adding, outer
from bot.domain.list_words import is_label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.domain.list_document import Document
    from bot.domain.list_entries import Found
    from bot.domain.list_inline import Span
    from bot.domain.list_own import OwnText
    from storage.models import Link

_MARK = r"(?::[a-z][a-z0-9_+-]{1,40}:|[^\w\s\x00-\x7f]{1,3})?"
_BEFORE = re.compile(rf"[ \t]*(?:(?:[,;|·•/–—]|<br\s?/?>)[ \t]*)?{_MARK}[ \t]*$")
_LINE_BREAKS = re.compile(r"(?:\r?\n[ \t]*)+$")
_BADGE = r"[ \t]*!\[[^\[\]]*\]\([^()\s]*img\.shields\.io/github/[a-z-]+/{name}(?![\w-])[^()\s]*\)"
_AFTER = re.compile(r"[ \t]*(?:[,;|·•/–—][ \t]*)?")


def relinked(
    document: Document, found: Found, own: OwnText, links: Sequence[Link], kept: Collection[str]
) -> Iterator[str]:
    """The entry's text, masked, with these links beside the addresses `kept`, the best way first.

    What goes is taken out with what joined it to the rest; the words of a link that was part of a
    sentence or a name stay in the second attempt.
    """
    beside = [span for span in own.links if span.url not in kept]
    chosen = _chosen(beside, links)
    left = [link for link in links if link.url not in kept and link not in chosen.values()]
    for wordy in (False, True):
        changed = own
        for span in reversed(beside):
            changed = _changed(changed, span, chosen.get(span.start), found.block.kind, wordy=wordy)
        changed = _without_badges(changed, beside)
        if left:
            yield from Adding(document, found, own).to(changed, left)
        else:
            yield changed.text


def _without_badges(own: OwnText, gone: Sequence[Span]) -> OwnText:
    """Without the pictures that count the stars of repositories to which no link leads now."""
    linked_now = {repository_of(span.url) for span in own.links}
    for name in {repository_of(span.url) for span in gone} - linked_now - {""}:
        counted = _BADGE.format(name=re.escape(name))
        while badge := re.search(counted, own.text):
            own = own.put(badge.start(), badge.end(), "")
    return own


def _chosen(beside: Sequence[Span], links: Sequence[Link]) -> dict[int, Link]:
    """By the place of a link what stands there afterwards: the same, its label's, its address's."""
    chosen: dict[int, Link] = {}

    def choose(same: str) -> None:
        for span in beside:
            for link in links if span.start not in chosen else ():
                labels = _folded(link.label) == _folded(shown(span.label) or "Link")
                fits = {"both": labels and link.url == span.url, "label": labels}
                free = same == "both" or link not in chosen.values()
                if free and fits.get(same, link.url == span.url):
                    chosen[span.start] = link
                    break

    for same in ("both", "label", "url"):
        choose(same)
    return chosen


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())


def _changed(own: OwnText, span: Span, link: Link | None, kind: Kind, *, wordy: bool) -> OwnText:
    if link is None:
        if wordy and span.titled:
            return own.put(span.start, span.end, span.label)
        return _without(own, span, kind)
    written = own.text[span.start : span.end]
    label = label_of(written)
    if _folded(link.label) != _folded(shown(span.label) or "Link"):
        new = guarded(link.label)
        label = label.replace(span.label, new) if span.label and span.label in label else new
        if written.lower().startswith("<a"):
            written = f"<a>{guarded_html(link.label)}</a>"
        elif not written.startswith("["):
            written = "[]()"
    return own.put(span.start, span.end, linked(written, label, link.url))


def _without(own: OwnText, span: Span, kind: Kind) -> OwnText:
    """Without a link and what joins it to the rest; without its line where it was alone there."""
    text = own.text
    start, end = outer(text, span)
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    beside = text[first:start] + text[end:last]
    alone = not spans(beside) and is_label(plain(beside))
    if first and alone and kind not in {Kind.ROW, Kind.MARKUP}:
        above = _LINE_BREAKS.search(text, 0, first)
        return own.put(above.start() if above else first, last, "")
    before = _BEFORE.search(text, first, start)
    lead = text[first : before.start()] if before else ""
    if before and lead.strip() and not (kind is Kind.ROW and lead.endswith("|")):
        return own.put(before.start(), end, "")
    after = _AFTER.match(text, end)
    return own.put(start, after.end() if after and kind is not Kind.ROW else end, "")
