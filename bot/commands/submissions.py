"""What somebody who suggests papers is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.moments import DAY, HOUR, day_text
from bot.commands.open_card import heading
from bot.commands.reasons import worded
from bot.commands.reply import Line, Reply, Span, say, text
from bot.domain import withdrawal
from bot.domain.identify import abs_url
from bot.domain.sentences import clauses, passage, sentence
from bot.services.plain_text import plain
from bot.services.submit import AT_ONCE, TOO_MANY, Standing
from storage.models import CandidateState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from bot.services.submit import Receipt
    from storage.models import Paper, Verdict

READABLE = sentence(
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
        none = sentence("This message names no paper I know how to read.")
        return say(passage(none, READABLE))
    lines = [_line(receipt) for receipt in receipts if receipt.problem != TOO_MANY]
    if over := len(receipts) - len(lines):
        lines.append(text(passage(sentence("{n} not taken.", n=over), TOO_MANY)))
    if left_out:
        lines.append(text(_left_out(left_out)))
    return Reply(lines=tuple(lines))


def _left_out(count: int) -> str:
    return sentence("I take {most} papers of a message; it names {n} more.", most=AT_ONCE, n=count)


def _withdrawn(receipt: Receipt) -> str:
    """What is said of a paper that cannot be suggested because it is withdrawn."""
    why = plain(withdrawal.reason(receipt.paper))
    if not why:
        return sentence("It was withdrawn on arXiv, so it is not queued.")
    return sentence("It was withdrawn on arXiv, so it is not queued: {why}", why=why)


def standing_text(receipt: Receipt) -> str:
    """Where a paper stands, in one or two sentences."""
    match receipt.standing:
        case Standing.LISTED:
            section = heading(receipt.entry.section if receipt.entry else "")
            return sentence("On the list already, under {section}.", section=section)
        case Standing.WITHDRAWN:
            return _withdrawn(receipt)
        case Standing.REJECTED:
            return _rejected(receipt)
        case Standing.WAITING:
            return _waiting(receipt)
        case Standing.REFUSED:
            return receipt.problem
    unread = sentence("It cannot be read now, so it goes by its link alone.")
    return passage(
        sentence("Thank you! It is queued for the maintainers: {place}.", place=_line_up(receipt)),
        "" if receipt.paper.title else unread,
    )


def _line(receipt: Receipt) -> Line:
    """Short, so that all of a message find room in one answer."""
    title, said = _title(receipt.paper), shorten(standing_text(receipt), SENTENCE)
    shown = Span(shorten(title.text, TITLE), title.url)
    return text("• ", shown, sentence(": {said}", said=said))


def _title(paper: Paper) -> Span:
    url = abs_url(paper.id)
    return Span(plain(paper.title) or url, url)


def _rejected(receipt: Receipt) -> str:
    again = sentence("A maintainer can open it again with /review reconsider.")
    return passage(_said_no(receipt.verdict), again)


def _said_no(verdict: Verdict | None) -> str:
    if verdict is None:
        return sentence("The maintainers looked at it and said no, and gave no reason.")
    day, reason = day_text(verdict.at), shorten(worded(verdict.reason), REASON)
    if not reason:
        return sentence(
            "The maintainers looked at it on {day} and said no, and gave no reason.", day=day
        )
    return sentence(
        "The maintainers looked at it on {day} and said no: {reason}.", day=day, reason=reason
    )


def _waiting(receipt: Receipt) -> str:
    state = receipt.candidate.state if receipt.candidate else None
    if state is CandidateState.APPROVED:
        return sentence(
            "Approved already, but its entry is no longer on the list; tell a maintainer."
        )
    put_off = sentence("The maintainers put it off for now.")
    return passage(
        sentence("It waits for a maintainer already: {place}.", place=_line_up(receipt)),
        put_off if state is CandidateState.SNOOZED else "",
        sentence("You will hear what comes of it."),
    )


def _line_up(receipt: Receipt) -> str:
    """`#17, 2nd in line, usually decided within 2 days`."""
    return clauses(
        f"#{receipt.candidate.id}" if receipt.candidate else "",
        _in_line(receipt.place) if receipt.place else "",
        sentence("usually decided within {span}", span=_within(receipt.usual))
        if receipt.usual is not None
        else "",
    )


def _in_line(place: int) -> str:
    """English has four endings of a number."""
    ending = 0 if 10 < place % 100 < 20 else place % 10
    match ending:
        case 1:
            return sentence("{n}st in line", n=place)
        case 2:
            return sentence("{n}nd in line", n=place)
        case 3:
            return sentence("{n}rd in line", n=place)
        case _:
            return sentence("{n}th in line", n=place)


def _within(span: timedelta) -> str:
    """Rounded up: `an hour`, `5 hours`, `2 days`."""
    hours = -(-span // HOUR)
    if hours <= 1:
        return sentence("an hour")
    if hours <= 24:
        return sentence("{n} hours", n=hours)
    return sentence("{n} days", n=-(-span // DAY))
