"""How good the ranking is: `python -m tests.bench.search FOLDER` over a collection in BEIR form.

FOLDER holds corpus.jsonl, queries.jsonl and qrels.tsv, each plain or as .gz. Prints nDCG@10 and
Recall@100 of the product's own parser, query and index; both as BEIR's pytrec_eval computes them.
Below that, how single typos in the collection's words are corrected.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import math
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.domain.query import parse
from storage.database import Database
from storage.models import Paper, PaperId
from storage.papers import Papers
from storage.search import SearchIndex
from tests.bench.spelling import described, measure_spelling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.bench.spelling import Spelt

NDCG_AT = 10
RECALL_AT = 100
PAGE = 1000
PREFIX = "url:bench/"
NOW = datetime(2024, 9, 16, tzinfo=UTC)

Judgements = dict[str, dict[str, int]]


def read_lines(folder: Path, name: str) -> Iterator[str]:
    """The lines of a file that is plain or compressed."""
    path = folder / name
    compressed = path.with_name(name + ".gz")
    text = gzip.decompress(compressed.read_bytes()).decode() if compressed.exists() else ""
    for line in (text or path.read_text("utf-8")).split("\n"):
        if line.strip():
            yield line


def read_objects(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """One JSON object a line."""
    return (json.loads(line) for line in read_lines(folder, name))


def read_judgements(folder: Path) -> Judgements:
    """Query → document → relevance, of a table whose first line may name its columns."""
    judged: Judgements = {}
    for line in read_lines(folder, "qrels.tsv"):
        query, document, score = line.split("\t")
        if score.strip().lstrip("-").isdecimal() and int(score) > 0:
            judged.setdefault(query, {})[document] = int(score)
    return judged


def paper(source: Mapping[str, Any]) -> Paper:
    """A document of the collection as a paper."""
    title, abstract = source.get("title") or "", source.get("text") or ""
    return Paper(id=PaperId(PREFIX + source["_id"]), title=title, abstract=abstract)


async def fill(database: Database, papers: Sequence[Paper]) -> None:
    """Store papers as a harvest does, page after page."""
    for start in range(0, len(papers), PAGE):

        async def store(
            connection: AsyncConnection, page: Sequence[Paper] = papers[start : start + PAGE]
        ) -> None:
            await Papers(connection).store(page, NOW)

        await database.write(store)


def ndcg(found: Sequence[str], relevant: Mapping[str, int]) -> float:
    """Discounted cumulated gain of the first results over that of the best order."""
    best = sorted(relevant.values(), reverse=True)
    return _gain([relevant.get(key, 0) for key in found]) / _gain(best)


def _gain(scores: Sequence[int]) -> float:
    return sum(score / math.log2(rank + 2) for rank, score in enumerate(scores[:NDCG_AT]))


def recall(found: Sequence[str], relevant: Mapping[str, int]) -> float:
    """The share of the relevant documents among the results."""
    return len(relevant.keys() & set(found[:RECALL_AT])) / len(relevant)


async def search_all(index: SearchIndex, queries: Mapping[str, str]) -> dict[str, list[str]]:
    """The documents found for each query, best first."""
    found = {}
    for key, text in queries.items():
        page = await index.search(parse(text), listed=None, section=None, limit=RECALL_AT)
        found[key] = [hit.key.removeprefix(PREFIX) for hit in page.hits]
    return found


async def measure(folder: Path) -> tuple[float, float, int, Spelt | None]:
    """(mean nDCG@10, mean Recall@100, number of queries judged, how typos are corrected)."""
    judged = read_judgements(folder)
    queries = {
        one["_id"]: one["text"]
        for one in read_objects(folder, "queries.jsonl")
        if one["_id"] in judged
    }
    papers = [paper(one) for one in read_objects(folder, "corpus.jsonl")]
    with TemporaryDirectory() as data:
        url = f"sqlite+aiosqlite:///{data}/papers.db"
        async with (
            Database.open(url, data=Path(data), now=lambda: NOW) as database,
            SearchIndex.open(Path(data) / "index", writable=True) as index,
        ):
            await fill(database, papers)
            await index.refresh(database)
            await index.complete()
            found = await search_all(index, queries)
            spelt = await measure_spelling(index, (f"{p.title}\n{p.abstract}" for p in papers))
    gains = [ndcg(keys, judged[query]) for query, keys in found.items()]
    recalls = [recall(keys, judged[query]) for query, keys in found.items()]
    return sum(gains) / len(gains), sum(recalls) / len(recalls), len(found), spelt


def main() -> None:
    """Measure the collection named on the command line."""
    parser = argparse.ArgumentParser(description="Measure the ranking on a collection.")
    parser.add_argument("folder", type=Path)
    gain, recalled, queries, spelt = asyncio.run(measure(parser.parse_args().folder))
    print(f"nDCG@10 {gain:.4f}")
    print(f"Recall@100 {recalled:.4f}")
    print(f"queries {queries}")
    if spelt is not None:
        print(described(spelt))


if __name__ == "__main__":
    main()
