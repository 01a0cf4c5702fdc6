"""Links to code and data that authors put into comment and abstract."""

from __future__ import annotations

import re

from storage.models import Link

LABEL = "Project"
_MOST = 5
_TAIL = r"(?:/[A-Za-z0-9._~%#?=&+/-]{0,200})?"
_NAME = r"[A-Za-z0-9._-]{1,100}"
_PLACE = re.compile(
    rf"(?<![A-Za-z0-9@._-])(?:https?://)?(?:www\.)?("
    rf"github\.com/{_NAME}/{_NAME}{_TAIL}"
    rf"|[A-Za-z0-9-]{{1,60}}\.github\.io{_TAIL}"
    rf"|(?:huggingface\.co|hf\.co)/(?!papers/){_NAME}{_TAIL})",
    re.IGNORECASE | re.ASCII,
)
_HINTS = ("github", "huggingface.co", "hf.co")


def project_links(*texts: str) -> tuple[Link, ...]:
    """The distinct links to GitHub and Hugging Face in these texts, in order, at most five."""
    found: dict[str, str] = {}
    for text in texts:
        lowered = text.lower()
        if any(hint in lowered for hint in _HINTS):
            for match in _PLACE.finditer(_without_latex(text)):
                place = match[1].rstrip(".,;:-?&#").removesuffix(".git").rstrip("/")
                found.setdefault(place.lower(), f"https://{place}")
    return tuple(Link(LABEL, url) for url in list(found.values())[:_MOST])


def _without_latex(text: str) -> str:
    return re.sub(r"\\([_%#&~])", r"\1", text)
