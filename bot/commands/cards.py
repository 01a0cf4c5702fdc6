"""What a card and a digest say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.reply import Button, Line, Reply, Span, text
from storage.models import Action, CandidateState, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.domain.cards import Card, Decision, DigestItem, DigestPost

SIGN = {Action.APPROVE: "✅", Action.REJECT: "❌", Action.SNOOZE: "💤"}
RULE = "─────"
REASONS = 3
NAME = 32


def day_text(day: date) -> str:
    """`12 Sep 2024`."""
    return f"{day.day} {day:%b %Y}"


def card_reply(card: Card) -> Reply:
    """A card: open about 15 lines on a phone, decided or withdrawn two."""
    if card.state is CandidateState.WITHDRAWN:
        return _withdrawn(card)
    if card.state in {CandidateState.QUEUED, CandidateState.POSTED} or card.decision is None:
        return _open(card)
    return _decided(card, card.decision)


def _open(card: Card) -> Reply:
    return Reply(
        title=card.title,
        url=card.url,
        lines=tuple(_open_lines(card)),
        buttons=(
            Button("More", "more", str(card.candidate)),
            Button("Other section", "section", str(card.candidate)),
        ),
    )


def _open_lines(card: Card) -> Iterator[Line]:
    if card.duplicate:
        yield text(Span("Likely a duplicate of: ", bold=True), card.duplicate)
    if card.authors:
        yield text(card.authors)
    origin = [day_text(card.published) if card.published else "", *card.categories[:1]]
    if any(origin):
        yield text(" · ".join(part for part in origin if part))
    if card.contribution:
        yield text(card.contribution, quote=True)
    if card.section:
        yield text("→ ", Span(card.section, bold=True))
    if card.like:
        yield text("Like: " + " · ".join(_short(title) for title in card.like))
    if card.why:
        yield text("Why: " + ", ".join(card.why[:REASONS]))
    yield text(RULE)
    yield text(f"#{card.candidate} · {card.strength} · {_origin(card)}")
    yield text("✅ add   ❌ no   💤 in a week")


def _short(title: str) -> str:
    """A title's name where it has one (`UniGen: A Unified …`), else its first words."""
    name, colon, _ = title.partition(":")
    if colon and len(name) <= NAME:
        return name
    return title if len(title) <= NAME else title[: NAME - 1].rsplit(" ", 1)[0] + "…"


def _origin(card: Card) -> str:
    return "found by harvest" if card.origin is Origin.HARVEST else "suggested by a member"


def _decided(card: Card, decision: Decision) -> Reply:
    where = f" → {decision.section}" if decision.action is Action.APPROVE else ""
    until = " · back in a week" if decision.action is Action.SNOOZE else ""
    reason = f" · {decision.reason}" if decision.reason else ""
    return Reply(
        lines=(
            text(f"{SIGN[decision.action]} ", Span(_short(card.title), card.url), where),
            text(f"{decision.by} · {decision.at:%H:%M} UTC{reason}{until}"),
        ),
        buttons=(Button("More", "more", str(card.candidate)),),
    )


def _withdrawn(card: Card) -> Reply:
    why = f" · {card.why_withdrawn}" if card.why_withdrawn else ""
    return Reply(
        lines=(
            text("🚫 ", Span(_short(card.title), card.url)),
            text(f"Withdrawn on arXiv{why}"),
        ),
        buttons=(Button("More", "more", str(card.candidate)),),
    )


def digest_reply(post: DigestPost) -> Reply:
    """One message of a digest."""
    part = f" ({post.part + 1}/{post.parts})" if post.parts > 1 else ""
    foot = []
    if post.complete_through:
        foot.append(
            f"Complete through {post.complete_through:%a} {day_text(post.complete_through)}"
        )
    foot.append(f"{post.waiting} waiting")
    return Reply(
        title=f"New on the list, {day_text(post.day)}{part}",
        lines=tuple(line for title, items in post.sections for line in _section(title, items)),
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
