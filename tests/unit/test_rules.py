"""The rules of the code that its import contracts cannot say, held against every module."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path for top in ("bot", "storage") for path in (ROOT / top).rglob("*.py"))
OWN = {"bot", "storage"}

HOMES = {
    "aiohttp": ("bot.sources", "bot.chat", "bot.assembly", "bot.programs"),
    "aiosqlite": (),
    "alembic": ("storage",),
    "apscheduler": ("bot.schedule",),
    "arxiv": ("bot.sources.arxiv_package",),
    "asyncpg": (),
    "discord": ("bot.chat",),
    "ftfy": ("bot.services.mojibake",),
    "lxml": ("bot.sources",),
    "numpy": ("bot.learning",),
    "pydantic": ("bot.config",),
    "pydantic_core": ("bot.config",),
    "pydantic_settings": ("bot.config",),
    "pylatexenc": ("bot.services.latex",),
    "regex": ("bot.chat.text",),
    "requests": ("bot.sources.arxiv_package",),
    "rich": ("bot.cli", "bot.console", "bot.programs"),
    "sqlalchemy": ("storage",),
    "sqlite3": ("storage",),
    "structlog": ("bot", "storage"),
    "tantivy": ("storage",),
    "typer": ("bot.cli",),
    "yarl": ("bot.sources", "bot.chat"),
}
"""Where each library may be imported: so its types and its errors end there."""

CLOCK = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "gmtime"),
    ("time", "localtime"),
    ("time", "strftime"),
}


def name_of(path: Path) -> str:
    """`bot.chat.text` of its file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All that runs: what stands under `if TYPE_CHECKING` serves annotations alone."""
    yield tree
    for node in ast.iter_child_nodes(tree):
        types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if not types:
            yield from nodes(node)


def libraries(tree: ast.AST) -> Iterator[str]:
    """The packages a module imports while it runs, those of its own project left out."""
    for node in nodes(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        yield from (name.partition(".")[0] for name in names)


def strangers(module: str, tree: ast.AST) -> list[str]:
    """Libraries that a module imports outside the place they have."""
    outside = sys.stdlib_module_names - HOMES.keys() | OWN
    found = {library for library in libraries(tree) if library not in outside}
    return sorted(
        library
        for library in found
        if not any(f"{module}.".startswith(home) for home in HOMES.get(library, ()))
    )


def clock_readings(tree: ast.AST) -> list[str]:
    """The calls of a module that ask what time it is."""
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (ast.unparse(node.func.value).rpartition(".")[2], node.func.attr) in CLOCK
    ]


def mentions(tree: ast.AST) -> list[str]:
    """What a module lets messages mention, wherever it says so."""
    return [
        ast.unparse(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "allowed_mentions"
    ]


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Every module of the product, parsed."""
    return {name_of(path): ast.parse(path.read_text("utf-8")) for path in MODULES}


def test_each_library_has_its_place(trees: dict[str, ast.Module]) -> None:
    """discord.py is known to the Discord face alone, SQL to storage, arXiv's to the sources."""
    assert {name: found for name, tree in trees.items() if (found := strangers(name, tree))} == {}


def test_decisions_stand_on_the_standard_library(trees: dict[str, ast.Module]) -> None:
    """The domain, the commands and the records import nothing that has to be installed."""
    places = ("bot.domain", "bot.commands", "storage.models", "storage.errors")
    known = sys.stdlib_module_names | OWN
    for name, tree in trees.items():
        if name.startswith(places):
            assert set(libraries(tree)) <= known, name


def test_one_module_reads_the_clock(trees: dict[str, ast.Module]) -> None:
    """Time comes from the one Clock, so that whoever has it owns the time."""
    read = {name: found for name, tree in trees.items() if (found := clock_readings(tree))}
    assert read == {"bot.clock": ["datetime.now(UTC)"]}


def test_no_command_has_a_try_block(trees: dict[str, ast.Module]) -> None:
    """Errors pass through commands to the one handler of each face."""
    for name, tree in trees.items():
        if name.startswith("bot.commands"):
            assert not any(isinstance(node, ast.Try | ast.TryStar) for node in ast.walk(tree)), name


def test_no_message_mentions_anybody(trees: dict[str, ast.Module]) -> None:
    """The client's default is that nobody is pinged, and no message says otherwise."""
    said = {name: found for name, tree in trees.items() if (found := mentions(tree))}
    assert said["bot.chat.client"]
    assert {one for found in said.values() for one in found} == {"discord.AllowedMentions.none()"}


def test_the_packages_hold_a_docstring_and_nothing_else(trees: dict[str, ast.Module]) -> None:
    """What is imported from a package is imported from the module it stands in."""
    for package in OWN:
        assert len(trees[package].body) == 1
        assert ast.get_docstring(trees[package])


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        (lambda tree: strangers("bot.services.search", tree), "def f():\n  import discord.ui"),
        (lambda tree: strangers("bot.domain.model", tree), "from sqlalchemy import text"),
        (lambda tree: strangers("bot.chat.text", tree), "import sqlite3"),
        (lambda tree: strangers("bot.chat.text", tree), "import unheard_of"),
        (clock_readings, "import datetime\nx = datetime.datetime.now()"),
        (clock_readings, "import time\nx = time.time()"),
        (mentions, "send(allowed_mentions=discord.AllowedMentions.all())"),
    ],
)
def test_a_breach_is_seen(rule: object, broken: str) -> None:
    """Each rule finds what breaks it."""
    assert rule(ast.parse(broken))  # type: ignore[operator]
