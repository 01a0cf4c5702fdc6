"""The terminal face: what is typed becomes a command, what is answered becomes plain text."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import console
from bot.commands.languages import in_language
from bot.commands.registry import Command, Commands, Context, Kind, Parameter
from bot.commands.reply import Attachment, Button, Choice, Menu, Reply, Span, Style, say, text
from bot.domain.errors import NotFound, UserError
from bot.domain.sentences import Language
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


async def repeat(_context: Context, given: Mapping[str, str | int]) -> Reply:
    """Say what was given."""
    return say(repr(dict(given)))


async def missing(_context: Context, _given: Mapping[str, str | int]) -> Reply:
    """Find nothing."""
    raise NotFound("No such paper.")


async def broken(_context: Context, _given: Mapping[str, str | int]) -> Reply:
    """Fail to store."""
    raise StorageError("The disk is full.")


async def silent(_context: Context, _given: Mapping[str, str | int]) -> Reply:
    """Have nothing to say."""
    return Reply()


async def with_a_file(_context: Context, _given: Mapping[str, str | int]) -> Reply:
    """Give a file."""
    return Reply(attachment=Attachment("all.csv", b"a,b"))


QUERY = Parameter("query", "", rest=True)
WHICH = Parameter("paper", "")
COUNT = Parameter("count", "", kind=Kind.INTEGER, required=False)
REASON = Parameter("reason", "", required=False, rest=True)


async def nothing(*_: object) -> Reply:
    """No button does anything here."""
    return say("")


async def no_choices(*_: object) -> tuple[Choice, ...]:
    """Nothing completes here."""
    return ()


COMMANDS = Commands(
    (
        Command("papers", "search", "", repeat, (QUERY,)),
        Command("papers", "some", "", repeat, (COUNT,)),
        Command("papers", "lost", "", missing),
        Command("papers", "full", "", broken),
        Command("papers", "quiet", "", silent),
        Command("papers", "file", "", with_a_file),
        Command("review", "reject", "", repeat, (WHICH, REASON)),
    ),
    {"papers": "", "review": ""},
    nothing,
    no_choices,
)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/papers search preference data", "{'query': 'preference data'}"),
        ("papers search preference data", "{'query': 'preference data'}"),
        ("/PAPERS Search  C++ 'lone", "{'query': \"C++ 'lone\"}"),
        ('/papers search "exact phrase" -not', "{'query': '\"exact phrase\" -not'}"),
        ("/papers some 3", "{'count': 3}"),
        ("/papers some", "{}"),
        ("/papers some three", "count is a whole number, not “three”."),
        ("/papers some 3 4", "“4” is too much: /papers some [COUNT]"),
        ("/papers search", "query is missing: /papers search QUERY"),
        ("/review reject 17 too thin # really", "{'paper': '17', 'reason': 'too thin # really'}"),
        ('/review reject "a b" c', "{'paper': 'a b', 'reason': 'c'}"),
        ('/review reject "a b', "{'paper': '\"a b'}"),
        ("/papers lost", "No such paper."),
        ("/papers full", "The disk is full."),
    ],
)
async def test_a_line_is_answered(typed: str, answer: str) -> None:
    """Words fill parameters, the rest stays as it was typed, and errors are sentences."""
    assert console.render(await console.answer(COMMANDS, typed.removeprefix("/"))) == answer


async def test_an_unknown_command_is_answered_with_the_known_ones() -> None:
    """Whoever mistypes learns what there is."""
    answer = console.render(await console.answer(COMMANDS, "paper serach x"))
    assert answer.startswith("No command “/paper serach”.")
    assert "/papers search" in answer


@given(st.text(max_size=200))
async def test_no_line_breaks_the_console(line: str) -> None:
    """Anything typed is answered."""
    assert console.render(await console.answer(COMMANDS, line))


@given(st.text())
def test_arguments_either_fit_or_are_refused_with_a_sentence(rest: str) -> None:
    """Splitting raises nothing but UserError."""
    for command in COMMANDS.commands:
        try:
            given_values = console.arguments(command, rest)
        except UserError:
            continue
        assert set(given_values) <= {parameter.name for parameter in command.parameters}


async def converse(*lines: str, language: Language = Language.ENGLISH) -> list[str]:
    """What is answered to these lines."""
    given = iter([*(line + "\n" for line in lines), ""])

    async def read() -> str:
        return next(given)

    out = io.StringIO()
    await console.converse(COMMANDS, read, out, language)
    return out.getvalue().splitlines()


async def test_the_conversation_ends_with_the_input_or_with_quit() -> None:
    """Empty lines are passed over, empty answers leave no line; nothing after /quit is answered."""
    typed = ("", "papers quiet", "/papers search a", "/quit", "/papers search b")
    assert await converse(*typed) == ["{'query': 'a'}"]
    assert await converse("/papers search b") == ["{'query': 'b'}"]


async def test_a_file_is_saved_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here or elsewhere, never over another one; the last file that came."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    said = await converse("/save", "/papers file", "papers some", "/save", "save folder", "/save")
    assert said[0] == "There is no file to save yet: /papers export makes one."
    assert said[1] == "/save writes all.csv here, /save PATH elsewhere."
    assert said[3] == f"Saved as {tmp_path / 'all.csv'}"
    assert said[5] == "all.csv exists already: /save ANOTHER-NAME"
    assert (tmp_path / "folder" / "all.csv").read_bytes() == b"a,b"
    (wrong,) = (await converse("/papers file", "/save no/where/x.csv"))[1:]
    assert wrong == "no/where/x.csv cannot be written: No such file or directory"
    assert (await converse("/papers file", "/save a\0b"))[1].endswith("null byte")


async def test_the_console_speaks_chinese() -> None:
    """Its own errors, hints and greeting too; commands and what was typed stay as they are."""
    said = await converse("papers serach x", "/save", "papers some x", language=Language.CHINESE)
    assert said == [
        "没有命令“/papers serach”。你是不是要用 /papers search？输入 /papers help 查看所有命令。",
        "还没有可保存的文件：用 /papers export 生成一个。",
        "count 应为整数，而不是“x”。",
    ]
    assert in_language(console.GREETING, Language.CHINESE).startswith("输入 /papers help")


def test_a_moment_is_shown_in_words() -> None:
    """A terminal has no clock of the reader's: it shows the text; buttons have words for them."""
    moment = Span("at 09:15 UTC", bold=True, at=datetime(2026, 11, 22, 9, 15, tzinfo=UTC))
    buttons = (Button("Undo", "undo", "17", Style.BAD, row=True),)
    reply = Reply(lines=(text("Public ", moment),), buttons=buttons, in_place=True, shareable=True)
    assert console.render(reply) == "Public at 09:15 UTC"


def test_a_reply_is_plain_text() -> None:
    """Title, links, quotes and footer stand in lines; control characters vanish."""
    address = Span("https://x.org/", "https://x.org/")
    reply = Reply(
        title="Title\x1b[31m",
        url="https://arxiv.org/abs/1",
        lines=(text("by ", Span("Wu", bold=True)), text("We show.", quote=True), text(address)),
        footer="foot\u202e",
        buttons=(Button("More", "more", "1"),),
    )
    assert console.render(reply) == (
        "Title[31m <https://arxiv.org/abs/1>\nby Wu\n  > We show.\nhttps://x.org/\nfoot"
    )


def test_what_would_be_pressed_is_typed_instead() -> None:
    """Neither buttons nor menus leave anything: all they do can be typed."""
    menu = Menu("Why?", "why", "17", (Choice("Off topic", "off topic"),))
    reply = Reply(lines=(text("❌ UniGen"),), buttons=(Button("Undo", "undo", "17"),), menu=menu)
    assert console.render(reply) == "❌ UniGen"
