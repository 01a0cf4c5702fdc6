"""What an open card says of who asked and who voted, and how long it may become."""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.cards import card_reply
from bot.commands.columns import columns, fit, rows, shorten
from bot.commands.outcomes import outcome_reply
from bot.console import render as in_terminal
from bot.domain.cards import OutcomePost, Votes
from storage.models import CandidateState, Link, Origin
from tests.unit.test_cards import CARD, YES, lines

if TYPE_CHECKING:
    from bot.commands.reply import Reply

PHONE = 40


def height(reply: Reply) -> int:
    """How many rows of a phone a reply takes, its buttons aside."""
    shown = [reply.title, *("".join(span.text for span in line.spans) for line in reply.lines)]
    return sum(rows(text) for text in shown if text)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"origin": Origin.SUBMISSION, "asked_by": ("eve",)}, "suggested by eve"),
        ({"origin": Origin.SUBMISSION}, "suggested by a member"),
        ({"asked_by": ("eve", "ben")}, "found by harvest, suggested by eve and ben"),
        (
            {"origin": Origin.SUBMISSION, "asked_by": ("ana", "ben", "cy", "dan", "eve")},
            "suggested by ana, ben and 3 more",
        ),
    ],
)
def test_a_card_says_who_asked_for_it(changes: dict[str, object], said: str) -> None:
    """By name, and not by all names where there are many."""
    assert f"#17 · strong match · {said}" in lines(card_reply(replace(CARD, **changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        (Votes(("ana",), needed=2), "✅ ana · 1 more approval needed"),
        (Votes(("ana", "ben"), needed=4), "✅ ana and ben · 2 more approvals needed"),
        (
            Votes(("ana",), ("ben",)),
            "✅ ana · ❌ ben: you disagree; one of you has to change, or Undo clears both",
        ),
    ],
)
def test_a_card_says_who_has_voted(votes: Votes, said: str) -> None:
    """And what is missing; the votes can be cleared."""
    reply = card_reply(replace(CARD, votes=votes))
    assert said in lines(reply)
    assert "Undo" in [button.label for button in reply.buttons]


def test_code_and_data_share_one_line() -> None:
    """Each a link."""
    links = (Link("Code", "https://github.com/x/y"), Link("Data", "https://hf.co/datasets/x/y"))
    reply = card_reply(replace(CARD, resources=links))
    assert "Code <https://github.com/x/y> · Data <https://hf.co/datasets/x/y>" in lines(reply)


@pytest.mark.parametrize("state", [CandidateState.POSTED, CandidateState.APPROVED])
def test_a_paper_without_a_title_goes_by_its_address(state: CandidateState) -> None:
    """A card always has a name to press on."""
    first = lines(card_reply(replace(CARD, title=" ", state=state)))[0]
    assert "arxiv.org/abs/2409.08239" in first.partition("<")[0]


LONG = "Synthetic data from language models for language models, again and " * 4
HOSTILE = {
    "250 characters": LONG[:250],
    "Chinese": "基于大型语言模型的合成数据生成与整理方法研究" * 12,
    "right to left": "توليد البيانات الاصطناعية باستخدام نماذج اللغة الكبيرة " * 6,
    "maths": r"$\mathcal{O}(n^{2})$-Synthesis: \textbf{bold} claims in $\mathbb{R}^d$ " * 5,
    "emoji": "👩‍👩‍👧‍👦🧪🇺🇳" * 60,
    "one word": "A" * 250,
    "marks": "e" + "\u0301" * 5000,
    "blank lines": "a\n\n\nb\n" * 60,
}


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_a_card_stays_on_one_screen(title: str) -> None:
    """About 15 lines of 40 columns, whatever a paper is called and whoever wrote it."""
    crowd = ", ".join(f"Collaborator{number}" for number in range(3000))
    card = replace(CARD, title=title, authors=crowd, contribution=title + LONG, like=(title,) * 2)
    card = replace(card, resources=(Link("Code", "https://github.com/x/y"),) * 4)
    assert height(card_reply(card)) <= 16


def test_a_card_with_everything_at_once_stays_near_it() -> None:
    """A duplicate, a conflict and many who asked are worth a few lines more."""
    names = tuple(f"somebody with a long name {number}" for number in range(9))
    card = replace(
        CARD,
        title=LONG,
        contribution=LONG * 9,
        duplicate=LONG,
        section=LONG,
        like=(LONG,) * 2,
        why=(LONG,) * 3,
        asked_by=names,
        votes=Votes(names, names),
    )
    assert height(card_reply(card)) <= 22


def test_a_usual_card_loses_nothing() -> None:
    """Cutting is for what is out of the usual."""
    shown = in_terminal(card_reply(CARD))
    assert "…" not in shown
    assert CARD.contribution in shown


@given(st.text(max_size=300), st.integers(1, 6))
def test_what_is_cut_fits(text: str, most: int) -> None:
    """Whatever the text: no more rows, no more columns, and untouched where it fits."""
    assert rows(fit(text, most)) <= most
    assert columns(shorten(text, most * 10)) <= most * 10
    if rows(text) <= most:
        assert fit(text, most) == text


@given(st.text(alphabet="ab cde fgh", max_size=300))
def test_rows_are_counted_as_words_wrap(text: str) -> None:
    """As a plain typesetter would break them."""
    assert rows(text) == max(1, len(wrap(text, 38)))


@pytest.mark.parametrize("state", [CandidateState.APPROVED, CandidateState.WITHDRAWN])
def test_a_decided_card_stays_short_whatever_it_holds(state: CandidateState) -> None:
    """A section's name of 200 letters and a reason of a page are cut."""
    decision = replace(YES, section="An Endless Name " * 13)
    card = replace(CARD, state=state, decision=decision, why_withdrawn="a lemma fails " * 90)
    assert height(card_reply(card)) <= 6


def test_an_outcome_is_short_whatever_was_typed() -> None:
    """A reason of a page was meant for the maintainers."""
    post = OutcomePost("A Paper", CARD.url, CandidateState.REJECTED, reason="too thin " * 400)
    assert height(outcome_reply(post)) <= 12
