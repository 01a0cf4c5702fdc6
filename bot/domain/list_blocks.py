"""A list file as blocks: headings, list items with what hangs under them, table rows, paragraphs.

Lenient where lists are sloppy: indentation by one blank nests, a link line that is not indented
still belongs to the item above it, `1.[Title](…)` is an item.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from bot.domain.list_inline import masked, plain
from bot.domain.list_marks import (
    HTML_BLOCK,
    ITEM,
    MARKUP,
    REFERENCE,
    cells_of,
    heading_of,
    is_delimiter,
    is_rule,
    only_labelled_links,
    underline_level,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from bot.domain.list_text import Line


class Kind(Enum):
    """What a block is. MARKUP is a row or an item written in HTML."""

    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    MARKUP = "markup"
    PARAGRAPH = "paragraph"


@dataclass(slots=True, eq=False)
class Block:
    """Lines [start, end).

    `text` is the block's own visible text, without its marker and its children's lines; `own_end`
    is where the first child starts, else `end`; `header` are the cells of a row's table header.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    indent: int = 0
    marker: str = ""
    level: int = 0
    own_end: int = 0
    parent: Block | None = None
    children: list[Block] = field(default_factory=list)
    header: tuple[str, ...] = ()


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """All blocks in the order of the file, children after their parents."""
    builder = _Builder(lines)
    for index, line in enumerate(lines):
        builder.read(index, line)
    builder.close()
    return builder.blocks


def texts_of(block: Block) -> list[str]:
    """The text of a block and of all below it, in the order of the file."""
    texts, waiting = [], [block]
    while waiting:
        current = waiting.pop()
        texts.append(current.text)
        waiting += reversed(current.children)
    return texts


class _Builder:
    """Reads lines one by one and knows which blocks are open."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.blocks: list[Block] = []
        self._lines = lines
        self._items: list[Block] = []
        self._open: Block | None = None
        self._gap = True
        self._header: tuple[str, ...] = ()
        self._markup = ""
        self._texts: dict[int, list[str]] = {}

    def read(self, index: int, line: Line) -> None:
        if line.blank:
            self._gap = True
            if not self._markup:
                self._header = ()
            return
        if not self._structure(index, line):
            self._content(index, line)
        self._gap = False

    def close(self) -> None:
        for block in self.blocks:
            if texts := self._texts.get(id(block)):
                block.text = "\n".join(texts)
            block.own_end = block.children[0].start if block.children else block.end
            while block.own_end > block.start + 1 and self._lines[block.own_end - 1].blank:
                block.own_end -= 1

    def _structure(self, index: int, line: Line) -> bool:
        """Headings, underlines, rules, tables and HTML blocks; whether the line was one of them."""
        if line.code:
            return False
        if heading := heading_of(line.text):
            self._leave()
            self._add(Block(Kind.HEADING, index, index + 1, level=heading[0]), heading[1])
            self._open = None
            return True
        return (
            self._reference(line)
            or self._underlined(index, line)
            or self._in_markup(index, line)
            or self._table(index, line)
            or self._html(index, line)
        )

    def _reference(self, line: Line) -> bool:
        if not REFERENCE.match(line.text):
            return False
        self._leave()
        return True

    def _underlined(self, index: int, line: Line) -> bool:
        level, title = underline_level(line.text), self._open
        adjacent = (
            title
            and title.kind is Kind.PARAGRAPH
            and title.end == index
            and title.end - title.start == 1
        )
        if level and title and adjacent and not self._gap:
            title.kind, title.level, title.end = Kind.HEADING, level, index + 1
            self._leave()
            return True
        if is_rule(line.text):
            self._leave()
            return True
        return False

    def _in_markup(self, index: int, line: Line) -> bool:
        started = MARKUP.match(line.text)
        if started and not (self._items and line.indent > self._items[-1].indent):
            self._leave()
            self._markup = f"</{started[1].lower()}"
            self._add(Block(Kind.MARKUP, index, index + 1, indent=line.indent), line.text)
        elif self._markup and self._open and not (self._gap and ITEM.match(line.text)):
            self._extend(self._open, index, line)
        else:
            return False
        if self._markup in line.text.lower() or "</table" in line.text.lower():
            self._markup, self._open = "", None
        return True

    def _table(self, index: int, line: Line) -> bool:
        text = line.text.strip()
        if is_delimiter(text):
            header = self._open
            if header and header.end == index and header.kind in {Kind.ROW, Kind.PARAGRAPH}:
                self._header = tuple(
                    plain(masked(cell)) for cell in cells_of(header.text or self._last(header))
                )
                if header.end - header.start == 1:
                    self.blocks.pop()
            self._open = None
            return True
        if not text.startswith("|") and not (self._header and "|" in text):
            return False
        self._leave(keep_table=True)
        row = Block(Kind.ROW, index, index + 1, indent=line.indent, header=self._header)
        self._add(row, line.text)
        return True

    def _last(self, block: Block) -> str:
        return self._texts[id(block)][-1]

    def _html(self, index: int, line: Line) -> bool:
        nested = self._items and line.indent > self._items[-1].indent
        if nested or not HTML_BLOCK.match(line.text):
            return False
        self._leave()
        if line.text.lstrip().lower().startswith(("<p>", "<p ")):
            self._add(Block(Kind.PARAGRAPH, index, index + 1, indent=line.indent), line.text)
        return True

    def _content(self, index: int, line: Line) -> None:
        """Items, what continues them, paragraphs."""
        item = None if line.code else ITEM.match(line.text)
        if item:
            self._item(index, line, item)
        elif owner := self._owner(line):
            self._extend(owner, index, line)
        elif line.code:
            self._leave()
        else:
            self._items.clear()
            self._add(Block(Kind.PARAGRAPH, index, index + 1, indent=line.indent), line.text)

    def _item(self, index: int, line: Line, match: re.Match[str]) -> None:
        while self._items and self._items[-1].indent >= line.indent:
            self._items.pop()
        parent = self._items[-1] if self._items else None
        block = Block(
            Kind.ITEM, index, index + 1, indent=line.indent, marker=match[0], parent=parent
        )
        self._add(block, line.text[match.end() :])
        if parent:
            parent.children.append(block)
        for above in self._items:
            above.end = index + 1
        self._items.append(block)

    def _owner(self, line: Line) -> Block | None:
        """The open block that a line which starts nothing belongs to."""
        if not self._gap and not line.code:
            return self._open if self._open and self._open.kind is not Kind.ROW else None
        while self._items and line.indent <= self._items[-1].indent:
            level = line.indent == self._items[-1].indent and not line.code
            if level and only_labelled_links(line.text):
                return self._items[-1]
            self._items.pop()
        if self._items:
            return self._items[-1]
        last = self._open if self._open and self._open.kind is Kind.PARAGRAPH else None
        return last if last and not line.code and only_labelled_links(line.text) else None

    def _extend(self, block: Block, index: int, line: Line) -> None:
        self._texts[id(block)].append(line.text)
        ancestor: Block | None = block
        while ancestor:
            ancestor.end = index + 1
            ancestor = ancestor.parent
        self._open = block

    def _add(self, block: Block, text: str) -> None:
        self.blocks.append(block)
        self._texts[id(block)] = [text]
        self._open = block

    def _leave(self, *, keep_table: bool = False) -> None:
        self._items.clear()
        self._open = None
        self._markup = ""
        if not keep_table:
            self._header = ()
