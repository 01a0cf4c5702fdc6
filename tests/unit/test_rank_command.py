"""`python -m bot rank`: files in, a file out."""

from __future__ import annotations

import gzip
import json
import os
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.domain.errors import UserError
from bot.domain.prior import DEFAULT_KEYWORDS
from bot.programs import lessons, ranking
from bot.programs.ranking import Files
from storage.models import Label
from tests.unit.labelled_files import OFF_TOPIC, ON_TOPIC, command, papers, row, started, written

if TYPE_CHECKING:
    from pathlib import Path

    from storage.models import Example

Row = dict[str, object]

SEED: Row = {
    "id": "2402.13446",
    "title": "Large language models for data annotation: A survey",
}
WITHDRAWN = "This paper has been withdrawn by the authors due to an error in the experiments."


@dataclass
class Desk:
    """A folder with files to learn from and to score; `said` is what a person hears."""

    folder: Path
    said: list[str] = field(default_factory=list)

    def rank(self, train: list[Row], score: list[Row], *, seeds: bool = False) -> dict[str, float]:
        """The scores by id."""
        files = Files(
            written(self.folder / "train.jsonl", train),
            written(self.folder / "score.jsonl", score),
            self.folder / "out.jsonl",
            seeds,
        )
        self.report = ranking.rank(DEFAULT_KEYWORDS, files, self.said.append)
        lines = files.out.read_text().splitlines()
        return {one["id"]: one["score"] for one in map(json.loads, lines)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty folder."""
    return Desk(tmp_path)


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> list[list[Example]]:
    """What each model was learnt from."""
    trained: list[list[Example]] = []
    learn = ranking.train

    def train(keywords: object, examples: list[Example]) -> object:
        trained.append(list(examples))
        return learn(keywords, examples)  # type: ignore[arg-type]

    monkeypatch.setattr(ranking, "train", train)
    return trained


def test_relevant_papers_come_before_the_others(desk: Desk) -> None:
    """What is like the relevant papers scores higher than what is like the others."""
    scores = desk.rank(papers(40), papers(20, first=101))
    best = sorted(scores, key=lambda one: -scores[one])[:4]
    assert {int(one[5:]) % 5 for one in best} == {0}


def test_every_line_is_scored_in_its_order(desk: Desk) -> None:
    """The output has one line a line of the second file, with its ids as they were."""
    rows = [row(3, "One"), row(1, "Two"), row(3, "One"), row(2, "", relevant=None, note=[1])]
    rows[1]["id"] = "https://arxiv.org/abs/2401.00001v2"
    desk.rank(papers(10), rows)
    lines = [json.loads(line) for line in (desk.folder / "out.jsonl").read_text().splitlines()]
    assert [one["id"] for one in lines] == [one["id"] for one in rows]
    assert all(one.keys() == {"id", "score"} for one in lines)


def test_no_ties_by_rounding(desk: Desk) -> None:
    """Papers that fit very well, each differently, have different scores."""
    rows = papers(20, every=1, first=101)
    for number, one in enumerate(rows):
        one["abstract"] = f"{one['abstract']} synthetic data generation" + " instructions" * number
    assert len(set(desk.rank(papers(60), rows).values())) == 20


def test_null_neither_teaches_nor_is_background(desk: Desk, taught: list[list[Example]]) -> None:
    """A null or missing `relevant` leaves a paper out, and the report counts it."""
    rows = papers(10)
    rows[0]["relevant"] = None
    del rows[1]["relevant"]
    desk.rank(rows, papers(1, first=50))
    assert {"arXiv:2401.00001", "arXiv:2401.00002"}.isdisjoint(one.id for one in taught[0])
    assert desk.report["undecided"] == 2


def test_versions_and_links_are_one_paper(desk: Desk, taught: list[list[Example]]) -> None:
    """Versions, links and other spellings of an id teach once, as relevant if any line says so."""
    names = ("2401.00001v1", "2401.00001v2", "arXiv:2401.00001", "https://arxiv.org/pdf/2401.00001")
    rows = [row(1, text) | {"id": name} for name, text in zip(names, OFF_TOPIC, strict=False)]
    rows[2]["relevant"] = True
    desk.rank([*rows, row(2, "Another")], papers(1, first=50))
    same = [one for one in taught[0] if one.id == "arXiv:2401.00001"]
    assert [one.label for one in same] == ["listed"]
    assert desk.report["repeated"] == 3


def test_the_same_paper_under_another_id_teaches_once(
    desk: Desk, taught: list[list[Example]]
) -> None:
    """A title in another spelling, or the same long abstract, is the same paper."""
    abstract = "Nobody else has written this abstract. " * 8
    rows = [
        {"id": "a", "title": "Synthetic data-sets for LLMs", "abstract": "One.", "relevant": True},
        {"id": "b", "title": "Synthetic datasets for LLMs", "abstract": "Two.", "relevant": False},
        {"id": "c", "title": "First title of it", "abstract": abstract, "relevant": False},
        {"id": "d", "title": "Another title", "abstract": f" {abstract}", "relevant": False},
    ]
    desk.rank(rows, papers(1))
    assert {one.id for one in taught[0]} & {"a", "b", "c", "d"} == {"a", "c"}


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("A fine title of a paper", WITHDRAWN),
        ("A fine title of a paper", f"A long abstract about data. {WITHDRAWN}"),
        ("Withdrawn: a fine title of a paper", "Some words."),
        ("A fine title of a paper (withdrawn)", "Some words."),
    ],
)
def test_a_withdrawn_paper_does_not_teach_and_comes_last(
    desk: Desk, taught: list[list[Example]], title: str, abstract: str
) -> None:
    """A notice in title or abstract keeps all versions from teaching, and puts a paper last."""
    gone: Row = {
        "id": "2401.00077v2",
        "title": title,
        "abstract": abstract,
        "relevant": True,
    }
    before = row(77, ON_TOPIC[0], relevant=True)
    scores = desk.rank([*papers(10), before, gone], [*papers(10), gone])
    assert "arXiv:2401.00077" not in {one.id for one in taught[0]}
    assert min(scores, key=lambda one: scores[one]) == "2401.00077v2"


def test_notices_of_withdrawal_do_not_make_papers_one(desk: Desk) -> None:
    """Two withdrawn papers with the same notice are two."""
    rows: list[Row] = [
        {"id": str(one), "title": text, "abstract": f"{WITHDRAWN} {WITHDRAWN} {WITHDRAWN}"}
        for one, text in enumerate(OFF_TOPIC)
    ]
    desk.rank([*papers(5), *rows], papers(1))
    assert desk.report["withdrawn"] == len(OFF_TOPIC)


def test_an_empty_paper_is_scored_below_all_others(desk: Desk) -> None:
    """A paper without title and abstract gets a finite score, the lowest."""
    nothing: Row = {"id": "2401.09999", "title": " ", "abstract": None}
    scores = desk.rank(papers(20), [nothing, *papers(20)])
    assert min(scores, key=lambda one: scores[one]) == "2401.09999"
    assert abs(scores["2401.09999"]) < 1e9


def test_the_shipped_list_teaches_as_well(desk: Desk, taught: list[list[Example]]) -> None:
    """Its papers are relevant ones, with the abstract of the first file where it has them."""
    known = SEED | {"id": "2402.13446v2", "abstract": "Words of it.", "relevant": False}
    desk.rank([*papers(10), known], papers(1, first=50))
    listed = {one.id: one for one in taught[0] if one.label == "listed"}
    assert len(listed) == len(lessons.seeds()) + 2
    assert listed["arXiv:2402.13446"].abstract == "Words of it."


@pytest.mark.parametrize("name", [{"id": "2402.13446v3"}, {"title": str(SEED["title"]).upper()}])
def test_a_shipped_paper_to_be_scored_does_not_teach(
    desk: Desk, taught: list[list[Example]], name: Row
) -> None:
    """Neither by its id nor by its title: nobody would know that it belongs."""
    scored = row(7, "Anything") | name
    desk.rank(papers(10), [scored])
    assert "arXiv:2402.13446" not in {one.id for one in taught[0]}
    assert len(taught) == 1


def test_seeds_only_takes_no_label(desk: Desk, taught: list[list[Example]]) -> None:
    """All of the first file is background, whatever its labels."""
    rows = papers(10)
    rows[0]["relevant"] = None
    turned = [one | {"relevant": not one["relevant"]} for one in rows]
    first = desk.rank(rows, papers(9, first=50), seeds=True)
    assert first == desk.rank(turned, papers(9, first=50), seeds=True)
    labels = [one.label for one in taught[0]]
    assert labels.count(Label.UNLABELLED) == 10
    assert labels.count(Label.LISTED) == len(lessons.seeds())


def test_seeds_only_judges_a_shipped_paper_by_the_others(
    desk: Desk, taught: list[list[Example]]
) -> None:
    """It teaches what others are worth; its own score is of a model that never saw it."""
    own = SEED | {"abstract": "Words of it."}
    desk.rank([*papers(10), own], [own, *papers(3, first=50)], seeds=True)
    without, everything = ({one.id for one in some} for some in taught)
    assert everything - without == {"arXiv:2402.13446"}


def test_without_relevant_papers_it_says_what_it_ranks_by(desk: Desk) -> None:
    """A file without a positive is no error: the list and the keywords remain."""
    desk.rank([row(1, OFF_TOPIC[0])], papers(5, first=50))
    assert "shipped list and the keywords alone" in "".join(desk.said)


def test_it_says_how_many_are_in_both_files(desk: Desk) -> None:
    """A paper may be in both; how many is said."""
    desk.rank(papers(10), papers(10, first=8))
    assert desk.report["known"] == 3
    assert any("3 of the papers to be scored" in one for one in desk.said)


BAD = {
    "no JSON": b'{"id": "a", "title": "b"\n',
    "deep": b"[" * 100_000,
    "digits": b'{"id": "a", "title": "b", "n": ' + b"1" * 5_000 + b"}",
    "a list": b'["id"]\n',
    "no id": b'{"title": "b"}\n',
    "no title": b'{"id": "a"}\n',
    "fraction as id": b'{"id": 2401.1000, "title": "b"}\n',
    "true as id": b'{"id": true, "title": "b"}\n',
    "number as title": b'{"id": "a", "title": 7}\n',
    "blank id": b'{"id": " ", "title": "b"}\n',
    "abstract": b'{"id": "a", "title": "b", "abstract": {}}\n',
    "relevant is 1": b'{"id": "a", "title": "b", "relevant": 1}\n',
    "relevant is text": b'{"id": "a", "title": "b", "relevant": "true"}\n',
    "Latin-1": b'{"id": "a", "title": "caf\xe9"}\n',
    "UTF-16": '{"id": "a", "title": "b"}'.encode("utf-16"),
}
GOOD = b'\xef\xbb\xbf{"id": "2401.00001", "title": "Good"}\n\n  \r\n'


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
@pytest.mark.parametrize("which", ["train", "score"])
def test_a_bad_line_is_named(tmp_path: Path, which: str, line: bytes) -> None:
    """File and line are named in either file, and nothing is written."""
    paths = {name: tmp_path / f"{name}.jsonl" for name in ("train", "score")}
    for name, path in paths.items():
        path.write_bytes(GOOD + line if name == which else GOOD)
    out = tmp_path / "out.jsonl"
    with pytest.raises(UserError, match=rf"{which}\.jsonl, line 4: .+\.$"):
        ranking.rank({}, Files(paths["train"], paths["score"], out, seeds_only=False), print)
    assert set(tmp_path.iterdir()) == set(paths.values())


FILES = {
    "empty": (b"", "holds no papers"),
    "blank": (gzip.compress(b"\n \n"), "holds no papers"),
    "no gzip": (GOOD, "line 1: this is no gzip file"),
    "cut off": (gzip.compress(GOOD * 100)[:-9], "is cut off here"),
    "damaged": (gzip.compress(GOOD)[:15] + b"\0\0" * 9, "no gzip file, or a damaged one"),
}


@pytest.mark.parametrize(("content", "fault"), FILES.values(), ids=FILES)
def test_a_bad_file_is_named(tmp_path: Path, content: bytes, fault: str) -> None:
    """What is empty, no gzip file, or cut off is said in one line."""
    path = tmp_path / "papers.jsonl.gz"
    path.write_bytes(content)
    files = Files(path, path, tmp_path / "out.jsonl", seeds_only=False)
    with pytest.raises(UserError, match=rf"papers\.jsonl\.gz.*{fault}"):
        ranking.rank({}, files, print)
    assert list(tmp_path.iterdir()) == [path]


def test_packed_files_are_read(desk: Desk) -> None:
    """By what they hold, whatever they are called; with byte order mark and blank lines."""
    path = desk.folder / "papers"
    path.write_bytes(gzip.compress(GOOD))
    files = Files(path, path, desk.folder / "out.jsonl", seeds_only=False)
    assert ranking.rank(DEFAULT_KEYWORDS, files, print)["scored"] == 1


def test_halves_of_characters_are_text(desk: Desk) -> None:
    """JSON can spell what UTF-8 cannot; it is scored like anything else."""
    path = desk.folder / "odd.jsonl"
    path.write_text('{"id": "\\ud800", "title": "\\udfff data \\u0000", "abstract": "\\ud83d"}\n')
    files = Files(path, path, desk.folder / "out.jsonl", seeds_only=False)
    ranking.rank(DEFAULT_KEYWORDS, files, print)
    assert json.loads(files.out.read_text())["id"] == "\ud800"


def test_ids_that_are_numbers_stay_numbers(desk: Desk) -> None:
    """Whoever looks them up finds them as they were; a title that is null is none."""
    rows = [row(1, ON_TOPIC[0], id=7), row(2, OFF_TOPIC[0], id="7"), row(3, "", id=0, title=None)]
    path = written(desk.folder / "numbers.jsonl", rows)
    files = Files(path, path, desk.folder / "out.jsonl", seeds_only=False)
    ranking.rank(DEFAULT_KEYWORDS, files, print)
    found = [json.loads(line)["id"] for line in files.out.read_text().splitlines()]
    assert found == [7, "7", 0]


@pytest.mark.parametrize("which", ["train", "score"])
def test_scores_never_replace_a_file_they_are_made_from(tmp_path: Path, which: str) -> None:
    """By whatever name it is called."""
    paths = {name: written(tmp_path / name, papers(3)) for name in ("train", "score")}
    before = paths[which].read_bytes()
    other = tmp_path / "other"
    other.symlink_to(paths[which])
    files = Files(paths["train"], paths["score"], other, seeds_only=False)
    with pytest.raises(UserError, match=r"other is read from: write the scores to another file\.$"):
        ranking.rank({}, files, print)
    assert paths[which].read_bytes() == before


def test_the_command_line(tmp_path: Path) -> None:
    """Scores stand on standard output, all else on standard error; no database is made."""
    train = written(tmp_path / "train.jsonl", papers(20))
    score = written(tmp_path / "score.jsonl", papers(5, first=50))
    done = command(tmp_path, "rank", "--train", train, "--score", score, "--out", "-")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["id"][-2:] for line in done.stdout.splitlines()] == [
        str(number) for number in range(50, 55)
    ]
    assert "scored 5 papers" in done.stderr
    assert set(tmp_path.iterdir()) == {train, score}


def test_the_command_line_replaces_a_file(tmp_path: Path) -> None:
    """The file is in place when it is complete; `--json` prints what was done."""
    train = written(tmp_path / "train.jsonl", papers(20))
    out = tmp_path / "out.jsonl"
    out.write_text("before")
    options = ("--train", train, "--score", train, "--out", out, "--seeds-only", "--json")
    done = command(tmp_path, "rank", *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["scored"] == len(out.read_text().splitlines()) == 20
    assert set(tmp_path.iterdir()) == {train, out}


@pytest.mark.parametrize("fault", ["bad line", "no file", "a folder", "out is a folder", "both"])
def test_the_command_line_fails_in_one_line(tmp_path: Path, fault: str) -> None:
    """Status 2, one line that says what, no traceback, and what stood there stays."""
    train = written(tmp_path / "train.jsonl", papers(3))
    out = tmp_path / "out.jsonl"
    out.write_text("before")
    score = {
        "bad line": written(tmp_path / "bad.jsonl", [{"id": "a"}]),
        "no file": tmp_path / "none.jsonl",
        "a folder": tmp_path,
    }.get(fault, train)
    where = {"out is a folder": tmp_path, "both": "-"}.get(fault, out)
    more = ["--json"] if fault == "both" else []
    done = command(tmp_path, "rank", "--train", train, "--score", score, "--out", where, *more)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert out.read_text() == "before"
    assert not list(tmp_path.glob(".*"))


def test_an_interrupted_write_leaves_what_stood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stood there stays until the new file is complete."""
    train = written(tmp_path / "train.jsonl", papers(3))
    out = tmp_path / "out.jsonl"
    out.write_text("before")

    def broken(*_: object) -> float:
        raise KeyboardInterrupt

    monkeypatch.setattr(ranking, "_score", broken)
    with pytest.raises(KeyboardInterrupt):
        ranking.rank({}, Files(train, train, out, seeds_only=False), print)
    assert out.read_text() == "before"
    assert set(tmp_path.iterdir()) == {train, out}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_is_ended_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """Neither a draft nor a copy of a pipe; the status is the one a shell expects."""
    copies, pipe = tmp_path / "copies", tmp_path / "pipe"
    copies.mkdir()
    os.mkfifo(pipe)
    monkeypatch.setenv("TMPDIR", str(copies))
    train = written(tmp_path / "train.jsonl", papers(3))
    options = ("--train", train, "--score", pipe, "--out", tmp_path / "out.jsonl")
    process = started(tmp_path, "rank", *options)
    with pipe.open("wb"):
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert {one.name for one in tmp_path.iterdir()} == {"train.jsonl", "pipe", "copies"}
    assert not list(copies.iterdir())
