"""A new entry written like a neighbour: its shape, another paper's title, names and links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.citations import list_citation, publication_year
from bot.domain.identify import abs_url, identify
from bot.domain.list_drafts import YEAR, Draft, Wording, author_span
from bot.domain.list_guard import clean_title, guarded, guarded_paper, safe_url, url_like
from bot.domain.list_titles import draft
from bot.domain.list_words import PROJECT_LABELS, words
from bot.domain.names import full_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.domain.list_inline import Span
    from storage.models import Link, Paper

_NAMED = 20
_CODE_ID = re.compile(r"`[^`\n]{0,40}?\d{4}\.\d{4,5}[^`\n]{0,20}`")
_ID = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")
_SHORT_YEAR = re.compile(r"(?<=['’])\d\d(?!\d)")
_KEPT = re.compile(
    r"(?P<tag></?(?:br|ins|sub|sup|small|em|i|b|strong)\b[^<>]{0,40}>|&(?:emsp|ensp|nbsp);)"
    r"|(?P<preprint>\barxiv(?: preprint)?\b|\bpreprint\b|\bcorr\b)"
    r"|(?P<word>[^\W_][\w'’&+.-]*[^\W_]|[^\W_]|_)"
    r"|(?P<other>[^\x00-\x7f–—·“”‘’、。，\ufdd0-\ufdef])",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]|<(\w+)>\s*</\1>|\"\s*\"")


class Slot(NamedTuple):
    """A part [start, end) of a neighbour that the new paper fills; an empty value drops it."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one paper in the shape of different neighbours."""

    paper: Paper

    @property
    def title(self) -> str:
        """The title, masked, safe inside a label or emphasis."""
        return guarded(clean_title(self.paper), ends=True)

    @property
    def projects(self) -> list[Link]:
        """The paper's links to code and project pages."""
        return [link for link in self.paper.links if is_project(link.label) and safe_url(link.url)]

    def like(self, text: str, references: Mapping[str, str]) -> str | None:
        """The paper in the shape of `text`, an entry's own lines without the marker; masked.

        None where that entry has no shape to follow.
        """
        model = draft(text, references)
        if model is None or model.wording is Wording.LABEL:
            return None
        before = _literal(model.text[: model.start], preprint=False)
        return before + self._title_like(model) + self._tail_like(model)

    def plain_link(self) -> str:
        """`[Title](https://…)`, the shape everybody understands."""
        return f"[{self.title}]({safe_url(abs_url(self.paper.id))})"

    def _title_like(self, model: Draft) -> str:
        written = model.text[model.start : model.end]
        title = self.title
        if model.wording is Wording.CITED:
            return list_citation(guarded_paper(self.paper))
        if model.wording is Wording.LINK and model.link:
            label = written.rpartition("](")[0]
            title += "." if label.rstrip("*_ ").endswith(".") and title[-1] not in "?!" else ""
            title = f"**{title}**" if label.startswith("[**") else title
            return f"[{title}]({url_like(model.link.url, self.paper)})"
        if model.wording is Wording.BOLD:
            stop = "." if re.search(r"\.(?:\*\*|__)", written) and title[-1] not in "?!" else ""
            bold = f"**{title}{stop}**"
            return f"[{bold}]({url_like(model.link.url, self.paper)})" if model.link else bold
        return f'"{title}"' if model.wording is Wording.QUOTED else title

    def _tail_like(self, model: Draft) -> str:
        """What follows the title: each slot filled, words between left out, marks kept."""
        text, position = "", model.end
        arxiv = self.paper.id.startswith("arXiv:")
        for slot in self._slots(model):
            between = _literal(model.text[position : slot.start], preprint=arxiv)
            if slot.value:
                apart = not between and text[-1:] not in {"", " ", "\n", "(", "["}
                text += (" " if apart else between) + slot.value
            elif not text and between.startswith(("**", "__")):
                text = between[:2]
            position = slot.end
        rest = _literal(model.text[position:], preprint=arxiv)
        closing = re.match(
            r"(?:\*\*|__|[*_])?(?:\.|(?:<br ?/?>))?", rest if text or rest[:1] in "*_" else ""
        )
        return _tidy(text + (closing[0] if closing else ""))

    def _slots(self, model: Draft) -> Iterator[Slot]:
        position = model.end
        for slot in sorted([*self._links(model), *self._texts(model)]):
            if slot.start >= position:
                yield slot
                position = slot.end

    def _links(self, model: Draft) -> Iterator[Slot]:
        projects = self.projects
        for span in model.found:
            if span.start < model.end:
                continue
            start, end = _bracketed(model.text, span.start, span.end)
            link = ""
            if not span.image and identify(span.url) in model.ids:
                link = f"[{self._paper_label(span)}]({url_like(span.url, self.paper)})"
            elif not span.image and is_project(span.label) and projects:
                chosen = next(
                    (p for p in projects if words(p.label) == words(span.label)), projects[0]
                )
                projects.remove(chosen)
                link = f"[{span.label}]({safe_url(chosen.url)})"
            outer = model.text[start : span.start], model.text[span.end : end]
            yield Slot(start, end, outer[0] + link + outer[1] if link else "")

    def _paper_label(self, span: Span) -> str:
        if "arxiv" in words(span.label) and not self.paper.id.startswith("arXiv:"):
            return "Paper"
        return _ID.sub(self.paper.id.partition(":")[2], span.label) or "Paper"

    def _texts(self, model: Draft) -> Iterator[Slot]:
        year = publication_year(self.paper)
        names = author_span(model.text, model.end)
        if names:
            yield self._names(model.text, *names)
        for match in YEAR.finditer(model.text, model.end):
            yield Slot(match.start(), match.end(), str(year or ""))
        for match in _SHORT_YEAR.finditer(model.text, model.end):
            yield Slot(match.start(), match.end(), str(year or "")[2:])
        for match in _CODE_ID.finditer(model.text, model.end):
            number = self.paper.id.removeprefix("arXiv:")
            arxiv = self.paper.id.startswith("arXiv:")
            yield Slot(match.start(), match.end(), _ID.sub(number, match[0]) if arxiv else "")

    def _names(self, text: str, start: int, end: int) -> Slot:
        """The row of names as the neighbour joins them."""
        old = text[start:end]
        mark = (
            text[start - 1]
            if text[start - 1] in "*_" and text[end : end + 1] == text[start - 1]
            else ""
        )
        people = [guarded(full_name(author)) for author in self.paper.authors if author.family]
        if not people:
            return Slot(start - len(mark), end + len(mark), "")
        joined = (
            _joined(people, old) if len(people) <= _NAMED else ", ".join([*people[:3], "et al."])
        )
        joined += "." if old.rstrip().endswith(".") and not joined.endswith(".") else ""
        return Slot(start - len(mark), end + len(mark), mark + joined + mark)


def is_project(label: str) -> bool:
    """Whether a link's label says that it leads to code or a project's page."""
    return any(word in PROJECT_LABELS for word in words(label)) and len(words(label)) < 4


def _joined(people: list[str], like: str) -> str:
    if len(people) == 1:
        return people[0]
    if ", and " in like or " and " in like:
        comma = "," if ", and " in like and len(people) > 2 else ""
        return f"{', '.join(people[:-1])}{comma} and {people[-1]}"
    return ", ".join(people)


def _bracketed(text: str, start: int, end: int) -> tuple[int, int]:
    """A link with the brackets that stand right round it: `[[code](…)]`, `([page](…))`."""
    while start and end < len(text) and text[start - 1] + text[end] in {"[]", "()"}:
        start, end = start - 1, end + 1
    return start, end


def _literal(text: str, *, preprint: bool) -> str:
    """What stands between two slots, without words and pictures; `arXiv` stays if `preprint`."""

    def kept(match: re.Match[str]) -> str:
        return match[0] if match["tag"] or (preprint and match["preprint"]) else ""

    text, before = _KEPT.sub(kept, text), ""
    while before != text:
        before, text = text, _EMPTY.sub("", text)
    text = re.sub(r"(?<![\n ]) {2,}", " ", text)
    return re.sub(r"([.,;:])\s*[,;:]+", r"\1", re.sub(r" +(?=[,;])", "", text))


def _tidy(text: str) -> str:
    """No white space at line ends, no marks that lost their words."""
    lines = [re.sub(r"(?:\s+[·|:;,–—-])+\s*$", "", line).rstrip() for line in text.split("\n")]
    return "\n".join(lines).rstrip()
