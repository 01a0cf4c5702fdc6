"""`python -m tests.bench.search_speed [--sizes 1000,100000,1000000]`: our index beside FTS5.

For each number of made-up abstracts (see made_up_abstracts) both are built from the same documents,
committed in the same batches, and asked the same questions in turn: ours through `Search`'s own way
to its index (other spellings included), SQLite's FTS5 by `bm25()` with quoted tokens, ten results.
FTS5 knows no other spellings: of a typo it looks for what was typed. Its share of the time is
bounded; how many questions it got is printed. Then papers are approved on a real database whose
index this is, until the next search finds them. Prints; never fails on a time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil

from bot.clock import SystemClock
from bot.composition import open_core
from bot.config import load
from bot.domain.review import Rules
from bot.services.case import Order
from bot.services.review import Review
from bot.services.search_finding import Finding, asked
from bot.services.search_request import SearchRequest
from storage.candidates import Candidates
from storage.changes import Changes
from storage.documents import documents
from storage.models import Action, Author, Member, Origin, Paper, PaperId, Via
from storage.papers import Papers
from storage.search import SearchIndex
from storage.search_index import Mark, Shelf
from tests.bench.made_up_abstracts import KEPT, Writer, kinds
from tests.wire.process import ChildProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.composition import Core
    from bot.config import Settings
    from storage.documents import SearchDocument
    from tests.bench.made_up_abstracts import Kind

SIZES = (1_000, 100_000, 1_000_000)
QUESTIONS = 300
BATCH = 5_000
WARM = 5
"""Questions asked before those that count."""
RESULTS = 10
APPROVALS = 60
BOUND = 20.0
"""Seconds FTS5 is given for one kind of query."""
LONGEST = 3600.0
MAINTAINER = Member(1, "Ana")
FTS5 = (
    "CREATE VIRTUAL TABLE fts USING"
    " fts5(title, authors, abstract, content='', tokenize='porter unicode61')"
)
ASK = "SELECT rowid, bm25(fts) FROM fts WHERE fts MATCH ? ORDER BY bm25(fts) LIMIT ?"


class Times(NamedTuple):
    """Milliseconds, and of how many."""

    p50: float
    p99: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        ordered = sorted(1000 * one for one in seconds)
        return cls(ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], len(ordered))


class Standing(NamedTuple):
    """A database with candidates, its keys, and the mark of an index that holds all of it."""

    found: dict[str, SearchDocument]
    mark: Mark
    candidates: tuple[int, ...]


def proposal(number: int) -> Paper:
    """A paper that is to be approved, with a word of its own."""
    return Paper(
        PaperId(f"arXiv:2409.{number + 1:05}"),
        f"Proposal{number} on synthetic data",
        authors=(Author("Lovelace", "Ada"),),
        abstract="We propose what nobody proposed before.",
    )


async def prepare(core: Core) -> Standing:
    """Propose papers, and read what an index of this database has to hold."""
    now = core.clock.now()

    async def propose(connection: AsyncConnection) -> tuple[int, ...]:
        await Papers(connection).store([proposal(n) for n in range(APPROVALS)], now)
        queued = [
            await Candidates(connection).queue(
                proposal(number).id,
                score=0.5,
                reasons=(),
                section="Research Papers",
                origin=Origin.HARVEST,
                submitter=None,
                now=now,
            )
            for number in range(APPROVALS)
        ]
        return tuple(one.id for one in queued if one)

    async def stand(connection: AsyncConnection) -> tuple[dict[str, SearchDocument], Mark]:
        changes = Changes(connection)
        revision = await changes.revision()
        keys = await changes.latest(10 * APPROVALS)
        return await documents(connection, keys), Mark(revision, await changes.origin(revision))

    candidates = await core.database.write(propose)
    return Standing(*await core.database.read(stand), candidates)


def batches(made: Iterator[SearchDocument]) -> Iterator[list[SearchDocument]]:
    """The documents, as many at once as are committed."""
    while batch := [one for one, _ in zip(made, range(BATCH), strict=False)]:
        yield batch


class Built(NamedTuple):
    """Seconds each took, and documents of which queries are made."""

    ours: float
    fts5: float
    kept: list[SearchDocument]


def build(folder: Path, count: int, writer: Writer, standing: Standing) -> Built:
    """Fill the index of the folder's database, and an FTS5 table, with the same documents."""
    shelf = Shelf.fresh(folder / "data" / "index")
    shelf.commit(list(standing.found), standing.found, standing.mark)
    ours = theirs = 0.0
    kept: list[SearchDocument] = []
    every = max(1, count // KEPT)
    with closing(sqlite3.connect(folder / "fts.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(FTS5)
        for batch in batches(writer.documents(count)):
            kept += batch[::every]
            begun = time.perf_counter()
            found = {one.key: one for one in batch}
            shelf.commit(list(found), found, standing.mark)
            between = time.perf_counter()
            with connection:
                connection.executemany(
                    "INSERT INTO fts(title, authors, abstract) VALUES (?, ?, ?)",
                    [(one.title, " ".join(one.authors), one.abstract) for one in batch],
                )
            ours += between - begun
            theirs += time.perf_counter() - between
        begun = time.perf_counter()
        shelf.release()
        ours += time.perf_counter() - begun
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Built(ours, theirs, kept)


async def ask_ours(index: SearchIndex, typed: Sequence[str]) -> Times:
    """Each question once, after a few that warm up."""
    taken = []
    for text in [*typed[:WARM], *typed]:
        begun = time.perf_counter()
        request = SearchRequest(text, scope="everything")
        await Finding(index, request).find(asked(request), RESULTS, 0)
        taken.append(time.perf_counter() - begun)
    return Times.of(taken[-len(typed) :])


def ask_fts5(connection: sqlite3.Connection, queries: Sequence[str]) -> Times:
    """Each question once, as far as the time goes, after a few that warm up."""
    taken: list[float] = []
    begun = time.perf_counter()
    for query in [*queries[:WARM], *queries]:
        before = time.perf_counter()
        connection.execute(ASK, (query, RESULTS)).fetchall()
        taken.append(time.perf_counter() - before)
        if len(taken) > 2 * WARM and time.perf_counter() - begun > BOUND:
            break
    return Times.of(taken[WARM:])


async def approvals(core: Core, standing: Standing) -> tuple[Times, Times]:
    """From an approval to the search that finds it, and what the approval itself took."""
    found, decided = [], []
    rules = Rules(maintainer_roles=frozenset(), maintainers=frozenset({MAINTAINER.id}))
    review = Review(database=core.database, rules=rules, clock=core.clock, decided=_nobody)
    for number, candidate in enumerate(standing.candidates):
        request = SearchRequest(f"Proposal{number}")
        begun = time.perf_counter()
        await review.decide(candidate, Order(Action.APPROVE, MAINTAINER, Via.COMMAND))
        approved = time.perf_counter()
        while not (await core.search.search(request)).total:
            assert time.perf_counter() < approved + LONGEST
        found.append(time.perf_counter() - approved)
        decided.append(approved - begun)
    return Times.of(found), Times.of(decided)


async def _nobody(_candidate: object) -> None:
    return None


def size(*paths: Path) -> float:
    """Megabytes on disk."""
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path])]
    return sum(file.stat().st_size for file in files if file.is_file()) / 2**20


async def memory(folder: Path, asking: Sequence[Kind]) -> str:
    """Resident memory of a process that answers the same questions from our index alone."""
    (folder / "typed.json").write_text(json.dumps([kind.typed for kind in asking]))
    command = ("-m", "tests.bench.search_speed", "--serve", str(folder))
    async with ChildProcess(sys.executable, *command) as process:
        line = await process.line("resident", within=LONGEST)
        await process.wait(LONGEST)
    return line


async def serve(folder: Path) -> None:
    """Answer questions from an index, then say what that takes of memory."""
    typed = json.loads((folder / "typed.json").read_text())
    async with SearchIndex.open(folder / "data" / "index", writable=False) as index:
        own = psutil.Process()
        await ask_ours(index, typed[0][:1])
        first = own.memory_info().rss
        for texts in typed:
            await ask_ours(index, texts)
        now, spread = own.memory_info().rss, own.memory_full_info()
    print(
        f"resident: {first / 2**20:.0f} MB after the first question,"
        f" {now / 2**20:.0f} MB after all, {spread.uss / 2**20:.0f} MB of them its own"
        " (the rest are files it reads, and code)"
    )


def configured(folder: Path) -> Settings:
    """The settings of a bot whose database stands in the folder."""
    data = folder / "data"
    config = folder / "config.toml"
    config.write_text(
        f'[database]\nurl = "sqlite+aiosqlite:///{data}/papers.db"\ndata = "{data}"\n'
        f'[publish]\npath = "{folder}/public.md"\n'
    )
    return load(config, {})


async def measure(count: int) -> None:
    """Print all about one size."""
    with tempfile.TemporaryDirectory() as name:
        folder, clock, writer = Path(name), SystemClock(), Writer()
        settings = configured(folder)
        async with open_core(settings, clock, command="benchmark", must_lead=True) as core:
            standing = await prepare(core)
        built = await asyncio.to_thread(build, folder, count, writer, standing)
        asking = kinds(writer, built.kept, QUESTIONS)
        first = kinds(writer, built.kept, QUESTIONS, seed=10)[0]
        print(f"\n{count:,} abstracts of about {len(built.kept[0].abstract):,} characters")
        async with open_core(settings, clock, command="benchmark", must_lead=True) as core:
            await compare(core.index, folder, first, asking)
            found, decided = await approvals(core, standing)
        disk = size(folder / "data" / "index"), size(folder / "fts.db")
        print(f"size on disk: ours {disk[0]:.0f} MB, FTS5 {disk[1]:.0f} MB (contentless)")
        print(f"time to build: ours {built.ours:.0f} s, FTS5 {built.fts5:.0f} s")
        print(
            f"from approval to found: p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms"
            f" of {found.count} (approving itself: p50 {decided.p50:.1f} ms)"
        )
        print(await memory(folder, asking), flush=True)


async def compare(index: SearchIndex, folder: Path, first: Kind, asking: Sequence[Kind]) -> None:
    """Print the table of both, a line for each kind of query.

    The `first` questions after a start come beside the making of a table, so they are told apart,
    and none of them is asked again.
    """
    at_start = await ask_ours(index, first.typed)
    await index.complete()
    print("ms                  ours p50      p99  FTS5 p50       p99   of     ratio")
    with closing(sqlite3.connect(folder / "fts.db")) as connection:
        for kind in asking:
            ours, fts5 = await ask_ours(index, kind.typed), ask_fts5(connection, kind.fts5)
            print(
                f"{kind.name:18} {ours.p50:9.2f} {ours.p99:8.2f} {fts5.p50:9.2f} {fts5.p99:9.2f}"
                f" {fts5.count:4} {fts5.p50 / ours.p50:8.1f}×",
                flush=True,
            )
    print(
        f"after a start, while the table of spellings is made: {first.name} p50 {at_start.p50:.1f}"
        f" ms, p99 {at_start.p99:.1f} ms of {at_start.count}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search_speed")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="comma between them")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.serve:
        asyncio.run(serve(wanted.serve))
    for number in [] if wanted.serve else wanted.sizes.split(","):
        asyncio.run(measure(int(number)))
