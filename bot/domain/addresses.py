"""Web addresses in abstracts and comments, freed of LaTeX, line breaks and full stops."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAIL = r"(?:/[A-Za-z0-9._~%#?=&+/-]{0,200})?"
_NAME = r"[A-Za-z0-9._-]{1,100}"
_PLACE = re.compile(
    rf"(?<![A-Za-z0-9@._/-])(?:https?://)?(?:www\.)?(?:"
    rf"(?P<known>(?:github\.com|gitlab\.com|bitbucket\.org|gitee\.com|codeberg\.org"
    rf"|gist\.github\.com)/{_NAME}/{_NAME}{_TAIL}"
    rf"|[A-Za-z0-9-]{{1,60}}\.(?:github|gitlab)\.io{_TAIL}"
    rf"|(?:huggingface\.co|hf\.co)/(?!papers/){_NAME}{_TAIL}"
    rf"|(?:zenodo\.org|osf\.io|kaggle\.com|modelscope\.cn|anonymous\.4open\.science|figshare\.com"
    rf"|colab\.research\.google\.com|sites\.google\.com)/{_NAME}{_TAIL})"
    rf"|(?<=//)(?P<other>[A-Za-z0-9-]{{1,60}}(?:\.[A-Za-z0-9-]{{1,60}}){{1,5}}{_TAIL}))",
    re.IGNORECASE,
)
_HREF = re.compile(r"\\href\s*\{([^{}]{1,300})\}\s*\{([^{}]{0,300})\}")
_URL = re.compile(r"\\(?:url|texttt|path)\s*\{([^{}]{1,300})\}")
_ESCAPED = re.compile(r"\{?\\([_%#&~])\}?")
_HOST_BREAK = re.compile(
    r"\b(github|gitlab|huggingface|bitbucket)\s?\.\s{1,20}(com|co|io|org)(?=/)", re.IGNORECASE
)
_PATH_BREAK = re.compile(
    r"(\b(?:github\.com|gitlab\.com|huggingface\.co)/(?:datasets/)?[\w.-]{1,100}/)\s{1,20}"
    r"(?=\w{0,60}[-_0-9]|(?-i:\w{0,60}[a-z][A-Z]))",
    re.IGNORECASE,
)


class Address(NamedTuple):
    """A web address, and where it stands in the text that `plain_addresses` gives.

    `known` says that its host is one for code, data and models.
    """

    url: str
    start: int
    end: int
    known: bool


def is_web_address(url: str) -> bool:
    """Whether a browser would find a public host in it, and no name or password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in host and "@" not in parts.netloc


def without_latex(text: str) -> str:
    r"""The text with the addresses of `\\url{}` and `\\href{}{}` bare and those broken joined."""
    if "\\" in text:
        text = _URL.sub(r" \1 ", _HREF.sub(r" \2 \1 ", _ESCAPED.sub(r"\1", text)))
    return _PATH_BREAK.sub(r"\1", _HOST_BREAK.sub(r"\1.\2", text))


def addresses(text: str) -> Iterator[Address]:
    """The web addresses in a text that `without_latex` gave, in order."""
    if "." not in text:
        return
    for match in _PLACE.finditer(text):
        place = (match["known"] or match["other"]).rstrip(".,;:-?&#")
        place = place.removesuffix(".git").rstrip("/")
        known = match["known"] is not None
        scheme = "https://" if known or not match[0].lower().startswith("http:") else "http://"
        yield Address(scheme + place, match.start(), match.end(), known)
