"""The benchmark of ranking, on a collection small enough to know its figures."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from storage import search_corrections
from tests.bench import spelling
from tests.bench.search import measure, ndcg, recall

if TYPE_CHECKING:
    from pathlib import Path

CORPUS = [
    {"_id": "1", "title": "Zebra crossings", "text": "Stripes on a road."},
    {"_id": "2", "title": "Zebras", "text": "Stripes on an animal."},
    {"_id": "3", "title": "Roads", "text": "No stripes."},
]
QUERIES = [{"_id": "a", "text": "Zebras cross a road."}, {"_id": "b", "text": "elephants"}]
JUDGEMENTS = "query-id\tcorpus-id\tscore\na\t1\t1\na\t3\t0\nb\t2\t1\n"


def write(folder: Path, name: str, objects: list[dict[str, str]], *, compressed: bool) -> None:
    """Write JSON lines as collections come: plain or compressed."""
    content = "".join(json.dumps(one) + "\n" for one in objects).encode()
    path = folder / (f"{name}.gz" if compressed else name)
    path.write_bytes(gzip.compress(content) if compressed else content)


@pytest.mark.parametrize("compressed", [True, False])
async def test_the_figures_are_those_of_the_collection(
    tmp_path: Path, compressed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One query is answered perfectly, one not at all; plain and compressed files read alike.

    Words are corrected where the collection has them, as in an index that is not small.
    """
    monkeypatch.setattr(search_corrections, "SMALL", 0)
    monkeypatch.setattr(spelling, "SAMPLE", 100)
    write(tmp_path, "corpus.jsonl", CORPUS, compressed=compressed)
    write(tmp_path, "queries.jsonl", QUERIES, compressed=False)
    (tmp_path / "qrels.tsv").write_text(JUDGEMENTS)
    gain, recalled, queries, spelt = await measure(tmp_path)
    assert (gain, recalled, queries) == (0.5, 0.5, 2)
    assert spelt
    assert spelt.corrected > 0.9
    assert spelt.wrongly == 0


def test_gain_is_discounted_by_rank() -> None:
    """The formulas of BEIR: gain over log2 of rank + 1, over the best order's; found over all."""
    assert ndcg(["x", "a"], {"a": 1}) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg(["a", "b"], {"a": 1, "b": 2}) == pytest.approx(0.8597, abs=1e-4)
    assert recall(["x", "a"], {"a": 1, "b": 1}) == 0.5
