"""What a command answers, as plain data that any face can show.

Text is never markup: a face escapes it for its own medium. A line is a row of spans, so that titles
and abstracts, which are hostile, can never break out of what is around them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text, perhaps bold, perhaps a link.

    With `at` it stands for a moment: a face that can shows how far off that is from where the
    reader is (`in 3 minutes`), any other shows the text.
    """

    text: str
    url: str = ""
    bold: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of spans; `quote` sets it off as a quotation.

    With `code` it is to be copied as it is: nothing of it is bold or a link, and lines of code that
    follow each other stand in one block.
    """

    spans: tuple[Span, ...]
    quote: bool = False
    code: bool = False


class Style(StrEnum):
    """How a button looks: as most do, or as one that says yes or no."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Button:
    """A button. `action` and `argument` come back when it is pressed (`more`, `17`).

    With `url` it leads there instead and nothing comes back. `row` begins a new row of buttons.
    """

    label: str
    action: str = ""
    argument: str = ""
    style: Style = Style.PLAIN
    row: bool = False
    url: str = ""


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

    An answer without any part says nothing: what was pressed shows by itself that it was heard.
    With `in_place` it takes the place of the private message whose button was pressed.
    """

    title: str = ""
    url: str = ""
    lines: tuple[Line, ...] = ()
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    menu: Menu | None = None
    attachment: Attachment | None = None
    shareable: bool = False
    in_place: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return self == Reply()


def text(*parts: str | Span, quote: bool = False, code: bool = False) -> Line:
    """A line of plain strings and spans."""
    spans = tuple(Span(part) if isinstance(part, str) else part for part in parts)
    return Line(spans, quote, code)


def say(message: str) -> Reply:
    """A reply of one sentence."""
    return Reply(lines=(text(message),))
