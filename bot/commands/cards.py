"""What a card and a digest say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.moments import day_text
from bot.commands.open_card import heading, name_of, open_lines, title_of
from bot.commands.reply import Button, Choice, Line, Menu, Reply, Span, Style, text
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

REASONS = ("off topic", "not about LLM data", "covered already", "too thin", "other")
"""What a rejection may be for, to be chosen with one press."""

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
        Button("Approve", "approve", number, Style.GOOD),
        Button("Reject", "reject", number, Style.BAD),
        Button("Later", "later", number),
        Button("Other section", "section", number, row=True),
        Button("More", "more", number),
        *((Button("Undo", "undo", number),) if voted else ()),
    )


def _closed_buttons(card: Card) -> Iterator[Button]:
    number = str(card.candidate)
    if card.state is not CandidateState.WITHDRAWN:
        yield Button("Undo", "undo", number)
    if card.state is CandidateState.APPROVED:
        yield Button("Move", "move", number)
    yield Button("More", "more", number)


def _is_unexplained(card: Card) -> bool:
    given = card.decision is not None and card.decision.reason
    return card.state is CandidateState.REJECTED and not given


def _why(card: Card) -> Menu:
    choices = tuple(Choice(reason[0].upper() + reason[1:], reason) for reason in REASONS)
    return Menu("Why?", "why", str(card.candidate), choices)


def _closed_lines(card: Card) -> Iterator[Line]:
    decision = card.decision
    where = ""
    if card.state is CandidateState.APPROVED:
        section = decision.section if decision else card.section
        where = f" → {heading(section)}" if section else ""
    yield text(f"{SIGN[card.state]} ", Span(name_of(card), card.url), where)
    if card.state is CandidateState.WITHDRAWN:
        why = shorten(card.why_withdrawn, REASON)
        yield text("Withdrawn on arXiv" + (f" · {why}" if why else ""))
    elif decision is not None:
        yield Line(tuple(_decided(decision)))


def _decided(decision: Decision) -> Iterator[Span]:
    """By whom and when; why, when it can be seen outside, and when the card comes back."""
    yield Span(f"{decision.by} · {decision.at:%H:%M} UTC")
    if decision.action is Action.REJECT and decision.reason:
        yield Span(" · " + shorten(decision.reason, REASON))
    if decision.until is not None:
        yield Span(f" · back {decision.until.day} {decision.until:%b}")
    if decision.public_at is not None:
        yield Span(" · public ")
        yield Span(f"at {decision.public_at:%H:%M} UTC", at=decision.public_at)


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
