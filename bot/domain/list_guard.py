"""Text from outside made fit to be written into a list: it can end nothing and start nothing there.

What is guarded is masked (see list_inline): special characters stand as noncharacters until
`written` puts their backslashes before them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.domain.identify import abs_url
from bot.domain.list_inline import hidden
from storage.models import Author

if TYPE_CHECKING:
    from storage.models import Paper

_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)|[`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,31};)"
    r"|(?<=^)[#+=:;,.-]|(?<=^\d)[.)]"
)
_END = re.compile(r"[.,;:]$|\((?=[^()]{0,70}(?:19|20)\d\d\)$)")
# `et al.`, `Inc.`, `U.S.`: the full stop is the word's own.
_SHORT = re.compile(r"(?:\bal|\b\w{1,3}|\b\w\.\w)\.$")
_JOINERS = "\u200c\u200d"
_ARXIV_PAGE = re.compile(
    r"(https?://(?:(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)|huggingface\.co/papers"
    r"|(?:www\.)?alphaxiv\.org/abs)/)"
    r"[^?#]*?(\.pdf)?(?:[?#].*)?$"
)


def clean(text: str) -> str:
    """One line of printable text: breaks and controls become spaces, what is invisible goes."""
    kept = (char if char in _JOINERS else _kept(char) for char in text)
    return " ".join("".join(kept).split())


def _kept(char: str) -> str:
    category = unicodedata.category(char)
    noncharacter = category == "Cn" and (
        0xFDD0 <= ord(char) <= 0xFDEF or ord(char) & 0xFFFE == 0xFFFE
    )
    if category in {"Cf", "Cs"} or noncharacter:
        return "" if category == "Cf" else "\ufffd"
    return " " if category in {"Cc", "Zl", "Zp"} else char


def clean_title(paper: Paper) -> str:
    """The title as it will stand in the list, without a full stop; the id where there is none."""
    title = clean(paper.title)
    ended = len(title) > 1 and re.search(r"(?<![.\W])\.$", title) and not _SHORT.search(title)
    return (title[:-1] if ended else title) or str(paper.id)


def guarded(text: str, *, ends: bool = False) -> str:
    """Cleaned text, masked; `ends` guards its last mark too, where that could be a full stop."""
    text = _SPECIAL.sub(lambda match: hidden(match[0]), clean(text))
    return _END.sub(lambda match: hidden(match[0]), text) if ends else text


def guarded_paper(paper: Paper) -> Paper:
    """The paper with title and names cleaned and masked."""
    authors = tuple(
        Author(guarded(author.family), guarded(author.given)) for author in paper.authors
    )
    return replace(paper, title=guarded(clean_title(paper)), authors=authors)


def guarded_html(text: str) -> str:
    """Cleaned text for HTML: each mark that HTML or Markdown reads is a character reference."""
    return re.sub(
        r"[^\w\s.,:;?'()/+-]|_|^[.,:;]|[.,:;]$", lambda match: f"&#{ord(match[0])};", clean(text)
    )


def safe_url(url: str) -> str:
    """A web address that cannot end the link it stands in, or nothing."""
    url = clean(url).replace(" ", "%20")
    return (
        quote(url, safe="%/:?#@!$&+,;=-._")
        if url.lower().startswith(("https://", "http://"))
        else ""
    )


def url_like(model: str, paper: Paper) -> str:
    """The paper's page on the site, and in the form, that the neighbours link to."""
    page = _ARXIV_PAGE.match(model)
    if page is None or not paper.id.startswith("arXiv:"):
        return safe_url(abs_url(paper.id))
    return page[1] + paper.id.removeprefix("arXiv:") + (page[2] or "")
