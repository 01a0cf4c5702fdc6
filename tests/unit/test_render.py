"""Every limit of Discord at its edge, and hostile text in every place."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.custom_ids import decode
from bot.chat.markdown import line_markdown, markdown
from bot.chat.render import embed, file, key_of, view
from bot.chat.text import cut, width
from bot.commands.reply import Attachment, Button, Choice, Line, Menu, Reply, Span, Style, say, text
from tests.wire.discord import DiscordStandIn
from tests.wire.discord.bare import BareClient

HOSTILE = r"](https://evil.example) **b** ||s|| `c` <@1> @everyone https://x.org # - \ :smile:"

MOMENT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
SHOWN = f"<t:{int(MOMENT.timestamp())}:R>"

spans = st.builds(
    Span,
    st.text(alphabet="ab []()*\\:https/🧑‍🚀\u0301ש\u202e\n", max_size=200),
    st.sampled_from(["", "https://a.org/x", "https://a.org/(y)", "javascript:x"]),
    st.booleans(),
    st.sampled_from([None, None, None, MOMENT]),
)
buttons = st.lists(
    st.builds(
        Button,
        st.text(max_size=100),
        st.sampled_from(["more", "undo", "share"]),
        st.text(alphabet="0:19.c", max_size=110),
        st.sampled_from(Style),
        st.booleans(),
    ),
    max_size=40,
).map(tuple)
menus = st.none() | st.builds(
    Menu,
    st.text(max_size=200),
    st.sampled_from(["section", "undo"]),
    st.sampled_from(["17", "1" * 100]),
    st.lists(st.builds(Choice, st.text(max_size=120), st.text(max_size=120)), max_size=30).map(
        tuple
    ),
)
lines = st.lists(
    st.builds(Line, st.lists(spans, max_size=4).map(tuple), st.booleans()), max_size=30
)


@pytest.fixture
async def discord_server():
    """A strict server, a channel of it, and a client that sends what it is told to."""
    async with DiscordStandIn() as server, BareClient(server) as client:
        yield server, server.channel(server.guild("Home"), "papers"), client


def controls(made: discord.ui.View) -> list[dict]:
    """Buttons and menus as they are sent."""
    return [control for row in made.to_components() for control in row["components"]]


@settings(deadline=None)  # the machine may be busy
@given(lines, st.text(max_size=3000), st.text(max_size=400))
def test_an_embed_is_always_within_the_limits(many, footer, title):
    """Title 256, description 4096, footer 2048, 6000 in all, whatever comes."""
    made = embed(Reply(title=title, lines=tuple(many), footer=footer), key="c1.0.0")
    parts = (made.title or "", made.description or "", made.footer.text or "")
    assert all(map(int.__le__, map(width, parts), (256, 4096, 2048)))
    assert sum(map(width, parts)) <= 6000


@settings(deadline=None)  # the machine may be busy
@given(lines, st.integers(2, 300))
def test_a_cut_leaves_every_link_whole(many, room):
    """A line that is cut ends in an ellipsis, and no link loses its end."""
    made = markdown(many, room)
    assert width(made) <= room
    live = re.sub(r"\\[^0-9A-Za-z\s]", "", made)
    assert live.count("<") == live.count(SHOWN)
    assert live.count("[") == len(re.findall(r"\]\(https://a\.org/[^\s()]*\)", live))


def test_full_parts_share_the_six_thousand():
    """The description gives way to title and footer."""
    made = embed(Reply(title="t" * 300, lines=(text("d" * 9000),), footer="f" * 3000))
    assert len(made.title) == 256
    assert len(made.footer.text) == 2048
    assert len(made) == 6000 - len("\n…")
    assert made.description.endswith("d…")


def test_a_description_of_just_the_limit_is_whole():
    """4096 characters are shown, 4097 are cut."""
    assert embed(say("x" * 4096)).description == "x" * 4096
    cut = embed(say("x" * 4097)).description
    assert len(cut) <= 4096
    assert cut.endswith("…")


def test_hostile_text_is_inert_everywhere():
    """Title, line, quotation, link text: shown as typed; a footer is plain text to Discord."""
    made = embed(
        Reply(
            title=HOSTILE,
            url="https://arxiv.org/abs/1",
            lines=(text(HOSTILE), text(HOSTILE, quote=True), text(Span(HOSTILE, "https://a.org"))),
            footer=HOSTILE,
        )
    )
    for escaped in (made.title, *made.description.split("\n")[:2]):
        inert = re.sub(r"\\[^0-9A-Za-z\s]", "", escaped).removeprefix("> ")
        assert not re.search(r"[\\*_~|`\[\]<@]|https?://|:\w+:", inert)
    assert made.description.count("](") == 3
    assert made.description.endswith("](https://a.org)")
    assert made.footer.text == HOSTILE


@pytest.mark.parametrize("start", ["# h", "> q", ">>> q", "- l", "+ l", "-# s", "1. l", "12) l"])
def test_no_line_starts_a_block(start):
    """A title that begins like a heading, list or quotation is shown as it is."""
    assert re.sub(r"\\(.)", r"\1", line_markdown(text(start))) == start
    assert re.match(r"\\|\d+\\", line_markdown(text(start)))


def test_a_text_of_a_megabyte_is_cut_like_any_other():
    """What is far beyond the room is not even read; lines that fit before it are whole."""
    began = time.process_time()
    made = markdown((text("first"), text("abc* " * 400_000), text("never")), 4096)
    assert time.process_time() - began < 0.5
    assert width(made) <= 4096
    assert made.startswith("first\nabc\\* abc")
    assert made.endswith("…")


def test_lines_that_just_fit_are_all_there():
    """The last line is shown whole where it fills the room, and cut where it is one too long."""
    lines = [text("a" * 10), text(""), text("b" * 10), text("c" * 10)]
    assert markdown(lines, 32) == "\n".join(letter * 10 for letter in "abc")
    assert markdown(lines, 31) == f"{'a' * 10}\n{'b' * 10}\n{'c' * 6}…"


def test_lines_keep_their_shape():
    """Bold runs join, quotations are set off, empty lines vanish, a newline does not add a line."""
    bold = Line((Span("a", bold=True), Span("b", "https://a.org", bold=True), Span(" c")))
    assert line_markdown(bold) == "**a[b](https://a.org)** c"
    assert line_markdown(text("x\ny", quote=True)) == "> x y"
    assert markdown((text(""), text("a"), Line(()), text("b")), 100) == "a\nb"


def test_a_moment_is_shown_in_the_readers_own_time():
    """Neither escaped nor a link, inside bold too, and alone it is something to say."""
    soon = Span("in 3 min *", "https://a.org", at=MOMENT)
    assert line_markdown(text("public ", soon)) == f"public {SHOWN}"
    bold = Line((Span("back ", bold=True), Span("x", bold=True, at=MOMENT)))
    assert line_markdown(bold) == f"**back {SHOWN}**"
    assert line_markdown(Line((Span("", at=MOMENT),))) == SHOWN


@pytest.mark.parametrize("room", range(2, 60))
def test_a_moment_is_whole_or_not_there(room):
    """No cut falls into it, and what is left out behind it leaves an ellipsis."""
    line = text("public ", Span("soon", at=MOMENT), " and then some more words")
    made = markdown((line,), room)
    assert width(made) <= room
    assert SHOWN in made or "<" not in made
    assert made.endswith(("…", "words"))


def test_an_unsafe_link_is_plain_text():
    """Only web addresses become links."""
    assert line_markdown(text(Span("x", "javascript:alert(1)"))) == "x"
    assert embed(Reply(title="t", url="ftp://a.org")).url is None


def test_a_key_stands_in_the_first_button_else_in_the_footer():
    """With a button the footer stays clean; without one the key ends it."""
    reply = Reply(lines=(text("x"),), footer="4 waiting", buttons=(Button("More", "more", "17"),))
    assert controls(view(reply, key="c17.0.0"))[0]["custom_id"] == "more:17:c17.0.0"
    assert embed(reply, key="c17.0.0").footer.text == "4 waiting"
    bare = Reply(footer="f" * 2048)
    assert embed(bare, key="d4.0.0").footer.text.endswith("… · d4.0.0")
    assert len(embed(bare, key="d4.0.0").footer.text) == 2048
    assert embed(say("x"), key="d4.0.0").footer.text == "d4.0.0"


def test_a_button_that_cannot_be_sent_leaves_the_key_to_the_next_place():
    """An argument too long for a custom_id costs the button, never the key."""
    reply = Reply(lines=(text("x"),), buttons=(Button("Show", "show", "url:" + "x" * 100),))
    assert view(reply, key="c17.0.0") is None
    assert embed(reply, key="c17.0.0").footer.text == "c17.0.0"


def test_a_view_is_within_the_limits():
    """20 buttons beside one menu of 25 options, labels 80, placeholder 150, all ids different."""
    buttons = tuple(Button("l" * 90, "more", str(number)) for number in range(30))
    choices = tuple(Choice("o" * 120, f"v{number}") for number in range(40))
    menu = Menu("p" * 200, "section", "17", choices)
    made = view(Reply(buttons=(buttons[0], *buttons), menu=menu, shareable=True))
    rows = made.to_components()
    found = controls(made)
    assert len(rows) == 5
    assert len(rows[-1]["components"][0]["options"]) == 25
    assert len({control["custom_id"] for control in found}) == len(found)
    assert all(len(control.get("label", "")) <= 80 for control in found)
    assert len(found[-1]["placeholder"]) == 150
    assert found[-2]["custom_id"] == "share:"
    assert all(len(option["label"]) == 100 for option in found[-1]["options"])


def test_a_long_menu_becomes_several():
    """60 sections are three menus that say which they hold, and carry the same back."""
    choices = tuple(Choice(f"Section {number}", f"v{number}") for number in range(1, 61))
    made = view(Reply(menu=Menu("Move to…", "move", "17", choices)), key="c17.0.0")
    menus = controls(made)
    assert [len(one["options"]) for one in menus] == [25, 25, 10]
    assert [one["placeholder"] for one in menus] == [
        "Move to… (1–25)",
        "Move to… (26–50)",
        "Move to… (51–60)",
    ]
    carried = [decode(one["custom_id"]) for one in menus]
    assert {(one.action, one.argument) for one in carried} == {("move", "17")}
    assert carried[0].key == "c17.0.0"
    many = tuple(Choice(f"Section {number}", f"v{number}") for number in range(200))
    buttons = (Button("Undo", "undo", "17"), Button("More", "more", "17", row=True))
    rows = view(Reply(buttons=buttons, menu=Menu("m", "move", "17", many))).to_components()
    assert [len(row["components"]) for row in rows] == [1, 1, 1, 1, 1]


@settings(deadline=None)  # the machine may be busy
@given(buttons, menus, st.booleans(), st.sampled_from(["", "c17.0.0"]))
def test_whatever_is_asked_for_discord_takes_the_components(wanted, menu, shareable, key):
    """Five rows of five, ids of 1 to 100, each once, named; the menu last, the key on the first."""
    made = view(Reply(buttons=wanted, menu=menu, shareable=shareable), key=key)
    rows = made.to_components() if made else []
    found = controls(made) if made else []
    ids = [control["custom_id"] for control in found]
    assert len(rows) <= 5
    assert all(1 <= len(row["components"]) <= 5 for row in rows)
    assert all(1 <= width(custom_id) <= 100 for custom_id in ids)
    assert len(set(ids)) == len(ids)
    assert all(1 <= width(control["label"]) <= 80 for control in found if control["type"] == 2)
    assert all(control["type"] == 2 for control in found[:-1])
    assert [custom_id for custom_id in ids if key and custom_id.endswith(key)] == ids[: bool(key)]


def test_buttons_have_the_colour_of_what_they_say():
    """Green for yes, red for no, grey for all else."""
    made = view(
        Reply(
            buttons=(
                Button("Approve", "approve", style=Style.GOOD),
                Button("Reject", "reject", style=Style.BAD),
                Button("Later", "later"),
            )
        )
    )
    assert [control["style"] for control in controls(made)] == [3, 4, 2]


def test_a_button_begins_a_row_where_it_is_asked_to():
    """And the menu stands below all of them."""
    menu = Menu("Why?", "why", "17", (Choice("Thin", "thin"),))
    wanted = (Button("a", "a", row=True), Button("b", "b"), Button("c", "c", row=True))
    rows = view(Reply(buttons=wanted, menu=menu)).to_components()
    shown = [[control["custom_id"] for control in row["components"]] for row in rows]
    assert shown == [["a:", "b:"], ["c:"], ["why:17"]]


def test_more_rows_than_there_are_share_the_last_one():
    """Nothing is lost while there is room, and Share always has its place."""
    wanted = tuple(Button(f"{n}", "go", f"{n}", row=True) for n in range(8))
    rows = view(Reply(buttons=wanted, shareable=True)).to_components()
    shown = [[control["label"] for control in row["components"]] for row in rows]
    assert shown == [["0"], ["1"], ["2"], ["3"], ["4", "5", "6", "7", "Share"]]


def test_hostile_text_is_plain_in_labels_and_menus():
    """Discord shows them as typed; what no eye sees is taken out, and nothing is ever empty."""
    nasty = f"\u202e{HOSTILE}\n\x00"
    menu = Menu(nasty, "s", "", (Choice(nasty, "a"), Choice("\u200b", "b")))
    button, bare, select = controls(
        view(Reply(buttons=(Button(nasty, "a"), Button("\ud800\n", "b")), menu=menu))
    )
    assert button["label"] == cut(HOSTILE, 80)
    assert bare["label"] == "\ufffd"
    assert [option["label"] for option in select["options"]] == [cut(HOSTILE, 100), "…"]
    assert select["placeholder"] == HOSTILE


def test_a_menu_holds_only_what_can_come_back():
    """Options with the same value or one too long are left out; a menu of none is no menu."""
    menu = Menu("", "s", "", (Choice("", "a"), Choice("b", "a"), Choice("c", "v" * 101)))
    [select] = controls(view(Reply(menu=menu)))
    assert [(o["label"], o["value"]) for o in select["options"]] == [("b", "a")]
    assert view(Reply(menu=Menu("", "s", "", ()))) is None


def test_only_shareable_answers_can_be_shared():
    """The Share button comes with the answers that may be public."""
    assert view(say("x")) is None
    [share] = controls(view(Reply(lines=(text("x"),), shareable=True)))
    assert share["label"] == "Share"


async def test_a_view_is_forgotten_once_it_is_sent():
    """Nothing about a button is kept in memory: its custom_id says all."""
    assert view(Reply(buttons=(Button("More", "more"),))).is_finished()


def test_an_empty_reply_is_still_a_message():
    """Discord refuses an embed without any text."""
    assert embed(Reply()).description == "—"
    assert embed(say("\u200b")).description == "—"


async def test_discord_takes_a_reply_with_every_part_at_its_most(discord_server):
    """Everything full at once is sent as it is, by Discord's own description of itself."""
    server, channel, client = discord_server
    full = Reply(
        title=HOSTILE * 10,
        url="https://arxiv.org/abs/" + "1" * 2000,
        lines=(
            *(text(HOSTILE * 3, Span("soon", at=MOMENT), quote=True) for _ in range(40)),
            text("x" * 5000),
        ),
        footer=HOSTILE * 50,
        buttons=tuple(
            Button(HOSTILE, "more", "9" * 70 + f"{n:02}", Style.GOOD, row=n % 3 == 0)
            for n in range(40)
        ),
        menu=Menu(HOSTILE * 3, "s", "", tuple(Choice(HOSTILE * 2, f"{n}" * 50) for n in range(40))),
        shareable=True,
    )
    made, parts = embed(full, key="c17.0.0"), view(full, key="c17.0.0").to_components()
    body = {"embeds": [made.to_dict()], "components": parts, "nonce": "c17.0.0"}
    status, answer = await client.call("POST", f"/channels/{channel.id}/messages", body)
    assert status == 200, answer
    assert len(server.messages(channel)[0].components) == 5


def test_an_attachment_becomes_a_file():
    """Name and bytes arrive as they are."""
    made = file(Reply(attachment=Attachment("list.md", b"# List")))
    assert (made.filename, made.fp.read()) == ("list.md", b"# List")
    assert file(Reply()) is None


def test_a_foreign_message_has_no_key():
    """Neither components nor footer: no key."""

    class Message:
        components = ()
        embeds = (discord.Embed(description="x"),)

    assert key_of(Message()) == ""
