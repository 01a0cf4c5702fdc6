"""What cards and digests say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
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
    unread = replace(bare, title="")
    assert "#17 · not read yet · found by harvest" in lines(card_reply(unread))


def test_the_chance_stands_behind_the_word_and_leaves_room_for_who_asked() -> None:
    """One row more where it is told; of an unread paper neither is."""
    asked = replace(CARD, asked_by=("ana", "ben"), odds="about 4 in 10", strength="likely")
    said = "#17 · likely, about 4 in 10 · found by harvest, suggested by ana and ben"
    assert said in lines(card_reply(asked))
    unread = replace(asked, title="", asked_by=())
    assert "#17 · not read yet · found by harvest" in lines(card_reply(unread))


def test_a_likely_duplicate_stands_on_top() -> None:
    """Before anything else is read."""
    assert lines(card_reply(replace(CARD, duplicate="Source2Synth")))[1] == (
        "Likely a duplicate of: Source2Synth"
    )


@pytest.mark.parametrize(
    ("state", "decision", "shown"),
    [
        (
            CandidateState.APPROVED,
            YES,
            [f"✅ Source2Synth <{CARD.url}> → Research Papers", "Ana · 09:12 UTC"],
        ),
        (
            CandidateState.APPROVED,
            replace(YES, public_at=YES.at + timedelta(minutes=3)),
            [
                f"✅ Source2Synth <{CARD.url}> → Research Papers",
                "Ana · 09:12 UTC · public at 09:15 UTC",
            ],
        ),
        (
            CandidateState.APPROVED,
            None,
            [f"✅ Source2Synth <{CARD.url}> → Research Papers"],
        ),
        (
            CandidateState.REJECTED,
            replace(YES, action=Action.REJECT, reason="too thin"),
            [f"❌ Source2Synth <{CARD.url}>", "Ana · 09:12 UTC · too thin"],
        ),
        (
            CandidateState.SNOOZED,
            replace(YES, action=Action.SNOOZE, until=datetime(2024, 9, 24, 9, tzinfo=UTC)),
            [f"💤 Source2Synth <{CARD.url}>", "Ana · 09:12 UTC · back 24 Sep"],
        ),
        (
            CandidateState.WITHDRAWN,
            None,
            [f"🚫 Source2Synth <{CARD.url}>", "Withdrawn on arXiv · an error in lemma 2"],
        ),
    ],
)
def test_a_decided_card_collapses_to_two_lines(
    state: CandidateState, decision: Decision | None, shown: list[str]
) -> None:
    """What was decided, by whom and when, and what comes of it."""
    card = replace(CARD, state=state, decision=decision, why_withdrawn="an error in lemma 2")
    assert lines(card_reply(card))[: len(shown)] == shown


def test_when_it_becomes_public_is_a_moment() -> None:
    """A face that can counts down to it."""
    decision = replace(YES, public_at=YES.at + timedelta(minutes=3))
    reply = card_reply(replace(CARD, state=CandidateState.APPROVED, decision=decision))
    (moment,) = [span for line in reply.lines for span in line.spans if span.at]
    assert moment.at == decision.public_at


OPEN_BUTTONS = ["Approve", "Reject", "Later", "Other section", "More"]


@pytest.mark.parametrize(
    ("state", "reason", "buttons", "asks_why"),
    [
        (CandidateState.QUEUED, "", OPEN_BUTTONS, False),
        (CandidateState.POSTED, "", OPEN_BUTTONS, False),
        (CandidateState.APPROVED, "", ["Undo", "Move", "More"], False),
        (CandidateState.REJECTED, "", ["Undo", "More"], True),
        (CandidateState.REJECTED, "too thin", ["Undo", "More"], False),
        (CandidateState.SNOOZED, "", ["Undo", "More"], False),
        (CandidateState.WITHDRAWN, "", ["More"], False),
    ],
)
def test_a_card_offers_what_can_be_done_now(
    state: CandidateState, reason: str, buttons: list[str], *, asks_why: bool
) -> None:
    """Deciding while it is open, changing it afterwards; why, until somebody has said it."""
    card = replace(CARD, state=state, decision=replace(YES, reason=reason))
    reply = card_reply(card)
    assert [button.label for button in reply.buttons] == buttons
    assert {button.argument for button in reply.buttons} == {"17"}
    assert (reply.menu is not None) is asks_why
    if reply.menu:
        assert [choice.label for choice in reply.menu.choices] == [
            "Off topic", "Not about LLM data", "Covered already", "Too thin", "Other"
        ]  # fmt: skip


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
