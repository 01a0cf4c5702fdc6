"""The stand-in's REST side refuses what Discord refuses, and answers as Discord answers."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp
import pytest
import pytest_asyncio

from tests.wire.discord import Answer, DiscordStandIn
from tests.wire.discord.bare import BareClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.wire.discord.model import Channel, Guild, Message, User


@dataclass
class Lab:
    """A server with one channel and one person, and a client with the bot's token."""

    discord: DiscordStandIn
    client: BareClient
    guild: Guild
    channel: Channel
    ana: User

    @property
    def messages(self) -> str:
        return f"/channels/{self.channel.id}/messages"

    @property
    def commands(self) -> str:
        return f"/applications/{self.discord.backend.application_id}/commands"

    async def send(self, **body: Any) -> tuple[int, Any]:
        return await self.client.call("POST", self.messages, body)

    def refused_with(self) -> list[int]:
        """The codes of all violations so far, which are then forgotten."""
        codes = [violation.code for violation in self.discord.violations]
        self.discord.violations.clear()
        return codes


@pytest_asyncio.fixture
async def lab() -> AsyncIterator[Lab]:
    """A lab without rate limits, so that a test need not wait."""
    async with DiscordStandIn(rate_limits=False) as discord, BareClient(discord) as client:
        guild = discord.guild("Lab")
        channel = discord.channel(guild, "review")
        yield Lab(discord, client, guild, channel, discord.member(guild, "ana"))


def rows(count: int, each: int = 1, **button: Any) -> list[dict[str, Any]]:
    """Rows of `each` buttons."""

    def one(row: int, place: int) -> dict[str, Any]:
        return {"type": 2, "style": 1, "label": "x", "custom_id": f"{row}.{place}", **button}

    return [{"type": 1, "components": [one(r, p) for p in range(each)]} for r in range(count)]


def menu(options: int) -> list[dict[str, Any]]:
    """A row with one menu."""
    offered = [{"label": str(n), "value": str(n)} for n in range(options)]
    return [{"type": 1, "components": [{"type": 3, "custom_id": "m", "options": offered}]}]


def option(name: str, **more: Any) -> dict[str, Any]:
    """A text option of a command."""
    return {"type": 3, "name": name, "description": "d", **more}


def command(name: str = "a", **more: Any) -> dict[str, Any]:
    """A slash command."""
    return {"name": name, "description": "d", "type": 1, **more}


BAD_MESSAGES = {
    "content of 2001": {"content": "x" * 2001},
    "nothing": {"content": ""},
    "title of 257": {"embeds": [{"title": "x" * 257}]},
    "description of 4097": {"embeds": [{"description": "x" * 4097}]},
    "26 fields": {"embeds": [{"fields": [{"name": "a", "value": "b"}] * 26}]},
    "field of 1025": {"embeds": [{"fields": [{"name": "a", "value": "x" * 1025}]}]},
    "empty field": {"embeds": [{"fields": [{"name": "a", "value": " "}]}]},
    "footer of 2049": {"embeds": [{"footer": {"text": "x" * 2049}}]},
    "6001 in all": {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]},
    "11 embeds": {"embeds": [{"title": "x"}] * 11},
    "url that is none": {"embeds": [{"title": "x", "url": "not a url"}]},
    "6 rows": {"components": rows(6)},
    "6 buttons": {"components": rows(1, each=6)},
    "custom_id of 101": {"components": rows(1, custom_id="x" * 101)},
    "label of 81": {"components": rows(1, label="x" * 81)},
    "custom_id twice": {"components": rows(1, each=2, custom_id="same")},
    "26 choices": {"components": menu(26)},
    "no choices": {"components": menu(0)},
    "nonce of 26": {"content": "x", "nonce": "n" * 26},
}
BAD_COMMANDS = {
    "name of 33": [command("x" * 33)],
    "upper case": [command("ABC")],
    "a space": [command("a b")],
    "description of 101": [command(description="x" * 101)],
    "26 options": [command(options=[option(f"o{n}") for n in range(26)])],
    "twice": [command(), command()],
    "required last": [command(options=[option("a"), option("b", required=True)])],
    "choices and completion": [
        command(options=[option("a", autocomplete=True, choices=[{"name": "n", "value": "v"}])])
    ],
    "8001 characters": [
        command(
            options=[
                option(
                    f"o{n}", choices=[{"name": f"{m}" * 50, "value": "v" * 50} for m in range(9)]
                )
                for n in range(9)
            ]
        )
    ],
}


@pytest.mark.parametrize("body", BAD_MESSAGES.values(), ids=BAD_MESSAGES)
async def test_bad_message_is_refused(lab: Lab, body: dict[str, Any]) -> None:
    """A message over one of Discord's limits gets 50035, is not posted and is a violation."""
    status, answer = await lab.send(**body)
    assert (status, answer["code"]) == (400, 50035)
    assert lab.refused_with() == [50035]
    assert lab.discord.messages(lab.channel) == []


async def test_message_at_the_limits_is_posted(lab: Lab) -> None:
    """What just fits Discord's limits is accepted."""
    fields = [{"name": "n" * 20, "value": "v" * 100}] * 25
    embeds = [{"title": "t" * 256, "description": "d" * 2000, "fields": fields}]
    components = [*rows(4, each=5, label="l" * 80), *menu(25)]
    status, _ = await lab.send(content="x" * 2000, embeds=embeds, components=components)
    assert status == 200
    assert len(lab.discord.messages(lab.channel)) == 1


@pytest.mark.parametrize("body", BAD_COMMANDS.values(), ids=BAD_COMMANDS)
async def test_bad_command_is_refused(lab: Lab, body: list[dict[str, Any]]) -> None:
    """Commands that break Discord's rules for names, options and size get 50035."""
    status, answer = await lab.client.call("PUT", lab.commands, body)
    assert (status, answer["code"]) == (400, 50035)
    assert lab.refused_with() == [50035]


async def test_command_cap(lab: Lab) -> None:
    """The 101st command gets 30032; a hundred are kept, in a guild as well as everywhere."""
    hundred = [command(f"c{n}") for n in range(101)]
    assert (await lab.client.call("PUT", lab.commands, hundred))[1]["code"] == 30032
    assert lab.refused_with() == [30032]
    in_guild = lab.commands.replace("/commands", f"/guilds/{lab.guild.id}/commands")
    for place in (lab.commands, in_guild):
        assert (await lab.client.call("PUT", place, hundred[:100]))[0] == 200
        assert len((await lab.client.call("GET", place))[1]) == 100


async def test_unknown_route_and_parameter(lab: Lab) -> None:
    """What Discord has no route or query parameter for is refused and kept."""
    assert (await lab.client.call("GET", "/papers"))[0] in {404, 501}
    assert len(lab.refused_with()) == 1
    if not lab.discord.schema_checked:
        pytest.skip("openapi.json is not beside the project, so parameters are not checked")
    assert (await lab.client.call("GET", f"{lab.messages}?limit=101"))[0] == 400
    assert (await lab.client.call("GET", f"{lab.messages}?since=1"))[0] == 400
    assert lab.refused_with() == [50035, 50035]


async def test_violations_fail_the_test() -> None:
    """Leaving the stand-in after a refused request raises, unless its code is tolerated."""
    with pytest.raises(AssertionError, match="Unknown Channel"):
        async with DiscordStandIn() as discord, BareClient(discord) as client:
            await client.call("GET", "/channels/1234567890123")
    async with DiscordStandIn() as discord, BareClient(discord) as client:
        discord.tolerate(10003)
        await client.call("GET", "/channels/1234567890123")


async def test_wrong_token_and_wrong_agent(lab: Lab) -> None:
    """A wrong token gets 401; a client that does not say what it is gets 403."""
    async with BareClient(lab.discord, token="wrong") as stranger:
        assert (await stranger.call("GET", "/users/@me"))[0] == 401
    assert (await lab.client.call("GET", "/users/@me", headers={"User-Agent": "x"}))[0] == 403
    assert lab.refused_with() == [40333]


async def test_same_nonce_same_message(lab: Lab) -> None:
    """An enforced nonce answers the first message again, until Discord has forgotten it."""
    first = await lab.send(content="x", nonce="d1.0", enforce_nonce=True)
    again = await lab.send(content="other", nonce="d1.0", enforce_nonce=True)
    assert first == again
    lab.discord.rest.forget_nonces()
    later = await lab.send(content="x", nonce="d1.0", enforce_nonce=True)
    assert later[1]["id"] != first[1]["id"]
    assert len(lab.discord.messages(lab.channel)) == 2


async def test_reactions(lab: Lab) -> None:
    """A 21st emoji gets 30010, what is no emoji 10014; history says which are the bot's own."""
    message = await lab.discord.say(lab.ana, lab.channel, "hello")
    reactions = f"{lab.messages}/{message.id}/reactions"
    for emoji in ["✅", "❌", "💤", "🇩🇪", "1️⃣", *(chr(0x1F600 + n) for n in range(15))]:
        status, _ = await lab.client.call("PUT", f"{reactions}/{quote(emoji)}/@me")
        assert status == 204, emoji
    one_more = await lab.client.call("PUT", f"{reactions}/{quote('🔥')}/@me")
    assert one_more[1]["code"] == 30010
    assert (await lab.client.call("PUT", f"{reactions}/ok/@me"))[1]["code"] == 10014
    assert lab.refused_with() == [30010, 10014]
    shown = (await lab.client.call("GET", lab.messages))[1][0]["reactions"]
    assert len(shown) == 20
    assert all(reaction["me"] for reaction in shown)


async def test_reaction_users_come_in_pages(lab: Lab) -> None:
    """The users of a reaction come by id, 25 unless told, after the one named."""
    message = await lab.discord.say(lab.ana, lab.channel, "hello")
    people = [lab.discord.member(lab.guild, f"p{n}") for n in range(30)]
    for person in reversed(people):
        await lab.discord.react(person, message, "✅")
    place = f"{lab.messages}/{message.id}/reactions/{quote('✅')}"
    first = (await lab.client.call("GET", place))[1]
    rest = (await lab.client.call("GET", f"{place}?limit=100&after={first[-1]['id']}"))[1]
    assert [int(user["id"]) for user in first + rest] == [person.id for person in people]
    assert len(first) == 25


async def test_history_comes_in_pages(lab: Lab) -> None:
    """History is newest first, `limit` at a time, before or after a message."""
    sent = [(await lab.send(content=str(n)))[1]["id"] for n in range(5)]
    newest = (await lab.client.call("GET", f"{lab.messages}?limit=2"))[1]
    assert [message["id"] for message in newest] == [sent[4], sent[3]]
    before = (await lab.client.call("GET", f"{lab.messages}?before={sent[3]}&limit=2"))[1]
    assert [message["id"] for message in before] == [sent[2], sent[1]]
    after = (await lab.client.call("GET", f"{lab.messages}?after={sent[2]}"))[1]
    assert {message["id"] for message in after} == {sent[3], sent[4]}


async def test_permissions(lab: Lab) -> None:
    """Without a permission the bot is refused with Discord's code, which then is no violation."""
    message = (await lab.send(content="x"))[1]["id"]
    react = f"{lab.messages}/{message}/reactions/{quote('✅')}/@me"
    lab.discord.deny(lab.channel, "embed_links", "attach_files", "add_reactions")
    assert (await lab.send(embeds=[{"title": "x"}]))[1]["code"] == 50013
    assert (await lab.client.call("PUT", react))[1]["code"] == 50013
    lab.discord.deny(lab.channel, "send_messages", "read_message_history")
    assert (await lab.send(content="x"))[1]["code"] == 50013
    assert (await lab.client.call("GET", lab.messages)) == (200, [])
    lab.discord.deny(lab.channel, "view_channel")
    assert (await lab.client.call("GET", f"/channels/{lab.channel.id}"))[1]["code"] == 50001
    lab.discord.allow(lab.channel)
    assert (await lab.send(embeds=[{"title": "x"}]))[0] == 200


async def test_editing(lab: Lab) -> None:
    """The bot edits its own messages and nobody else's (50005)."""
    own = (await lab.send(content="x"))[1]["id"]
    other = (await lab.discord.say(lab.ana, lab.channel, "mine")).id
    assert (await lab.client.call("PATCH", f"{lab.messages}/{own}", {"content": "y"}))[0] == 200
    assert lab.discord.messages(lab.channel)[0].content == "y"
    refused = await lab.client.call("PATCH", f"{lab.messages}/{other}", {"content": "y"})
    assert refused[1]["code"] == 50005
    assert lab.refused_with() == [50005]


async def test_attachment(lab: Lab) -> None:
    """An uploaded file arrives with its bytes; more than 10 MiB is refused with 40005."""
    for size, code in ((1000, None), (10 * 2**20 + 1, 40005)):
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", '{"attachments": [{"id": "0", "filename": "list.md"}]}')
        form.add_field("files[0]", io.BytesIO(b"x" * size), filename="list.md")
        _, answer = await lab.client.call("POST", lab.messages, data=form)
        assert answer.get("code") == code
    (message,) = lab.discord.messages(lab.channel)
    assert lab.discord.file(message, "list.md") == b"x" * 1000
    assert lab.refused_with() == [40005]


async def test_direct_messages(lab: Lab) -> None:
    """A channel is opened for a person, once, and takes messages until the person closes it."""
    body = {"recipient_id": str(lab.ana.id)}
    first = (await lab.client.call("POST", "/users/@me/channels", body))[1]
    again = (await lab.client.call("POST", "/users/@me/channels", body))[1]
    assert (first["id"], first["type"]) == (again["id"], 1)
    place = f"/channels/{first['id']}/messages"
    sent = (await lab.client.call("POST", place, {"content": "x", "nonce": "o1"}))[1]
    assert [one["id"] for one in (await lab.client.call("GET", place))[1]] == [sent["id"]]
    for code in (50007, 50278):
        lab.discord.close_direct_messages(lab.ana, code)
        refused = await lab.client.call("POST", place, {"content": "x"})
        assert (refused[0], refused[1]["code"]) == (403, code)
    assert (await lab.client.call("GET", place))[0] == 200
    lab.discord.open_direct_messages(lab.ana)
    assert (await lab.client.call("POST", place, {"content": "x"}))[0] == 200
    assert lab.refused_with() == []


async def test_super_reactions(lab: Lab) -> None:
    """They are counted apart and listed apart."""
    ben = lab.discord.member(lab.guild, "ben")
    message = await lab.discord.say(lab.ana, lab.channel, "hello")
    await lab.discord.react(lab.ana, message, "✅")
    await lab.discord.react(ben, message, "✅", burst=True)
    (shown,) = (await lab.client.call("GET", lab.messages))[1][0]["reactions"]
    assert (shown["count"], shown["count_details"]) == (2, {"normal": 1, "burst": 1})
    place = f"{lab.messages}/{message.id}/reactions/{quote('✅')}"
    for kind, person in ((0, lab.ana), (1, ben)):
        (user,) = (await lab.client.call("GET", f"{place}?type={kind}"))[1]
        assert user["id"] == str(person.id)


async def answer_to(lab: Lab, answer: Answer, body: dict[str, Any]) -> tuple[int, Any]:
    """Answer an interaction as the application."""
    record = answer.interaction
    return await lab.client.call("POST", f"/interactions/{record.id}/{record.token}/callback", body)


async def private_message(lab: Lab) -> tuple[Answer, Message]:
    """A command answered privately with a button."""
    await lab.client.call("PUT", lab.commands, [command("a")])
    asked = lab.discord.begin_slash(lab.ana, lab.channel, "a")
    data = {"content": "private", "flags": 64, "components": rows(1)}
    assert (await answer_to(lab, asked, {"type": 4, "data": data}))[0] == 204
    assert asked.message is not None
    return asked, asked.message


@pytest.mark.parametrize("kind", [6, 7])
async def test_only_what_was_pressed_can_be_updated(lab: Lab, kind: int) -> None:
    """A slash command has no message that could be updated, at once or later: 50035."""
    await lab.client.call("PUT", lab.commands, [command("a")])
    asked = lab.discord.begin_slash(lab.ana, lab.channel, "a")
    status, answer = await answer_to(lab, asked, {"type": kind, "data": {"content": "x"}})
    assert (status, answer["code"]) == (400, 50035)
    assert lab.refused_with() == [50035]


async def test_a_pressed_message_is_updated_once(lab: Lab) -> None:
    """7 replaces it, private as it is; a second answer gets 40060; 6 changes nothing yet."""
    _, message = await private_message(lab)
    pressed = lab.discord.begin_click(lab.ana, message, "0.0")
    new = {"type": 7, "data": {"content": "new", "components": rows(1)}}
    assert (await answer_to(lab, pressed, new))[0] == 204
    assert (pressed.content, pressed.ephemeral) == ("new", True)
    assert (await answer_to(lab, pressed, {"type": 6}))[1]["code"] == 40060
    again = lab.discord.begin_click(lab.ana, message, "0.0")
    assert (await answer_to(lab, again, {"type": 6}))[0] == 204
    assert again.content == "new"
    application, token = lab.discord.backend.application_id, again.interaction.token
    original = f"/webhooks/{application}/{token}/messages/@original"
    assert (await lab.client.call("PATCH", original, {"content": "later"}))[0] == 200
    assert (again.content, again.message) == ("later", pressed.message)
    assert lab.refused_with() == [40060]


async def test_an_update_is_held_to_the_limits(lab: Lab) -> None:
    """What could not be posted cannot be put in a message's place either."""
    _, message = await private_message(lab)
    for data in ({"content": "x" * 2001}, {"components": rows(6)}, {"components": rows(1, 6)}):
        pressed = lab.discord.begin_click(lab.ana, message, "0.0")
        assert (await answer_to(lab, pressed, {"type": 7, "data": data}))[1]["code"] == 50035
    assert lab.refused_with() == [50035] * 3


async def test_private_messages_are_out_of_the_channels_reach(lab: Lab) -> None:
    """They are neither in its history nor read, edited, deleted or reacted to there: 10008."""
    _, message = await private_message(lab)
    place = f"{lab.messages}/{message.id}"
    assert (await lab.client.call("GET", lab.messages))[1] == []
    react = f"{place}/reactions/{quote('✅')}/@me"
    for method, path, body in (
        ("GET", place, None),
        ("PATCH", place, {"content": "y"}),
        ("DELETE", place, None),
        ("PUT", react, None),
    ):
        assert (await lab.client.call(method, path, body))[1]["code"] == 10008
    assert lab.refused_with() == [10008] * 4


async def test_thread(lab: Lab) -> None:
    """A message gets one thread; a second one is refused with 160004."""
    message = (await lab.send(content="x"))[1]["id"]
    place = f"{lab.messages}/{message}/threads"
    assert (await lab.client.call("POST", place, {"name": "talk"}))[0] == 200
    assert (await lab.client.call("POST", place, {"name": "talk"}))[1]["code"] == 160004
    assert lab.refused_with() == [160004]


@pytest.mark.parametrize("how", [500, 503, "drop"])
@pytest.mark.parametrize("after_effect", [False, True])
async def test_fault(lab: Lab, how: Any, after_effect: bool) -> None:
    """The next matching request fails, before or after its effect; the one after it does not."""
    lab.discord.fail("POST", "/messages", how, after_effect=after_effect)
    if how == "drop":
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await lab.send(content="lost")
    else:
        assert (await lab.send(content="lost"))[0] == how
    assert len(lab.discord.messages(lab.channel)) == int(after_effect)
    assert lab.discord.requests[-1].fault
    assert (await lab.send(content="arrives"))[0] == 200
    assert lab.discord.rest.faults.waiting == 0


async def test_late_answer(lab: Lab) -> None:
    """A delayed request takes effect at once and is answered later."""
    lab.discord.delay("POST", "/messages", 0.2)
    began = time.monotonic()
    assert (await lab.send(content="x"))[0] == 200
    assert time.monotonic() - began >= 0.2


async def test_rate_limits() -> None:
    """A channel takes 5 messages in 5 s; the sixth gets a 429 with all discord.py reads."""
    async with DiscordStandIn() as discord, BareClient(discord) as client:
        channel = discord.channel(discord.guild("Lab"), "review")
        place = f"{discord.api_url}/channels/{channel.id}/messages"
        remaining = []
        for _ in range(5):
            async with client.session.post(place, json={"content": "x"}) as response:
                remaining.append(response.headers["X-RateLimit-Remaining"])
                assert response.headers["Content-Type"] == "application/json"
        assert remaining == ["4", "3", "2", "1", "0"]
        async with client.session.post(place, json={"content": "x"}) as response:
            assert response.status == 429
            assert {"Via", "Retry-After", "X-RateLimit-Scope"} <= response.headers.keys()
            assert 0 < (await response.json())["retry_after"] <= 5
        elsewhere = discord.channel(discord.guild("Other"), "review")
        other = await client.call("POST", f"/channels/{elsewhere.id}/messages", {"content": "x"})
        assert other[0] == 200


async def test_guild_over_rest_has_no_members(lab: Lab) -> None:
    """GET /guilds/{id} tells neither channels nor members, as they come over the gateway."""
    _, guild = await lab.client.call("GET", f"/guilds/{lab.guild.id}")
    assert guild["name"] == "Lab"
    assert not {"members", "channels"} & guild.keys()
    listed = await lab.client.call("GET", f"/guilds/{lab.guild.id}/members?limit=10")
    assert listed[1]["code"] == 50001
    assert lab.refused_with() == [50001]


async def test_answers_fit_the_description(lab: Lab) -> None:
    """What the stand-in answers is valid against openapi.json, on every route the bot uses."""
    schema = lab.discord.rest.schema
    if schema is None:
        pytest.skip("openapi.json is not beside the project")
    message = await lab.discord.say(lab.ana, lab.channel, "hello")
    await lab.discord.react(lab.ana, message, "✅")
    guild, one = f"/guilds/{lab.guild.id}", f"{lab.messages}/{message.id}"
    options = [option("query", required=True)]
    await lab.send(content="x", embeds=[{"title": "t"}], components=rows(1), nonce="d1")
    await lab.client.call("POST", "/users/@me/channels", {"recipient_id": str(lab.ana.id)})
    await lab.client.call("PUT", lab.commands, [command(options=options)])
    for path in (
        *("/gateway", "/gateway/bot", "/users/@me", "/users/@me/guilds", f"/users/{lab.ana.id}"),
        *("/applications/@me", "/oauth2/applications/@me", lab.commands),
        *(guild, f"{guild}/channels", f"{guild}/roles", f"{guild}/members/{lab.ana.id}"),
        *(f"/channels/{lab.channel.id}", lab.messages, one),
        f"{one}/reactions/{quote('✅')}?limit=100",
    ):
        await lab.client.call("GET", path)
    for request in lab.discord.requests:
        assert request.status == 200
        told = schema.answer_problems(request.method, request.path, 200, request.answer)
        assert told == [], request.path
