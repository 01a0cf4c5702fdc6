"""What a card says while it waits for a decision: about 15 rows on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.commands.columns import fit, rows, shorten
from bot.commands.moments import day_text
from bot.commands.reply import Line, Span, text
from bot.domain.sentences import clauses, counted, joined, sentence
from bot.services.plain_text import plain
from storage.models import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.cards import Card, Votes

RULE = "─────"
SIGNS = sentence("✅ add   ❌ no   💤 in a week")

ROWS = 15
"""What the contribution fills up to; at least 2 rows are its own, and at most 6."""

MOST_ROWS = 16
"""Beyond that the words behind the score vanish, then the papers it is like."""

TITLE_ROWS = 4
REASONS = 3
NAME = 32
SECTION = 60
UNREAD = sentence("not read yet")
"""In the place of a score: of a paper that has only a link nothing is known."""

UNTITLED = sentence("(untitled)")

LABEL = 12
NAMES = 3


FOUND = {Origin.HARVEST: sentence("found by harvest"), Origin.LIST: sentence("on the list before")}


class _Said(NamedTuple):
    line: Line
    rows: int
    dispensable: bool = False


def title_of(card: Card) -> str:
    """The paper's title; without one, its address is its name."""
    return fit(_title(card), TITLE_ROWS)


def name_of(card: Card) -> str:
    """A few words by which people know the paper."""
    return short(_title(card))


def _title(card: Card) -> str:
    return card.title.strip() or card.url.partition("://")[2] or UNTITLED


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
        mark = sentence("Likely a duplicate of: ")
        title = _beside(mark, card.duplicate)
        yield _Said(text(Span(mark, bold=True), title), rows(mark + title))
    if card.authors:
        yield _said(fit(card.authors, 1))
    origin: list[str] = [day_text(card.published)] if card.published else []
    origin += [category for category in card.categories[:1] if category]
    if origin:
        yield _said(joined(" · ", origin))
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
        titles = " · ".join(short(plain(title)) for title in card.like)
        yield _dispensable(sentence("Like: {titles}", titles=titles))
    if card.why:
        yield _dispensable(sentence("Why: {words}", words=", ".join(card.why[:REASONS])))
    yield _said(RULE)
    strength = clauses(card.strength, card.odds) if card.title.strip() else UNREAD
    about = (f"#{card.candidate}", strength, _origin(card))
    yield _said(fit(joined(" · ", about), 3 if card.odds else 2))
    if card.votes.approvals or card.votes.rejections:
        yield _said(votes_text(card.votes))
    if signs:
        yield _said(SIGNS)


def _said(words: str) -> _Said:
    return _Said(text(words), rows(words))


def _dispensable(words: str) -> _Said:
    cut = fit(words, 2)
    return _Said(text(cut), rows(cut), dispensable=True)


def _beside(mark: str, words: str) -> str:
    """What of the words stands in two rows with the mark before them."""
    cut = fit(mark + words, 2).removeprefix(mark)
    return words if cut == words else cut


def _origin(card: Card) -> str:
    """How it came in, and who asked for it: `suggested by eve`."""
    asked = suggested_by(card.asked_by)
    if card.origin is Origin.SUBMISSION:
        return asked
    found = FOUND[card.origin]
    return clauses(found, asked) if card.asked_by else found


def suggested_by(names: tuple[str, ...]) -> str:
    """`suggested by ana and ben`."""
    return sentence("suggested by {people}", people=people(names) or sentence("a member"))


def people(names: tuple[str, ...]) -> str:
    """`ana, ben and 3 more`."""
    known = [shorten(name, NAME) for name in names if name.strip()]
    if not known:
        return ""
    if len(known) <= NAMES:
        first = joined(", ", known[:-1])
        return sentence("{names} and {last}", names=first, last=known[-1]) if first else known[0]
    first, more = joined(", ", known[: NAMES - 1]), len(known) - NAMES + 1
    return sentence("{names} and {n} more", names=first, n=more)


def votes_text(votes: Votes) -> str:
    """Who has voted, and what is missing: `✅ ana · 1 more approval needed`."""
    if votes.approvals and votes.rejections:
        return sentence(
            "✅ {approvals} · ❌ {rejections}: you disagree; "
            "one of you has to change, or Undo clears both",
            approvals=people(votes.approvals),
            rejections=people(votes.rejections),
        )
    if votes.rejections:
        return sentence("❌ {people}", people=people(votes.rejections))
    missing = votes.needed - len(votes.approvals)
    approved = sentence("✅ {people}", people=people(votes.approvals))
    if missing <= 0:
        return approved
    return joined(" · ", (approved, sentence("{more} needed", more=more_approvals(missing))))


def more_approvals(missing: int) -> str:
    """`1 more approval`."""
    return counted(missing, "1 more approval", "{n} more approvals")
