"""What a card says while it waits for a decision: about 15 rows on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.commands.columns import fit, rows, shorten
from bot.commands.moments import day_text
from bot.commands.reply import Line, Span, text
from bot.services.plain_text import plain
from storage.models import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.cards import Card, Votes

RULE = "─────"
SIGNS = "✅ add   ❌ no   💤 in a week"

ROWS = 15
"""What the contribution fills up to; at least 2 rows are its own, and at most 6."""

MOST_ROWS = 16
"""Beyond that the words behind the score vanish, then the papers it is like."""

TITLE_ROWS = 4
REASONS = 3
NAME = 32
SECTION = 60
UNREAD = "not read yet"
"""In the place of a score: of a paper that has only a link nothing is known."""

LABEL = 12
NAMES = 3


class _Said(NamedTuple):
    line: Line
    rows: int
    dispensable: bool = False


def title_of(card: Card) -> str:
    """The paper's title; without one, its address is its name."""
    return fit(card.title.strip() or card.url.partition("://")[2] or "(untitled)", TITLE_ROWS)


def name_of(card: Card) -> str:
    """A few words by which people know the paper."""
    return short(card.title.strip() or card.url.partition("://")[2] or "(untitled)")


def short(title: str) -> str:
    """A title's name where it has one (`UniGen: A Unified …`), else its first words."""
    name, colon, _ = title.partition(":")
    if colon and name.strip() and shorten(name, NAME) == name:
        return name
    return shorten(title, NAME)


def heading(section: str) -> str:
    """A section of the list, where it stands among other words."""
    return shorten(section, SECTION)


def open_lines(card: Card, *, signs: bool = True) -> tuple[Line, ...]:
    """The lines of an open card; `signs` ends with what the reactions under it mean."""
    before, after = list(_before(card)), list(_after(card, signs=signs))
    taken = rows(title_of(card)) + sum(said.rows for said in (*before, *after))
    for said in reversed(after.copy()):
        if said.dispensable and taken + 2 > MOST_ROWS:
            after.remove(said)
            taken -= said.rows
    contribution = []
    if card.contribution:
        room = min(6, max(2, ROWS - taken))
        contribution.append(text(fit(card.contribution, room), quote=True))
    return (*(said.line for said in before), *contribution, *(said.line for said in after))


def _before(card: Card) -> Iterator[_Said]:
    if card.duplicate:
        mark = "Likely a duplicate of: "
        title = fit(mark + plain(card.duplicate), 2).removeprefix(mark)
        yield _Said(text(Span(mark, bold=True), title), rows(mark + title))
    if card.authors:
        yield _said(fit(card.authors, 1))
    origin = [day_text(card.published) if card.published else "", *card.categories[:1]]
    if any(origin):
        yield _said(" · ".join(part for part in origin if part))
    if card.resources:
        yield _Said(_resources(card), 1)


def _resources(card: Card) -> Line:
    """`Code · Data`, each a link."""
    spans: list[Span] = []
    for link in card.resources[:4]:
        spans += [Span(" · ")] if spans else []
        spans.append(Span(shorten(link.label, LABEL), link.url))
    return Line(tuple(spans))


def _after(card: Card, *, signs: bool) -> Iterator[_Said]:
    if card.section:
        section = fit("→ " + card.section, 1).removeprefix("→ ")
        yield _Said(text("→ ", Span(section, bold=True)), 1)
    if card.like:
        like = fit("Like: " + " · ".join(short(plain(title)) for title in card.like), 2)
        yield _Said(text(like), rows(like), dispensable=True)
    if card.why:
        why = fit("Why: " + ", ".join(card.why[:REASONS]), 2)
        yield _Said(text(why), rows(why), dispensable=True)
    yield _said(RULE)
    strength = card.strength if card.title.strip() else UNREAD
    yield _said(fit(f"#{card.candidate} · {strength} · {_origin(card)}", 2))
    if card.votes.approvals or card.votes.rejections:
        yield _said(votes_text(card.votes))
    if signs:
        yield _said(SIGNS)


def _said(words: str) -> _Said:
    return _Said(text(words), rows(words))


def _origin(card: Card) -> str:
    """How it came in, and who asked for it: `suggested by eve`."""
    found = {Origin.HARVEST: "found by harvest", Origin.LIST: "on the list before"}
    asked = f"suggested by {people(card.asked_by) or 'a member'}"
    if card.origin is Origin.SUBMISSION:
        return asked
    return f"{found[card.origin]}, {asked}" if card.asked_by else found[card.origin]


def people(names: tuple[str, ...]) -> str:
    """`ana, ben and 3 more`."""
    known = [shorten(name, NAME) for name in names if name.strip()]
    if len(known) <= NAMES:
        return " and ".join(part for part in (", ".join(known[:-1]), *known[-1:]) if part)
    return f"{', '.join(known[: NAMES - 1])} and {len(known) - NAMES + 1} more"


def votes_text(votes: Votes) -> str:
    """Who has voted, and what is missing: `✅ ana · 1 more approval needed`."""
    if votes.approvals and votes.rejections:
        return (
            f"✅ {people(votes.approvals)} · ❌ {people(votes.rejections)}: you disagree; "
            "one of you has to change, or Undo clears both"
        )
    if votes.rejections:
        return f"❌ {people(votes.rejections)}"
    missing = votes.needed - len(votes.approvals)
    needed = f" · {more_approvals(missing)} needed" if missing > 0 else ""
    return f"✅ {people(votes.approvals)}{needed}"


def more_approvals(missing: int) -> str:
    """`1 more approval`."""
    return "1 more approval" if missing == 1 else f"{missing} more approvals"
