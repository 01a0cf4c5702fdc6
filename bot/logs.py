"""Logs: readable on a terminal, one JSON object a line otherwise; never a token in either."""

from __future__ import annotations

import logging
import os
import re
import sys
from typing import TYPE_CHECKING, TextIO

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

LIBRARIES = ("alembic", "apscheduler", "arxiv", "discord", "urllib3")
"""Talkative ones: they speak from WARNING up."""
_TOKEN = re.compile(r"[\w-]{23,30}\.[\w-]{6,7}\.[\w-]{27,}")
"""What a bot's token looks like: its id in base64, a timestamp, a signature."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def configure(stream: TextIO | None = None, *, token: str = "", level: int = logging.INFO) -> None:
    """Send structlog's and the standard library's logs to `stream`, by default stderr.

    May be called again, as when the token has become known: it and whatever else looks like a
    token is blotted out of every line, tracebacks included. Libraries speak from WARNING up.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(token, terminal=handler.stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_common(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _common() -> tuple[Processor, ...]:
    return (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    )


def _formatter(token: str, *, terminal: bool) -> logging.Formatter:
    colors = terminal and not os.environ.get("NO_COLOR")
    rendering: tuple[Processor, ...] = (
        (_escape, structlog.dev.ConsoleRenderer(colors=colors))
        if terminal
        else (structlog.processors.JSONRenderer(default=str),)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_common(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *rendering,
            redact(token),
        ],
    )


def redact(token: str) -> Processor:
    """The last processor: it takes the rendered line, so that no value and no traceback escapes."""
    known = re.compile(f"{re.escape(token)}|{_TOKEN.pattern}") if token else _TOKEN

    def blot(_logger: WrappedLogger, _method: str, line: EventDict | str) -> str:
        return known.sub("[token]", str(line))

    return blot


def _escape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Text from outside must not steer the terminal or forge a line; tracebacks keep theirs."""
    for key, value in event.items():
        if isinstance(value, str):
            text = value if key == "exception" else value.replace("\n", r"\n")
            event[key] = _CONTROL.sub(lambda match: ascii(match[0])[1:-1], text)
    return event
