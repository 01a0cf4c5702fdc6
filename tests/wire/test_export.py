"""`python -m bot export` as scripts and reference managers get it: real processes."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from bibtexparser import parse_string

from tests.wire.test_commands import SEED, bot

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ("tan2024large", "lupidi2024source2synth")
FIELDS = [
    "id", "aliases", "title", "authors", "abstract", "published", "categories", "section", "links",
]  # fmt: skip


def test_each_format_on_standard_output(tmp_path: Path) -> None:
    """All of the list in each; keys are the same in all; only Markdown is the list's own bytes."""
    library = parse_string(bot(tmp_path, "export", "--format", "bibtex").stdout.decode())
    keys = [entry.key for entry in library.entries]
    assert set(KEYS) <= set(keys)
    items = json.loads(bot(tmp_path, "export", "--format", "csl-json").stdout)
    assert [item["id"] for item in items] == keys
    table = bot(tmp_path, "export", "--format", "csv").stdout.decode()
    assert [row["key"] for row in csv.DictReader(io.StringIO(table, newline=""))] == keys
    papers = json.loads(bot(tmp_path, "export", "--format", "json").stdout)["papers"]
    assert [list(one) for one in papers] == [FIELDS] * len(keys)
    assert bot(tmp_path, "export", "--format", "markdown").stdout == SEED


def test_the_ending_of_a_file_asks_for_a_format(tmp_path: Path) -> None:
    """Unless one is asked for by name; any other ending is the list's own bytes."""
    bot(tmp_path, "export", "mine.BIB")
    assert parse_string((tmp_path / "mine.BIB").read_text()).entries
    bot(tmp_path, "export", "mine.json", "--format", "markdown")
    assert (tmp_path / "mine.json").read_bytes() == SEED


def test_a_format_nobody_knows_is_named(tmp_path: Path) -> None:
    """With those there are, and status 2."""
    said = bot(tmp_path, "export", "--format", "pdf", status=2).stderr.decode()
    assert "'pdf' is not one of 'markdown', 'bibtex', 'csl-json', 'csv', 'json'" in said
