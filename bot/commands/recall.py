"""What /review stats says of the papers that the harvest missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.open_card import UNTITLED, short
from bot.commands.shares import interval_text
from bot.domain.sentences import clauses, counted, joined, sentence
from bot.services.plain_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.intervals import Share
    from bot.services.recall import Misses, Recall

FEWEST = 10
"""Of fewer papers brought by hand no share is told."""

BLIND = sentence(
    "Recall is told by papers brought by hand and approved. It cannot see what nobody brought, nor "
    "finds that were listed before anybody brought them. Whoever was reminded by a card or sees "
    "this channel is no independent witness. Sweeps do not count."
)


def recall_lines(recall: Recall) -> Iterator[str]:
    """The estimates, and why papers were missed."""
    yield sentence("Recall, 12 weeks: {share}", share=_share(recall.quarter))
    yield sentence("Recall, all time: {share}", share=_share(recall.ever))
    if recall.after_card:
        yield counted(
            recall.after_card,
            "{n} of the found was brought after its card stood",
            "{n} of the found were brought after their cards stood",
        )
    yield from _missed(recall.misses)


def _share(share: Share) -> str:
    if not share.whole:
        return sentence("nothing came by hand")
    if share.whole < FEWEST:
        return sentence("{n} of {whole} found, too few to say", n=share.part, whole=share.whole)
    return sentence(
        "{share} % ({n} of {whole} found), {interval}",
        share=round(100 * share.value),
        n=share.part,
        whole=share.whole,
        interval=interval_text(share),
    )


def _missed(misses: Misses) -> Iterator[str]:
    if misses.below:
        yield sentence(
            "Missed, scored too low: {n}; {lowest}",
            n=misses.below,
            lowest=joined(" · ", (_scored(title, score) for title, score in misses.lowest)),
        )
    unseen = (
        (misses.not_on_arxiv, sentence("{n} not on arXiv", n=misses.not_on_arxiv)),
        (misses.other_categories, sentence("{n} in other categories", n=misses.other_categories)),
        (misses.out_of_reach, sentence("{n} older than it reaches", n=misses.out_of_reach)),
    )
    parts = [said for count, said in unseen if count]
    if parts:
        yield sentence("Missed, never looked at: {parts}", parts=clauses(*parts))


def _scored(title: str, score: float) -> str:
    name = short(plain(title)) if title.strip() else UNTITLED
    return sentence("{title} ({score})", title=name, score=f"{score:.2f}")
