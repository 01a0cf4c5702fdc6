"""Links as maintainers type them: `Code https://github.com/x/y https://huggingface.co/datasets/x`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.addresses import is_web_address
from bot.domain.errors import UserError
from bot.domain.resources import kind_of
from bot.domain.sentences import sentence
from storage.models import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 8
LONGEST_URL = 500
LONGEST_LABEL = 40

NONE = frozenset({"none", "no", "-", "–"})
"""What takes all links away."""

_URL = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)
_MARKDOWN = re.compile(r"\[([^\[\]]*)\]\((https?://[^\s()]+)\)", re.IGNORECASE)
_AROUND = " \t\r\n,;:|<>()[]\"'=-–·•*"


def parse_links(typed: str) -> tuple[Link, ...]:
    """`Label URL` pairs or bare URLs; `none` is no links.

    Raises:
        UserError: something is no link, or there are too many.
    """
    if typed.strip().casefold() in NONE:
        return ()
    links = tuple({link.url: link for link in _pairs(_MARKDOWN.sub(r"\1 \2 ", typed))}.values())
    if not links:
        raise _no_link(typed)
    if len(links) > MOST:
        raise UserError(
            sentence(
                "{n} links are too many; at most {most} fit an entry.", n=len(links), most=MOST
            )
        )
    return links


def _pairs(typed: str) -> Iterator[Link]:
    start = 0
    for found in _URL.finditer(typed):
        label = " ".join(typed[start : found.start()].strip(_AROUND).split())
        url = _checked(found.group().rstrip(".,;)]'"))
        start = found.end()
        yield Link(_fitting(label, url) or kind_of(url, []), url)
    if left := typed[start:].strip(_AROUND):
        raise _no_link(left)


def _no_link(typed: str) -> UserError:
    return UserError(
        sentence(
            "“{typed}” is no link. Write links as a label and an address, like "
            "“Code https://github.com/x/y”, or “none” to take them away.",
            typed=typed[:60],
        )
    )


def _fitting(label: str, url: str) -> str:
    if len(label) > LONGEST_LABEL:
        raise UserError(
            sentence(
                "“{label}…” is too long for the label of {url}.", label=label[:60], url=url[:80]
            )
        )
    return label


def _checked(url: str) -> str:
    if len(url) > LONGEST_URL or not is_web_address(url):
        raise UserError(sentence("“{url}” is no web address I can put on the list.", url=url[:80]))
    return url
