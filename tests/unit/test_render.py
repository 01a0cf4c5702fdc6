"""Every limit of Discord at its edge, and hostile text in every place."""

from __future__ import annotations

import re

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.markdown import line_markdown, markdown
from bot.chat.render import embed, file, key_of, view
from bot.chat.text import width
from bot.commands.reply import Attachment, Button, Choice, Line, Menu, Reply, Span, say, text

HOSTILE = r"](https://evil.example) **b** ||s|| `c` <@1> @everyone https://x.org # - \ :smile:"

spans = st.builds(
    Span,
    st.text(alphabet="ab []()*\\:https/🧑‍🚀\u0301ש\u202e\n", max_size=200),
    st.sampled_from(["", "https://a.org/x", "https://a.org/(y)", "javascript:x"]),
    st.booleans(),
)
lines = st.lists(
    st.builds(Line, st.lists(spans, max_size=4).map(tuple), st.booleans()), max_size=30
)


def controls(made: discord.ui.View) -> list[dict]:
    """Buttons and menus as they are sent."""
    return [control for row in made.to_components() for control in row["components"]]


@given(lines, st.text(max_size=3000), st.text(max_size=400))
def test_an_embed_is_always_within_the_limits(many, footer, title):
    """Title 256, description 4096, footer 2048, 6000 in all, whatever comes."""
    made = embed(Reply(title=title, lines=tuple(many), footer=footer), key="c1.0.0")
    parts = (made.title or "", made.description or "", made.footer.text or "")
    assert all(map(int.__le__, map(width, parts), (256, 4096, 2048)))
    assert sum(map(width, parts)) <= 6000


@given(lines, st.integers(2, 300))
def test_a_cut_leaves_every_link_whole(many, room):
    """A line that is cut ends in an ellipsis, and no link loses its end."""
    made = markdown(many, room)
    assert width(made) <= room
    live = re.sub(r"\\[^0-9A-Za-z\s]", "", made)
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


def test_lines_keep_their_shape():
    """Bold runs join, quotations are set off, empty lines vanish, a newline does not add a line."""
    bold = Line((Span("a", bold=True), Span("b", "https://a.org", bold=True), Span(" c")))
    assert line_markdown(bold) == "**a[b](https://a.org)** c"
    assert line_markdown(text("x\ny", quote=True)) == "> x y"
    assert markdown((text(""), text("a"), Line(()), text("b")), 100) == "a\nb"


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
    """20 buttons beside a menu, 25 options, labels 80, placeholder 150, all ids different."""
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
