"""Random reactions, buttons, undos, role changes and restarts, against the desk in plain words."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.domain.errors import NotAllowed, UserError
from bot.services.ports import Reaction
from bot.services.review import Order
from storage.candidates import Candidates
from storage.catalogue import Catalogue
from storage.database import Database
from storage.models import Action, Member, PaperId, Via
from tests.factories import paper
from tests.fakes import FakeClock
from tests.unit.desk import CHANNEL, open_office
from tests.unit.desk_model import SETTLE, Paper

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tests.unit.desk import Office

PAPERS = tuple(
    paper(id=PaperId(f"arXiv:2409.1111{number}"), title=f"Work {name} on Synthetic Data")
    for number, name in enumerate(("One", "Two"))
)
SECTIONS = ("Research Papers", "Survey Papers")
ROLE = 10
PEOPLE = {"Ana": 11, "Ben": 12, "Cleo": 13}
SIGNS = {"✅": Action.APPROVE, "❌": Action.REJECT, "💤": Action.SNOOZE}

EXAMPLES = int(os.environ.get("DESK_EXAMPLES", "4"))
"""How many lives of the desk; `make soak` asks for more."""

WHICH = st.integers(0, len(PAPERS) - 1)
NAMES = st.sampled_from(sorted(PEOPLE))
REACTIONS = st.sampled_from(sorted(SIGNS))


class HastyClock(FakeClock):
    """Whoever sleeps on it moves it on."""

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)


class DeskMachine(RuleBasedStateMachine):
    """The bot's desk and the model, told the same things."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.clock = HastyClock()
        self.folder = Path(tempfile.mkdtemp())
        self.maintainers = set(PEOPLE)
        self.away = False

    def run(self, work: Awaitable[Any]) -> Any:
        async def done() -> Any:
            return await work

        return self.loop.run(done())

    @initialize(needed=st.integers(1, 2))
    def begin(self, needed: int) -> None:
        """Two cards are up."""
        self.needed = needed
        self.models = [Paper(needed, one.title, SECTIONS[0]) for one in PAPERS]
        self.office = self.run(self._open())
        self.candidates = [self.run(self.office.candidate(one)) for one in PAPERS]
        self.run(self.office.cards.follow())
        self.cards = list(self.office.board.messages)
        self.under: dict[int, set[tuple[str, str]]] = {card: set() for card in self.cards}

    async def _open(self) -> Office:
        shutil.copy(self.template, self.folder / "papers.db")
        url = f"sqlite+aiosqlite:///{self.folder}/papers.db"
        opened = Database.open(url, data=self.folder, now=self.clock.now)
        self.database = await self.stack.enter_async_context(opened)
        return await self._office()

    async def _office(self) -> Office:
        roles = {"maintainers": frozenset(), "maintainer_roles": frozenset({ROLE})}
        return await open_office(self.database, self.clock, approvals_needed=self.needed, **roles)

    @property
    def now(self) -> float:
        return self.clock.now().timestamp()

    def member(self, name: str) -> Member:
        roles = frozenset({ROLE}) if name in self.maintainers else frozenset()
        return Member(PEOPLE[name], name, roles)

    @rule(which=WHICH, name=NAMES, sign=REACTIONS)
    def react(self, which: int, name: str, sign: str) -> None:
        """Somebody puts a reaction under a card, perhaps while the bot is away."""
        card = self.cards[which]
        if (name, sign) in self.under[card]:
            return
        self.under[card].add((name, sign))
        if self.away:
            return
        self.run(
            self.office.cards.reactions.react(CHANNEL, card, Reaction(self.member(name), sign))
        )
        if name in self.maintainers:
            self._said(which, name, sign, reaction=True)

    def _said(self, which: int, name: str, sign: str, *, reaction: bool) -> None:
        model = self.models[which]
        if sign == "💤":
            model.snooze(name, self.now, reaction=reaction)
        else:
            model.vote(name, sign, self.now, reaction=reaction)

    @rule(which=WHICH, name=NAMES, sign=REACTIONS)
    def unreact(self, which: int, name: str, sign: str) -> None:
        """Somebody takes the own reaction away."""
        card = self.cards[which]
        if (name, sign) not in self.under[card]:
            return
        self.under[card].discard((name, sign))
        if self.away:
            return
        self.office.board.members[PEOPLE[name]] = self.member(name)
        self._put_under_cards()
        model = self.models[which]
        snoozed, at = self._snoozed_by(which, name), self.now
        self.run(self.office.cards.reactions.unreact(CHANNEL, card, PEOPLE[name], sign))
        if name not in self.maintainers:
            return
        if sign != "💤":
            changed = model.take_back(name, sign, at)
        elif changed := snoozed:
            model.undo()
            model.heard.discard((name, sign))
        if changed and model.open:
            model.read(self._said_under(card), self.now)

    def _put_under_cards(self) -> None:
        self.office.board.reacted = {
            card: [Reaction(self.member(name), sign) for name, sign in sorted(pairs)]
            for card, pairs in self.under.items()
        }

    def _said_under(self, card: int) -> set[tuple[str, str]]:
        return {pair for pair in self.under[card] if pair[0] in self.maintainers}

    def _snoozed_by(self, which: int, name: str) -> bool:
        """Whether this one's 💤 of just now is what an undo would take back."""
        model = self.models[which]
        if not model.acts or model.acts[-1] != ("snooze", name):
            return False
        verdicts = self.run(self._verdicts(which))
        last = [one for one in verdicts if one.action is Action.SNOOZE][-1]
        age = (self.clock.now() - last.at).total_seconds()
        return last.via is Via.REACTION and age <= SETTLE

    async def _verdicts(self, which: int) -> Any:
        return await self.database.read(lambda c: Candidates(c).verdicts(self.candidates[which].id))

    async def _entry(self, which: int) -> Any:
        return await self.database.read(lambda c: Catalogue(c).entry_of(PAPERS[which].id))

    @rule(which=WHICH, name=NAMES, sign=REACTIONS)
    def press(self, which: int, name: str, sign: str) -> None:
        """Somebody presses a button; only maintainers may."""
        if self.away:
            return
        order = Order(SIGNS[sign], self.member(name), Via.BUTTON)
        if name not in self.maintainers:
            with pytest.raises(NotAllowed):
                self.run(self.office.review.decide(self.candidates[which].id, order))
            return
        self.run(self.office.review.decide(self.candidates[which].id, order))
        self._said(which, name, sign, reaction=False)

    @rule(which=WHICH, name=NAMES, action=st.sampled_from([Action.UNDO, Action.RECONSIDER]))
    def take_back(self, which: int, name: str, action: Action) -> None:
        """Undo or reconsider; where there is nothing to take back that is said."""
        if self.away or name not in self.maintainers:
            return
        model = self.models[which]
        possible = model.undo() if action is Action.UNDO else model.reconsider()
        self._order(which, Order(action, self.member(name), Via.COMMAND), possible=possible)

    def _order(self, which: int, order: Order, *, possible: bool) -> None:
        work = self.office.review.decide(self.candidates[which].id, order)
        if possible:
            self.run(work)
        else:
            with pytest.raises(UserError):
                self.run(work)

    @rule(which=WHICH, section=st.sampled_from(SECTIONS))
    def move(self, which: int, section: str) -> None:
        """Somebody wants it under another heading."""
        if not self.away and self.maintainers:
            order = Order(Action.MOVE, self._somebody(), Via.COMMAND, section)
            self._order(which, order, possible=self.models[which].move(section))

    @rule(which=WHICH, word=st.sampled_from(["Revised", "Final"]))
    def edit(self, which: int, word: str) -> None:
        """Somebody gives it another title."""
        if not self.away and self.maintainers:
            title = f"{word} Paper {which}"
            order = Order(Action.EDIT, self._somebody(), Via.COMMAND, title=title)
            self._order(which, order, possible=self.models[which].edit(title))

    def _somebody(self) -> Member:
        return self.member(min(self.maintainers))

    @rule(name=NAMES)
    def change_role(self, name: str) -> None:
        """Somebody becomes a maintainer, or stops being one."""
        self.maintainers ^= {name}

    @rule(seconds=st.sampled_from([1, 60, 200, 86_400, 8 * 86_400]))
    def wait(self, seconds: int) -> None:
        """Time goes by, and the minute's round is made."""
        self.clock.advance(seconds)
        if not self.away:
            self._round()

    def _round(self) -> None:
        self.run(self.office.review.wake())
        for model in self.models:
            model.wake(self.now)
        self.run(self.office.cards.follow())

    @rule()
    def leave(self) -> None:
        """The bot is away: nobody hears what is said."""
        self.away = True

    @rule()
    def restart(self) -> None:
        """The bot is there again, with nothing in memory, and reads what stands under the cards."""
        board = self.office.board
        self.office = self.run(self._office())
        self.office.board.messages = board.messages
        self._put_under_cards()
        self.away = False
        self.run(self.office.cards.recover())
        for card, model in zip(self.cards, self.models, strict=True):
            if model.open:
                model.read(self._said_under(card), self.now)
        self._round()

    @invariant()
    def all_agree(self) -> None:
        """State, list, history and cards are what the model says."""
        text = self.run(self.office.text())
        for which, model in enumerate(self.models):
            found = self.run(self.office.now_of(self.candidates[which]))
            assert found.state.value == model.state
            assert text.count(model.title) == int(model.listed)
            entry = self.run(self._entry(which))
            assert (entry.section if entry else None) == (model.section if model.listed else None)
            assert len(self.run(self._verdicts(which))) == model.rows
        if not self.away:
            self.run(self.office.cards.follow())
            self._cards_agree()

    def _cards_agree(self) -> None:
        assert list(self.office.board.messages) == self.cards, "a card came twice"
        for card, model in zip(self.cards, self.models, strict=True):
            shown: Any = self.office.board.messages[card].post
            assert shown.state.value.replace("queued", "posted") == model.state
            said = {*shown.votes.approvals, *shown.votes.rejections}
            assert said == set(model.votes)

    def teardown(self) -> None:
        """Close the database, and drop it."""
        self.run(self.stack.aclose())
        self.loop.close()
        shutil.rmtree(self.folder)


def test_the_desk_does_what_the_model_says(sqlite_template: Path) -> None:
    """Whatever happens in whatever order."""
    DeskMachine.template = sqlite_template
    run_state_machine_as_test(
        DeskMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
