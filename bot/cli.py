"""The commands of `python -m bot`. Each reads the settings, opens what it needs and prints."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import logging
import os
import sys
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.clock import SystemClock
from bot.config import Settings, load
from bot.domain.errors import UserError
from bot.logs import configure
from storage.errors import StorageError
from storage.models import Sort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.services.ports import Clock
    from storage.models import LedgerRow

FINE, FINDINGS, USAGE, INTERRUPTED = 0, 1, 2, 130
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF}
"""What writing to standard output fails with, apart from a pipe nobody reads."""

app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="A Discord bot that keeps a curated list of papers alive.",
)


class Scope(StrEnum):
    """What `search` looks through."""

    LIST = "list"
    EVERYTHING = "everything"


class ExportFormat(StrEnum):
    """What `export` writes."""

    MARKDOWN = "markdown"
    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"
    CSV = "csv"
    JSON = "json"

    @classmethod
    def of(cls, file: Path | None) -> ExportFormat:
        """The format that a file's ending asks for; Markdown where it asks for none."""
        endings = {".bib": cls.BIBTEX, ".csv": cls.CSV, ".json": cls.JSON}
        return endings.get(file.suffix.lower(), cls.MARKDOWN) if file else cls.MARKDOWN


Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@dataclass(slots=True)
class Given:
    """What the commands are given: the clock, and where the configuration is."""

    clock: Clock
    config: Path | None = None

    def settings(self) -> Settings:
        """The settings. Raises ConfigError."""
        return load(self.config, os.environ)


def main(clock: Clock | None = None) -> None:
    """Run one command. Exit 0 fine, 1 findings, 2 configuration or usage, 130 interrupted."""
    _prepare_streams()
    status = _status(Given(clock or SystemClock()))
    if status == INTERRUPTED and sys.stderr.isatty():
        print(file=sys.stderr)  # the shell's prompt gets a line of its own
    sys.exit(status)


def _prepare_streams() -> None:
    """No stream is closed, and none fails over a character it has no code for.

    A closed one is opened on nothing, before a database could be opened under its number.
    """
    for name, flags, mode in (
        ("stdin", os.O_RDONLY, "r"),
        ("stdout", os.O_WRONLY, "w"),
        ("stderr", os.O_WRONLY, "w"),
    ):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode, encoding="utf-8"))
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _status(given: Given) -> int:
    try:
        return _outcome(given)
    except (UserError, StorageError) as error:
        return _complain(str(error))
    except typer.TyperException as error:
        return _complain(_misused(error))
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has heard enough (`… | head`).
        _say_no_more()
        return FINE
    except OSError as error:
        if error.filename is None and error.errno not in NO_ROOM:
            raise
        _say_no_more()
        return _complain(f"{error.filename or 'the output cannot be written'}: {error.strerror}")


def _outcome(given: Given) -> int:
    try:
        result = app(obj=given, standalone_mode=False)
    except SystemExit as end:
        # typer makes one with status 1 of a pipe that is no longer read.
        raise (end.__context__ if isinstance(end.__context__, BrokenPipeError) else end) from None
    sys.stdout.flush()
    return result if isinstance(result, int) else FINE


def _misused(error: typer.TyperException) -> str:
    """A wrong word on the command line: what it is, and where to read on."""
    context: typer.Context | None = getattr(error, "ctx", None)
    message = error.format_message().removesuffix(".")
    return f"{message}; see `{context.command_path} --help`" if context else message


def _say_no_more() -> None:
    """Keep what is still to be flushed from failing once more when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(problem: str) -> int:
    print(f"error: {problem}", file=sys.stderr)
    return USAGE


@app.callback()
def _root(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration; default ./config.toml.")
    ] = None,
) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(USAGE)
    configure(level=logging.WARNING)
    context.obj.config = config


def _opened(context: typer.Context) -> tuple[Settings, Clock]:
    """The settings and the clock."""
    given: Given = context.obj
    return given.settings(), given.clock


@app.command()
def run(context: typer.Context) -> None:
    """Run the bot on Discord until SIGTERM."""
    from bot.programs.discord_run import run as run_bot

    asyncio.run(run_bot(*_opened(context)))


@app.command()
def console(context: typer.Context) -> None:
    """Answer the bot's commands in this terminal: no token, no server."""
    from bot.programs.terminal import hold

    asyncio.run(hold(*_opened(context)))


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A Markdown list.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in place of the list that stands.")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Repair mojibake on the way in.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report and touch nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Make FILE the list of this database."""
    from bot.programs import listfile

    settings, clock = _opened(context)
    content = listfile.read(file, repair=repair)
    if dry_run:
        report = listfile.dry_run(content)
    else:
        work = listfile.take(settings, clock, file.name, content, replace=replace)
        report = asyncio.run(work)
    _print(listfile.fields(report), listfile.worded(report), as_json=as_json)


@app.command()
def export(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Where to; default standard output.")] = None,
    *,
    file_format: Annotated[
        ExportFormat | None,
        typer.Option("--format", help="By the ending of FILE (.bib, .csv, .json), else markdown."),
    ] = None,
) -> None:
    """Give the list back, byte for byte or for other programs."""
    from bot.programs import exporting, listfile

    wanted = file_format or ExportFormat.of(file)
    listfile.write(file, asyncio.run(exporting.export(*_opened(context), wanted.value)))


@app.command()
def search(  # noqa: PLR0913  # each is an option of the command line
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(help="Words, “phrases”, author:name, year:2024.")],
    *,
    section: Annotated[str, typer.Option(help="Only what stands in this section.")] = "",
    since: Annotated[str, typer.Option(help="Published in 2024, 2024-05 … or later.")] = "",
    until: Annotated[str, typer.Option(help="Published in 2024, 2024-05 … or before.")] = "",
    sort: Annotated[Sort, typer.Option(help="What comes first.")] = Sort.RELEVANCE,
    scope: Annotated[Scope, typer.Option(help="Where to look.")] = Scope.LIST,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most this many.")] = 10,
    as_json: Json = False,
) -> None:
    """Search the list, or everything harvested."""
    from bot.domain import days
    from bot.programs import searching
    from bot.services.search_request import SearchRequest

    request = SearchRequest(
        " ".join(query),
        section,
        days.first_day(since) if since else None,
        days.last_day(until) if until else None,
        sort,
        scope.value,
    )
    results = asyncio.run(searching.search(*_opened(context), request, limit))
    _print(searching.fields(results), searching.worded(results), as_json=as_json)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f"“{written}” is no day; write it like 2024-10-01") from None


@app.command()
def harvest(
    context: typer.Context,
    *,
    since: Annotated[
        date | None,
        typer.Option(
            "--from", parser=_day, metavar="DATE", help="The first day; default: go on from last."
        ),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option("--until", parser=_day, metavar="DATE", help="The last day; default: today."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Run one harvest pass; days are days of modification at arXiv."""
    from bot.programs import harvesting

    settings, clock = _opened(context)
    if since and since > (until or clock.now().date()):
        raise typer.BadParameter(f"--from is after {'--until' if until else 'today'}")
    report = asyncio.run(harvesting.harvest(settings, clock, since, until))
    _print_ledger(report.rows, as_json=as_json)
    if advice := harvesting.advice(report, by_hand=bool(since or until)):
        typer.echo(advice, err=True)
        raise typer.Exit(FINDINGS)


@app.command()
def ledger(
    context: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most this many rows.")] = 30,
    as_json: Json = False,
) -> None:
    """Show what the harvests did, newest first."""
    from bot.programs import ledger as program

    rows = asyncio.run(program.ledger(*_opened(context), limit))
    _print_ledger(rows, as_json=as_json)


@app.command()
def rank(
    context: typer.Context,
    *,
    train: Annotated[
        Path, typer.Option(help="Papers to learn from, a JSON object a line; also packed (.gz).")
    ],
    score: Annotated[Path, typer.Option(help="Papers to score, in the same format.")],
    out: Annotated[Path, typer.Option(help="Where to write id and score of each; - is here.")],
    seeds_only: Annotated[
        bool,
        typer.Option("--seeds-only", help="Learn from the shipped list alone, not from labels."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Score papers by what other papers teach; needs no database.

    A line has id, title, abstract and relevant: true, false (nobody has judged it) or null (does
    not count).
    """
    from bot.programs import ranking
    from bot.programs.ending import ending_in_order
    from bot.programs.placing import STANDARD_OUTPUT

    if as_json and str(out) in STANDARD_OUTPUT:
        raise typer.BadParameter("--json and --out - would both write to standard output")
    settings, _ = _opened(context)
    files = ranking.Files(train, score, out, seeds_only)
    with ending_in_order():
        report = ranking.rank(settings.relevance.keywords, files, partial(typer.echo, err=True))
    if as_json:
        print(json.dumps(report))


@app.command()
def replay(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Labelled papers, a JSON object a line (.gz too).")],
    *,
    share: Annotated[
        float, typer.Option(min=0.0001, max=1, help="How much of the papers may be shown.")
    ] = 0.03,
    as_json: Json = False,
) -> None:
    """Play labelled papers through the intake; print what was found.

    What is best of each day and beside the last 3,000 papers is shown, up to a share of all that
    came; what a poor day leaves is kept for better ones. Labels decide what is shown, and the
    ranker learns from that. A line has id, title, abstract, relevant (null does not count) and,
    where known, published.
    """
    from bot.programs import replaying
    from bot.programs.ending import ending_in_order
    from bot.programs.labelled import LabelledFile

    settings, _ = _opened(context)
    rows = list(LabelledFile(file, file).rows())
    if not as_json:
        print(replaying.heading(), flush=True)

    def watch(played: replaying.Played) -> None:
        """Print each part as soon as it is known."""
        typer.echo(replaying.line(played), err=as_json)

    keywords = settings.relevance.keywords
    with ending_in_order():
        replayed = asyncio.run(replaying.replay(rows, share, keywords=keywords, watch=watch))
    _print(replaying.report(replayed, share), replaying.worded(replayed), as_json=as_json)


@app.command()
def doctor(context: typer.Context) -> None:
    """Check everything the bot needs, a line each.

    Configuration, maintainers, database, index, arXiv, token, intents, the invite address, and what
    each channel's permissions lack.
    """
    from bot.programs.doctor import examine

    if not asyncio.run(examine(*_opened(context))):
        raise typer.Exit(FINDINGS)


@app.command()
def health(context: typer.Context) -> None:
    """Exit 0 while `run` is alive, else 1.

    It is alive when its heartbeat is younger than two minutes.
    """
    from bot.programs import heartbeat

    settings, clock = _opened(context)
    data, now = settings.database.data, clock.now()
    print(heartbeat.worded(data, now))
    if not heartbeat.is_alive(data, now):
        raise typer.Exit(FINDINGS)


@app.command()
def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="The copy to write.")]
) -> None:
    """Write a consistent copy of the database, also while the bot runs."""
    from bot.composition import open_database

    async def work() -> None:
        async with open_database(*_opened(context)) as database:
            await database.backup(file)

    asyncio.run(work())
    print(f"wrote {file}")


def _print_ledger(rows: Sequence[LedgerRow], *, as_json: bool) -> None:
    from bot.programs import fields
    from bot.programs.ledger import worded

    shown = [fields.ledger_fields(row) for row in rows]
    _print({"rows": shown}, worded(shown), as_json=as_json)


def _print(fields: dict[str, object], words: str, *, as_json: bool) -> None:
    print(json.dumps(fields, ensure_ascii=False) if as_json else words)
