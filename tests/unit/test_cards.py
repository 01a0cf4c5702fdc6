"""What cards and digests say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from bot.chat import render
from bot.commands.cards import card_reply, digest_reply
from bot.console import render as in_terminal
from bot.domain.cards import Card, Decision, DigestItem, DigestPost
from storage.models import Action, CandidateState, Origin

if TYPE_CHECKING:
    from bot.commands.reply import Reply

CARD = Card(
    candidate=17,
    title="Source2Synth: Synthetic Data Generation and Curation Grounded in Real Data Sources",
    url="https://arxiv.org/abs/2409.08239",
    authors="Lupidi, Gemmell, Cancedda et al.",
    published=date(2024, 9, 12),
    categories=("cs.CL", "cs.AI"),
    contribution="We propose a new method.",
    section="Research Papers",
    like=("UniGen: A Unified Framework", "Self-Boosting"),
    why=("synthetic data", "curation", "grounded", "real data"),
    strength="strong match",
    origin=Origin.HARVEST,
    submitter=None,
    duplicate="",
    state=CandidateState.POSTED,
    sections=("Survey Papers", "Research Papers"),
)
YES = Decision(
    Action.APPROVE, "Ana", datetime(2024, 9, 16, 9, 12, tzinfo=UTC), "Research Papers", ""
)


def lines(reply: Reply) -> list[str]:
    """What a terminal shows of it."""
    return in_terminal(reply).splitlines()


def test_an_open_card_is_the_one_of_the_design() -> None:
    """Title, authors, date, contribution, section, neighbours, reasons, number, signs."""
    assert lines(card_reply(CARD)) == [
        f"{CARD.title} <{CARD.url}>",
        "Lupidi, Gemmell, Cancedda et al.",
        "12 Sep 2024 · cs.CL",
        "  > We propose a new method.",
        "→ Research Papers",
        "Like: UniGen · Self-Boosting",
        "Why: synthetic data, curation, grounded",
        "─────",
        "#17 · strong match · found by harvest",
        "✅ add   ❌ no   💤 in a week",
    ]


def test_lines_with_nothing_to_say_vanish() -> None:
    """A paper known by its title alone still makes a card."""
    bare = replace(
        CARD,
        authors="",
        published=None,
        categories=(),
        contribution="",
        section="",
        like=(),
        why=(),
    )
    assert lines(card_reply(bare))[1:] == [
        "─────",
        "#17 · strong match · found by harvest",
        "✅ add   ❌ no   💤 in a week",
    ]


def test_a_likely_duplicate_stands_on_top() -> None:
    """Before anything else is read."""
    assert lines(card_reply(replace(CARD, duplicate="Source2Synth")))[1] == (
        "Likely a duplicate of: Source2Synth"
    )


@pytest.mark.parametrize(
    ("decision", "state", "first"),
    [
        (YES, CandidateState.APPROVED, f"✅ Source2Synth <{CARD.url}> → Research Papers"),
        (
            replace(YES, action=Action.REJECT, reason="too thin"),
            CandidateState.REJECTED,
            f"❌ Source2Synth <{CARD.url}>",
        ),
        (
            replace(YES, action=Action.SNOOZE),
            CandidateState.SNOOZED,
            f"💤 Source2Synth <{CARD.url}>",
        ),
    ],
)
def test_a_decided_card_collapses_to_two_lines(
    decision: Decision, state: CandidateState, first: str
) -> None:
    """What was decided, and by whom and when."""
    shown = lines(card_reply(replace(CARD, state=state, decision=decision)))
    assert shown[0] == first
    assert len(shown) == 2
    assert shown[1].startswith("Ana · 09:12 UTC")


@pytest.mark.parametrize("card", [CARD, replace(CARD, state=CandidateState.APPROVED, decision=YES)])
def test_the_key_stands_in_the_message(card: Card) -> None:
    """Open or decided, a card can be found again by its key."""
    reply = card_reply(card)
    view = render.view(reply, key="c17.0.0")
    assert view is not None
    assert any("c17.0.0" in item.custom_id for item in view.children)  # type: ignore[attr-defined]


def test_a_card_made_of_the_longest_texts_keeps_discords_limits() -> None:
    """Texts without end are cut, not refused."""
    endless = "Ünïcödé **bold** [x](http://y) @everyone " * 300
    huge = replace(
        CARD,
        title=endless,
        authors=endless,
        contribution=endless,
        section=endless,
        like=(endless,) * 2,
        why=(endless,) * 5,
        duplicate=endless,
    )
    embed = render.embed(card_reply(huge), key="c17.0.0")
    assert len(embed) <= 6000
    assert len(embed.title or "") <= 256
    assert len(embed.description or "") <= 4096


def test_a_digest_names_sections_papers_and_what_is_late() -> None:
    """The day, the titles by section, contributions, and how complete it is."""
    item = DigestItem("UniGen", "https://arxiv.org/abs/2406.18966", "Wu et al.", "We show it.")
    late = replace(item, title="Old", contribution="", late=date(2024, 8, 20))
    sections = (("Research Papers", (item, late)),)
    post = DigestPost(date(2024, 9, 16), sections, date(2024, 9, 15), 4, part=1, parts=2)
    assert lines(digest_reply(post)) == [
        "New on the list, 16 Sep 2024 (2/2)",
        "Research Papers",
        "• UniGen <https://arxiv.org/abs/2406.18966> · Wu et al.",
        "  > We show it.",
        "• Old <https://arxiv.org/abs/2406.18966> · Wu et al. · late: announced 20 Aug 2024",
        "Complete through Sun 15 Sep 2024 · 4 waiting",
    ]
