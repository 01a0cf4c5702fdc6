"""A paper arXiv withdraws: waiting cards close, listed papers are told of, nothing is queued."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest

from bot.commands.card_buttons import CardButtons
from bot.commands.cards import card_reply
from bot.commands.papers import PapersCommands
from bot.commands.registry import Context
from bot.commands.review import ReviewCommands
from bot.console import render as in_terminal
from bot.domain import withdrawal
from bot.services.parcels import Parcels
from bot.services.ports import Reaction, Unreachable
from bot.services.reading import Reading
from bot.services.review import Order
from bot.services.search import Search
from bot.services.submit import Submissions
from bot.services.withdrawals import withdraw
from storage.candidates import Candidates
from storage.models import Action, CandidateState, Origin, PaperId, Via
from storage.notices import Notices
from storage.papers import Papers
from storage.search import SearchIndex
from tests.factories import paper
from tests.unit.desk import ANA, BEN, CHANNEL, Office, open_office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.database import Database
    from storage.models import Candidate, Notice, Paper
    from tests.fakes import FakeClock

NEW = paper(id=PaperId("arXiv:2409.11111"), title="A New Paper on Synthetic Data")
LISTED = paper(id=PaperId("arXiv:2406.18966"), title="UniGen")
WHY = "This paper has been withdrawn by the authors due to an error in Table 2"
YES = Order(Action.APPROVE, ANA, Via.COMMAND)
LATER = Order(Action.SNOOZE, ANA, Via.COMMAND)


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """The desk over the shipped list."""
    return await open_office(sqlite, clock)


async def arrive(office: Office, arriving: Paper) -> None:
    """A record comes as a harvest stores it."""
    now = office.clock.now()
    await office.database.write(lambda c: Papers(c).store([arriving], now))
    if arriving.withdrawn:
        await delete(office, arriving.id)


async def delete(office: Office, *ids: PaperId) -> None:
    """These are withdrawn, or gone from arXiv."""
    now = office.clock.now()
    await office.database.write(lambda c: withdraw(c, ids, now))


def withdrawn(known: Paper, why: str = WHY) -> Paper:
    """The version that withdraws it."""
    return replace(known, withdrawn=True, comment=why)


async def said(office: Office) -> tuple[Notice, ...]:
    """What is to be said in the review channel."""
    return await office.database.read(lambda c: Notices(c).unsaid())


def shown(office: Office) -> list[str]:
    """The lines of the only card."""
    (message,) = office.board.messages.values()
    return in_terminal(card_reply(message.post)).splitlines()  # type: ignore[arg-type]


async def snoozed(office: Office, candidate: Candidate) -> None:
    """Put off for a week."""
    await office.review.decide(candidate.id, LATER)
    await office.cards.follow()


async def test_a_posted_card_collapses_with_the_reason(office: Office) -> None:
    """Two lines, by the same edit that a verdict makes; once is enough."""
    candidate = await office.candidate(NEW)
    await office.cards.follow()
    for _ in range(3):
        await arrive(office, withdrawn(NEW))
        await office.cards.follow()
    assert (await office.now_of(candidate)).state is CandidateState.WITHDRAWN
    assert shown(office) == [
        "🚫 A New Paper on Synthetic Data <https://arxiv.org/abs/2409.11111>",
        f"Withdrawn on arXiv · {WHY}",
    ]
    assert await said(office) == ()


async def test_a_snoozed_card_closes_and_does_not_come_back(office: Office) -> None:
    """Its week does not bring it back to the desk."""
    candidate = await office.candidate(NEW)
    await office.cards.follow()
    await snoozed(office, candidate)
    await arrive(office, withdrawn(NEW))
    office.clock.advance(8 * 86_400)
    await office.review.wake()
    await office.cards.follow()
    assert (await office.now_of(candidate)).state is CandidateState.WITHDRAWN
    assert shown(office)[1].startswith("Withdrawn on arXiv")


async def test_what_is_queued_gets_no_card_at_all(office: Office) -> None:
    """It was withdrawn before anybody saw it."""
    candidate = await office.candidate(NEW)
    await arrive(office, withdrawn(NEW))
    await office.cards.follow()
    assert (await office.now_of(candidate)).state is CandidateState.WITHDRAWN
    assert not office.board.messages


async def test_a_card_whose_sending_failed_is_found_and_closed(office: Office) -> None:
    """It went out, the answer was lost, and meanwhile the paper was withdrawn."""
    await office.candidate(NEW)
    office.board.fail_next, office.board.late = Unreachable("dropped", ambiguous=True), True
    await office.cards.follow()
    await arrive(office, withdrawn(NEW))
    await office.cards.follow()
    await office.cards.follow()
    assert shown(office)[1].startswith("Withdrawn on arXiv")


async def test_a_deleted_record_closes_a_card_without_a_reason(office: Office) -> None:
    """It has no metadata: the comment of the version before is no reason."""
    candidate = await office.candidate(replace(NEW, comment="12 pages, 3 figures"))
    await office.cards.follow()
    await delete(office, NEW.id, PaperId("arXiv:2409.99999"))
    await office.cards.follow()
    assert (await office.now_of(candidate)).state is CandidateState.WITHDRAWN
    assert shown(office)[1] == "Withdrawn on arXiv"
    known = await office.database.read(lambda c: Papers(c).get(NEW.id))
    assert known is not None
    assert known.withdrawn


@pytest.mark.parametrize("sign", ["✅", "❌", "💤"])
async def test_reactions_on_a_withdrawn_card_change_nothing(office: Office, sign: str) -> None:
    """Heard or read after a restart; the list stays as it is, and no verdict is kept."""
    candidate = await office.candidate(NEW)
    await office.cards.follow()
    await arrive(office, withdrawn(NEW))
    before = await office.text()
    (message_id,) = office.board.messages
    await office.cards.reactions.react(CHANNEL, message_id, Reaction(ANA, sign))
    office.board.reacted = {message_id: [Reaction(BEN, sign)]}
    await office.cards.recover()
    assert (await office.now_of(candidate)).state is CandidateState.WITHDRAWN
    assert await office.text() == before
    assert await office.database.read(lambda c: Candidates(c).verdicts(candidate.id)) == ()


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
async def test_what_was_decided_stays_decided(office: Office, action: Action) -> None:
    """The entry of an approved paper stays, and the maintainers are told, since it is theirs."""
    candidate = await office.candidate(NEW)
    decided = (await office.review.decide(candidate.id, replace(YES, action=action))).candidate
    before = await office.text()
    await arrive(office, withdrawn(NEW))
    assert await office.now_of(candidate) == decided
    assert await office.text() == before
    assert len(await said(office)) == (action is Action.APPROVE)


async def test_a_listed_paper_is_told_of_once(office: Office) -> None:
    """Title, id, section, reason and what to do; by whatever id it came, however often."""
    doi = PaperId("doi:10.48550/x")
    await arrive(office, replace(LISTED, aliases=(doi,)))
    await arrive(office, withdrawn(LISTED))
    await delete(office, doi)
    (notice,) = await said(office)
    assert (notice.kind, notice.subject) == ("withdrawn", LISTED.id)
    lines = notice.text.splitlines()
    assert lines[:4] == [
        "UniGen",
        "arXiv has withdrawn it (2406.18966).",
        "On the list under Research Papers.",
        f"Reason: {WHY}",
    ]
    assert lines[4].startswith("It stays on the list until you take it out: ")


async def test_a_withdrawn_paper_is_never_queued(office: Office) -> None:
    """Neither by a harvest nor by a person."""
    await arrive(office, withdrawn(NEW))
    for origin in Origin:
        queued = await office.database.write(
            lambda c, origin=origin: Candidates(c).queue(
                NEW.id,
                score=0.9,
                reasons=(),
                section="",
                origin=origin,
                submitter=None,
                now=office.clock.now(),
            )
        )
        assert queued is None


async def test_a_paper_that_is_back_is_not_queued_by_itself(office: Office) -> None:
    """A later version takes the withdrawal back: that is said nowhere, and closes nothing anew."""
    candidate = await office.candidate(NEW)
    await arrive(office, withdrawn(NEW))
    await arrive(office, replace(NEW, title="Back again"))
    known = await office.database.read(lambda c: Papers(c).get(NEW.id))
    assert known is not None
    assert not known.withdrawn
    assert (await office.now_of(candidate)).state is CandidateState.WITHDRAWN


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("12 pages", ""),
        ("", ""),
        ("Withdrawn:\n  see v1", "Withdrawn: see v1"),
        ("The authors retracted it", "The authors retracted it"),
        ("withdrawn " + "x" * 9_000, "withdrawn " + "x" * 189 + "…"),
    ],
)
def test_the_reason_is_what_the_comment_says_of_it(comment: str, reason: str) -> None:
    """In one line and not too long; a comment on something else is no reason."""
    assert withdrawal.reason(replace(NEW, comment=comment)) == reason


class Lookup:
    """arXiv, with one paper."""

    def __init__(self, only: Paper) -> None:
        self.only = only

    async def lookup(self, ids: Sequence[PaperId]) -> tuple[Paper, ...]:
        return (self.only,) if self.only.id in ids else ()


class Desks(NamedTuple):
    """What people type and press."""

    papers: PapersCommands
    review: ReviewCommands
    buttons: CardButtons


def commands(office: Office, only: Paper = NEW) -> Desks:
    """What people type, with arXiv behind it."""

    async def queued() -> None:
        """Nobody listens."""

    search = Search(database=office.database, index=SearchIndex.open(None, writable=False))
    reading = Reading(database=office.database, search=search)
    submissions = Submissions(
        database=office.database,
        sources={"arXiv": Lookup(only)},
        ranking=office.ranking,
        rules=office.review.rules,
        clock=office.clock,
        queued=queued,
    )
    parcels = Parcels(database=office.database, clock=office.clock)
    review, desk = office.review, office.desk
    return Desks(
        PapersCommands(reading=reading, submissions=submissions, parcels=parcels),
        ReviewCommands(review=review, desk=desk, submissions=submissions),
        CardButtons(review=review, desk=desk, reading=reading),
    )


TYPED = Context(ANA, Via.COMMAND)


async def test_whoever_suggests_a_withdrawn_paper_is_told(office: Office) -> None:
    """Known or not until then: it is not queued, also where a maintainer approves it by id."""
    papers, review, _ = commands(office, withdrawn(NEW))
    for reply in (
        await papers.submit(TYPED, NEW.id),
        await papers.submit(TYPED, NEW.id),
        await review.approve(TYPED, NEW.id),
    ):
        last = in_terminal(reply).splitlines()[-1]
        assert last == f"It was withdrawn on arXiv, so it is not queued: {WHY}"
    assert await office.database.read(lambda c: Candidates(c).of_paper(NEW.id)) is None


async def test_buttons_and_words_on_a_withdrawn_candidate_say_so(office: Office) -> None:
    """Also those of the card as it was before it collapsed; `More` still shows the paper."""
    candidate = await office.candidate(NEW)
    await arrive(office, withdrawn(NEW))
    _, review, buttons = commands(office)
    number = str(candidate.id)
    for reply in (
        await buttons.section(TYPED, number, ""),
        await review.approve(TYPED, number, "2"),
        await review.reject(TYPED, number, "too thin"),
        await review.approve(TYPED, NEW.id),
    ):
        assert (
            in_terminal(reply) == f"#{number} was withdrawn on arXiv: there is nothing to decide."
        )
    assert WHY in in_terminal(await buttons.more(TYPED, number, ""))


async def test_a_reader_sees_that_a_paper_is_withdrawn(office: Office) -> None:
    """/papers show says it before where it stands."""
    papers = commands(office).papers
    await arrive(office, withdrawn(LISTED))
    lines = in_terminal(await papers.show(TYPED, LISTED.id)).splitlines()
    assert lines.index("Withdrawn on arXiv") < lines.index("On the list: Research Papers")
