"""Notices: one a kind and subject, unsaid until their message is known to be out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from storage.candidates import Candidates
from storage.messages import Messages
from storage.models import Notice, Origin, PaperId
from storage.notices import MESSAGE, Notices
from storage.papers import Papers
from tests.factories import paper
from tests.storage.conftest import NOW

if TYPE_CHECKING:
    from storage.database import Database


async def add(database: Database, kind: str, subject: str, text: str = "text") -> bool:
    """Have something said."""
    return await database.write(lambda c: Notices(c).add(kind, subject, text, NOW))


async def unsaid(database: Database) -> tuple[Notice, ...]:
    """What did not go out yet."""
    return await database.read(lambda c: Notices(c).unsaid())


async def test_a_subject_is_spoken_of_once(database: Database) -> None:
    """The first text stands; another kind of thing about the same subject is another notice."""
    assert await add(database, "quiet", "2024-09-16", "first")
    assert not await add(database, "quiet", "2024-09-16", "second")
    assert await add(database, "withdrawn", "2024-09-16")
    (first, _) = await unsaid(database)
    assert (first.kind, first.text, first.created_at) == ("quiet", "first", NOW)


async def test_of_many_at_once_one_is_added(database: Database) -> None:
    """Two processes may find the same."""
    added = await asyncio.gather(*(add(database, "quiet", "x") for _ in range(5)))
    assert sum(added) == 1


async def test_a_notice_is_unsaid_until_its_message_has_an_id(database: Database) -> None:
    """Also in a second attempt; messages of other kinds do not count."""
    await add(database, "quiet", "a")
    await add(database, "quiet", "b")
    first, second = await unsaid(database)

    async def send(kind: str, ref: int) -> str:
        message, _ = await database.write(lambda c: Messages(c).prepare(kind, ref, 0, 1, NOW))
        return message.key

    card = await send("c", first.id)
    await database.write(lambda c: Messages(c).sent(card, 5, NOW))
    key = await send(MESSAGE, first.id)
    assert await unsaid(database) == (first, second)
    again = await database.write(lambda c: Messages(c).renew(key, 2, NOW))
    await database.write(lambda c: Messages(c).sent(again.key, 6, NOW))
    assert await unsaid(database) == (second,)


async def test_text_that_no_database_takes_is_cleaned(database: Database) -> None:
    """A title is what arXiv sent."""
    await add(database, "withdrawn", "arXiv:1", "a\0b\ud800")
    (notice,) = await unsaid(database)
    assert notice.text == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"


async def test_withdrawing_marks_known_papers_by_any_id(database: Database) -> None:
    """Unknown ids are passed over; what is marked already is given again."""
    doi, unknown = PaperId("doi:10.1/x"), PaperId("arXiv:9")
    known = paper(id=PaperId("arXiv:1"), aliases=(doi,))
    await database.write(lambda c: Papers(c).store([known], NOW))
    for _ in range(2):
        marked = await database.write(lambda c: Papers(c).withdraw([doi, known.id, unknown]))
        assert marked == (known.id,)
    found = await database.read(lambda c: Papers(c).get(known.id))
    assert found is not None
    assert found.withdrawn
    assert await database.write(lambda c: Papers(c).withdraw([])) == ()


async def test_a_withdrawn_paper_becomes_no_candidate(database: Database) -> None:
    """Whoever ranked it may not have known yet."""
    withdrawn = PaperId("arXiv:1")
    await database.write(lambda c: Papers(c).store([paper(id=withdrawn)], NOW))
    await database.write(lambda c: Papers(c).withdraw([withdrawn]))
    queued = await database.write(
        lambda c: Candidates(c).queue(
            withdrawn,
            score=0.9,
            reasons=(),
            section="",
            origin=Origin.HARVEST,
            submitter=None,
            now=NOW,
        )
    )
    assert queued is None
