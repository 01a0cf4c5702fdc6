"""Whatever a member is told goes through the catalog: tried with one that marks its words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.commands import languages
from bot.commands.languages import in_language, sentence_of
from bot.commands.ledger import ledger_reply
from bot.commands.recall import BLIND, recall_lines
from bot.commands.reply import Reply, say, text
from bot.commands.threshold_lines import change_lines, period_line, table_lines
from bot.domain.calibration import odds
from bot.domain.errors import UserError
from bot.domain.intervals import Share
from bot.domain.ledger import Day
from bot.domain.sentences import Language
from bot.services.ledger import Overview
from bot.services.recall import Misses, Recall
from bot.services.threshold_preview import Change, Outlook, Period
from storage.models import Author, Member, Origin, PaperId, Via
from tests.factories import paper
from tests.unit import desk
from tests.unit.maintaining import Desks, open_desks
from tests.unit.templates import has_words, templates
from tests.unit.test_chinese_descriptions import defined, worded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.database import Database
    from tests.fakes import FakeClock

ANA, BEN, EVE = Member(1, "Анна"), Member(2, "Борис"), Member(3, "Ева")
"""All that is data here is written in Cyrillic: what is Latin was written by the program."""

SIDOROV = (Author("Сидоров", "Сидор"),)

LIST = """# Список

## Обзоры

- Иванов И. Обзор данных[J]. arXiv preprint arXiv:2402.13446, 2024.

## Исследования

- Петров П. Данные для моделей[J]. arXiv preprint arXiv:2406.18966, 2024.
"""

DATA = (
    r"A Paper Called arXiv|A Paper Called |Its card is put up again",  # of the stand-ins
    r"(?:https?|ftp)://\S+",
    r"(?:arXiv:[\d.]+|acl:\S+|doi:\S+|cs\.\w+)",
    r"(?:review-log|syndata-papers)\S*",
    r"\bUTC\b",
    r"BibTeX|CSL-JSON",
    r"/(?:papers|review|digest)(?: [a-z]+)?|\b[A-Z]+\b",  # commands are typed in English
    r"^(?:papers|paper|sort|scope|style|format|show)\b",  # and so are their options
    r"relevance|newest|added|list|everything|bibtex|csl-json|\b(?:bib|json|csv|md)\b",
    r"unread|\bread\b|\ball\b",
    r'"synthetic data" -survey model\*|author:gan title:code year:2024\.\.2025',
    r"Research Papers|synthetic data",  # where the office files what it queues, and why
    r"\bx\b",
)
"""Latin letters that no language translates."""

GAP = re.compile(r"(\{\w+\})")
LATIN = re.compile(r"[A-Za-z]+")
MARKED = re.compile(r"⟦[^⟦⟧]*(?:⟧|$)")


def marked(template: str) -> str:
    """The template with marks around its own words, so that what stands in the gaps is outside."""
    pieces = GAP.split(template)
    return "".join(one if GAP.fullmatch(one) else f"⟦{one}⟧" for one in pieces if one)


@pytest.fixture(autouse=True)
def marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalog for every template there is."""
    words = {said.template for said in templates() if said.template and has_words(said.template)}
    words |= set(worded(defined()))
    catalog = {template: marked(template) for template in words}
    monkeypatch.setattr(languages, "catalog", lambda _language: catalog)


def told(reply: Reply) -> Iterator[str]:
    """Every text of an answer that people read; quotations and code are of papers."""
    yield reply.title
    yield reply.footer
    for line in reply.lines:
        if not (line.quote or line.code):
            yield from (span.text for span in line.spans)
    yield from (button.label for button in reply.buttons)
    if reply.menu is not None:
        yield reply.menu.placeholder
        yield from (choice.label for choice in reply.menu.choices)


def untranslated(reply: Reply) -> list[str]:
    """What of an answer is English whatever the catalog says."""
    found = []
    for words in told(in_language(reply, Language.CHINESE)):
        left = MARKED.sub(" ", words).strip()
        for known in DATA:
            left = re.sub(known, "", left)
        found += [f"{left!r} of {words!r}"] if LATIN.search(left) else []
    return found


class Reader:
    """Types and presses, and reads every answer."""

    def __init__(self, desks: Desks) -> None:
        self.desks = desks
        self.faults: list[str] = []
        self.heard = 0

    async def type(self, *lines: str, member: Member = ANA, via: Via = Via.COMMAND) -> Reply:
        """The last answer."""
        reply = say("")
        for line in lines:
            try:
                reply = await self.desks.type(line, member, via)
            except UserError as error:
                reply = say(sentence_of(error))
            self._read(line, reply)
        return reply

    async def press(self, reply: Reply, *labels: str, member: Member = ANA) -> Reply:
        """The last answer."""
        for label in labels:
            (button,) = [one for one in reply.buttons if one.label == label]
            reply = await self.act(button.action, button.argument, member=member)
        return reply

    async def act(self, action: str, argument: str, value: str = "", member: Member = ANA) -> Reply:
        """The answer to a button or a menu."""
        try:
            reply = await self.desks.press(action, argument, value, member)
        except UserError as error:
            reply = say(sentence_of(error))
        self._read(f"{action} {argument} {value}", reply)
        return reply

    def _read(self, asked: str, reply: Reply) -> None:
        self.heard += not reply.is_empty
        self.faults += [f"{asked}: {fault}" for fault in untranslated(reply)]


@pytest.fixture
async def reader(sqlite: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Everything behind the commands, over a list in Cyrillic; three papers wait."""
    monkeypatch.setattr(desk.Listing, "ensure", _take_list)
    desks = await open_desks(sqlite, clock, approvals_needed=1)
    for number, origin in enumerate((Origin.HARVEST, Origin.HARVEST, Origin.SUBMISSION), 1):
        await desks.office.candidate(
            paper(
                id=PaperId(f"arXiv:2409.1000{number}"),
                title=f"Статья {number}: Данные",
                authors=SIDOROV,
                abstract="Мы предлагаем метод.",
                comment="10 страниц",
                doi="10.1/1",
            ),
            origin,
        )
    await desks.office.cards.follow()
    return Reader(desks)


async def _take_list(listing: desk.Listing) -> None:
    await listing.take("list.md", LIST.encode(), replace=False)


READERS = (
    "/papers help",
    "/papers search обзор",
    "/papers search обзор --section Обзоры --since 2024 --sort newest",
    "/papers search данные",
    "/papers search данные --scope everything",
    "/papers search щщщ",
    "/papers search щщщ --scope everything",
    "/papers search обзор --since щ",
    "/papers search обзор --sort щ",
    "/papers search обзор --scope щ",
    "/papers show 2402.13446",
    "/papers show 2409.10001",
    "/papers show 1111.11111",
    "/papers similar 2402.13446",
    "/papers latest",
    "/papers latest Обзоры",
    "/papers latest щ",
    "/papers new",
    "/papers new",
    "/papers stats",
    "/papers cite 2402.13446",
    "/papers cite 2402.13446 --style list",
    "/papers cite 2402.13446 --style щ",
    "/papers export bib",
    "/papers export щ",
    "/papers export bib щщщ",
    "/papers export bib --saved yes",
    "/papers saved",
    "/papers save 2402.13446",
    "/papers save 2402.13446",
    "/papers saved",
    "/papers saved all",
    "/papers saved щ",
    "/papers unsave 2402.13446",
    "/papers unsave 2402.13446",
    "/papers submit 2402.13446",
    "/papers submit 2409.10001",
    "/papers submit 2410.00001",
    "/papers submit doi:10.1000/щ",
    "/papers submit https://aclanthology.org/2024.acl-long.12",
    "/papers submit щ",
    "/papers submit",
    "/papers щ",
    "/papers",
    "/щ",
    "/review queue",
    "/review help",
)


async def test_readers_are_told_nothing_outside_the_catalog(reader: Reader) -> None:
    """Findings, empty results, bad input, and what is only for maintainers."""
    await reader.type(*READERS, member=EVE)
    await reader.type(*READERS, via=Via.CONSOLE)
    await reader.act("щ", "")
    assert reader.faults == []
    assert reader.heard == 2 * len(READERS) + 1


async def test_readers_buttons_say_nothing_outside_the_catalog(reader: Reader) -> None:
    """Under what was found, under a paper, under a citation and under a reading list."""
    found = await reader.type("/papers search данные", member=EVE)
    assert found.menu is not None
    for reply in (found, await reader.type("/papers show 2402.13446", member=EVE)):
        for button in reply.buttons:
            shown = await reader.act(button.action, button.argument, member=EVE)
            for again in shown.buttons:
                await reader.act(again.action, again.argument, member=EVE)
    for choice in found.menu.choices:
        await reader.act(found.menu.action, found.menu.argument, choice.value, member=EVE)
    saved = await reader.type("/papers saved", member=EVE)
    for button in saved.buttons:
        await reader.act(button.action, button.argument, member=EVE)
    assert reader.faults == []
    assert reader.heard > 15


DECISIONS = (
    "/review help",
    "/review next",
    "/review queue",
    "/review show 1",
    "/review show 3",
    "/review show 99",
    "/review show щ",
    "/review show 2402.13446",
    "/review approve 1 Обзоры",
    "/review approve 1",
    "/review show 1",
    "/review move 1 Исследования",
    "/review move 1 Исследования",
    "/review move 1 щ",
    '/review edit 1 "Другое название"',
    "/review edit 1 x https://github.com/x/y",
    "/review edit 1",
    '/review edit 1 "Название" щ',
    '/review edit 1 "Название" ftp://щ',
    "/review undo 1",
    "/review undo 1",
    "/review undo 1",
    "/review undo 1",
    "/review undo 1",
    "/review reject 2 слабо",
    "/review reject 2",
    "/review show 2",
    "/review move 2 Обзоры",
    "/review reconsider 2",
    "/review reconsider 2",
    "/review snooze 3",
    "/review snooze 3",
    "/review show 3",
    "/review approve 2410.00001",
    "/review approve 2402.13446",
    "/review sweep щ",
    "/review sweep 0.1",
    "/review sweep 0.99",
    "/review sweep 0.99 щ",
    "/review threshold",
    "/review threshold щ",
    "/review threshold 0.3",
    "/review threshold 0.5",
    "/review threshold 0.95",
    "/review threshold 0.95 щ",
    "/review threshold 0.95 yes",
    "/review threshold",
    "/review threshold 0.5 yes",
    "/review log",
    "/review log 1",
    "/review log 3",
    "/review stats",
    "/review ledger",
    "/review here",
    "/digest here",
    "/digest here щ",
    "/digest here 09:00 щ",
    "/digest stop",
    "/digest stop",
)


async def test_maintainers_are_told_nothing_outside_the_catalog(reader: Reader) -> None:
    """Whatever they type about a desk, twice where the second time is another answer."""
    await reader.type(*DECISIONS)
    await reader.type(*DECISIONS, via=Via.CONSOLE, member=BEN)
    assert reader.faults == []
    assert reader.heard == 2 * len(DECISIONS)


async def test_buttons_say_nothing_outside_the_catalog(reader: Reader) -> None:
    """Those of a card, of a sitting, of a sweep, and menus with what is chosen in them."""
    card = await reader.type("/review show 1")
    for label in ("Other section", "More", "Post again", "Approve"):
        await reader.press(card, label)
    await reader.act("move", "1")
    await reader.act("move", "1/private", "Исследования")
    await reader.act("reject", "2/private")
    await reader.act("why", "2/private", "off topic")
    await reader.act("why", "2/private", "щ")
    await reader.type("/review show 2", "/review log 2", "/review approve 2")
    await reader.act("section", "2")
    await reader.act("repost", "2")
    await reader.act("undo", "2/private")
    sitting = await reader.type("/review next")
    for label in ("Yes", "Back", "No", "Later", "Back"):
        sitting = await reader.press(sitting, label)
    await reader.act("sit-yes", "щ")
    await reader.act("sit-yes", "9.9")
    await reader.act("sit-yes", "1.1", member=BEN)
    swept = await reader.type("/review sweep 0.99")
    for button in swept.buttons:
        await reader.act(button.action, button.argument)
        await reader.act(button.action, button.argument)
    await reader.act("sweep", "щ")
    assert reader.faults == []
    assert reader.heard > 25


async def test_votes_that_do_not_suffice_are_told_by_the_catalog(
    sqlite: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing, who disagrees, and what others decided meanwhile."""
    monkeypatch.setattr(desk.Listing, "ensure", _take_list)
    desks = await open_desks(sqlite, clock, approvals_needed=2)
    for number in (1, 2):
        await desks.office.candidate(
            paper(
                id=PaperId(f"arXiv:2409.1000{number}"),
                title=f"Статья {number}",
                abstract="Да.",
                authors=SIDOROV,
            )
        )
    reader = Reader(desks)
    sitting = await reader.type("/review next")
    sitting = await reader.press(sitting, "Yes")
    await reader.type("/review approve 1", "/review show 1")
    await reader.type("/review reject 1", "/review reject 2", member=BEN)
    await reader.press(sitting, "Yes")
    await reader.type("/review show 1", "/review approve 1", "/review undo 1", "/review queue")
    clock.advance(timedelta(days=3).total_seconds())
    await reader.type("/review queue", "/review stats", member=BEN)
    assert reader.faults == []


def test_estimates_say_nothing_outside_the_catalog() -> None:
    """Recall with every kind of miss, thresholds higher and lower, and a card with its chance."""
    misses = Misses(2, (("Статья", 0.1),), 1, 1, 1)
    few, some = Share(1, 4), Share(8, 12)
    recalls = (Recall(few, some, misses, 1), Recall(Share(0, 0), some, Misses(), 2))
    full, late = Period(30, 30, 9), Period(30, 2, 9)
    none, only = Period(0, 0, 0), Period(20, 0, 0)
    now, then, low = (
        Outlook(value, count, count / 3, share)
        for value, count, share in ((0.5, 30, some), (0.8, 1, Share(0, 0)), (0.3, 60, few))
    )
    titles = ("Статья",) * 7
    lines = [text(line) for recall in recalls for line in recall_lines(recall)]
    lines += [text(period_line(one)) for one in (full, late, none, only, Period(1, 1, 1))]
    lines += table_lines(full, (now, then, low), 0.5, 6)
    for change in (
        Change(full, now, then, titles, 0, 0),
        Change(full, now, then, titles[:1], 0, 0),
        Change(full, now, then, (), 0, 0),
        Change(full, now, low, (), 28, 2),
        Change(full, now, now, (), 0, 0),
    ):
        lines += change_lines(change, 6)
    lines.append(text(odds(0.4)))
    assert untranslated(Reply(lines=tuple(lines), footer=BLIND)) == []


def test_the_ledger_says_nothing_outside_the_catalog() -> None:
    """A day with everything in it, and one of which nothing is known."""
    day = date(2024, 9, 16)
    faults = (("cs.CL", "щ"),) * 5
    full = Day(day, 9, 8, 7, 6, 5, 4, (), (), 3)
    faulty = Day(day, 9, 8, 0, 6, 0, 4, ("cs.CL", "cs.AI"), faults, None)
    now = datetime(2024, 9, 16, 9, 0, tzinfo=UTC)
    for overview in (
        Overview((full, faulty), complete_through=day, left_alone_until=now, next_pass=None),
        Overview((faulty,), complete_through=None, left_alone_until=None, next_pass=now),
        Overview((), complete_through=None, left_alone_until=None, next_pass=now),
    ):
        assert untranslated(ledger_reply(overview)) == []
