"""The links of a neighbour, written again for another paper: same label, same site, same badges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.domain.identify import identify
from bot.domain.list_guard import safe_url, url_like
from bot.domain.list_words import (
    PAPER_LABELS,
    PROJECT_LABELS,
    is_label,
    is_language,
    is_venue,
    without_language,
    words,
)

if TYPE_CHECKING:
    from bot.domain.list_drafts import Draft
    from bot.domain.list_inline import Span
    from storage.models import Link, Paper

_ID = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")
# `Code (not yet)`, `PyTorch (a name)`
_BRACKETED = re.compile(r"\s*\([^()]*\)")
_STARS = re.compile(r"(img\.shields\.io/github/[a-z-]+/)[\w.-]+/[\w.-]+?(?=\.svg|[?)\"'\s]|$)")
_BADGE = re.compile(r"!\[([^\[\]]*)\]\(([^()\s]*(?:\([^()\s]*\))?[^()\s]*)\)")
_CODE = frozenset(
    ["code", "codes", "github", "gitlab", "repo", "repository", "git", "star", "stars", "代码"]
)
_POINTING = frozenset(["here", "link", "links", "url", "this", "链接"])
_SITE = frozenset(["site", "website", "web", "webpage", "homepage", "page", "主页"])


@dataclass(slots=True)
class Links:
    """Gives each link of a neighbour its place in the new entry; a project is used once.

    `told` once the paper itself is linked, `named` once its authors stand there.
    """

    paper: Paper
    projects: list[Link] = field(default_factory=list)
    told: bool = False
    named: bool = False
    repositories: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.projects = [
            link for link in self.paper.links if is_project(link.label) and safe_url(link.url)
        ]

        self.repositories = [name for link in self.projects if (name := repository_of(link.url))]

    def like(self, text: str, span: Span, model: Draft, line: str = "") -> str:
        """The link in the form of `span` of `text`; empty where the paper has no such link.

        `line` is what stands before the link, where that says what it leads to.
        """
        written = text[span.start : span.end]
        if span.image:
            return self._stars(written)
        label = span.label or " ".join(alt for alt, _ in _BADGE.findall(written))
        pointing = not words(label) or set(words(label)) <= _POINTING
        other = not any(word in PAPER_LABELS for word in words(label)) and not is_project(label)
        if line and (pointing or (is_project(line) and other)):
            label = line
        if self._is_paper(span, label, model):
            return self._paper(written, span)
        return self._project(written, span, label)

    def _is_paper(self, span: Span, label: str, model: Draft) -> bool:
        if identify(span.url) in model.ids:
            return not (self.told and is_project(label))
        chinese = label.startswith(("论文", "原文"))
        named = chinese or (any(w in PAPER_LABELS for w in words(label)) and is_label(label))
        return named and not self.told and not is_project(label)

    def _paper(self, written: str, span: Span) -> str:
        again, self.told = self.told, True
        label = label_of(written)
        arxiv = self.paper.id.startswith("arXiv:")
        if not arxiv and ("arxiv" in words(span.label) or _BADGE.search(label)):
            return "" if again else f"[Paper]({url_like(span.url, self.paper)})"
        if arxiv and not _BADGE.search(label):
            number = self.paper.id.removeprefix("arXiv:")
            if "arxiv" in words(label):
                label = _ID.sub(number, label)
            elif re.match(r"[\[/]*10\.\d", label):
                label = f"arXiv:{number}"
            elif any(is_venue(word) for word in words(label)):
                label = f"arXiv:{number}" if re.search(r"\d", label) else "arXiv"
        url = url_like(span.url, self.paper)
        if url in self.given and not _BADGE.search(label):
            return ""
        self.given.append(url)
        return linked(written, label, url)

    def _project(self, written: str, span: Span, label: str) -> str:
        if not (is_project(label) or "img.shields.io/github" in written):
            return ""
        label = label if is_project(label) else "Code"
        chosen = next((link for link in self.projects if fits(link, label)), None)
        if chosen is None:
            return ""
        own = label_of(written)
        known = _BRACKETED.sub("", span.label)
        if span.label and (known != span.label or not is_label(span.label)):
            kept = known if is_project(known) and not is_language(known) else ""
            name = "" if is_project(span.label) else repository_of(chosen.url).rpartition("/")[2]
            own = own.replace(span.label, kept or name or "Code", 1)
        if _STARS.search(own):
            repository = repository_of(chosen.url)
            if not repository:
                return ""
            own = _STARS.sub(lambda badge: badge[1] + repository, own)
        self.projects.remove(chosen)
        return linked(written, without_language(own), safe_url(chosen.url))

    def _stars(self, written: str) -> str:
        """A badge that counts a repository's stars."""
        repository = next(iter(self.repositories), "")
        badge = _STARS.search(written)
        return (
            _STARS.sub(lambda badge: badge[1] + repository, written) if badge and repository else ""
        )


def is_project(label: str) -> bool:
    """Whether a link's label says that it leads to code or a project's page."""
    found = words(label)
    if is_language(label):
        return True
    chinese = label.startswith(("代码", "项目", "主页", "源码", "开源"))
    return chinese or (any(word in PROJECT_LABELS for word in found) and len(found) < 4)


def fits(link: Link, label: str) -> bool:
    """Whether a label promises what a project's link is: code, a page, or just a project."""
    if not is_project(label):
        return False
    found, code = set(words(label)), repository_of(link.url) != ""
    if found & _SITE and not found & _CODE:
        return not code or bool(set(words(link.label)) & found)
    return code or not found & _CODE or bool(set(words(link.label)) & _CODE)


def repository_of(url: str) -> str:
    """`owner/name` of a repository on GitHub, else nothing."""
    parts = urlsplit(safe_url(url))
    path = [part for part in parts.path.split("/") if part]
    if parts.hostname not in {"github.com", "www.github.com"} or len(path) != 2:
        return ""
    return "/".join(path).removesuffix(".git") if re.fullmatch(r"[\w./-]+", parts.path) else ""


def label_of(written: str) -> str:
    """The label of a link with its own markup; empty for a bare address."""
    if written.startswith("["):
        cut = written.rfind("](") if written.endswith(")") else written.rfind("][")
        return written[1:cut] if cut > 0 else written[1:-1]
    return ""


def linked(written: str, label: str, url: str) -> str:
    """A link in the form of `written`: Markdown, HTML, an address in angles or a bare one."""
    if written.lower().startswith("<a"):
        opening, _, rest = written.partition(">")
        return f'<a href="{url}">{rest}' if opening else ""
    if written.startswith("<"):
        return f"<{url}>"
    return f"[{label}]({url})" if written.startswith("[") else url
