"""A paper's title with the marks, the link and the date that a neighbour's title has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.citations import list_citation
from bot.domain.entry_dates import date_like
from bot.domain.list_drafts import Wording
from bot.domain.list_guard import clean_title, guarded, guarded_paper, url_like
from bot.domain.list_words import is_venue, words

if TYPE_CHECKING:
    from bot.domain.list_drafts import Draft
    from storage.models import Paper

_LEAD = re.compile(r"[\"“*_`\s]*")
_TRAILING = '"”*_`.,: \t\n'
_WHEN = re.compile(r"\s*\((?P<before>[^()]{0,60}?[\s'’,])?(?P<year>(?:19|20)\d\d)\)$")
_SPLIT_BOLD = re.compile(r"(\*\*|__)[^*_]{1,80}\1\s*:")


def guarded_title(paper: Paper) -> str:
    """The title, masked, safe inside a label or emphasis."""
    return guarded(clean_title(paper), ends=True)


def title_like(paper: Paper, model: Draft) -> str:
    """The paper's title, masked, as the neighbour `model` has its own: linked, bold, cited."""
    written = model.text[model.start : model.end]
    if model.wording is Wording.CITED:
        return list_citation(guarded_paper(paper))
    if model.link is None:
        return _decorated(paper, written)
    url = url_like(model.link.url, paper)
    if model.wording is not Wording.LINK:
        return f"[{_decorated(paper, _inner_bold(written))}]({url})"
    if written.lower().startswith("<a"):
        return f'<a href="{url}">{guarded_title(paper)}</a>'
    label = written[1 : written.rfind("](")] if "](" in written else written.partition("]")[0][1:]
    return f"[{_decorated(paper, label)}]({url})"


def _inner_bold(written: str) -> str:
    """The label of `[**Title.**](…)` or `**[Title.](…)**` as bold text."""
    bold = re.match(r"\s*\[?(\*\*|__)", written)
    stop = "." if re.search(r"\.(?:\*\*|__)", written) else ""
    return f"{bold[1]}T{stop}{bold[1]}" if bold else written


def _decorated(paper: Paper, written: str) -> str:
    """The title with the marks that `written`, a neighbour's, has round its own."""
    title = guarded_title(paper)
    if _SPLIT_BOLD.match(written):
        return f"{written[:2]}{title}{written[:2]}"
    lead = _LEAD.match(written)
    core = written.rstrip(_TRAILING)
    trail = written[len(core) :].rstrip()
    if title[-1:] in {"?", "!"}:
        trail = trail.replace(".", "", 1)
    return (lead[0].lstrip() if lead and core else "") + title + _when(paper, core) + trail


def _when(paper: Paper, core: str) -> str:
    """`(ICML 2018)` behind a title, for this paper."""
    when = _WHEN.search(core, max(0, len(core) - 90))
    year = date_like(when["year"], paper) if when else ""
    if not when or not year:
        return ""
    venue = any(is_venue(word) for word in words(when["before"] or ""))
    return f" ({'arXiv ' if venue and paper.id.startswith('arXiv:') else ''}{year})"
