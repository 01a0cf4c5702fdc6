"""What somebody who suggests papers is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.moments import DAY, HOUR, day_text
from bot.commands.open_card import heading
from bot.commands.reply import Line, Reply, Span, say, text
from bot.domain import withdrawal
from bot.domain.identify import abs_url
from bot.services.plain_text import plain
from bot.services.submit import AT_ONCE, TOO_MANY, Standing
from storage.models import CandidateState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from bot.services.submit import Receipt
    from storage.models import Paper

READABLE = (
    "I can read links, ids and DOIs of arXiv (alphaXiv and Hugging Face papers too), the ACL "
    "Anthology and OpenReview."
)
TITLE = 60
SENTENCE = 200
"""Columns of what stands in a line of several."""

REASON = 300
"""Columns of a reason: what is longer was meant for the maintainers."""


def receipt_reply(receipt: Receipt) -> Reply:
    """One paper: its title, and where it stands."""
    return Reply(lines=(text(_title(receipt.paper)), text(standing_text(receipt))))


def receipts_reply(receipts: Sequence[Receipt], left_out: int = 0) -> Reply:
    """A line a paper; `left_out` are those beyond what is taken at once."""
    if not receipts:
        return say(f"This message names no paper I know how to read. {READABLE}")
    lines = [_line(receipt) for receipt in receipts if receipt.problem != TOO_MANY]
    if over := len(receipts) - len(lines):
        lines.append(text(f"{over} not taken. {TOO_MANY}"))
    if left_out:
        lines.append(text(f"I take {AT_ONCE} papers of a message; it names {left_out} more."))
    return Reply(lines=tuple(lines))


def _withdrawn(receipt: Receipt) -> str:
    """What is said of a paper that cannot be suggested because it is withdrawn."""
    why = plain(withdrawal.reason(receipt.paper))
    return "It was withdrawn on arXiv, so it is not queued" + (f": {why}" if why else ".")


def standing_text(receipt: Receipt) -> str:
    """Where a paper stands, in one or two sentences."""
    match receipt.standing:
        case Standing.LISTED:
            section = receipt.entry.section if receipt.entry else ""
            return f"On the list already, under {heading(section)}."
        case Standing.WITHDRAWN:
            return _withdrawn(receipt)
        case Standing.REJECTED:
            return _rejected(receipt)
        case Standing.WAITING:
            return _waiting(receipt)
        case Standing.REFUSED:
            return receipt.problem
    read = "" if receipt.paper.title else " It cannot be read now, so it goes by its link alone."
    return f"Thank you! It is queued for the maintainers: {_line_up(receipt)}.{read}"


def _line(receipt: Receipt) -> Line:
    """Short, so that all of a message find room in one answer."""
    title = _title(receipt.paper)
    shown = Span(shorten(title.text, TITLE), title.url)
    return text("• ", shown, ": " + shorten(standing_text(receipt), SENTENCE))


def _title(paper: Paper) -> Span:
    url = abs_url(paper.id)
    return Span(plain(paper.title) or url, url)


def _rejected(receipt: Receipt) -> str:
    verdict = receipt.verdict
    when = f" on {day_text(verdict.at)}" if verdict else ""
    why = (
        f": {shorten(verdict.reason, REASON)}"
        if verdict and verdict.reason
        else ", and gave no reason"
    )
    return (
        f"The maintainers looked at it{when} and said no{why}. "
        "A maintainer can open it again with /review reconsider."
    )


def _waiting(receipt: Receipt) -> str:
    state = receipt.candidate.state if receipt.candidate else None
    if state is CandidateState.APPROVED:
        return "Approved already, but its entry is no longer on the list; tell a maintainer."
    put_off = " The maintainers put it off for now." if state is CandidateState.SNOOZED else ""
    return (
        f"It waits for a maintainer already: {_line_up(receipt)}.{put_off} "
        "You will hear what comes of it."
    )


def _line_up(receipt: Receipt) -> str:
    """`#17, 2nd in line, usually decided within 2 days`."""
    parts = [f"#{receipt.candidate.id}"] if receipt.candidate else []
    if receipt.place:
        parts.append(f"{_ordinal(receipt.place)} in line")
    if receipt.usual is not None:
        parts.append(f"usually decided within {_within(receipt.usual)}")
    return ", ".join(parts)


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    teens = 10 < number % 100 < 20
    return f"{number}{'th' if teens else ends.get(number % 10, 'th')}"


def _within(span: timedelta) -> str:
    """Rounded up: `an hour`, `5 hours`, `2 days`."""
    hours = -(-span // HOUR)
    if hours <= 1:
        return "an hour"
    days = -(-span // DAY)
    return f"{hours} hours" if hours <= 24 else f"{days} days"
