"""Logs: one form for a terminal, one for machines, and no token in either."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import pytest
import structlog

from bot.logs import LIBRARIES, configure

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz01234567"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers = root.handlers[:]
    loggers = [root, *map(logging.getLogger, LIBRARIES)]
    levels = [logger.level for logger in loggers]
    yield
    root.handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    structlog.reset_defaults()


def test_machines_get_one_object_a_line() -> None:
    """Away from a terminal every line is a JSON object with time, level and logger."""
    stream = io.StringIO()
    configure(stream)
    structlog.get_logger("bot.test").info("harvested", papers=3, title="a\nb")
    logging.getLogger("somebody").warning("careful with %s", "that")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["papers"], first["level"]) == ("harvested", 3, "info")
    assert first["logger"] == "bot.test"
    assert first["timestamp"].endswith("Z")
    assert (second["event"], second["logger"]) == ("careful with that", "somebody")


def test_libraries_speak_from_warning_up() -> None:
    """What discord.py and the others say below WARNING is dropped; our own INFO is not."""
    stream = io.StringIO()
    configure(stream)
    logging.getLogger("discord.gateway").info("connected")
    logging.getLogger("discord.client").error("broken")
    structlog.get_logger().debug("detail")
    structlog.get_logger().info("news")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == [
        "broken",
        "news",
    ]


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["machine", "terminal"])
@pytest.mark.parametrize("token", [TOKEN, "a-token-of-another-server", ""])
def test_no_token_is_ever_written(stream: io.StringIO, token: str) -> None:
    """The token is blotted out of messages, values, foreign records and tracebacks.

    One that only looks like Discord's is blotted out too, also before ours is known.
    """
    configure(stream, token=token)
    secret = token or TOKEN
    log = structlog.get_logger()
    log.warning("sent Bot %s", secret, headers={"Authorization": f"Bot {secret}"})
    logging.getLogger("discord.http").warning("header %s", secret)
    try:
        _ = {}[secret]
    except KeyError:
        log.exception("failed")
        logging.getLogger("discord").exception("failed too")
    assert secret not in stream.getvalue()
    assert stream.getvalue().count("[token]") >= 5
    assert "KeyError" in stream.getvalue()


def test_hostile_text_cannot_steer_the_terminal() -> None:
    """Escape sequences, line breaks and direction overrides are shown, not obeyed."""
    stream = Terminal()
    configure(stream)
    structlog.get_logger().warning("title", title="\x1b[2Jgone\n12:00 forged\u202e")
    logging.getLogger("somebody").warning("name \x1b]0;owned\x07")
    assert "\x1b[2J" not in stream.getvalue()
    assert "\x1b]" not in stream.getvalue()
    assert "\u202e" not in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 2


def test_colours_can_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR is honoured."""
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    configure(stream)
    structlog.get_logger().warning("plain")
    assert "\x1b" not in stream.getvalue()


def test_configuring_again_replaces(capsys: pytest.CaptureFixture[str]) -> None:
    """Called again with the token, each line still comes once, and nothing goes to stdout."""
    stream = io.StringIO()
    configure(stream)
    configure(stream, token="once", level=logging.WARNING)
    structlog.get_logger().info("hidden")
    structlog.get_logger().warning("only once")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == [
        "only [token]"
    ]
    assert capsys.readouterr().out == ""
