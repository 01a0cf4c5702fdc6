"""/review in words and by button: what maintainers type, press and are told."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.links import parse_links
from bot.commands.reply import Reply
from bot.commands.sweep import parse_score
from bot.domain.errors import NotAllowed, NotFound, UserError
from bot.services.review import Order
from storage.candidates import Candidates
from storage.models import Action, CandidateState, Link, Origin, PaperId, Via
from storage.papers import Papers
from tests.factories import paper
from tests.unit.desk import BEN, CHANNEL, EVE
from tests.unit.maintaining import GUILD, Desks, open_desks, shown

if TYPE_CHECKING:
    from storage.database import Database
    from storage.models import Candidate, Verdict
    from tests.fakes import FakeClock

UNIGEN = "2406.18966"
SILENT = Reply()
ONE = {"show", "approve", "reject", "snooze", "undo", "reconsider"}
"""The words that take a paper."""


@pytest.fixture
async def desks(sqlite: Database, clock: FakeClock) -> Desks:
    """Everything behind /review."""
    return await open_desks(sqlite, clock)


async def last_verdict(desks: Desks, candidate: Candidate) -> Verdict:
    """What was done last."""
    found = await desks.office.database.read(lambda c: Candidates(c).verdicts(candidate.id))
    return found[-1]


async def state(desks: Desks, candidate: Candidate) -> CandidateState:
    """Where it stands."""
    return (await desks.office.now_of(candidate)).state


# Words


async def test_every_order_has_its_word(desks: Desks) -> None:
    """Decide, take back, put off, reconsider: each answers with the card as it is then."""
    await desks.papers(1)
    for line, first in (
        ("/review approve #1 survey", "✅ Paper 1 on Data"),
        ("/review move 1 research", "✅ Paper 1 on Data"),
        ("/review undo 1", "✅ Paper 1 on Data"),
        ("/review undo 1", "Paper 1 on Data"),
        ("/review reject 2409.10001 not  about # this", "❌ Paper 1 on Data"),
        ("/review reconsider 1", "Paper 1 on Data"),
        ("/review snooze 1", "💤 Paper 1 on Data"),
        ("/review undo 1", "Paper 1 on Data"),
    ):
        assert (await desks.read(line))[0].startswith(first), line
    history = (await desks.read("/review show 1"))[-8:]
    assert [line.partition(" · ")[2] for line in history] == [
        "Ana approved → Survey Papers",
        "Ana moved → Research Papers",
        "Ana took back the move → Survey Papers",
        "Ana took back the approval",
        "Ana rejected: not  about # this",
        "Ana laid out again",
        "Ana put off",
        "Ana took back the delay",
    ]


async def test_a_word_that_comes_too_late_says_who_decided(desks: Desks) -> None:
    """And how, and why."""
    await desks.papers(1)
    await desks.type("/review reject 1 off topic", BEN)
    late = "#1 was decided before by Ben: rejected, off topic."
    assert shown(await desks.type("/review approve 1")) == [late]
    assert shown(await desks.type("/review snooze 1")) == [late]


async def test_a_paper_nobody_proposed_is_queued_and_decided(desks: Desks) -> None:
    """One that waits is not asked for again; one on the list is named."""
    assert (await desks.read("/review approve 2409.33333 survey"))[0].startswith("✅")
    assert (await desks.read(f"/review approve {UNIGEN}")) == [
        "On the list already, under Research Papers."
    ]
    await desks.papers(1)
    await desks.type("/review reject https://arxiv.org/abs/2409.10001v2")
    assert "suggested by" not in "\n".join(await desks.read("/review reconsider 2"))


async def test_what_is_on_the_list_can_be_moved_and_edited(desks: Desks) -> None:
    """Though nobody ever proposed it; an undo gives every byte back."""
    before = await desks.office.text()
    assert (await desks.read(f"/review move {UNIGEN} survey"))[0].endswith("→ Survey Papers")
    await desks.read(f'/review edit {UNIGEN} "UniGen 2" Code https://github.com/x/y')
    assert (
        " · Ana edited the title and links of #1 UniGen 2 " in (await desks.read("/review log"))[1]
    )
    after = await desks.office.text()
    assert "UniGen 2" in after
    assert "https://github.com/x/y" in after
    await desks.type("/review undo 1")
    await desks.type("/review undo 1")
    assert await desks.office.text() == before


@pytest.mark.parametrize(
    ("typed", "title", "links"),
    [
        ('1 "A New Title"', "A New Title", ()),
        ('1 "" Code https://a.org/b', None, (Link("Code", "https://a.org/b"),)),
        ("1 https://github.com/x/y", None, (Link("Code", "https://github.com/x/y"),)),
        ('1 "Two" none', "Two", ()),
    ],
)
async def test_an_edit_takes_a_title_links_or_both(
    desks: Desks, typed: str, title: str | None, links: tuple[Link, ...]
) -> None:
    """At the console an address is never taken for a title."""
    (candidate,) = await desks.papers(1)
    await desks.read(f"/review edit {typed}")
    found = await desks.office.database.read(lambda c: Papers(c).get(candidate.paper))
    assert found is not None
    assert found.title == (title or "Paper 1 on Data")
    assert found.links == links


async def test_an_edit_without_anything_says_how(desks: Desks) -> None:
    """In one sentence with an example."""
    await desks.papers(1)
    for typed in ("edit 1", 'edit 1 ""', 'edit 1 "" ""', 'edit 1 "x" nonsense', "edit 1 A New One"):
        with pytest.raises(UserError, match=r"“New title” Code https://github\.com/x/y"):
            await desks.type(f"/review {typed}")
    with pytest.raises(UserError, match="Nothing to change"):
        await desks.type("/review edit 1 none")


async def test_everything_is_for_maintainers(desks: Desks) -> None:
    """Whoever is none is told so, and nothing changes."""
    (candidate,) = await desks.papers(1)
    given = {"move": " 1 survey", "edit": " 1 x", "sweep": " 0.5"}
    words = [command.name for command in desks.commands.commands if command.group == "review"]
    assert len(words) == 17
    for word in words:
        with pytest.raises(NotAllowed, match="maintainers"):
            await desks.type(f"/review {word}{given.get(word, ' 1' if word in ONE else '')}", EVE)
    assert await state(desks, candidate) is CandidateState.QUEUED


# Buttons


async def test_a_button_on_a_card_is_silent_where_the_card_shows_it(desks: Desks) -> None:
    """All that changes a card answers with nothing."""
    (candidate,) = await desks.papers(1)
    for action, value, expected in (
        ("approve", "", CandidateState.APPROVED),
        ("undo", "", CandidateState.QUEUED),
        ("later", "", CandidateState.SNOOZED),
        ("undo", "", CandidateState.QUEUED),
        ("reject", "", CandidateState.REJECTED),
        ("why", "too thin", CandidateState.REJECTED),
    ):
        assert await desks.press(action, "1", value) == SILENT
        assert await state(desks, candidate) is expected
    verdict = await last_verdict(desks, candidate)
    assert (verdict.action, verdict.reason, verdict.via) == (
        Action.REASON, "too thin", Via.BUTTON
    )  # fmt: skip


async def test_what_a_card_does_not_show_is_said(sqlite: Database, clock: FakeClock) -> None:
    """A vote that does not decide yet, one that contradicts, and one that comes too late."""
    desks = await open_desks(sqlite, clock, approvals_needed=2)
    await desks.papers(2)
    assert shown(await desks.press("approve", "1")) == ["Noted. #1 needs 1 more approval."]
    assert shown(await desks.press("approve", "1")) == [
        "You have said so before. #1 needs 1 more approval."
    ]
    assert shown(await desks.press("reject", "1", member=BEN)) == [
        "#1: ✅ Ana · ❌ Ben: you disagree; one of you has to change, or Undo clears both."
    ]
    await desks.press("reject", "2", member=BEN)
    await desks.press("why", "2", "off topic", member=BEN)
    assert shown(await desks.press("approve", "2")) == [
        "#2 was decided before by Ben: rejected, off topic."
    ]


async def test_a_card_that_is_put_off_names_who_did_it(sqlite: Database, clock: FakeClock) -> None:
    """Not whoever had voted before; the votes stay."""
    desks = await open_desks(sqlite, clock, approvals_needed=2)
    await desks.papers(1)
    await desks.press("approve", "1")
    await desks.press("reject", "1", member=BEN)
    await desks.press("later", "1")
    late = await desks.type("/review snooze 1", BEN)
    assert shown(late) == ["#1 was decided before by Ana: put off until 23 Sep."]


async def test_whoever_is_no_maintainer_is_told_so(desks: Desks) -> None:
    """Whatever they press."""
    (candidate,) = await desks.papers(1)
    actions = "approve reject later section undo move why repost sweep threshold sit-new"
    for action in actions.split():
        with pytest.raises(NotAllowed, match="maintainers"):
            await desks.press(action, "1", "other" if action == "why" else "", member=EVE)
    assert await state(desks, candidate) is CandidateState.QUEUED


async def test_more_is_for_everybody(desks: Desks) -> None:
    """The abstract, the authors, the links."""
    found = paper(
        id=PaperId("arXiv:2409.20001"),
        comment="Code at our page",
        links=(Link("Code", "https://github.com/x/y"),),
    )
    candidate = await desks.office.candidate(found)
    lines = shown(await desks.press("more", str(candidate.id), member=EVE))
    assert found.abstract in lines
    assert "Authors: Lupidi, Gemmell" in lines
    assert "Comment: Code at our page" in lines
    assert "Code <https://github.com/x/y>" in lines


async def test_another_section_is_chosen_in_a_menu(desks: Desks) -> None:
    """Buttons and menus of earlier versions named sections by number; both work."""
    first, second = await desks.papers(2)
    menu = (await desks.press("section", "1")).menu
    assert menu is not None
    assert [choice.label for choice in menu.choices][:2] == ["Survey Papers", "Research Papers"]
    chosen = await desks.press(menu.action, menu.argument, menu.choices[0].value)
    assert chosen.in_place
    assert shown(chosen)[0].endswith("→ Survey Papers")
    await desks.press("approve", "2", "1")
    assert (await last_verdict(desks, second)).section == "Survey Papers"
    late = await desks.press("section", "1")
    assert shown(late) == ["#1 was decided before by Ana: on the list, under Survey Papers."]
    assert await state(desks, first) is CandidateState.APPROVED


async def test_a_listed_paper_is_moved_by_menu(desks: Desks) -> None:
    """What is not on the list cannot be."""
    await desks.papers(1)
    assert shown(await desks.press("move", "1"))[0].startswith("#1 is not on the list")
    await desks.press("approve", "1")
    menu = (await desks.press("move", "1")).menu
    assert menu is not None
    assert menu.action == "move"
    moved = await desks.press("move", "1", "Survey Papers")
    assert moved.in_place
    assert shown(moved)[0].endswith("→ Survey Papers")


async def test_a_private_card_follows_its_buttons(desks: Desks) -> None:
    """The one in the channel is edited by the desk; one shown to a member alone is not."""
    await desks.papers(1)
    card = await desks.type("/review show 1")
    decided = await desks.push(card, "Reject")
    assert decided.in_place
    assert shown(decided)[0].startswith("❌ Paper 1 on Data")
    assert decided.menu is not None
    why = await desks.press(decided.menu.action, decided.menu.argument, "covered already")
    assert why.in_place
    assert "covered already" in shown(why)[1]
    reopened = await desks.push(why, "Undo")
    assert reopened.title == "Paper 1 on Data"


async def test_a_reason_nobody_offered_is_refused(desks: Desks) -> None:
    """The menu has five."""
    await desks.papers(1)
    await desks.press("reject", "1")
    with pytest.raises(NotFound, match="no reason"):
        await desks.press("why", "1", "because")


async def test_a_button_from_nowhere_is_a_sentence(desks: Desks) -> None:
    """An action nobody knows, a candidate that is gone."""
    with pytest.raises(NotFound, match="older version"):
        await desks.press("dance", "1")
    with pytest.raises(NotFound, match="No candidate"):
        await desks.press("approve", "99")


# Queue and show


async def test_the_queue_says_what_comes_next(desks: Desks, clock: FakeClock) -> None:
    """Place, title, section, strength, age, who asked; what members suggest comes first."""
    await desks.papers(12, origin=Origin.HARVEST)
    await desks.type("/papers submit 2409.44444", EVE)
    clock.advance(3 * 24 * 3600)
    lines = await desks.read("/review queue")
    assert lines[0] == "13 waiting"
    assert lines[1].startswith("1 · #13 A Paper Called")
    assert lines[2].endswith(" · 3 days · suggested by Eve")
    assert lines[3:5] == [
        "2 · #1 Paper 1 on Data <https://arxiv.org/abs/2409.10001>",
        "Research Papers · strong match (0.90) · 3 days",
    ]
    assert lines[-1] == "… and 3 more"


async def test_show_has_the_card_its_history_and_where_it_stands(desks: Desks) -> None:
    """And posts it again on request, where it waits with a card."""
    (candidate,) = await desks.papers(1)
    first = await desks.type("/review show 1")
    assert "Post again" not in [button.label for button in first.buttons]
    assert shown(await desks.press("repost", "1")) == ["#1 has no card yet: it is in line for one."]
    await desks.office.cards.follow()
    (message_id,) = desks.office.board.messages
    reply = await desks.type("/review show 1")
    link = f"https://discord.com/channels/{GUILD}/{CHANNEL}/{message_id}"
    assert f"The card in the channel <{link}>" in shown(reply)
    again = await desks.push(reply, "Post again")
    assert shown(again) == ["Its card is put up again."]
    assert desks.reposted == [candidate.id]
    await desks.press("reject", "1")
    decided = await desks.push(reply, "Post again")
    assert shown(decided) == ["#1 does not wait with a card: it is rejected."]


# Sweep


async def test_a_sweep_shows_first_and_rejects_exactly_that(desks: Desks) -> None:
    """The best and the worst, a number, one button; suggestions are left alone."""
    weak = await desks.papers(8, score=0.4)
    await desks.type("/papers submit 2409.44444", EVE)
    reply = await desks.type("/review sweep 55%")
    assert shown(reply)[:3] == [
        "8 found by harvest wait below 0.55", "Best:", "0.40 · #1 Paper 1 on Data"
    ]  # fmt: skip
    assert len(shown(reply)) == 10
    done = await desks.push(reply, "Reject 8")
    assert done.in_place
    assert shown(done) == ["Rejected 8, below 0.55 in a sweep."]
    assert {await state(desks, one) for one in weak} == {CandidateState.REJECTED}
    assert (await last_verdict(desks, weak[0])).reason == "below 0.55 in a sweep"
    assert desks.followed == ["queued", "queued"]
    assert shown(await desks.push(reply, "Reject 8"))[1:] == [
        "Nothing that the harvest found waits below 0.55."
    ]


async def test_a_sweep_asks_again_where_the_queue_has_changed(desks: Desks) -> None:
    """Nothing is rejected that was not shown."""
    weak = await desks.papers(2, score=0.4)
    reply = await desks.type("/review sweep 0.55")
    await desks.office.review.decide(weak[0].id, Order(Action.APPROVE, BEN, Via.COMMAND))
    again = await desks.push(reply, "Reject 2")
    assert shown(again)[1].startswith("The queue has changed meanwhile")
    late = await desks.office.candidate(paper(id=PaperId("arXiv:2409.22222")), score=0.1)
    await desks.push(again, "Reject 1")
    assert await state(desks, weak[1]) is CandidateState.REJECTED
    assert await state(desks, late) is CandidateState.QUEUED


async def test_a_sweep_at_the_console_takes_a_yes(desks: Desks) -> None:
    """Anything else is asked about."""
    weak = await desks.papers(1, score=0.4)
    lines = await desks.read("/review sweep 0.55")
    assert "To reject them, type /review sweep 0.55 yes" in lines
    with pytest.raises(UserError, match="Confirm with “yes”"):
        await desks.type("/review sweep 0.55 maybe")
    assert await desks.read("/review sweep 0.55 yes") == ["Rejected 1, below 0.55 in a sweep."]
    assert await state(desks, weak[0]) is CandidateState.REJECTED


async def test_a_sweep_of_many_leaves_the_loop_turning(desks: Desks) -> None:
    """Others are answered meanwhile."""
    await desks.papers(60, score=0.4)
    longest, last = 0.0, time.perf_counter()

    async def watch() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(0.002)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    watching = asyncio.create_task(watch())
    assert await desks.read("/review sweep 0.55 yes") == ["Rejected 60, below 0.55 in a sweep."]
    watching.cancel()
    assert longest < 0.5


@pytest.mark.parametrize(
    ("typed", "score"),
    [
        ("0.55", 0.55),
        ("55", 0.55),
        ("55%", 0.55),
        (" 5 % ", 0.05),
        (".5", 0.5),
        ("0,5", 0.5),
        ("1", 1.0),
    ],
)
def test_a_score_is_a_share_or_percent(typed: str, score: float) -> None:
    """As people write them."""
    assert parse_score(typed) == score


@pytest.mark.parametrize(
    "typed", ["", "x", "0", "-1", "101", "nan", "inf", "-inf", "1e9", "0.5 yes"]
)
def test_what_is_no_score_is_refused(typed: str) -> None:
    """With an example."""
    with pytest.raises(UserError, match=r"like 0\.55 or 55%"):
        parse_score(typed)


# Links


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        ("none", ()),
        ("Code https://github.com/x/y", (("Code", "https://github.com/x/y"),)),
        ("https://github.com/x/y", (("Code", "https://github.com/x/y"),)),
        ("https://huggingface.co/datasets/x/y", (("Data", "https://huggingface.co/datasets/x/y"),)),
        ("https://example.org/p", (("Project", "https://example.org/p"),)),
        (
            "Project Page: https://a.org, Data = https://b.org/d?x=1",
            (("Project Page", "https://a.org"), ("Data", "https://b.org/d?x=1")),
        ),
        (
            "[Code](https://a.org/x) · [d](https://b.org)",
            (("Code", "https://a.org/x"), ("d", "https://b.org")),
        ),
        ("A https://a.org A https://a.org", (("A", "https://a.org"),)),
    ],
)  # fmt: skip
def test_links_are_labels_and_addresses(typed: str, links: tuple[tuple[str, str], ...]) -> None:
    """As people type them; without a label it is guessed."""
    assert parse_links(typed) == tuple(Link(*link) for link in links)


@pytest.mark.parametrize(
    "typed",
    [
        "Code",
        '""',
        "ftp://x.org",
        "https://localhost/x",
        "https://a.org trailing",
        "https://u@a.org",
        "javascript:alert(1)",
        "x" * 50 + " https://a.org",
        "https://[bad",
        " ".join(f"https://a.org/{number}" for number in range(9)),
        "https://a.org/" + "x" * 600,
    ],
)
def test_what_is_no_link_is_refused(typed: str) -> None:
    """In one sentence."""
    with pytest.raises(UserError):
        parse_links(typed)


@given(st.text(max_size=200))
def test_links_never_fail_otherwise(typed: str) -> None:
    """Whatever is typed: links, or a sentence."""
    try:
        links = parse_links("Code https://a.org/b " + typed)
    except UserError:
        return
    assert all(link.url.lower().startswith("http") for link in links)
