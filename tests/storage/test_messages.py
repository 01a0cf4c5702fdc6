"""Messages: each has its row and its key before it goes out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from storage.candidates import Candidates
from storage.errors import StorageError
from storage.messages import Messages
from storage.models import CandidateState, Message
from tests.storage.conftest import NOW
from tests.storage.test_candidates import change, queued

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from storage.database import Database

CHANNEL = 1_200_000_000_000_000_001
LATER = NOW + timedelta(hours=1)


async def prepare(
    database: Database, kind: str = "c", ref: int = 17, part: int = 0
) -> tuple[Message, bool]:
    """Prepare a message."""
    return await database.write(lambda c: Messages(c).prepare(kind, ref, part, CHANNEL, NOW))


async def test_prepare_makes_one_row(database: Database) -> None:
    """The first call makes the row and its key, later ones find it, when and wherever they ask."""
    message = Message("c17.0.0", "c", 17, 0, 0, CHANNEL, None)
    assert await prepare(database) == (message, True)
    again = await database.write(lambda c: Messages(c).prepare("c", 17, 0, 5, LATER))
    assert again == (message, False)
    assert await database.read(lambda c: Messages(c).prepared_at(message.key)) == NOW
    assert await database.read(lambda c: Messages(c).get(message.key)) == message


async def test_prepare_at_once(database: Database) -> None:
    """Of many at once one makes the row."""
    results = await asyncio.gather(*(prepare(database) for _ in range(10)))
    assert [created for _, created in results].count(True) == 1
    assert len({message.key for message, _ in results}) == 1


async def test_sent_and_found_again(database: Database) -> None:
    """A message that went out is found by Discord's ids, and by no others."""
    message, _ = await prepare(database)
    assert await database.read(lambda c: Messages(c).of_message(CHANNEL, 99)) is None
    await database.write(lambda c: Messages(c).sent(message.key, 99, LATER))
    sent = replace(message, message_id=99)
    assert await database.read(lambda c: Messages(c).of_message(CHANNEL, 99)) == sent
    assert await database.read(lambda c: Messages(c).of_message(1, 99)) is None
    assert await prepare(database) == (sent, False)


async def test_renew(database: Database) -> None:
    """A message that is gone gets a next attempt, once; the old one is still known by its id."""
    message, _ = await prepare(database)
    await database.write(lambda c: Messages(c).sent(message.key, 99, NOW))
    renewed = await database.write(lambda c: Messages(c).renew(message.key, 5, LATER))
    assert renewed == Message("c17.0.1", "c", 17, 0, 1, 5, None)
    assert await database.write(lambda c: Messages(c).renew(message.key, 6, LATER)) == renewed
    assert await prepare(database) == (renewed, False)
    assert await database.read(lambda c: Messages(c).prepared_at("c17.0.1")) == LATER
    old = await database.read(lambda c: Messages(c).of_message(CHANNEL, 99))
    assert old == replace(message, message_id=99)


async def test_unknown_keys(database: Database) -> None:
    """A key that was never prepared is named in the error."""
    for work in (
        lambda c: Messages(c).sent("c1.0.0", 1, NOW),
        lambda c: Messages(c).renew("c1.0.0", 1, NOW),
        lambda c: Messages(c).prepared_at("c1.0.0"),
        lambda c: Messages(c).get("c1.0.0"),
    ):
        with pytest.raises(StorageError, match=r"c1\.0\.0"):
            await database.write(work)


async def test_a_key_fits_a_nonce(database: Database) -> None:
    """Keys are at most 25 characters: the longest row ids fit, a longer kind is refused."""
    message, _ = await prepare(database, "d", 2**63 - 1, 9)
    assert len(message.key) <= 25
    with pytest.raises(ValueError, match="25"):
        await prepare(database, "digest", 2**63 - 1, 9)


async def test_parts_and_kinds(database: Database) -> None:
    """The current attempts are told by row, in the order of their parts, and by kind."""
    second, _ = await prepare(database, "d", 1, 1)
    first, _ = await prepare(database, "d", 1, 0)
    other, _ = await prepare(database, "d", 300, 0)
    await prepare(database, "c", 1, 0)
    renewed = await database.write(lambda c: Messages(c).renew(second.key, CHANNEL, NOW))
    assert await database.read(lambda c: Messages(c).of_ref("d", 1)) == (first, renewed)
    found = await database.read(lambda c: Messages(c).of_kind("d", [1, 300, 7]))
    assert found == {1: first, 300: other}
    assert await database.read(lambda c: Messages(c).of_kind("d", [])) == {}


async def test_nothing_is_read_for_no_rows(database: Database) -> None:
    """All twenty thousand cards there ever were, whenever something was decided, took 300 ms."""
    asked: list[object] = []

    async def look(connection: AsyncConnection, refs: list[int]) -> int:
        raw = connection.sync_connection
        event.listen(raw, "before_cursor_execute", lambda *heard: asked.append(heard))
        await Messages(connection).of_kind("c", refs)
        return len(asked)

    assert await database.read(lambda c: look(c, [])) == 0
    assert await database.read(lambda c: look(c, [1])) == 1


async def test_cards_by_the_state_of_their_candidate(database: Database) -> None:
    """Only those that went out."""
    one, other = await queued(database), await queued(database, "arXiv:2")
    message, _ = await prepare(database, "c", one.id)
    await prepare(database, "c", other.id)
    await database.write(lambda c: Messages(c).sent(message.key, 5, NOW))
    (found,) = await database.read(lambda c: Messages(c).of_state("c", CandidateState.QUEUED))
    assert (found.ref, found.message_id) == (one.id, 5)
    assert await database.read(lambda c: Messages(c).of_state("c", CandidateState.POSTED)) == ()


async def test_cards_that_are_behind(database: Database) -> None:
    """A card that went out is behind until it shows the revision of its candidate."""
    candidate = await queued(database)
    message, _ = await prepare(database, "c", candidate.id)

    async def behind() -> list[str]:
        return [one.key for one in await database.read(lambda c: Messages(c).behind("c"))]

    assert await behind() == []
    await database.write(lambda c: Messages(c).sent(message.key, 99, NOW))
    assert await behind() == [message.key]
    await database.write(lambda c: Messages(c).show(message.key, 0))
    assert await behind() == []
    await change(database, candidate, CandidateState.QUEUED, CandidateState.POSTED)
    assert await behind() == [message.key]
    renewed = await database.write(lambda c: Messages(c).renew(message.key, CHANNEL, NOW))
    assert await behind() == []
    await database.write(lambda c: Messages(c).sent(renewed.key, 100, NOW))
    assert await behind() == [renewed.key]
    assert await database.read(lambda c: Candidates(c).get(candidate.id)) is not None
