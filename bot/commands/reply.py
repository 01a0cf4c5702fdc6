"""What a command answers, as plain data that any face can show.

Text is never markup: a face escapes it for its own medium. A line is a row of spans, so that titles
and abstracts, which are hostile, can never break out of what is around them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text, perhaps bold, perhaps a link."""

    text: str
    url: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of spans; `quote` sets it off as a quotation."""

    spans: tuple[Span, ...]
    quote: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A button. `action` and `argument` come back when it is pressed (`more`, `17`)."""

    label: str
    action: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a menu."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A select menu: the chosen value comes back with `action` and `argument`."""

    placeholder: str
    action: str
    argument: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an answer."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: one embed in Discord, a few lines in a terminal. Empty parts vanish.

    `key` marks a message the bot must be able to find again (see storage.models.Message); it is
    shown in the footer where there is no button to carry it.
    """

    title: str = ""
    url: str = ""
    lines: tuple[Line, ...] = ()
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    menu: Menu | None = None
    attachment: Attachment | None = None
    shareable: bool = False


def text(*parts: str | Span, quote: bool = False) -> Line:
    """A line of plain strings and spans."""
    return Line(tuple(Span(part) if isinstance(part, str) else part for part in parts), quote)


def say(message: str) -> Reply:
    """A reply of one sentence."""
    return Reply(lines=(text(message),))
