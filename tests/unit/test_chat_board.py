"""Cards and digests in real channels of the stand-in: sent once, found again, read, edited."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.chat.board import DiscordAnnouncer, DiscordBoard
from bot.domain.cards import Card, Decision, DigestItem, DigestPost, Votes
from bot.services.ports import Unreachable
from storage.models import Action, CandidateState, Link, Origin
from tests.unit.chat_face import serving

CARD = Card(
    candidate=17,
    title="Source2Synth: **Synthetic** Data",
    url="https://arxiv.org/abs/2409.08239",
    authors="Lupidi, Gemmell et al.",
    published=date(2024, 9, 12),
    categories=("cs.CL",),
    contribution="We propose.",
    section="Research Papers",
    like=(),
    why=("synthetic data",),
    strength="strong match",
    origin=Origin.HARVEST,
    duplicate="",
    state=CandidateState.POSTED,
    sections=("Research Papers",),
)
POST = DigestPost(
    day=date(2024, 9, 17),
    sections=(("Research", (DigestItem("A title", "https://arxiv.org/abs/1", "Ana"),)),),
    complete_through=None,
    waiting=4,
)
KEY = "c17.0.0"


@pytest.fixture
def channel(discord, guild):
    """A text channel of it."""
    return discord.channel(guild, "review")


def since() -> datetime:
    """Before anything in the test was sent."""
    return datetime.now(UTC) - timedelta(minutes=1)


async def test_a_card_carries_its_key_as_nonce_and_in_the_message(discord, guild, channel):
    """The key is the nonce, stands in the first button, and finds the message again."""
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        message_id = await board.post(channel.id, CARD, KEY)
        sent = discord.sent("POST", "/messages")[-1].json
        assert sent["nonce"] == KEY
        assert sent["enforce_nonce"] is True
        assert sent["allowed_mentions"]["parse"] == []
        assert await board.find(channel.id, KEY, since()) == message_id
        assert await board.find(channel.id, "c17.0.1", since()) is None


async def test_the_same_key_sent_twice_is_one_message(discord, guild, channel):
    """Discord answers a nonce it has just seen with the first message."""
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        first = await board.post(channel.id, CARD, KEY)
        assert await board.post(channel.id, CARD, KEY) == first
    assert len(discord.messages(channel)) == 1


async def test_a_digest_carries_its_key_in_the_footer(discord, guild, channel):
    """A digest has no buttons; it is found again by its footer, other people's messages are not."""
    async with serving(discord, guild.id) as face:
        announcer = DiscordAnnouncer(face.client)
        await discord.say(discord.member(guild, "ana"), channel, "d4.0.0")
        message_id = await announcer.post(channel.id, POST, "d4.0.0")
        assert await announcer.find(channel.id, "d4.0.0", since()) == message_id
    assert discord.messages(channel)[-1].embeds[0]["footer"]["text"] == "4 waiting · d4.0.0"


async def test_a_key_is_found_behind_many_messages(discord, guild, channel):
    """The history is read page by page."""
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        ana = discord.member(guild, "ana")
        for number in range(120):
            await discord.say(ana, channel, f"{number}")
        message_id = await board.post(channel.id, CARD, KEY)
        assert await board.find(channel.id, KEY, since()) == message_id


async def test_only_missing_reactions_are_seeded(discord, guild, channel):
    """A second pass after a crash adds what the first one did not reach."""
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        message_id = await board.post(channel.id, CARD, KEY)
        await face.client.get_channel(channel.id).get_partial_message(message_id).add_reaction("✅")
        await board.seed(channel.id, message_id)
        await board.seed(channel.id, message_id)
        assert len(discord.sent("PUT", "/reactions/")) == 3
    assert [r.emoji for r in discord.messages(channel)[0].reactions] == ["✅", "❌", "💤"]


async def test_a_decided_card_collapses_and_keeps_its_key(discord, guild, channel):
    """Two lines are left, and the card is still found."""
    decision = Decision(Action.APPROVE, "Ana", datetime(2024, 9, 12, tzinfo=UTC), "Research", "")
    decided = dataclasses.replace(CARD, state=CandidateState.APPROVED, decision=decision)
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        message_id = await board.post(channel.id, CARD, KEY)
        await board.update(channel.id, message_id, decided, KEY)
        message = discord.messages(channel)[0]
        assert "Ana · 00:00 UTC" in message.embeds[0]["description"]
        assert await board.find(channel.id, KEY, since()) == message_id


NASTY = "**[x](https://evil.example)** @everyone <@1> ||`\u202e\u0000 🧑‍🚀 \n# " * 400
FULL = dataclasses.replace(
    CARD,
    candidate=2**31 - 1,
    title=NASTY,
    url="https://arxiv.org/abs/" + "1" * 1900,
    authors=NASTY,
    categories=(NASTY,) * 20,
    contribution=NASTY,
    section=NASTY,
    like=(NASTY,) * 20,
    why=(NASTY,) * 20,
    strength=NASTY,
    duplicate=NASTY,
    sections=(NASTY,) * 40,
    resources=(Link(NASTY, "https://example.org/" + "x" * 1900),) * 4,
    asked_by=(NASTY,) * 10,
    votes=Votes((NASTY,) * 5, (NASTY,) * 5, 7),
    why_withdrawn=NASTY,
)


@pytest.mark.parametrize("state", CandidateState)
async def test_a_card_that_is_full_of_hostile_text_is_taken_and_pings_nobody(
    discord, guild, channel, state
):
    """Open, decided or withdrawn: sent and edited within every limit, and found by its key."""
    moment = datetime(2024, 9, 12, tzinfo=UTC)
    actions = {CandidateState.APPROVED: Action.APPROVE, CandidateState.SNOOZED: Action.SNOOZE}
    action = actions.get(state, Action.REJECT)
    decision = Decision(action, NASTY, moment, NASTY, NASTY, public_at=moment, until=moment)
    decided = None if state is CandidateState.POSTED else decision
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        message_id = await board.post(channel.id, FULL, KEY)
        card = dataclasses.replace(FULL, state=state, decision=decided)
        await board.update(channel.id, message_id, card, KEY)
        assert await board.find(channel.id, KEY, since()) == message_id
    [message] = discord.messages(channel)
    assert (message.ping_user_ids, message.mention_everyone) == ([], False)


async def test_missed_reactions_are_read_with_the_roles_held_now(discord, guild, channel):
    """Bots, the bot itself and other emoji are left out; roles are the current ones."""
    role = discord.role(guild, "maintainer")
    ana, ben = discord.member(guild, "ana", roles=[role]), discord.member(guild, "ben")
    robot = discord.member(guild, "robot", bot=True)
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        message_id = await board.post(channel.id, CARD, KEY)
        await board.seed(channel.id, message_id)
        message = discord.messages(channel)[0]
        for person, emoji in ((ana, "✅"), (ben, "❌"), (robot, "✅"), (ana, "🎉")):
            await discord.react(person, message, emoji)
        discord.take_role(guild, ana, role)
        discord.give_role(guild, ben, role)
        read = await board.reactions(channel.id, [message_id])
    found = {reaction.member.id: reaction for reaction in read[message_id]}
    assert set(found) == {ana.id, ben.id}
    assert found[ana.id].emoji == "✅"
    assert role.id not in found[ana.id].member.roles
    assert role.id in found[ben.id].member.roles


async def test_numbers_and_super_reactions_count_as_votes(discord, guild, channel):
    """1️⃣ to 9️⃣ are read like ✅, and a super reaction like any other; 🔟 and 0️⃣ are not."""
    ana, ben = discord.member(guild, "ana"), discord.member(guild, "ben")
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        message_id = await board.post(channel.id, CARD, KEY)
        message = discord.messages(channel)[0]
        await discord.react(ana, message, "2️⃣")
        await discord.react(ben, message, "2️⃣", burst=True)
        await discord.react(ben, message, "❌", burst=True)
        for emoji in ("🔟", "0️⃣"):
            await discord.react(ana, message, emoji)
        read = await board.reactions(channel.id, [message_id])
    found = {(reaction.member.id, reaction.emoji) for reaction in read[message_id]}
    assert found == {(ana.id, "2️⃣"), (ben.id, "2️⃣"), (ben.id, "❌")}


async def test_a_member_is_read_as_they_are_now(discord, guild, channel):
    """With the roles held at this moment; who has left or was never there is None."""
    role = discord.role(guild, "maintainer")
    ana = discord.member(guild, "ana", roles=[role])
    discord.tolerate(10007, 10013)
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        assert role.id in (await board.member(channel.id, ana.id)).roles
        discord.take_role(guild, ana, role)
        now = await board.member(channel.id, ana.id)
        assert (now.id, now.name, role.id in now.roles) == (ana.id, "ana", False)
        assert await board.member(channel.id, 1234567890123456789) is None


async def test_a_card_stands_until_it_is_deleted(discord, guild, channel):
    """A deleted card does not stand; whether one does that cannot be read is not known."""
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        message_id = await board.post(channel.id, CARD, KEY)
        assert await board.stands(channel.id, message_id)
        discord.deny(channel, "read_message_history")
        with pytest.raises(Unreachable, match="Read Message History"):
            await board.stands(channel.id, message_id)
        discord.allow(channel)
        discord.delete_message(discord.messages(channel)[0])
        assert not await board.stands(channel.id, message_id)
        discord.delete_channel(channel)
        with pytest.raises(Unreachable):
            await board.stands(channel.id, message_id)


async def test_many_cards_are_read_in_pages_not_one_by_one(discord, guild, channel):
    """Cards apart by more than a page take two requests, whatever stands between them."""
    ana = discord.member(guild, "ana")
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        cards = [await board.post(channel.id, CARD, f"c{number}.0.0") for number in range(3)]
        for number in range(130):
            await discord.say(ana, channel, f"{number}")
        cards.append(await board.post(channel.id, CARD, "c3.0.0"))
        discord.delete_message(discord.messages(channel)[1])
        await discord.react(ana, discord.messages(channel)[0], "✅")
        before = len(discord.requests)
        found = await board.reactions(channel.id, cards)
        asked = [request.path for request in discord.requests[before:]]
    assert set(found) == {cards[0], cards[2], cards[3]}
    assert [reaction.member.id for reaction in found[cards[0]]] == [ana.id]
    assert len(asked) == 4, asked  # two pages, who reacted, and the member


async def test_a_clock_that_is_ahead_does_not_hide_a_card(discord, guild, channel):
    """What is looked for is found although it should be younger than Discord says it is."""
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        message_id = await board.post(channel.id, CARD, KEY)
        assert await board.find(channel.id, KEY, since() + timedelta(days=400)) == message_id


async def test_a_lost_answer_is_ambiguous(discord, guild, channel):
    """After a 503 or a dropped connection nobody knows; the history does."""
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        for how in (503, "drop"):
            key = f"c18.0.{len(discord.messages(channel))}"
            discord.fail("POST", "/messages", how, after_effect=True)
            with pytest.raises(Unreachable) as caught:
                await board.post(channel.id, CARD, key)
            assert caught.value.ambiguous
            assert await board.find(channel.id, key, since()) is not None


async def test_a_missing_permission_is_named_and_not_ambiguous(discord, guild, channel):
    """Nothing was sent, and the text says which channel and which permission."""
    discord.tolerate(50013)
    async with serving(discord, guild.id) as face:
        discord.deny(channel, "send_messages")
        with pytest.raises(Unreachable, match=r"#review.*missing: Send Messages") as caught:
            await DiscordBoard(face.client).post(channel.id, CARD, KEY)
        assert not caught.value.ambiguous


async def test_an_unreadable_history_is_not_an_empty_one(discord, guild, channel):
    """Without Read Message History the key counts as unknown, never as absent."""
    async with serving(discord, guild.id) as face:
        discord.deny(channel, "read_message_history")
        await discord.until(
            lambda: (
                not face.client.get_channel(channel.id)
                .permissions_for(face.client.get_guild(guild.id).me)
                .read_message_history
            )
        )
        with pytest.raises(Unreachable, match="Read Message History"):
            await DiscordBoard(face.client).find(channel.id, KEY, since())


async def test_a_deleted_card_is_gone(discord, guild, channel):
    """A card somebody deleted is told apart from a channel that cannot be reached."""
    discord.tolerate(10008, 10003)
    async with serving(discord, guild.id) as face:
        board = DiscordBoard(face.client)
        message_id = await board.post(channel.id, CARD, KEY)
        discord.delete_message(discord.messages(channel)[0])
        assert await board.reactions(channel.id, [message_id]) == {}
        with pytest.raises(Unreachable) as caught:
            await board.seed(channel.id, message_id)
        assert caught.value.gone
        with pytest.raises(Unreachable) as elsewhere:
            await board.post(1234567890123456789, CARD, "c17.0.1")
        assert not elsewhere.value.gone


async def test_after_the_stop_everything_is_unreachable(discord, guild, channel):
    """A job that comes late gets a clear answer instead of a closed session."""
    async with serving(discord, guild.id) as face:
        pass
    with pytest.raises(Unreachable, match="not connected"):
        await DiscordBoard(face.client).post(channel.id, CARD, KEY)
