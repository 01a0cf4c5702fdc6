"""What one line of a list can be: a heading, an item, a table's rule, nothing but links."""

from __future__ import annotations

import re

from bot.domain.list_inline import masked, plain, spans

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*)|$)")
_TIGHT_HEADING = re.compile(r"(#{2,6})(?=[^\s#])(.*)")
_HTML_HEADING = re.compile(r"\s*<h([1-6])\b[^>]*>(.*)</h\1>\s*$", re.IGNORECASE)
ITEM = re.compile(r"(\s*)([-*+•‣]|\d{1,9}[.)、])(?:(\s+)|$|(?=\[|\*\*\S))")
REFERENCE = re.compile(r" {0,3}\[([^\[\]]{1,200})\]:\s*<?([^\s<>]{1,2000})>?(?:\s|$)")
"""A link's target that stands apart: `[key]: https://…`."""
MARKUP = re.compile(
    r"\s*(?:<table\b[^<>]*>\s*)?(?:<t(?:head|body)\b[^<>]*>\s*)?<(tr|li)\b", re.IGNORECASE
)
HTML_BLOCK = re.compile(
    r"\s*</?(?:address|article|aside|blockquote|body|center|col|colgroup|dd|details|dialog|dir|div"
    r"|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr|iframe|img|main|nav|ol|p|picture|pre"
    r"|section|source|summary|table|tbody|td|tfoot|th|thead|tr|li|ul|video)\b",
    re.IGNORECASE,
)


def cells_of(row: str) -> tuple[str, ...]:
    """The cells of a table row, trimmed; masked or raw, an escaped bar divides nothing."""
    return tuple(
        cell.strip()
        for cell in re.split(r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|"))
    )


def is_rule(text: str) -> bool:
    """Whether a line is a thematic break (`---`)."""
    marks = "".join(text.split())
    return len(marks) > 2 and marks[0] in "-*_" and not marks.strip(marks[0])


def is_delimiter(text: str) -> bool:
    """Whether a line divides the head of a table from its rows (`|---|---|`)."""
    return (
        "-" in text
        and "|" in text
        and not text.strip("|:- \t")
        and all("-" in c for c in cells_of(text))
    )


def underline_level(text: str) -> int:
    """The level of a heading that this line underlines, 0 for none."""
    text = text.strip()
    return {"=": 1, "-": 2}.get(text[:1], 0) if text and not text.strip(text[0]) else 0


def heading_of(text: str) -> tuple[int, str] | None:
    """Level and text of a heading, in Markdown or HTML."""
    if match := _HTML_HEADING.match(text[:2_000]):
        return int(match[1]), match[2]
    if match := _HEADING.match(text) or _TIGHT_HEADING.match(text):
        title = (match[2] or "").strip()
        bare = title.rstrip("#")
        return len(match[1]), bare.rstrip() if not bare or bare[-1].isspace() else title
    return None


def only_labelled_links(text: str) -> bool:
    """Whether a line is nothing but links that say what they lead to: `[Paper](…) | [Code](…)`."""
    hidden = masked(text[:2_000])
    found = spans(hidden)
    if not found or any(span.titled for span in found) or not any(span.external for span in found):
        return False
    rest, position = "", 0
    for span in found:
        rest += hidden[position : span.start]
        position = span.end
    return not re.search(r"\w", plain(rest + hidden[position:]))
