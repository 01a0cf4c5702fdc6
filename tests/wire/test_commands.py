"""The command line as people use it: real processes, no Discord."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEED = (ROOT / "storage" / "seed" / "SynData-Papers.md").read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to run in."""
    return tmp_path


def bot(
    folder: Path, *arguments: str, typed: str = "", status: int = 0
) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m bot …` in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        input=typed.encode("utf-8", "surrogateescape"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == status, done.stderr.decode()
    assert b"Traceback" not in done.stderr
    return done


def text(done: subprocess.CompletedProcess[bytes]) -> str:
    """What a command printed."""
    return done.stdout.decode()


def test_the_console_answers_a_pipe(folder: Path) -> None:
    """A new folder, one typed line: the shipped list is there and answers."""
    answer = text(bot(folder, "console", typed="/papers search preference data\n"))
    assert "Self-Boosting Large Language Models with Synthetic Preference Data" in answer
    assert "https://arxiv.org/abs/2410.06961" in answer


def test_every_command_of_a_reader_works_at_the_console(folder: Path) -> None:
    """Help names the commands; latest and show answer; a typo is told what to type."""
    lines = [
        "/papers help",
        "/papers latest survey",
        "/papers show UniGen",
        "/papers serach x",
        "/papers search zzzzqqq",
        "/review queue",
        "/review here",
    ]
    answer = text(bot(folder, "console", typed="\n".join(lines)))
    for expected in (
        "/papers search QUERY",
        "Large language models for data annotation",
        "UniGen: A Unified Framework",
        "No command “/papers serach”",
        "Nothing found for “zzzzqqq”",
        "Nothing waits.",
        "There is no channel here",
    ):
        assert expected in answer


def test_bytes_that_are_no_text_are_answered(folder: Path) -> None:
    """Whatever is piped in, the console ends with 0 and without a traceback."""
    bot(
        folder,
        "console",
        typed="\udcff\udcfe /papers search \udcff\n/papers search \x00\x1b[2J\n\n",
    )


@pytest.mark.parametrize(
    "content",
    [
        SEED,
        b"",
        b"\xff\xfe\x00broken\r\n\rno newline at the end",
        "\ufeff# Liste\r\n\r\n## Teil\r\n- [Ein Titel](https://arxiv.org/abs/2402.13446)\r\n".encode(),
        b"\x00" * 10,
    ],
)
def test_import_then_export_gives_the_bytes_back(folder: Path, content: bytes) -> None:
    """Any file comes back as it was."""
    (folder / "list.md").write_bytes(content)
    bot(folder, "import", "list.md")
    assert bot(folder, "export").stdout == content
    bot(folder, "export", "copy.md")
    assert (folder / "copy.md").read_bytes() == content


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


def test_mojibake_is_reported_and_repaired_only_on_request(folder: Path) -> None:
    """The broken dash is named; --repair mends it and nothing else."""
    broken = SEED.replace("177–198".encode(), "177â€“198".encode())
    assert broken != SEED
    (folder / "list.md").write_bytes(broken)
    report = json.loads(text(bot(folder, "import", "list.md", "--json")))
    assert any("177â€“198" in warning for warning in report["warnings"])
    assert bot(folder, "export").stdout == broken
    bot(folder, "import", "list.md", "--replace", "--repair")
    assert bot(folder, "export").stdout == SEED


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
        ("[review]\ncards_per_day = 'many'\n", "console", "cards_per_day"),
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


def test_backup_writes_a_copy_that_opens(folder: Path) -> None:
    """The copy is a database of its own, holding the list; an existing file is not overwritten."""
    bot(folder, "console", typed="/papers latest\n")
    bot(folder, "backup", "copy.db")
    (folder / "config.toml").write_text(
        "[database]\nurl = 'sqlite+aiosqlite:///copy.db'\ndata = 'other'\n"
    )
    assert bot(folder, "export").stdout == SEED
    assert b"copy.db" in bot(folder, "backup", "copy.db", status=2).stderr


def test_usage_errors_end_with_2(folder: Path) -> None:
    """Unknown commands, options and missing files."""
    bot(folder, "nonsense", status=2)
    bot(folder, "search", status=2)
    bot(folder, "search", "x", "--scope", "mars", status=2)
    bot(folder, "import", "missing.md", status=2)
    bot(folder, "harvest", "--from", "yesterday", status=2)
    bot(folder, "--config", "missing.toml", "console", status=2)
