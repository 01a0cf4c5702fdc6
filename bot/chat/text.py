"""Text from outside, made fit for Discord: cleaned, escaped and cut so that it reads as it is.

In Discord's Markdown a backslash escapes any character that is no letter, digit or space.
Lengths are counted in UTF-16 units, which is never less than what Discord counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

import regex

if TYPE_CHECKING:
    from collections.abc import Callable

ELLIPSIS = "…"
URL_LIMIT = 2048

_BLANK = regex.compile(r"[\s\x1c-\x1f\u2800\u3164\uffa0]+")
_UNSEEN = regex.compile(
    # Kept: the tags of a flag emoji, and joiners between letters or emoji that need them.
    r"(\U0001F3F4[\U000E0020-\U000E007E]+\U000E007F|"
    r"(?<=[^\x00-\x7f\p{Cc}\p{Cf}])[\u200c\u200d](?=[^\x00-\x7f\p{Cc}\p{Cf}]))"
    r"|[\p{Cc}\p{Cf}]"
)
_CLEAN = re.compile(  # what most texts are made of, without blanks, marks and what is not seen
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff"
    "\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e]*"
)
_STACKED = regex.compile(r"(\p{M}{4})\p{M}+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_GRAPHEME = regex.compile(r"\X")
_LEFT_TO_RIGHT = re.compile("[\x00-\u058f\u2010-\u2027\u3000-\u9fff\uff01-\uff5e]*")
"""What most texts are made of, and nothing of it is written from right to left."""
_RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}]")
_LABEL = "[a-z0-9_-]{1,63}"
_SAFE_URL = re.compile(rf"https?://{_LABEL}(?:\.{_LABEL})*(?:/[\w./%:@!$&*+,;=~-]*)?", re.ASCII)
"""What most addresses are, and what comes of those as they are."""

_INLINE = re.compile(r"[\\*_~|`\[\]<@]|:(?=//|[\w+-]+:|$)")
_HARMLESS = re.compile(r"[^\\*_~|`\[\]<@:]*")
"""Text in which nothing is to be escaped; most is, and is known for it ten times as fast."""
_BLOCK = re.compile(r"(?=[#>+-])|\d{1,9}(?=[.)](?:\s|$))")


def width(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> list[str]:
    """What a reader counts as characters."""
    return [found.group() for found in _GRAPHEME.finditer(text)]


def clean(text: str) -> str:
    """One line of visible text: no control, bidi or zero-width characters, few stacked marks.

    Runs of space become one; one at either end is kept, since spans are joined as they come.
    """
    if _CLEAN.fullmatch(text) and "  " not in text:
        return text
    return str(_BLANK.sub(" ", unseen(_BLANK.sub(" ", text))))


def unseen(text: str) -> str:
    """The text without what `clean` takes out of it, its spaces kept."""
    text = _UNSEEN.sub(r"\1", _SURROGATE.sub("\ufffd", text))
    return str(_STACKED.sub(r"\1", text))


def escape(text: str) -> str:
    """Clean text as Markdown that shows exactly this text within a line.

    A colon is escaped where it would make a bare link or an `:emoji:` name, or might together with
    what comes behind the text; those of “Title: subtitle” and of 09:12 are left alone.
    """
    return text if _HARMLESS.fullmatch(text) else _INLINE.sub(r"\\\g<0>", text)


def guard(line: str) -> str:
    """A line of Markdown that starts no heading, quotation or list."""
    found = _BLOCK.match(line)
    return f"{found.group()}\\{line[found.end() :]}" if found else line


def isolate(text: str) -> str:
    """Keep right-to-left text from reordering what stands around it (FSI … PDI, Unicode UAX #9)."""
    if _LEFT_TO_RIGHT.fullmatch(text) or not _RIGHT_TO_LEFT.search(text):
        return text
    return f"\u2068{text}\u2069"


def link(text: str, url: str) -> str:
    """`[text](url)`; `url` must come from `safe_url`.

    Discord counts brackets inside a link's text even where they are escaped, so one without its
    partner would end the link: it becomes its full-width twin.
    """
    return f"[{isolate(escape(_balanced(text)))}]({url})"


def safe_url(url: str) -> str:
    """The URL as it may stand in a link or an embed; nothing where it is no plain web address."""
    if not url or (len(url) <= URL_LIMIT and _SAFE_URL.fullmatch(url)):
        return url
    try:
        parts = urlsplit(_SURROGATE.sub("", url.strip()))
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not _is_host(host) or "@" in parts.netloc:
        return ""
    path, query, fragment = (quote(part, safe="/%:@!$&*+,;=?~") for part in parts[2:])
    made = urlunsplit((parts.scheme, f"{host}{port}", path, query, fragment))
    return made if len(made) <= URL_LIMIT else ""


def cut(text: str, limit: int, markup: Callable[[str], str] = str) -> str:
    """`text` as `markup`, cut between graphemes with an ellipsis so that it fits `limit` units."""
    whole = markup(text)
    if width(whole) <= limit:
        return whole
    # A slice one longer than the limit never fits as a whole: its last border may be false.
    parts = graphemes(text[: limit + 1])
    return longest(
        lambda count: markup("".join(parts[:count]).rstrip() + ELLIPSIS), len(parts), limit
    )


def longest(render: Callable[[int], str], most: int, limit: int) -> str:
    """`render(n)` of the greatest n in 0…`most` that fits `limit`; nothing where none does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if width(render(middle)) <= limit:
            low = middle
        else:
            high = middle - 1
    best = render(low)
    return best if width(best) <= limit else ""


def _is_host(host: str) -> bool:
    return re.fullmatch(r"[a-z0-9_-][a-z0-9._-]*", host) is not None


def _balanced(text: str) -> str:
    if "[" not in text and "]" not in text:
        return text
    characters = list(text)
    opened: list[int] = []
    for position, character in enumerate(text):
        if character == "[":
            opened.append(position)
        elif character == "]" and opened:
            opened.pop()
        elif character == "]":
            characters[position] = "］"
    for position in opened:
        characters[position] = "［"
    return "".join(characters)
