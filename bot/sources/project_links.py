"""Links to code and data that authors put into comment and abstract."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.domain.addresses import addresses, without_latex
from bot.domain.resources import UNSORTED
from storage.models import Link

_MOST = 5
_HOSTS = ("github.com", "huggingface.co", "hf.co")
_HINTS = ("github", "huggingface", "hf.co")


def project_links(*texts: str) -> tuple[Link, ...]:
    """The distinct links to GitHub and Hugging Face in these texts, in order, at most five."""
    found: dict[str, str] = {}
    for text in texts:
        lowered = text.lower()
        hinted = any(hint in lowered for hint in _HINTS)
        for address in addresses(without_latex(text)) if hinted else ():
            host = urlsplit(address.url.lower()).netloc.removeprefix("www.")
            if address.known and (host in _HOSTS or host.endswith(".github.io")):
                found.setdefault(address.url.lower(), address.url)
    return tuple(Link(UNSORTED, url) for url in list(found.values())[:_MOST])
