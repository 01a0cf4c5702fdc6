"""The command line as people use it: real processes, no Discord."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import termios
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

import pytest

from tests.forks import Command
from tests.wire.lab import RELEVANT, fresh, said, this_month

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.wire.lab import Lab

ROOT = Path(__file__).resolve().parents[2]
SEED = (ROOT / "storage" / "seed" / "SynData-Papers.md").read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to run in."""
    return tmp_path


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a bot that was started once and has the shipped list."""
    folder = tmp_path_factory.mktemp("shipped")
    assert bot(folder, "export").stdout == SEED
    return folder / "data"


@pytest.fixture
def stocked(folder: Path, shipped: Path) -> None:
    """The folder is not new: the bot was started there before."""
    shutil.copytree(shipped, folder / "data")


def bot(
    folder: Path, *arguments: str, typed: str = "", status: int = 0
) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a folder, forked off a process that has the imports behind it."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    with TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
        stdin.write(typed.encode())
        stdin.seek(0)
        process = Command("bot.__main__", "main", arguments, env, folder).start(
            stdin.fileno(), stdout.fileno(), stderr.fileno()
        )
        process.join(60)
        stdout.seek(0)
        stderr.seek(0)
        status_of_it = -1 if process.exitcode is None else process.exitcode
        done = subprocess.CompletedProcess(arguments, status_of_it, stdout.read(), stderr.read())
    return checked(done, status)


def started(
    folder: Path, *arguments: str, typed: str = "", status: int = 0
) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m bot …` in a folder, whole, and its input through a pipe."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        input=typed.encode("utf-8", "surrogateescape"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return checked(done, status)


def checked(
    done: subprocess.CompletedProcess[bytes], status: int
) -> subprocess.CompletedProcess[bytes]:
    """It, where it ended as expected and without a traceback."""
    assert done.returncode == status, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    return done


def start(
    folder: Path,
    *arguments: str,
    stdin: IO[bytes] | int | None = None,
    stdout: IO[bytes] | int | None = None,
    stderr: IO[bytes] | int | None = None,
    **variables: str,
) -> subprocess.Popen[bytes]:
    """`python -m bot …` in a folder, still running."""
    home = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder), "TERM": "vt100"}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=home | variables,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 - nothing but a system call
    )


def _heed_interrupts() -> None:
    """Whoever runs the tests in the background has them ignore Ctrl-C, and hands that down."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def text(done: subprocess.CompletedProcess[bytes]) -> str:
    """What a command printed."""
    return done.stdout.decode()


def test_the_console_answers_a_pipe(folder: Path) -> None:
    """A new folder, one typed line: the shipped list is there and answers."""
    answer = text(started(folder, "console", typed="/papers search preference data\n"))
    assert "Self-Boosting Large Language Models with Synthetic Preference Data" in answer
    assert "https://arxiv.org/abs/2410.06961" in answer


@pytest.mark.usefixtures("stocked")
def test_every_command_of_a_reader_works_at_the_console(folder: Path) -> None:
    """Help names the commands; latest and show answer; a typo is told what to type."""
    lines = [
        "/papers help",
        "/papers latest survey",
        "/papers show UniGen",
        "help",
        "/papers serach x",
        "search data",
        "/papers",
        "/papers search zzzzqqq",
        "/review queue",
        "/review here",
    ]
    answer = text(bot(folder, "console", typed="\n".join(lines)))
    for expected in (
        "/papers search QUERY",
        "Large language models for data annotation",
        "UniGen: A Unified Framework",
        "No command “/papers serach”. Did you mean /papers search?",
        "No command “/search data”. Did you mean /papers search?",
        "/papers needs a second word: /papers help, /papers search",
        "Nothing found for “zzzzqqq”",
        "Nothing waits.",
        "There is no channel here",
    ):
        assert expected in answer


@pytest.mark.usefixtures("stocked")
def test_bytes_that_are_no_text_are_answered(folder: Path) -> None:
    """Whatever is piped in, the console ends with 0 and without a traceback."""
    started(
        folder,
        "console",
        typed="\udcff\udcfe /papers search \udcff\n/papers search \x00\x1b[2J\n\n",
    )


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00broken\r\n\rno newline at the end",
        "\ufeff# Liste\r\n\r\n## Teil\r\n- [Ein Titel](https://arxiv.org/abs/2402.13446)\r\n".encode(),
    ],
)
def test_import_then_export_gives_the_bytes_back(folder: Path, content: bytes) -> None:
    """Any file comes back as it was."""
    (folder / "list.md").write_bytes(content)
    bot(folder, "import", "list.md")
    assert bot(folder, "export").stdout == content


def test_an_import_says_what_it_did_not_find(folder: Path) -> None:
    """A file without an entry is probably no list; a long row of warnings is cut for people."""
    (folder / "list.md").write_bytes(b"\xff\n" * 200)
    said_of_it = text(bot(folder, "import", "list.md", "--dry-run")).splitlines()
    assert said_of_it[1] == "warning: no entry was found; a list has headings and items with links"
    assert re.fullmatch(r"… and \d+ more; --json names them all", said_of_it[-1])
    assert len(said_of_it) < 60
    report = json.loads(text(bot(folder, "import", "list.md", "--dry-run", "--json")))
    assert len(report["warnings"]) >= 200


def test_a_new_database_takes_the_file_as_its_list(folder: Path) -> None:
    """In a new database `import FILE` needs no --replace, and the shipped list never appears."""
    (folder / "list.md").write_text("## Mine\n\n- [A Paper](https://arxiv.org/abs/2402.13446)\n")
    report = json.loads(text(bot(folder, "import", "list.md", "--json")))
    assert report == {
        "sections": 1,
        "entries": 1,
        "with_id": 1,
        "duplicates": [],
        "warnings": [],
    }
    assert "UniGen" not in text(bot(folder, "console", typed="/papers latest\n"))


@pytest.mark.usefixtures("stocked")
@pytest.mark.long
def test_a_standing_list_is_replaced_only_on_request(folder: Path) -> None:
    """Without --replace nothing changes and the status is 2; with it a backup is made first."""
    bot(folder, "console", typed="/papers latest\n")
    (folder / "list.md").write_text("## Mine\n\n- [A Paper](https://arxiv.org/abs/2402.13446)\n")
    refused = bot(folder, "import", "list.md", status=2)
    assert b"--replace" in refused.stderr
    assert bot(folder, "export").stdout == SEED
    bot(folder, "import", "list.md", "--replace")
    assert b"A Paper" in bot(folder, "export").stdout
    assert len(list((folder / "data" / "backups").glob("*-replaced.db"))) == 1
    shown = text(bot(folder, "console", typed="/papers show 2406.18966\n"))
    assert "Not on the list" in shown, "papers are kept when the list is replaced"


def test_a_dry_run_touches_nothing(folder: Path) -> None:
    """The report is printed; no folder, no database."""
    (folder / "list.md").write_bytes(SEED)
    report = json.loads(text(bot(folder, "import", "list.md", "--dry-run", "--json")))
    assert (report["sections"], report["entries"], report["with_id"]) == (3, 8, 8)
    assert [path.name for path in folder.iterdir()] == ["list.md"]


@pytest.mark.long
def test_mojibake_is_reported_and_repaired_only_on_request(folder: Path) -> None:
    """The broken dash is named; --repair mends it and nothing else."""
    broken = SEED.replace("177–198".encode(), "177â€“198".encode())
    assert broken != SEED
    (folder / "list.md").write_bytes(broken)
    report = json.loads(text(bot(folder, "import", "list.md", "--json")))
    assert any("177â€“198" in warning for warning in report["warnings"])
    assert bot(folder, "export").stdout == broken
    bot(folder, "import", "list.md", "--replace", "--repair")
    bot(folder, "export", "copy.md")
    assert (folder / "copy.md").read_bytes() == SEED


@pytest.mark.usefixtures("stocked")
def test_search_prints_one_json_object(folder: Path) -> None:
    """The fields scripts rely on."""
    found = json.loads(text(bot(folder, "search", "synthetic", "preference", "data", "--json")))
    assert found["query"] == "synthetic preference data"
    assert found["total"] >= 1
    (first, *_) = found["results"]
    assert first["id"] == "arXiv:2410.06961"
    assert first["section"] == "Research Papers"
    assert set(first) == {
        "id", "aliases", "title", "authors", "abstract", "published", "categories", "section",
        "links", "score", "snippet",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("config", "command", "named"),
    [
        ("[review]\nmaintainer = [1]\n", "console", "did you mean maintainers"),
        ("[database\n", "console", "config.toml"),
        ("", "run", "DISCORD_TOKEN"),
        ("[database]\nurl = 'sqlite+aiosqlite:////proc/nowhere/papers.db'\n", "console", "/proc"),
        (
            "[database]\nurl = 'postgresql+asyncpg://u:secret@127.0.0.1:1/p'\n",
            "console",
            "127.0.0.1",
        ),
        ("[relevance]\nexamples = ['missing.md']\n", "console", "missing.md"),
    ],
)
def test_a_wrong_configuration_is_one_clear_line(
    folder: Path, config: str, command: str, named: str
) -> None:
    """Status 2, one line that names the key or the thing, no traceback, no secret."""
    (folder / "config.toml").write_text(config)
    done = bot(folder, command, status=2)
    lines = done.stderr.decode().strip().splitlines()
    assert len(lines) == 1, lines
    assert named in lines[0]
    assert "secret" not in lines[0]


def test_health_without_a_running_bot_is_a_finding(folder: Path) -> None:
    """No heartbeat: status 1 and a line that says so."""
    assert "no heartbeat" in text(bot(folder, "health", status=1))


@pytest.mark.usefixtures("stocked")
def test_backup_writes_a_copy_that_opens(folder: Path) -> None:
    """The copy is a database of its own, holding the list; an existing file is not overwritten."""
    bot(folder, "console", typed="/papers latest\n")
    bot(folder, "backup", "copy.db")
    (folder / "config.toml").write_text(
        "[database]\nurl = 'sqlite+aiosqlite:///copy.db'\ndata = 'other'\n"
    )
    assert bot(folder, "export").stdout == SEED
    assert b"copy.db" in bot(folder, "backup", "copy.db", status=2).stderr


def test_without_a_command_all_are_shown(folder: Path) -> None:
    """Whoever types `python -m bot` alone is shown the commands, whole, and touches nothing."""
    shown = text(started(folder, status=2))
    for name in ("run", "console", "import", "export", "search", "harvest", "ledger", "doctor"):
        assert f"  {name} " in shown
    assert "..." not in shown.partition("Commands:")[2]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said_of_it"),
    [
        (("consle",), "Did you mean 'console'?"),
        (("search",), "Missing argument 'query'; see `python -m bot search --help`"),
        (("harvest", "--from", "yesterday"), "“yesterday” is no day; write it like 2024-10-01"),
        (("harvest", "--from", "2024-10-02", "--until", "2024-10-01"), "--from is after --until"),
        (("import", "missing.md"), "missing.md cannot be read: No such file"),
        (("--config", "missing.toml", "console"), "missing.toml"),
        (("export", "/"), "/ cannot be written"),
    ],
)
def test_a_wrong_word_is_one_line_that_helps(
    folder: Path, arguments: tuple[str, ...], said_of_it: str
) -> None:
    """What is wrong and where to read on, in one line on stderr."""
    done = bot(folder, *arguments, status=2)
    (line,) = done.stderr.decode().splitlines()
    assert said_of_it in line
    assert done.stdout == b""


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize("arguments", [("export",), ("console",), ("--help",)])
def test_a_full_disk_behind_the_output_is_one_line(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    """Output that cannot be written ends with 2 and says so, no traceback."""
    with Path("/dev/full").open("wb") as full, (folder / "typed").open("w+b") as typed:
        typed.write(b"/papers latest\n")
        typed.seek(0)
        process = start(folder, *arguments, stdin=typed, stdout=full, stderr=subprocess.PIPE)
        _, errors = process.communicate(timeout=60)
    (line,) = errors.decode().splitlines()
    assert line == "error: the output cannot be written: No space left on device"
    assert process.returncode == 2


@pytest.mark.usefixtures("stocked")
def test_a_reader_that_has_heard_enough_is_no_error(folder: Path) -> None:
    """`… | head -1` ends with 0 and says nothing."""
    (folder / "typed").write_text("/papers search data\n" * 2000)
    with (folder / "typed").open("rb") as typed:
        process = start(
            folder, "console", stdin=typed, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(60) == 0
        process.stderr.close()


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize("closed", ["<&-", ">&- 2>&-"])
@pytest.mark.long
def test_closed_streams_are_streams_on_nothing(folder: Path, closed: str) -> None:
    """Cron and daemons close what they do not need; the database never gets their number."""
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m bot console {closed}', sys.executable],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        input=b"/papers latest\n",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert bot(folder, "export").stdout == SEED


def test_ctrl_c_while_it_starts_ends_with_130(folder: Path) -> None:
    """Not even the imports show a traceback."""
    process = start(
        folder,
        "console",
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        PYTHONPROFILEIMPORTTIME="1",
    )
    assert process.stderr is not None
    with process.stderr as errors:
        while not errors.readline().endswith(b" enum\n"):  # the first imports of bot.cli
            pass
        process.send_signal(signal.SIGINT)
        assert b"Traceback" not in errors.read()
    assert process.wait(30) == 130


@pytest.mark.usefixtures("stocked")
def test_ctrl_c_while_it_waits_ends_with_130(folder: Path) -> None:
    """A pipe that stays silent is left at once, without a word."""
    with start(
        folder, "console", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"/papers latest\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"Latest on the list\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
        assert process.wait(30) == 130


class Terminal:
    """The console at a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self.master, self.slave = pty.openpty()
        self.found = termios.tcgetattr(self.slave)
        self.process = start(
            folder, "console", stdin=self.slave, stdout=self.slave, stderr=self.slave
        )
        self.seen = ""

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.master, keys.encode())

    def until(self, words: str) -> None:
        """Wait until the screen has shown `words` since the last call."""
        while words not in self.seen:
            self.seen += os.read(self.master, 4096).decode(errors="replace")
        self.seen = self.seen.partition(words)[2]

    def close(self) -> None:
        """Leave nothing behind."""
        self.process.kill()
        self.process.wait(10)
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminal(folder: Path, stocked: None) -> Iterator[Terminal]:
    """A console that has greeted and asks."""
    terminal = Terminal(folder)
    try:
        terminal.until("/papers help")
        terminal.until("> ")
        yield terminal
    finally:
        terminal.close()


def test_the_prompt_edits_lines_and_remembers_them(terminal: Terminal) -> None:
    """Arrow keys move in the line, up brings back the last one."""
    terminal.type("/papers latest urvey" + "\x1b[D" * 5 + "s\n")
    terminal.until("Large language models for data annotation")
    terminal.until("> ")
    terminal.type("\x1b[A\n")
    terminal.until("Large language models for data annotation")


@pytest.mark.long
@pytest.mark.parametrize(("keys", "status"), [("\x04", 0), ("/quit\n", 0), ("half\x03", 130)])
def test_leaving_gives_the_terminal_back(terminal: Terminal, keys: str, status: int) -> None:
    """Ctrl-D, /quit and Ctrl-C end the console; the terminal echoes as before."""
    terminal.type(keys)
    if status:
        terminal.process.send_signal(signal.SIGINT)  # this terminal controls no process group
    assert terminal.process.wait(30) == status
    assert termios.tcgetattr(terminal.slave) == terminal.found


async def typed_at_a_console(lab: Lab, *lines: str) -> str:
    """What a console beside the running bot answers."""
    console = replace(lab, forked=False).process("console")
    process = await asyncio.create_subprocess_exec(
        *console.command,
        env=console.env,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await process.communicate("\n".join(lines).encode())
    assert (process.returncode, errors) == (0, b"")
    return out.decode()


@pytest.mark.long
async def test_a_console_beside_the_running_bot(lab: Lab) -> None:
    """It sees the queue and approves; the running bot's list, search and card follow."""
    lab.arxiv.archive.add(RELEVANT, fresh(9, "Submitted by a Reader", "We introduce a data set."))
    async with lab.bot():
        card = await lab.open_card("PreferSynth")
        answer = await typed_at_a_console(
            lab,
            "/review queue",
            "/review approve 1 survey",
            "/papers search prefersynth",
            "/review approve 1",
        )
        number = re.search(r"#(\d+) PreferSynth", answer)
        assert number
        assert number[1] == "1"
        assert "✅ PreferSynth" in answer
        assert "1 paper for “prefersynth”" in answer
        assert "#1 was decided before by console: on the list" in answer
        assert "PreferSynth" in lab.public_list()
        found = await lab.discord.slash(lab.eve, lab.digest, "papers search", query="prefersynth")
        assert "Survey Papers" in json.dumps(found.embeds)
        # The card follows every minute, and whenever anything is decided or submitted.
        await lab.discord.slash(
            lab.eve, lab.digest, "papers submit", paper=this_month(9), patience=20
        )
        await lab.discord.until(lambda: "console ·" in said(card), 70)


async def test_a_list_imported_beside_the_running_bot(lab: Lab) -> None:
    """The running bot answers from the new list at once, and nothing is lost of the old one."""
    (lab.folder / "mine.md").write_text(
        "## Mine\n\n- [A Zebra](https://arxiv.org/abs/2402.13446)\n"
    )
    async with lab.bot():
        await lab.output("import", str(lab.folder / "mine.md"), "--replace")
        found = await lab.discord.slash(lab.eve, lab.digest, "papers search", query="zebra")
        assert "A Zebra" in json.dumps(found.embeds)
        assert "A Zebra" in lab.public_list()
        assert await lab.output("export") == (lab.folder / "mine.md").read_text().rstrip("\n")


async def test_doctor_names_each_address_that_does_not_answer(lab: Lab) -> None:
    """Harvest, lookup and gateway are each tried; a line names the key, and the rest is checked."""
    dead = "127.0.0.1:9"
    lab.configure(
        discord={"gateway_url": f"ws://{dead}/"},
        arxiv={"oai_url": f"http://{dead}/oai", "api_url": f"http://{dead}/api"},
    )
    said_of_it = await lab.output("doctor", status=1)
    for name, key in (
        ("arXiv", "oai_url"),
        ("arXiv lookup", "api_url"),
        ("gateway", "gateway_url"),
    ):
        assert re.search(rf"(?m)^FAIL  {name}: .*{dead}.*{key} in \[", said_of_it)
    assert "ok    review channel: #review" in said_of_it


async def test_doctor_says_that_cards_have_no_place_and_an_index_cannot_be_one(lab: Lab) -> None:
    """Without a channel nothing is ever shown; a file in the index's place is named."""
    config = lab.config.read_text()
    lab.config.write_text(config.replace(f"channel = {lab.review.id}\n", ""))
    await lab.output("export")
    (lab.folder / "data" / "index").write_text("no folder")
    said_of_it = await lab.output("doctor", status=1)
    assert "FAIL  review: no channel gets cards: set channel in [review], or type" in said_of_it
    assert re.search(r"(?m)^(FAIL  index: .* may be deleted|ok    index: )", said_of_it)
    assert "ok    server: Lab" in said_of_it
