"""Buttons that lead somewhere: they carry nothing back, and lead to web addresses only."""

from __future__ import annotations

import pytest

from bot import console
from bot.chat.render import embed, view
from bot.commands.reply import Button, Choice, Menu, Reply, Span, text

PROJECT = Button("Project", url="https://a.org/x?y=1")


def controls(reply: Reply, key: str = "") -> list[dict]:
    """Buttons and menus as they are sent."""
    made = view(reply, key=key)
    rows = made.to_components() if made else []
    return [control for row in rows for control in row["components"]]


async def test_a_button_with_an_address_leads_there():
    """Discord's link style, no custom_id; it stands among the others in their order."""
    cite, link = controls(Reply(buttons=(Button("Cite", "cite", "1"), PROJECT)))
    assert (cite["custom_id"], cite["style"]) == ("cite:1", 2)
    assert (link["label"], link["url"], link["style"]) == ("Project", "https://a.org/x?y=1", 5)
    assert link.get("custom_id") is None


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.org", "https://u@a.org", "https://a.org/" + "x" * 500]
)
async def test_what_leads_nowhere_safe_is_left_out(url):
    """Only web addresses of at most 512 characters become buttons."""
    assert view(Reply(buttons=(Button("Go", url=url),))) is None


async def test_a_label_is_cut_and_one_address_is_led_to_once():
    """80 characters; the first of two buttons to one place stays."""
    [link] = controls(
        Reply(buttons=(Button("l" * 90, url="https://a.org"), Button("2", url="https://a.org")))
    )
    assert len(link["label"]) == 80


async def test_a_link_carries_no_key():
    """The next button has it, else the menu, else the footer."""
    pressed = controls(Reply(buttons=(PROJECT, Button("More", "more", "17"))), "c17.0.0")
    assert pressed[1]["custom_id"] == "more:17:c17.0.0"
    menu = Menu("Why?", "why", "17", (Choice("Thin", "thin"),))
    chosen = controls(Reply(buttons=(PROJECT,), menu=menu), "c17.0.0")
    assert chosen[1]["custom_id"] == "why:17:c17.0.0"
    alone = Reply(lines=(text("x"),), buttons=(PROJECT,))
    assert embed(alone, key="c17.0.0").footer.text == "c17.0.0"


def test_the_console_names_an_address_that_stands_nowhere_else():
    """A line for each button that leads somewhere new."""
    shown = text(Span("PDF", "https://a.org/pdf"))
    reply = Reply(
        title="T",
        url="https://a.org/abs",
        lines=(shown,),
        buttons=(
            PROJECT,
            Button("PDF", url="https://a.org/pdf"),
            Button("Page", url="https://a.org/abs"),
        ),
    )
    assert console.render(reply).endswith("PDF <https://a.org/pdf>\nProject <https://a.org/x?y=1>")
