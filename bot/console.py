"""The terminal face: the bot's commands typed line by line, no token and no server."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import io
import queue
import re
import shlex
import threading
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.commands.registry import Context, Kind
from bot.commands.reply import Reply, say
from bot.domain.errors import UserError
from storage.errors import StorageError
from storage.models import Member, Via

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.commands.registry import Command, Commands, Parameter
    from bot.commands.reply import Attachment, Line, Span

CONSOLE = Member(id=0, name="console")
"""Whoever sits at the console; the root makes this member a maintainer."""

GREETING = "Type /papers help for the commands, /quit to leave."
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LEAVE = {"quit", "exit"}
HELP = {"help", "?"}
SAVE = "save"


async def converse(commands: Commands, read: Callable[[], Awaitable[str]], out: TextIO) -> None:
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
        if said := render(reply):
            print(said, file=out, flush=True)


async def answer(commands: Commands, typed: str) -> Reply:
    """What the bot says to one line."""
    try:
        command, rest = find(commands, typed)
        return await command.run(Context(CONSOLE, Via.CONSOLE), arguments(command, rest))
    except (UserError, StorageError) as error:
        return say(str(error))


def _save(file: Attachment | None, where: str) -> Reply:
    """Write a file as `where`, into that folder, or under its own name; none that exists."""
    if file is None:
        return say("There is no file to save yet: /review log comes with one.")
    path = Path(where or file.name)
    path = path / file.name if path.is_dir() else path
    try:
        with path.open("xb") as out:
            out.write(file.content)
    except FileExistsError:
        return say(f"{path} exists already: /save ANOTHER-NAME")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return say(f"{path} cannot be written: {reason}")
    return say(f"Saved as {path.absolute()}")


def find(commands: Commands, typed: str) -> tuple[Command, str]:
    """The command a line names and what stands behind it."""
    group, _, behind = typed.partition(" ")
    name, _, rest = behind.strip().partition(" ")
    for command in commands.commands:
        if (command.group, command.name) == (group.casefold(), name.casefold()):
            return command, rest.strip()
    raise UserError(_unknown(commands, group[:40], name[:40]))


def _unknown(commands: Commands, group: str, name: str) -> str:
    """What to say of a command nobody knows: what may have been meant, and where all stand."""
    if group.casefold() in commands.groups and not name:
        names = (c.path for c in commands.commands if c.group == group.casefold())
        return f"/{group} needs a second word: {', '.join(names)}"
    typed = f"/{group} {name}".rstrip()
    paths = {command.path.casefold(): command.path for command in commands.commands}
    # Whoever leaves the group out (`search preference data`) is shown it.
    paths |= {f"/{command.name}": command.path for command in reversed(commands.commands)}
    wanted = (typed.casefold(), f"/{group.casefold()}")
    close = [one for text in wanted for one in difflib.get_close_matches(text, paths, n=1)]
    hint = f" Did you mean {paths[close[0]]}?" if close else ""
    return f"No command “{typed}”.{hint} /papers help names them all."


def arguments(command: Command, rest: str) -> dict[str, str | int]:
    """Words fill the parameters in order.

    One with `rest` takes all that is left, as it was typed.
    """
    given: dict[str, str | int] = {}
    for parameter in command.parameters:
        word, rest = (rest.strip(), "") if parameter.rest else _first_word(rest)
        if word:
            given[parameter.name] = _value(parameter, word)
        elif parameter.required:
            raise UserError(f"{parameter.name} is missing: {command.usage}")
    if rest.strip():
        raise UserError(f"“{rest.strip()[:60]}” is too much: {command.usage}")
    return given


def _first_word(rest: str) -> tuple[str, str]:
    """One word, or one "quoted text", and what follows."""
    source = io.StringIO(rest)
    lexer = shlex.shlex(source, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.quotes, lexer.escape = True, "", '"', ""
    try:
        word = lexer.get_token() or ""
    except ValueError:
        return rest.strip(), ""
    return word, source.read()


def _value(parameter: Parameter, word: str) -> str | int:
    if parameter.kind is Kind.TEXT:
        return word
    if not word.lstrip("-").isdecimal():
        raise UserError(f"{parameter.name} is a whole number, not “{word[:40]}”.")
    return int(word)


def render(reply: Reply) -> str:
    """A reply as a terminal shows it: plain text without control characters.

    Buttons and menus vanish: for each there is a command to type.
    """
    parts = [" ".join(part for part in (reply.title, _link(reply.url)) if part)]
    parts += [_line(line) for line in reply.lines]
    parts.append(reply.footer)
    if reply.attachment is not None:
        parts.append(f"/save writes {reply.attachment.name} here, /save PATH elsewhere.")
    return "\n".join(CONTROL.sub("", part) for part in parts if part)


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
