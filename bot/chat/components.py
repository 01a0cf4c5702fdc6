"""A reply's buttons and menu as Discord takes them: rows, limits, and what each carries back."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import discord

from bot.chat.custom_ids import Carried, encode
from bot.chat.text import clean, cut, safe_url, width
from bot.commands.languages import in_language
from bot.commands.reply import Button, Style
from bot.domain.sentences import Language, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from bot.commands.reply import Menu, Reply

ROWS = 5
ROW = 5
LABEL = 80
ADDRESS = 512
"""Characters of a link button's address (discord-api-docs, components/reference, “Button”)."""

PLACEHOLDER = 150
OPTIONS = 25
OPTION = 100

SHARE = "share"
"""The action of the face's own button: it posts a private answer for everybody."""

STYLES = {
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.GOOD: discord.ButtonStyle.success,
    Style.BAD: discord.ButtonStyle.danger,
}

Item: TypeAlias = "discord.ui.Button[discord.ui.View] | discord.ui.Select[discord.ui.View]"
Placed: TypeAlias = "tuple[str, Button]"
"""A button with its custom_id, or with the address it leads to."""


def components(reply: Reply, key: str, language: Language = Language.ENGLISH) -> list[Item]:
    """Buttons, then the menu; the key on the first. What Discord would refuse is left out.

    A menu of more choices than one can hold becomes several, as far as there are rows.
    """
    share = _share(language) if reply.shareable and reply.attachment is None else ()
    made = tuple(_placed((*reply.buttons, *share), key).items())
    pressed = {custom_id for custom_id, button in made if not button.url}
    menus = _menus(reply.menu, "" if pressed else key, pressed)
    kept = len(made) - len(share)
    rows = _rows(made[:kept], ROWS - bool(menus), made[kept:])
    items: list[Item] = [_button(*one, row) for row, placed in enumerate(rows) for one in placed]
    for row, menu in enumerate(menus[: ROWS - len(rows)], len(rows)):
        menu.row = row
        items.append(menu)
    return items


def _share(language: Language) -> tuple[Button, ...]:
    """Not for an answer with a file: Discord gives the bot none of it back with the press."""
    return (Button(in_language(sentence("Share"), language), SHARE),)


def _placed(buttons: Sequence[Button], key: str) -> dict[str, Button]:
    """The buttons by their custom_ids or addresses, each once; what cannot be sent is left out."""
    made: dict[str, Button] = {}
    for button in buttons:
        if button.url:
            place = safe_url(button.url)
            place = place if width(place) <= ADDRESS else ""
        else:
            place = encode(Carried(button.action, button.argument, key))
            key = "" if place else key
        if place:
            made.setdefault(place, button)
    return made


def _rows(
    buttons: Sequence[Placed], most: int, last: Sequence[Placed]
) -> tuple[tuple[Placed, ...], ...]:
    """The buttons in at most `most` rows, those beyond left out; there is room for `last` always.

    Where no further row is left, a button that would begin one stays in the last.
    """
    rows: list[list[Placed]] = [[]]
    for custom_id, button in buttons:
        may_grow = len(rows) < most
        full = len(rows[-1]) == ROW - (0 if may_grow else len(last))
        if full and not may_grow:
            break
        if full or (button.row and rows[-1] and may_grow):
            rows.append([])
        rows[-1].append((custom_id, button))
    if len(rows[-1]) + len(last) > ROW:
        rows.append([])
    rows[-1] += last
    return tuple(tuple(row) for row in rows if row)


def _button(place: str, button: Button, row: int) -> Item:
    label = _label(button.label, LABEL)
    if button.url:
        return discord.ui.Button(label=label, url=place, row=row)
    return discord.ui.Button(label=label, custom_id=place, style=STYLES[button.style], row=row)


def _menus(
    menu: Menu | None, key: str, taken: AbstractSet[str]
) -> list[discord.ui.Select[discord.ui.View]]:
    if menu is None:
        return []
    options = _options(menu)
    pages = [options[at : at + OPTIONS] for at in range(0, len(options), OPTIONS)]
    made: list[discord.ui.Select[discord.ui.View]] = []
    for number, page in enumerate(pages):
        # A key of its own keeps their custom_ids apart; nobody looks for it.
        custom_id = encode(Carried(menu.action, menu.argument, f"m.0.{number}" if number else key))
        if custom_id and custom_id not in taken:
            first = number * OPTIONS + 1
            span = f" ({first}–{first + len(page) - 1})" if len(pages) > 1 else ""
            placeholder = _label(menu.placeholder, PLACEHOLDER - len(span)) + span
            made.append(
                discord.ui.Select(custom_id=custom_id, placeholder=placeholder, options=page)
            )
    return made


def _options(menu: Menu) -> list[discord.SelectOption]:
    """The options Discord takes: unique values; one too long cannot be cut, only left out."""
    unique = {choice.value: choice for choice in menu.choices if 0 < width(choice.value) <= OPTION}
    return [
        discord.SelectOption(label=_label(choice.label, OPTION), value=choice.value)
        for choice in unique.values()
    ]


def _label(text: str, limit: int) -> str:
    return cut(clean(text).strip(), limit) or "…"
