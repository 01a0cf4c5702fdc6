"""The terminal face: the bot's commands typed line by line, no token and no server."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.commands.languages import in_language, sentence_of
from bot.commands.registry import Context
from bot.commands.reply import Reply, say
from bot.commands.typed_line import arguments, find
from bot.domain.errors import UserError
from bot.domain.sentences import Language, sentence
from storage.errors import StorageError
from storage.models import Member, Via

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bot.commands.registry import Commands
    from bot.commands.reply import Attachment, Line, Span

CONSOLE = Member(id=0, name="console")
"""Whoever sits at the console; the root makes this member a maintainer."""

GREETING = sentence("Type /papers help for the commands, /quit to leave.")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LEAVE = {"quit", "exit"}
HELP = {"help", "?"}
SAVE = "save"


async def converse(
    commands: Commands,
    read: Callable[[], Awaitable[str]],
    out: TextIO,
    language: Language = Language.ENGLISH,
) -> None:
    """Answer line after line until the input ends or says /quit. Errors are answers too.

    /save writes the file that came with an answer.
    """
    file: Attachment | None = None
    while line := await read():
        typed = line.strip().removeprefix("/")
        if typed.casefold() in LEAVE:
            return
        if typed.casefold() in HELP:
            typed = "papers help"
        word, _, rest = typed.partition(" ")
        if word.casefold() == SAVE:
            reply = await asyncio.to_thread(_save, file, rest.strip())
        else:
            reply = await answer(commands, typed) if typed else Reply()
        file = reply.attachment or file
        if said := render(reply, language):
            print(said, file=out, flush=True)


async def answer(commands: Commands, typed: str) -> Reply:
    """What the bot says to one line."""
    try:
        command, rest = find(commands, typed)
        return await command.run(Context(CONSOLE, Via.CONSOLE), arguments(command, rest))
    except (UserError, StorageError) as error:
        return say(sentence_of(error))


def _save(file: Attachment | None, where: str) -> Reply:
    """Write a file as `where`, into that folder, or under its own name; none that exists."""
    if file is None:
        return say(sentence("There is no file to save yet: /papers export makes one."))
    path = Path(where or file.name)
    path = path / file.name if path.is_dir() else path
    try:
        with path.open("xb") as out:
            out.write(file.content)
    except FileExistsError:
        return say(sentence("{path} exists already: /save ANOTHER-NAME", path=path))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return say(sentence("{path} cannot be written: {reason}", path=path, reason=reason))
    return say(sentence("Saved as {path}", path=path.absolute()))


def render(reply: Reply, language: Language = Language.ENGLISH) -> str:
    """A reply as a terminal shows it: plain text without control characters.

    Buttons and menus vanish: for each there is a command to type. Where a button leads somewhere
    that no line names, a line does.
    """
    shown = in_language(reply, language)
    parts = [" ".join(part for part in (shown.title, _link(shown.url)) if part)]
    parts += [_line(line) for line in shown.lines]
    parts += _led_to(shown)
    parts.append(shown.footer)
    if shown.attachment is not None:
        name = shown.attachment.name
        hint = sentence("/save writes {name} here, /save PATH elsewhere.", name=name)
        parts.append(in_language(hint, language))
    return "\n".join(CONTROL.sub("", part) for part in parts if part)


def _led_to(reply: Reply) -> Iterator[str]:
    named = {reply.url, *(span.url for line in reply.lines for span in line.spans)}
    for button in reply.buttons:
        if button.url and button.url not in named:
            yield f"{button.label} {_link(button.url)}"


def _line(line: Line) -> str:
    return ("  > " if line.quote else "") + "".join(_span(span) for span in line.spans)


def _span(span: Span) -> str:
    return f"{span.text} {_link(span.url)}" if span.url not in {"", span.text} else span.text


def _link(url: str) -> str:
    return f"<{url}>" if url else ""


class Typed:
    """Lines of standard input, read in a daemon thread so that leaving never waits for a key."""

    def __init__(self, stream: TextIO, *, prompt: str) -> None:
        self._stream = stream
        self._prompt = prompt
        self._wanted: queue.SimpleQueue[asyncio.Future[str]] = queue.SimpleQueue()
        threading.Thread(target=self._serve, daemon=True).start()

    async def read(self) -> str:
        """The next line with its end, or an empty text when the input is over."""
        line: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._wanted.put(line)
        return await line

    def _serve(self) -> None:
        while True:
            wanted = self._wanted.get()
            line = self._line()
            with contextlib.suppress(RuntimeError):  # the loop has closed meanwhile
                wanted.get_loop().call_soon_threadsafe(_deliver, wanted, line)

    def _line(self) -> str:
        if not self._prompt:
            return self._stream.readline()
        try:
            return input(self._prompt) + "\n"
        except EOFError:
            print()  # the shell's prompt gets a line of its own
            return ""


def _deliver(wanted: asyncio.Future[str], line: str) -> None:
    if not wanted.done():
        wanted.set_result(line)
