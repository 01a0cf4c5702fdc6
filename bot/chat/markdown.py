"""Lines of a reply → the Markdown of an embed's description."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from bot.chat.code import fenced
from bot.chat.text import (
    ELLIPSIS,
    clean,
    escape,
    graphemes,
    guard,
    isolate,
    link,
    longest,
    safe_url,
    width,
)
from bot.commands.reply import Line, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Block: TypeAlias = "tuple[str, Callable[[int], str]]"
"""What stands in one line or a block of code, and what cuts it to some room."""

FAR = 4
"""How many times the room a text may be before it is cut unread."""


def markdown(lines: Sequence[Line], room: int) -> str:
    """All lines that fit `room` units; the first that does not is cut, and the rest left out.

    Lines with nothing to say vanish. No cut falls inside a link: its text is shortened instead.
    """
    written: list[Block] = []
    left = room + 1
    for text, shortened in _blocks(lines, room):
        if text:
            written.append((text, shortened))
            left -= width(text) + 1
        if left < 0:
            break
    else:
        return "\n".join(text for text, _ in written)
    room -= width("\n" + ELLIPSIS)
    kept: list[str] = []
    for text, shortened in written:
        if width(text) >= room:
            kept.append(shortened(room) or ELLIPSIS)
            break
        kept.append(text)
        room -= width(text) + 1
    return "\n".join(kept)


def _blocks(lines: Iterable[Line], room: int) -> Iterator[Block]:
    for is_code, run in groupby(lines, key=attrgetter("code")):
        if is_code:
            yield fenced(run, FAR * (room + 1))
            continue
        for line in run:
            bounded = _bounded(line, room)
            yield line_markdown(bounded), partial(_cut, bounded)


def line_markdown(line: Line) -> str:
    """One line, or nothing where it has nothing to say."""
    groups = groupby(line.spans, key=lambda span: span.bold)
    body = "".join(_strong("".join(map(_span, spans)), bold=bold) for bold, spans in groups).strip()
    if not body:
        return ""
    return f"> {guard(body)}" if line.quote else guard(body)


def _strong(body: str, *, bold: bool) -> str:
    return f"**{body}**" if bold and body.strip() else body


def _span(span: Span) -> str:
    if span.at is not None:
        # discord-api-docs, reference, “Timestamp Styles”: shown in the reader's time and language.
        return f"<t:{int(span.at.timestamp())}:R>"
    text = clean(span.text)
    if url := safe_url(span.url):
        return link(text.strip() or url, url)
    return isolate(escape(text))


def _bounded(line: Line, room: int) -> Line:
    """The line without what is far beyond the room: a text of a megabyte takes a second to clean.

    Its end is lost without a sign only where most of the text is characters nobody sees.
    """
    most = FAR * (room + 1)
    if all(len(span.text) <= most for span in line.spans):
        return line
    return Line(tuple(replace(span, text=span.text[:most]) for span in line.spans), line.quote)


def _cut(line: Line, room: int) -> str:
    # A slice one longer than the room never fits as a whole: its last border may be false.
    parts = [_parts(span, room + 1) for span in line.spans]
    most = min(sum(map(len, parts)), room)
    return longest(lambda count: line_markdown(_shortened(line, parts, count)), most, room)


def _parts(span: Span, most: int) -> list[str]:
    """Where a span may be cut, in its first `most` characters: a moment nowhere."""
    return [span.text] if span.at is not None else graphemes(clean(span.text)[:most])


def _shortened(line: Line, parts: Sequence[Sequence[str]], count: int) -> Line:
    """The first `count` graphemes of a line, with an ellipsis behind them."""
    spans: list[Span] = []
    for span, characters in zip(line.spans, parts, strict=True):
        if count <= 0:
            break
        spans.append(replace(span, text="".join(characters[:count])))
        count -= len(characters)
    if not spans:
        return Line(())
    last = spans[-1]
    if last.at is None:
        spans[-1] = replace(last, text=last.text.rstrip() + ELLIPSIS)
    else:
        spans.append(Span(ELLIPSIS, bold=last.bold))
    return Line(tuple(spans), line.quote)
