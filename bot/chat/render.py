"""Reply → embed, view and file. Discord's limits are held here; nothing is sent from here."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import discord

from bot.chat.components import SHARE, components
from bot.chat.custom_ids import decode
from bot.chat.markdown import markdown
from bot.chat.text import clean, cut, escape, safe_url, width
from bot.domain.sentences import Language

if TYPE_CHECKING:
    from bot.commands.reply import Reply

TITLE = 256
DESCRIPTION = 4096
FOOTER = 2048
EMBED = 6000

SEPARATOR = " · "


def embed(reply: Reply, *, key: str = "") -> discord.Embed:
    """The reply as one embed. `key` ends the footer where no component carries it."""
    title = cut(clean(reply.title).strip(), TITLE, escape)
    footer = _footer(reply.footer, key if key and not _carries(reply, key) else "")
    room = min(DESCRIPTION, EMBED - width(title) - width(footer))
    description = markdown(reply.lines, room)
    if not (title or description or footer):
        description = "—"
    made = discord.Embed(title=title or None, description=description or None)
    if title and (url := safe_url(reply.url)):
        made.url = url
    return made.set_footer(text=footer) if footer else made


def view(
    reply: Reply, *, key: str = "", language: Language = Language.ENGLISH
) -> discord.ui.View | None:
    """The reply's buttons and menu, or None where it has none; `language` is for the face's own.

    The view is stopped, so that discord.py sends it and forgets it: presses come back through
    bot.chat.buttons, before and after a restart alike.
    """
    items = components(reply, key, language)
    if not items:
        return None
    made = discord.ui.View(timeout=None)
    for item in items:
        made.add_item(item)
    made.stop()
    return made


def shared_view(message: discord.Message) -> discord.ui.View | None:
    """What stands under a private answer as it is, but for its Share button; stopped as above."""
    made = discord.ui.View.from_message(message, timeout=None)
    for item in made.children:
        if decode(getattr(item, "custom_id", None) or "").action == SHARE:
            made.remove_item(item)
    made.stop()
    return made if made.children else None


def file(reply: Reply) -> discord.File | None:
    """The reply's attachment as a file to send."""
    if reply.attachment is None:
        return None
    return discord.File(io.BytesIO(reply.attachment.content), clean(reply.attachment.name))


def key_of(message: discord.Message) -> str:
    """The key a message carries in a component or at the end of its footer, or nothing."""
    for row in message.components:
        for item in getattr(row, "children", ()):
            if key := decode(getattr(item, "custom_id", None) or "").key:
                return key
    footers = (made.footer.text or "" for made in message.embeds)
    return next((text.rpartition(SEPARATOR)[2] for text in footers if text), "")


def _carries(reply: Reply, key: str) -> bool:
    """Whether a component has the key: a button that only leads somewhere carries nothing."""
    return any(item.custom_id for item in components(reply, key))


def _footer(text: str, key: str) -> str:
    """To Discord a footer is plain text: nothing in it is escaped. The key is never cut."""
    lines = (clean(line).strip() for line in text.split("\n"))
    shown = "\n".join(line for line in lines if line)
    tail = (SEPARATOR if shown and key else "") + key
    return cut(shown, FOOTER - width(tail)) + tail
