"""Undone edits: what was edited goes back, and nothing else does, whatever came in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain import markdown_list
from bot.domain.errors import UserError
from storage.catalogue import Catalogue
from storage.models import Action, CandidateState, Link, Paper, PaperId
from storage.papers import Papers
from tests.factories import paper
from tests.unit.desk import BEN, Office, open_office
from tests.unit.test_undo import order

if TYPE_CHECKING:
    from storage.database import Database
    from storage.models import Candidate
    from tests.fakes import FakeClock

NEW = paper(id=PaperId("arXiv:2409.11111"), title="A New Paper on Synthetic Data")
OTHER = paper(id=PaperId("arXiv:2409.22222"), title="Another Paper on Synthetic Data")
CODE = Link("Code", "https://github.com/x/y")
UNDO = order(Action.UNDO, BEN)
OWN_WORDS = b"""## A

- [Own Words](https://arxiv.org/abs/2409.11111) [Site](https://x.example.org)

## B

- [Z](https://arxiv.org/abs/2402.13446)
"""
WITHOUT = b"## A\n\n- [Z](https://arxiv.org/abs/2402.13446)\n"


@pytest.fixture
async def office(sqlite: Database, clock: FakeClock) -> Office:
    """The desk over the shipped list."""
    return await open_office(sqlite, clock)


async def replace_list(office: Office, content: bytes) -> None:
    """Import another list."""
    parsed = markdown_list.parse(content)
    entries = tuple(found.entry for found in parsed.entries)
    now = office.clock.now()
    await office.database.write(
        lambda c: Catalogue(c).replace("list.md", content, parsed.sections, entries, now)
    )


async def store(office: Office, record: Paper) -> None:
    """A record of the paper comes from arXiv."""
    now = office.clock.now()
    await office.database.write(lambda c: Papers(c).store([record], now))


async def stored(office: Office) -> Paper:
    """The paper as the bot knows it."""
    found = await office.database.read(lambda c: Papers(c).get(NEW.id))
    assert found is not None
    return found


async def listed_in_own_words(office: Office) -> Candidate:
    """A paper that its entry calls something else than arXiv does, with another link."""
    await replace_list(office, OWN_WORDS)
    await store(office, NEW)
    plain = replace(await stored(office), links=())
    await office.database.write(lambda c: Papers(c).edit(plain))
    return await office.review.find_listed(NEW.id)


@pytest.mark.parametrize(
    "edit", [{"title": "Better Title"}, {"links": (CODE,)}, {"title": "Better", "links": (CODE,)}]
)
async def test_an_entry_gets_its_own_words_back(office: Office, edit: dict[str, object]) -> None:
    """Not those of the paper, also where the file has changed in between; nor are links lost."""
    candidate, other = await listed_in_own_words(office), await office.candidate(OTHER)
    before = await office.text()
    await office.review.decide(candidate.id, order(Action.EDIT, **edit))
    await office.review.decide(other.id, order(Action.APPROVE, section="B"))
    await office.review.decide(candidate.id, UNDO)
    await office.review.decide(other.id, UNDO)
    assert await office.text() == before


async def test_an_edit_of_the_links_is_undone_without_the_title(office: Office) -> None:
    """The title that arXiv gave the second version stays."""
    candidate = await office.candidate(NEW)
    await office.review.decide(candidate.id, order(Action.EDIT, links=(CODE,)))
    day = office.clock.now().date()
    version = replace(NEW, title="Version Two", updated=day + timedelta(days=3), datestamp=day)
    await store(office, version)
    await office.review.decide(candidate.id, UNDO)
    paper = await stored(office)
    assert (paper.title, paper.links, paper.edited) == ("Version Two", NEW.links, ())


async def test_an_entry_can_take_the_title_of_its_paper(office: Office) -> None:
    """It says something else: so there is something to change, and no second time."""
    candidate = await listed_in_own_words(office)
    edit = order(Action.EDIT, title=NEW.title)
    await office.review.decide(candidate.id, edit)
    assert f"[{NEW.title}]" in await office.text()
    assert (await stored(office)).edited == ("title",)
    with pytest.raises(UserError, match="Nothing to change"):
        await office.review.decide(candidate.id, edit)


async def test_an_edit_stands_after_the_decision_is_undone(office: Office) -> None:
    """The paper was edited before it was approved: one undo takes back each."""
    candidate = await office.candidate(NEW)
    await office.review.decide(candidate.id, order(Action.EDIT, title="Better Title"))
    await office.review.decide(candidate.id, order(Action.APPROVE))
    await office.review.decide(candidate.id, UNDO)
    assert (await stored(office)).title == "Better Title"
    await office.review.decide(candidate.id, UNDO)
    assert (await stored(office)).title == NEW.title
    with pytest.raises(UserError, match="nothing to take back"):
        await office.review.decide(candidate.id, UNDO)


async def test_what_another_list_dropped_can_be_proposed_anew(office: Office) -> None:
    """It was listed before anybody decided, and is not now: it is laid before the maintainers."""
    candidate = await listed_in_own_words(office)
    again = order(Action.RECONSIDER)
    with pytest.raises(UserError, match="#1 is not rejected: it is approved"):
        await office.review.decide(candidate.id, again)
    await replace_list(office, WITHOUT)
    await office.review.decide(candidate.id, again)
    assert (await office.now_of(candidate)).state is CandidateState.QUEUED
    await office.review.decide(candidate.id, order(Action.APPROVE, section="A"))
    assert (await office.text()).count("2409.11111") == 1


async def test_a_reason_is_the_last_one_whatever_the_clock_says(office: Office) -> None:
    """The clock was set back between the rejection and its why."""
    candidate = await office.candidate(NEW)
    await office.review.decide(candidate.id, order(Action.REJECT))
    office.clock.advance(-3600)
    await office.review.decide(candidate.id, order(Action.REASON, reason="too thin"))
    card = await office.desk.card(await office.now_of(candidate))
    assert card.decision is not None
    assert card.decision.reason == "too thin"
