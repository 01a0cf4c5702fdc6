"""A database of the version before undo existed: its cards and verdicts go on as they stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from storage.candidates import Candidates
from storage.messages import Messages
from storage.papers import Papers
from storage.submissions import Submissions
from tests.storage.upgrading import empty_url, upgraded_from

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from storage.database import Database

__all__ = ["empty_url"]

BEFORE = "0003"
AT = "2024-09-13 04:20:00.000000+00:00"
PAPER = (
    "INSERT INTO papers (id, title, authors, abstract, categories, comment, journal_ref, doi,"
    " links, withdrawn, first_seen) VALUES ('arXiv:2409.0000{n}', 'T{n}', '[]', 'A', '[]', '', '',"
    f" '', '[]', false, '{AT}')"
)
ALIAS = (
    "INSERT INTO aliases (alias, paper, position)"
    " VALUES ('arXiv:2409.0000{n}', 'arXiv:2409.0000{n}', 0)"
)
CANDIDATE = (
    "INSERT INTO candidates (id, paper, state, score, reasons, section, origin, queued_at,"
    " submitter) VALUES ({n}, 'arXiv:2409.0000{n}', '{state}', 0.5, '[]', 'S', 'submission',"
    f" '{AT}', {{asked}})"
)
MESSAGE = (
    "INSERT INTO messages (key, kind, ref, part, attempt, channel_id, message_id, prepared_at,"
    f" shown) VALUES ('c{{n}}.0.0', 'c', {{n}}, 0, 0, 100, 100{{n}}, '{AT}', {{shown}})"
)
VERDICT = (
    "INSERT INTO verdicts (candidate, action, member_id, member_name, at, via, section, reason)"
    f" VALUES ({{n}}, '{{action}}', 7, 'Ana', '{AT}', 'reaction', 'S', '')"
)
ENTRY = (
    "INSERT INTO entries (ordinal, section, markdown, title, paper, authors, links, added_at,"
    " added_by) VALUES ({o}, 'S', '- T', 'T', 'arXiv:2409.0000{n}', '[]', '[]', {at}, '{by}')"
)
ROWS = (
    *(statement.format(n=n) for n in (1, 2, 3, 4) for statement in (PAPER, ALIAS)),
    CANDIDATE.format(n=1, state="posted", asked="NULL"),
    CANDIDATE.format(n=2, state="approved", asked=8),
    CANDIDATE.format(n=3, state="posted", asked=9),
    CANDIDATE.format(n=4, state="approved", asked="NULL"),
    MESSAGE.format(n=1, shown="'posted'"),
    MESSAGE.format(n=2, shown="'posted'"),
    MESSAGE.format(n=3, shown="NULL"),
    MESSAGE.format(n=4, shown="'approved'"),
    VERDICT.format(n=2, action="approve"),
    VERDICT.format(n=4, action="approve"),
    ENTRY.format(o=0, n=2, at=f"'{AT}'", by="Ana"),
    ENTRY.format(o=1, n=4, at="NULL", by=""),
)


@pytest.fixture
async def upgraded(empty_url: str, tmp_path: Path) -> AsyncIterator[Database]:
    """Made and filled by the version before, opened by this one."""
    async with upgraded_from(BEFORE, ROWS, empty_url, tmp_path) as database:
        yield database


async def test_only_cards_that_were_behind_are_edited(upgraded: Database) -> None:
    """What showed its candidate's state is left alone; a card never seeded is seeded."""
    behind = await upgraded.read(lambda c: Messages(c).behind("c"))
    assert [(one.ref, one.revision) for one in behind] == [(2, -1), (3, None)]


async def test_an_approval_knows_the_entry_it_wrote(upgraded: Database) -> None:
    """So it can be undone; an entry that nobody added by the bot is not its own."""
    entry = await upgraded.read(lambda c: c.scalar(text("SELECT min(id) FROM entries")))
    (wrote,) = await upgraded.read(lambda c: Candidates(c).verdicts(2))
    (found,) = await upgraded.read(lambda c: Candidates(c).verdicts(4))
    assert (wrote.entry, found.entry) == (entry, None)
    assert (wrote.before, wrote.undoes) == (None, None)


async def test_who_waits_for_a_decision_will_hear_it(upgraded: Database) -> None:
    """What was decided before was decided without a word, and stays so."""
    asked = [await upgraded.read(lambda c, n=n: Submissions(c).of(n)) for n in (1, 2, 3)]
    assert [[one.member_id for one in some] for some in asked] == [[], [], [9]]
    papers = await upgraded.read(lambda c: Papers(c).load(["arXiv:2409.00001"]))
    assert [paper.edited for paper in papers.values()] == [()]
