"""Suggesting papers: stored and queued at once, or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.chat import render as chat
from bot.commands.papers import PapersCommands
from bot.commands.registry import Context
from bot.commands.submissions import receipt_reply, receipts_reply, standing_text
from bot.console import render as in_terminal
from bot.domain.errors import SourceError, TrainingFailed, UserError
from bot.services.case import Order
from bot.services.parcels import Parcels
from bot.services.queueing import Queueing
from bot.services.reading import Reading
from bot.services.search import Search
from bot.services.standing import Receipt
from bot.services.submit import LIMIT, Standing, Submissions
from storage.candidates import Candidates
from storage.errors import StorageError
from storage.models import Action, Author, CandidateState, Member, Paper, PaperId, Verdict, Via
from storage.papers import Papers
from storage.search import SearchIndex
from storage.submissions import Submissions as Rows
from storage.unranked import Unranked
from tests.factories import paper
from tests.fakes import START
from tests.unit.desk import ANA, EVE, Office, open_office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.commands.reply import Reply
    from storage.database import Database
    from storage.models import Candidate
    from tests.fakes import FakeClock

ZOE = Member(9, "Zoe")
GREEK = (
    *("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta"),
    *("Theta", "Iota", "Kappa", "Lambda", "Omicron", "Sigma", "Upsilon"),
)
NEW = paper(id=PaperId("arXiv:2409.11111"), title="A New Paper on Synthetic Data")


@dataclass
class Shelf:
    """A source with these papers, which answers unless it is `silent`; `asked` is each question."""

    papers: tuple[Paper, ...] = ()
    silent: bool = False
    asked: list[tuple[PaperId, ...]] = field(default_factory=list)
    gate: asyncio.Event | None = None
    asking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def lookup(self, ids: Sequence[PaperId]) -> tuple[Paper, ...]:
        self.asked.append(tuple(ids))
        self.asking.release()
        if self.gate is not None:
            await self.gate.wait()
        if self.silent:
            raise SourceError("It did not answer in time")
        return tuple(one for one in self.papers if one.id in ids)


@dataclass
class Counter:
    """Where suggestions are taken: the use case, its sources, and what it told the cards."""

    submissions: Submissions
    arxiv: Shelf
    anthology: Shelf
    told: list[str]


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """The desk over the shipped list."""
    return await open_office(sqlite, clock)


def counter(office: Office, *papers: Paper) -> Counter:
    """Suggestions, with these papers on arXiv and in the Anthology."""
    told: list[str] = []

    async def queued() -> None:
        told.append("queued")

    arxiv = Shelf(tuple(one for one in papers if one.id.startswith("arXiv:")))
    anthology = Shelf(tuple(one for one in papers if one.id.startswith("acl:")))
    submissions = Submissions(
        database=office.database,
        sources={"arXiv": arxiv, "acl": anthology},
        ranking=office.ranking,
        rules=office.review.rules,
        clock=office.clock,
        queued=queued,
    )
    return Counter(submissions, arxiv, anthology, told)


def submissions(office: Office, *papers: Paper) -> tuple[Submissions, list[str]]:
    """The use case, and what it told the cards."""
    made = counter(office, *papers)
    return made.submissions, made.told


def numbered(count: int) -> tuple[Paper, ...]:
    """As many papers that have nothing to do with each other."""
    return tuple(
        paper(id=PaperId(f"arXiv:2409.{n:05}"), title=f"{GREEK[n - 1]} for Rare Purposes")
        for n in range(1, count + 1)
    )


def words_of(reply: Reply) -> str:
    """What the terminal shows."""
    return in_terminal(reply)


async def test_a_paper_is_stored_and_queued_at_once(office: Office) -> None:
    """Twice the same is one candidate, whoever asks."""
    desk, told = submissions(office, NEW)
    first = await desk.submit(EVE, NEW.id)
    again = await desk.submit(Member(9, "Zoe"), NEW.id)
    assert (first.standing, again.standing) == (Standing.QUEUED, Standing.WAITING)
    assert first.candidate == again.candidate
    assert told == ["queued", "queued"], "the card names both"


async def test_what_could_not_be_queued_is_not_half_known(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A harvest ranks only what nobody knew: a failed suggestion must not hide a paper from it."""

    async def fail(*_: object, **__: object) -> None:
        raise StorageError("The database refused: database is locked")

    monkeypatch.setattr("storage.candidates.Candidates.queue", fail)
    desk, told = submissions(office, NEW)
    with pytest.raises(StorageError):
        await desk.submit(EVE, NEW.id)
    assert await office.database.read(lambda c: Papers(c).get(NEW.id)) is None
    assert not told


async def test_a_listed_paper_under_another_of_its_ids_is_listed(office: Office) -> None:
    """That it is the same work shows only when arXiv has told its other ids."""
    listed = b"## Only\n\n- [A Paper](https://aclanthology.org/2024.acl-long.12/)\n"
    await office.listing.take("mine.md", listed, replace=True)
    twin = paper(id=PaperId("arXiv:2409.33333"), aliases=(PaperId("acl:2024.acl-long.12"),))
    desk, told = submissions(office, twin)
    assert (await desk.submit(EVE, twin.id)).standing is Standing.LISTED
    assert not told


async def test_everybody_who_asks_for_what_waits_is_noted(office: Office) -> None:
    """Each with the channel they asked in, once; also for what a harvest found."""
    await office.candidate(NEW)
    desk = counter(office, NEW)
    receipt = await desk.submissions.submit(EVE, NEW.id, 77)
    await desk.submissions.submit(EVE, NEW.id, 78)
    await desk.submissions.submit(ZOE, NEW.id)
    assert (receipt.standing, receipt.place) == (Standing.WAITING, 1)
    asked = await office.database.read(lambda c: Rows(c).of(1))
    assert [(one.member_name, one.channel_id) for one in asked] == [("Eve", 77), ("Zoe", None)]
    assert not desk.arxiv.asked


async def test_the_place_in_line_and_the_usual_time(office: Office) -> None:
    """The median of what was decided lately, once three decisions are known."""
    papers = numbered(5)
    desk = counter(office, *papers).submissions
    first = await desk.submit(EVE, papers[0].id)
    assert "queued for the maintainers: #1, 1st in line." in standing_text(first)
    for number, hours in ((1, 1), (2, 30), (3, 16)):
        if number > 1:
            await desk.submit(EVE, papers[number - 1].id)
        office.clock.advance(3600 * hours)
        await decide(office, number, Action.REJECT)
    await desk.submit(ZOE, papers[3].id)
    last = await desk.submit(ZOE, papers[4].id)
    assert (last.place, last.usual) == (2, timedelta(hours=16))
    assert "#5, 2nd in line, usually decided within 16 hours." in standing_text(last)
    office.clock.advance(91 * 86_400)
    assert (await desk.submit(ZOE, papers[4].id)).usual is None


@pytest.mark.parametrize(
    ("place", "hours", "words"),
    [
        (1, 0.2, "1st in line, usually decided within an hour"),
        (3, 24, "3rd in line, usually decided within 24 hours"),
        (11, 25, "11th in line, usually decided within 2 days"),
        (22, 49, "22nd in line, usually decided within 3 days"),
        (113, 3000, "113th in line, usually decided within 125 days"),
    ],
)
def test_how_a_line_is_worded(place: int, hours: float, words: str) -> None:
    """Ordinals as people say them, times rounded up."""
    receipt = Receipt(Standing.QUEUED, NEW, place=place, usual=timedelta(hours=hours))
    assert words in standing_text(receipt)


async def test_a_rejected_paper_tells_when_why_and_what_then(office: Office) -> None:
    """The reason given last, or that none was; after a reconsideration it waits."""
    desk = counter(office, NEW).submissions
    await desk.submit(EVE, NEW.id)
    await decide(office, 1, Action.REJECT)
    told = standing_text(await desk.submit(EVE, NEW.id))
    assert told == (
        "The maintainers looked at it on 16 Sep 2024 and said no, and gave no reason. "
        "A maintainer can open it again with /review reconsider."
    )
    await decide(office, 1, Action.REASON, reason="too thin")
    assert "said no: too thin." in standing_text(await desk.submit(EVE, f"{NEW.id}v3"))
    await decide(office, 1, Action.RECONSIDER)
    assert (await desk.submit(EVE, NEW.id)).standing is Standing.WAITING


async def test_several_papers_of_a_message_take_one_question(office: Office) -> None:
    """Each has its line in the message's order, whatever became of it; arXiv is asked once."""
    one, two, three = numbered(3)
    desk = counter(office, one, three)
    text = (
        f"Look: https://arxiv.org/abs/{one.id[6:]}v2 and {two.id}, then "
        f"[this](https://arxiv.org/pdf/{three.id[6:]}), 10.1145/3560815 and {one.id} again; "
        "we have https://arxiv.org/abs/2410.06961 already"
    )
    receipts = await desk.submissions.submit_all(EVE, 5, text)
    assert [receipt.standing for receipt in receipts] == [
        Standing.QUEUED,
        Standing.REFUSED,
        Standing.QUEUED,
        Standing.REFUSED,
        Standing.LISTED,
    ]
    assert receipts[1].problem == "arXiv has no paper 2409.00002."
    assert "doi:10.1145/3560815 is elsewhere" in receipts[3].problem
    assert desk.arxiv.asked == [(one.id, two.id, three.id)]
    assert desk.told == ["queued"]


async def test_two_ids_of_one_paper_have_one_line(office: Office) -> None:
    """That they are one shows when arXiv has told its other ids."""
    acl = PaperId("acl:2024.acl-long.9012")
    known = replace(NEW, aliases=(acl,))
    desk = counter(office, known, paper(id=acl, title=NEW.title))
    receipts = await desk.submissions.submit_all(EVE, 5, f"{NEW.id} = {acl}")
    assert [receipt.paper.id for receipt in receipts] == [NEW.id]


async def test_a_message_with_too_many_or_no_papers(office: Office) -> None:
    """Ten are taken and the rest is named; where there is none it is said what can be read."""
    papers = numbered(12)
    desk = counter(office, *papers)
    commands = typed(office, desk)
    text = " ".join(one.id for one in papers)
    answer = words_of(await commands.submit_message(Context(ANA, Via.COMMAND, 5), text))
    assert answer.count("Thank you!") == 10
    assert "I take 10 papers of a message; it names 2 more." in answer
    nothing = words_of(await commands.submit_message(Context(ANA, Via.COMMAND, 5), "hello"))
    assert "names no paper I know how to read" in nothing
    assert "OpenReview" in nothing
    both = await commands.submit(Context(ANA, Via.COMMAND, 5), f"{papers[0].id} {papers[1].id}")
    assert words_of(both).count("It waits for a maintainer already") == 2


def test_ten_papers_have_room_in_one_answer() -> None:
    """However long their titles and the reasons given are, each has its line."""
    verdict = Verdict(1, Action.REJECT, 1, "Ana", START, Via.BUTTON, reason="too *thin* " * 90)
    receipts = [
        Receipt(Standing.REJECTED, replace(one, title="_A_ [long] title " * 30), verdict=verdict)
        for one in numbered(10)
    ]
    shown = chat.embed(receipts_reply(receipts, left_out=3)).description or ""
    assert all(one.paper.id[6:] in shown for one in receipts)
    assert shown.endswith("it names 3 more.")


async def test_words_around_a_link_and_no_link_at_all(office: Office) -> None:
    """One link in a line of text is that paper; without any the answer says what to give."""
    desk = counter(office, NEW).submissions
    receipt = await desk.submit(EVE, f"have you seen <https://arxiv.org/abs/{NEW.id[6:]}#S2>?")
    assert receipt.standing is Standing.QUEUED
    with pytest.raises(UserError, match="names no paper I know how to read"):
        await desk.submit(EVE, "that new one by\nMeta")
    with pytest.raises(UserError, match="elsewhere"):
        await desk.submit(EVE, "https://doi.org/10.1145/3560815")
    with pytest.raises(UserError, match="arXiv has no paper"):
        await desk.submit(EVE, "2409.09999")


async def test_ten_new_papers_a_member_and_day(office: Office) -> None:
    """The eleventh is refused in one sentence, unread; a maintainer's is not; tomorrow it is."""
    papers = numbered(13)
    desk = counter(office, *papers)
    for one in papers[:LIMIT]:
        await desk.submissions.submit(EVE, one.id)
    asked = len(desk.arxiv.asked)
    with pytest.raises(UserError, match="10 new papers within a day, thank you!"):
        await desk.submissions.submit(EVE, papers[10].id)
    assert len(desk.arxiv.asked) == asked
    assert (await desk.submissions.submit(EVE, papers[0].id)).standing is Standing.WAITING
    await desk.submissions.submit(ZOE, papers[11].id)
    office.clock.advance(86_401)
    assert (await desk.submissions.submit(EVE, papers[10].id)).standing is Standing.QUEUED


async def test_the_limit_holds_within_one_message(office: Office) -> None:
    """What is over it has a line of its own; maintainers may bring more."""
    papers = numbered(14)
    made = counter(office, *papers)
    desk = made.submissions
    for one in papers[:8]:
        await desk.submit(EVE, one.id)
    text = " ".join(one.id for one in papers[8:12])
    standings = [one.standing for one in await desk.submit_all(EVE, 5, text)]
    assert standings == [Standing.QUEUED] * 2 + [Standing.REFUSED] * 2
    text = " ".join(one.id for one in papers[9:12])
    answer = words_of(await typed(office, made).submit_message(Context(EVE, Via.COMMAND, 5), text))
    assert "It waits for a maintainer already" in answer
    assert "2 not taken. You have suggested 10 new papers within a day" in answer
    for one in papers:
        await desk.submit(ANA, one.id)


async def test_one_lookup_at_a_time_a_member(office: Office) -> None:
    """Who presses twice waits for the first answer; others do not wait for them."""
    desk = counter(office, NEW, *numbered(2))
    desk.arxiv.gate = asyncio.Event()
    asked = [
        asyncio.create_task(desk.submissions.submit(EVE, NEW.id)),
        asyncio.create_task(desk.submissions.submit(EVE, NEW.id)),
        asyncio.create_task(desk.submissions.submit(ZOE, "2409.00001")),
    ]
    for _ in range(2):
        await asyncio.wait_for(desk.arxiv.asking.acquire(), 5)
    desk.arxiv.gate.set()
    receipts = await asyncio.gather(*asked)
    assert [one.standing for one in receipts] == [
        Standing.QUEUED,
        Standing.WAITING,
        Standing.QUEUED,
    ]
    assert sorted(desk.arxiv.asked) == [("arXiv:2409.00001",), (NEW.id,)]


async def test_a_silent_source_loses_no_suggestion(office: Office) -> None:
    """It is queued by its link, asked for again ever more rarely, and filled in when it is read."""
    acl = paper(id=PaperId("acl:2024.acl-long.9012"), title="Found at Last", abstract="We show it.")
    desk = counter(office, acl)
    desk.anthology.silent = True
    receipt = await desk.submissions.submit(EVE, "https://aclanthology.org/2024.acl-long.9012/", 5)
    assert (receipt.standing, receipt.paper.title) == (Standing.QUEUED, "")
    answer = words_of(receipt_reply(receipt))
    assert "https://aclanthology.org/2024.acl-long.9012/" in answer
    assert "cannot be read now" in answer
    for _ in range(3 * 60):
        office.clock.advance(60)
        await desk.submissions.complete()
    assert 5 < len(desk.anthology.asked) < 15
    desk.anthology.silent = False
    office.clock.advance(3600)
    await desk.submissions.complete()
    stored = await office.database.read(lambda c: Papers(c).get(acl.id))
    assert stored is not None
    assert stored.title == "Found at Last"
    candidate = await office.now_of(await the_first(office))
    assert (candidate.revision, candidate.section) == (1, "Research Papers")
    assert desk.told == ["queued", "queued"]
    asked = len(desk.anthology.asked)
    office.clock.advance(3600)
    await desk.submissions.complete()
    assert len(desk.anthology.asked) == asked


async def test_what_a_harvest_brings_meanwhile_is_judged_without_asking(office: Office) -> None:
    """The paper is stored with its abstract: the candidate gets its score, its card follows."""
    desk = counter(office)
    desk.arxiv.silent = True
    await desk.submissions.submit(EVE, NEW.id)
    await harvest(office, NEW)
    for _ in range(3):
        office.clock.advance(60)
        await desk.submissions.complete()
    candidate = await the_first(office)
    assert (candidate.revision, candidate.section) == (1, "Research Papers")
    assert len(desk.arxiv.asked) == 1


async def test_without_a_ranker_no_suggestion_is_lost(office: Office) -> None:
    """It is queued unjudged, and judged as soon as a ranker could be trained."""
    desk = counter(office, NEW)
    office.trainer.failing = 2
    receipt = await desk.submissions.submit(EVE, NEW.id)
    assert (receipt.standing, receipt.paper.title) == (Standing.QUEUED, NEW.title)
    assert (await the_first(office)).score == 0.0
    office.clock.advance(60)
    with pytest.raises(TrainingFailed):
        await desk.submissions.complete()
    office.clock.advance(600)
    await desk.submissions.complete()
    judged = await the_first(office)
    assert judged.score > 0
    assert (judged.revision, judged.section) == (1, "Research Papers")


async def test_a_source_that_stays_silent_is_given_up_after_a_day(office: Office) -> None:
    """Then a maintainer has to give the paper a title."""
    desk = counter(office)
    desk.arxiv.silent = True
    await desk.submissions.submit(EVE, NEW.id)
    office.clock.advance(86_401)
    await desk.submissions.complete()
    assert len(desk.arxiv.asked) == 1


async def test_one_silent_answer_is_enough_for_a_message(office: Office) -> None:
    """A source that does not answer is not asked for the next paper of the message."""
    desk = counter(office, NEW)
    desk.anthology.silent = True
    text = f"acl:2024.acl-long.1 acl:2024.acl-long.2 {NEW.id}"
    receipts = await desk.submissions.submit_all(EVE, 5, text)
    assert [one.standing for one in receipts] == [Standing.QUEUED] * 3
    assert [one.paper.title for one in receipts] == ["", "", NEW.title]
    assert len(desk.anthology.asked) == 1


async def test_a_rejected_work_is_known_under_another_id(office: Office) -> None:
    """Its twin in the Anthology is told as rejected, and becomes another id of it."""
    twin = paper(id=PaperId("acl:2024.acl-long.9012"), title="A new paper on synthetic-data")
    desk = counter(office, NEW, twin)
    await desk.submissions.submit(EVE, NEW.id)
    await decide(office, 1, Action.REJECT, reason="off topic")
    receipt = await desk.submissions.submit(ZOE, twin.id)
    assert (receipt.standing, receipt.paper.id) == (Standing.REJECTED, NEW.id)
    assert receipt.verdict is not None
    assert receipt.verdict.reason == "off topic"
    stored = await office.database.read(lambda c: Papers(c).get(twin.id))
    assert stored is not None
    assert (stored.id, stored.title) == (NEW.id, NEW.title)
    assert await office.database.read(lambda c: Candidates(c).count(*CandidateState)) == 1
    await decide(office, 1, Action.RECONSIDER)
    assert (await desk.submissions.submit(ZOE, twin.id)).standing is Standing.WAITING


async def test_two_arxiv_ids_stay_two_papers(office: Office) -> None:
    """A rejected work sent to arXiv again is told as rejected, without becoming one with it."""
    twin = replace(NEW, id=PaperId("arXiv:2410.22222"))
    desk = counter(office, NEW, twin)
    await desk.submissions.submit(EVE, NEW.id)
    await decide(office, 1, Action.REJECT)
    receipt = await desk.submissions.submit(ZOE, twin.id)
    assert (receipt.standing, receipt.paper.id) == (Standing.REJECTED, NEW.id)
    assert await office.database.read(lambda c: Papers(c).get(twin.id)) is None
    await decide(office, 1, Action.RECONSIDER)
    assert (await desk.submissions.submit(ZOE, twin.id)).standing is Standing.QUEUED


async def test_a_like_title_by_others_is_another_paper(office: Office) -> None:
    """Only title and first author together tell a work."""
    other = replace(NEW, id=PaperId("arXiv:2410.22222"), authors=(Author("Smith", "Jo"),))
    desk = counter(office, NEW, other)
    await desk.submissions.submit(EVE, NEW.id)
    await decide(office, 1, Action.REJECT)
    assert (await desk.submissions.submit(ZOE, other.id)).standing is Standing.QUEUED


@pytest.mark.parametrize("reconsidered", [False, True])
async def test_a_harvest_does_not_bring_a_rejected_work_back(
    office: Office, *, reconsidered: bool
) -> None:
    """Under whatever id and spelling it comes, until somebody asks to reconsider it."""
    rejected = replace(NEW, title="Synthetic Data: A Survey of Synthetic Data")
    await office.candidate(rejected)
    await decide(office, 1, Action.REJECT)
    if reconsidered:
        await decide(office, 1, Action.RECONSIDER)
    respelled = "Synthetic data -- a survey of synthetic data"
    twin = replace(rejected, id=PaperId("arXiv:2410.22222"), title=respelled)
    await harvest(office, twin)
    queued = await office.database.read(lambda c: Candidates(c).of_paper(twin.id))
    assert (queued is not None) is reconsidered


async def the_first(office: Office) -> Candidate:
    """Candidate 1."""
    found = await office.database.read(lambda c: Candidates(c).get(1))
    assert found is not None
    return found


async def decide(office: Office, number: int, action: Action, reason: str = "") -> None:
    """Ana decides."""
    await office.review.decide(number, Order(action, ANA, Via.BUTTON, reason=reason))


async def harvest(office: Office, found: Paper) -> None:
    """A pass brings a paper."""
    now = office.clock.now()
    await office.database.write(lambda c: Papers(c).store([found], now))
    await office.database.write(lambda c: Unranked(c).add([found.id], None))
    await Queueing(database=office.database, ranking=office.ranking, clock=office.clock).run()


def typed(office: Office, desk: Counter) -> PapersCommands:
    """The commands people type."""
    search = Search(database=office.database, index=SearchIndex.open(None, writable=False))
    reading = Reading(database=office.database, search=search)
    parcels = Parcels(database=office.database, clock=office.clock)
    return PapersCommands(reading=reading, submissions=desk.submissions, parcels=parcels)
