"""What authors put out with a paper: links to code, data, models, demos, called what they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.domain.addresses import addresses, without_latex
from storage.models import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.addresses import Address
    from storage.models import Paper

UNSORTED = "Project"
"""The label of a link that may be anything of a project's."""

_MOST = 4
_ORDER = ("Code", "Data", "Model", "Demo", UNSORTED)
_LOOKED_AT = 110  # characters before an address that can say what it is
_KINDS = re.compile(
    r"\b(?:(?P<Code>(?:source[- ]?)?codes?|codebase|implementations?|repo(?:sitor(?:y|ies))?"
    r"|scripts?|librar(?:y|ies)|packages?|toolkits?|toolbox|software|github)"
    r"|(?P<Data>data|data ?sets?|corpus|corpora|benchmarks?|annotations|test ?(?:set|suite)s?"
    r"|tree ?bank)"
    r"|(?P<Model>(?:pre-?trained |fine-?tuned )?models?|checkpoints?|weights)"
    r"|(?P<Demo>(?:live |online |web |video )?demos?|demonstrations?|playground|screencast)"
    r"|(?P<Project>(?:project|home|web|github) ?-?(?:pages?|sites?)|website|homepage|leaderboard"
    r"|project(?= ?:| at| is|$)|page))\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?]\s+(?=[A-Z])|\.(?=[A-Z][a-z])|;\s")
_AND = re.compile(r"[\s)}]*(?:,|;|/|&|,? ?\b(?:and|or)\b)[\s({]*", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:workshop|conference|journal|proceedings|challenge|competition|task|published|publication"
    r"|version|licen[cs]e|accepted|paper|preprint|doi|article|talk|slides|poster)\b",
    re.IGNORECASE,
)
_NO_RESOURCE = re.compile(
    r"https?://(?:www\.)?(?:[\w-]+\.)?(?:arxiv|alphaxiv|doi|openreview|aclanthology|aclweb|acm|ieee|springer"
    r"|sciencedirect|elsevier|wiley|nature|mdpi|plos|wikipedia|creativecommons|ceur-ws|twitter|x"
    r"|linkedin|medium|youtube|youtu)\.(?:org|net|com|be)(?:/|$)",
    re.IGNORECASE,
)


def resources(paper: Paper) -> tuple[Link, ...]:
    """Code, data, model and demo of a paper, as comment and abstract name them and its links.

    Labelled `Code`, `Data`, `Model`, `Demo` or `Project`, in this order; each address once, at most
    four. A link that somebody labelled keeps its label, and where a maintainer set the links there
    are no others.
    """
    chosen = "links" in paper.edited
    named = (
        []
        if chosen
        else [link for text in (paper.comment, paper.abstract) for link in _named(text)]
    )
    given = [Link(_label(link), link.url) for link in paper.links]
    found: dict[str, Link] = {}
    for link in [*(link for link in given if link.label not in _ORDER), *named, *given]:
        found.setdefault(_key(link.url), link)
    places = {label: place for place, label in enumerate(_ORDER)}
    return tuple(sorted(found.values(), key=lambda link: places.get(link.label, 0)))[:_MOST]


def _key(url: str) -> str:
    """What is the same for all ways to write an address."""
    parts = urlsplit(url.lower())
    host = parts.netloc.removeprefix("www.").replace("hf.co", "huggingface.co")
    return host + parts.path.rstrip("/").removesuffix(".git") + parts.query


def _label(link: Link) -> str:
    """The label of a paper's link; one that says nothing becomes what its address says."""
    return kind_of(link.url, []) if link.label in {UNSORTED, ""} else link.label


def _named(text: str) -> Iterator[Link]:
    text = without_latex(text)
    said: list[str] = []
    before = row = 0
    for address in addresses(text):
        told = _told(text[before : address.start])
        row = 0 if told or not before else row + 1
        said = told if told or not _continues(text[before : address.start]) else said
        # `code and data are at A and B, respectively`
        mine = [said[row]] if row < len(said) and (row or _is_row(text, address)) else said
        if address.known or _is_resource(address.url, mine, text[before : address.start]):
            yield Link(kind_of(address.url, mine), address.url)
        before = address.end


def _told(before: str) -> list[str]:
    """The kinds that the words before an address name, in their order, each once."""
    clause = _SENTENCE.split(before[-_LOOKED_AT:])[-1]
    return list(dict.fromkeys(match.lastgroup or "" for match in _KINDS.finditer(clause)))


def _continues(between: str) -> bool:
    """Whether only `and` or a comma stands between two addresses."""
    return _AND.fullmatch(between) is not None


def _is_row(text: str, address: Address) -> bool:
    return "respectively" in text[address.end : address.end + 200].lower()


def _is_resource(url: str, said: list[str], before: str) -> bool:
    """Whether an address of an unknown host is announced as something that came with the paper."""
    if _NO_RESOURCE.match(url) and not ("Demo" in said and "youtu" in url):
        return False
    clause = _SENTENCE.split(before[-_LOOKED_AT:])[-1]
    return bool(said) and not _ELSEWHERE.search(clause)


def kind_of(url: str, said: list[str]) -> str:
    """What an address leads to, by its host and path and by what the words before it name."""
    parts = urlsplit(url.lower())
    host, path = parts.netloc.removeprefix("www."), [part for part in parts.path.split("/") if part]
    if host in {"huggingface.co", "hf.co", "modelscope.cn"}:
        return _on_hub(path, said)
    if host.endswith(("github.io", "gitlab.io", "sites.google.com")):
        return said[0] if len(said) == 1 else ("Demo" if said[:1] == ["Demo"] else UNSORTED)
    if host in {"zenodo.org", "osf.io", "kaggle.com", "figshare.com"}:
        return said[0] if len(said) == 1 else "Data"
    if host.startswith(("github.", "gist.github.", "gitlab.", "bitbucket.", "gitee.", "codeberg.")):
        return _of_words(said) if said else "Code"
    return _of_words(said)


def _on_hub(path: list[str], said: list[str]) -> str:
    """On a hub of models and data sets the path tells: `datasets/…`, `spaces/…`, `owner/model`."""
    by_path = {"datasets": "Data", "spaces": "Demo", "studios": "Demo", "models": "Model"}
    if path[:1] and path[0] in by_path:
        return by_path[path[0]]
    if (path[:1] and path[0] in {"collections", "blog", "docs"}) or len(path) < 2:
        return said[0] if len(said) == 1 else UNSORTED
    return "Model"


def _of_words(said: list[str]) -> str:
    return next((label for label in _ORDER if label in said), UNSORTED)
