"""What a card and a digest say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.moments import day_text, short_day
from bot.commands.open_card import heading, name_of, open_lines, title_of
from bot.commands.reasons import reason_choices, worded
from bot.commands.reply import Button, Line, Menu, Reply, Span, Style, text
from bot.domain.sentences import sentence
from storage.models import WAITING, Action, CandidateState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.cards import Card, Decision, DigestItem, DigestPost

SIGN = {
    CandidateState.APPROVED: "✅",
    CandidateState.REJECTED: "❌",
    CandidateState.SNOOZED: "💤",
    CandidateState.WITHDRAWN: "🚫",
}

REASON = 120
"""Columns of a reason on a card: three rows."""


def card_reply(card: Card, *, signs: bool = True) -> Reply:
    """A card: open about 15 lines on a phone, decided or withdrawn two.

    `signs` says what reactions under it mean; under a private one they mean nothing.
    """
    if card.state in WAITING:
        lines = open_lines(card, signs=signs)
        return Reply(title=title_of(card), url=card.url, lines=lines, buttons=_open_buttons(card))
    return Reply(
        lines=tuple(_closed_lines(card)),
        buttons=tuple(_closed_buttons(card)),
        menu=_why(card) if _is_unexplained(card) else None,
    )


def _open_buttons(card: Card) -> tuple[Button, ...]:
    number = str(card.candidate)
    voted = bool(card.votes.approvals or card.votes.rejections)
    return (
        Button(sentence("Approve"), "approve", number, Style.GOOD),
        Button(sentence("Reject"), "reject", number, Style.BAD),
        Button(sentence("Later"), "later", number),
        Button(sentence("Other section"), "section", number, row=True),
        Button(sentence("More"), "more", number),
        *((Button(sentence("Undo"), "undo", number),) if voted else ()),
    )


def _closed_buttons(card: Card) -> Iterator[Button]:
    number = str(card.candidate)
    if card.state is not CandidateState.WITHDRAWN:
        yield Button(sentence("Undo"), "undo", number)
    if card.state is CandidateState.APPROVED:
        yield Button(sentence("Move"), "move", number)
    yield Button(sentence("More"), "more", number)


def _is_unexplained(card: Card) -> bool:
    given = card.decision is not None and card.decision.reason
    return card.state is CandidateState.REJECTED and not given


def _why(card: Card) -> Menu:
    return Menu(sentence("Why?"), "why", str(card.candidate), reason_choices())


def _closed_lines(card: Card) -> Iterator[Line]:
    decision = card.decision
    where = ""
    if card.state is CandidateState.APPROVED:
        section = decision.section if decision else card.section
        where = sentence(" → {section}", section=heading(section)) if section else ""
    yield text(f"{SIGN[card.state]} ", Span(name_of(card), card.url), where)
    if card.state is CandidateState.WITHDRAWN:
        yield text(_withdrawn(shorten(card.why_withdrawn, REASON)))
    elif decision is not None:
        yield Line(tuple(_decided(decision)))


def _withdrawn(why: str) -> str:
    return (
        sentence("Withdrawn on arXiv · {why}", why=why) if why else sentence("Withdrawn on arXiv")
    )


def _decided(decision: Decision) -> Iterator[Span]:
    """By whom and when; why, when it can be seen outside, and when the card comes back."""
    yield Span(sentence("{by} · {time} UTC", by=decision.by, time=f"{decision.at:%H:%M}"))
    if decision.action is Action.REJECT and decision.reason:
        yield Span(sentence(" · {reason}", reason=shorten(worded(decision.reason), REASON)))
    if decision.until is not None:
        yield Span(sentence(" · back {day}", day=short_day(decision.until)))
    if decision.public_at is not None:
        at = decision.public_at
        yield Span(sentence(" · public "))
        yield Span(sentence("at {time} UTC", time=f"{at:%H:%M}"), at=at)


def digest_reply(post: DigestPost) -> Reply:
    """One message of a digest."""
    part = f" ({post.part + 1}/{post.parts})" if post.parts > 1 else ""
    foot = []
    if post.complete_through:
        foot.append(
            f"Complete through {post.complete_through:%a} {day_text(post.complete_through)}"
        )
    foot.append(f"{post.waiting} waiting")
    lines = tuple(line for title, items in post.sections for line in _section(title, items))
    return Reply(
        title=f"New on the list, {day_text(post.day)}{part}",
        lines=lines or (text("What stood here was taken back."),),
        footer=" · ".join(foot),
    )


def _section(title: str, items: tuple[DigestItem, ...]) -> Iterator[Line]:
    yield text(Span(title, bold=True))
    for item in items:
        late = f" · late: announced {day_text(item.late)}" if item.late else ""
        authors = f" · {item.authors}" if item.authors else ""
        yield text("• ", Span(item.title, item.url), authors, late)
        if item.contribution:
            yield text(item.contribution, quote=True)
