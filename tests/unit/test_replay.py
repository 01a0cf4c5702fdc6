"""`python -m bot replay`: a labelled stream through the whole intake."""

from __future__ import annotations

import json
import random
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain import markdown_list
from bot.domain.errors import UserError
from bot.domain.prior import DEFAULT_KEYWORDS
from bot.programs.labelled import Labelled
from bot.programs.replay_budget import Budget
from bot.programs.replay_stream import days_of, starting_list
from bot.programs.replaying import Played, replay
from bot.programs.stream_days import A_DAY, by_day
from tests.unit.labelled_files import OFF_TOPIC, ON_TOPIC, command, papers, row, written

if TYPE_CHECKING:
    from pathlib import Path

WEEK = [date(2024, 1, day) for day in (8, 9, 10, 11, 12)]


def paper(number: int, day: date | None = None, **more: Any) -> Labelled:
    """A paper of January 2024; each fifth is on topic."""
    told = row(number, (OFF_TOPIC, ON_TOPIC)[number % 5 == 0][number % 5])
    fields = {"relevant": number % 5 == 0, "published": day} | more
    return Labelled(
        id=fields.pop("id", str(told["id"])),
        title=fields.pop("title", str(told["title"])),
        abstract=str(told["abstract"]),
        **fields,
    )


def week(a_day: int = 10) -> list[Labelled]:
    """Five days of papers."""
    return [
        paper(1 + place * a_day + number, day)
        for place, day in enumerate(WEEK)
        for number in range(a_day)
    ]


async def test_it_shows_no_more_than_the_share() -> None:
    """Of a short stream the best of each day; what a day leaves of its share is for the next."""
    seen: list[Played] = []
    played = await replay(week(), 0.15, keywords=DEFAULT_KEYWORDS, watch=seen.append)
    assert [part.shown for part in played.parts] == [1, 3, 4, 6, 7]
    assert tuple(seen) == played.parts
    assert played.total.papers == 50


async def test_approvals_are_the_relevant_papers_shown() -> None:
    """The verdict on a card is its label; what is on topic comes first and is approved."""
    played = await replay(week(), 0.2, keywords=DEFAULT_KEYWORDS)
    total = played.total
    assert (total.shown, total.relevant, total.approved) == (10, 10, 10)
    assert total.recall.value == total.precision.value == 1.0


async def test_it_learns_from_approvals() -> None:
    """A topic no keyword knows is found after the first approval of one such paper."""
    strange = "Acoustic features for the recognition of spoken dialects"
    rows = [
        paper(n, WEEK[n // 20], title=strange if n % 20 == 1 else f"Other words {n}")
        for n in range(100)
    ]
    rows = [
        Labelled(
            one.id,
            one.title,
            strange if one.title == strange else f"Nothing of the kind number {n}",
            relevant=one.title == strange,
            published=one.published,
        )
        for n, one in enumerate(rows)
    ]
    rows[1] = Labelled(
        rows[1].id, f"{strange} synthetic data", strange, relevant=True, published=WEEK[0]
    )
    played = await replay(rows, 0.05, keywords={"synthetic data": 3.0})
    assert played.total.approved == 5
    assert played.trainings == 5


async def test_null_counts_nowhere() -> None:
    """Such papers are not shown, and no share is taken of them."""
    rows = week(6)
    nulls = [paper(100 + n, WEEK[0], id=f"2401.{900 + n:05}", relevant=None) for n in range(50)]
    assert await _parts([*rows, *nulls]) == await _parts(rows)


async def _parts(rows: list[Labelled]) -> tuple[Played, ...]:
    return (await replay(rows, 0.1, keywords=DEFAULT_KEYWORDS)).parts


async def test_a_version_is_no_new_paper() -> None:
    """Of one id told twice one card is shown, and it counts once."""
    rows = week(6)
    again = [paper(5, WEEK[2], id="arXiv:2401.00005v2"), paper(10, WEEK[3], id="2401.00010v3")]
    assert await _parts([*rows, *again]) == await _parts(rows)


async def test_the_same_stream_gives_the_same_figures() -> None:
    """Nothing depends on the order of the lines or on this machine's clock."""
    assert await _parts(week(6)) == await _parts(week(6)[::-1])


async def test_a_withdrawn_paper_is_never_shown() -> None:
    """Its label does not matter: a harvest does not propose it."""
    rows = [
        Labelled(one.id, one.title, "This paper has been withdrawn.", one.relevant, one.published)
        for one in week()
    ]
    played = await replay(rows, 0.5, keywords=DEFAULT_KEYWORDS)
    assert (played.total.shown, played.total.relevant) == (0, 10)


@pytest.mark.parametrize(
    "own", [{"id": "p{}"}, {"id": "acl:2024.acl-long.{}"}, {"id": "cs/01010{:02}"}]
)
async def test_ids_of_any_kind_are_played(own: dict[str, str]) -> None:
    """Papers that arXiv does not have, or had long ago, come on their days all the same."""
    rows = [paper(n, WEEK[n // 10], id=own["id"].format(n)) for n in range(1, 50)]
    played = await replay(rows, 0.2, keywords=DEFAULT_KEYWORDS)
    assert played.total.papers == 49
    assert played.total.approved > 7


async def test_nothing_to_show_is_an_error() -> None:
    """A stream without labels is refused with a sentence."""
    with pytest.raises(UserError, match="null everywhere"):
        await replay([paper(1, relevant=None)], 0.03, keywords={})


def test_the_list_begins_without_what_is_in_the_stream() -> None:
    """Neither a paper's id nor its title is on it, whatever its label."""
    by_id = paper(1, id="2402.13446v1", relevant=None)
    by_title = paper(2, title="SYNTHETIC continued pre-training", relevant=False)
    titles = [one.entry.title for one in _entries(starting_list([by_id, by_title]))]
    assert len(titles) == len(_entries(starting_list([]))) - 2
    assert not any("annotation" in one or "continued" in one for one in titles)


async def test_a_stream_of_the_shipped_list_can_be_played() -> None:
    """With all its papers in the stream the list begins with none, and approvals have a place."""
    shipped = _entries(starting_list([]))
    rows = [
        paper(5 * n, WEEK[n % 5], title=one.entry.title, relevant=True)
        for n, one in enumerate(shipped, 1)
    ]
    played = await replay([*rows, paper(1, WEEK[0])], 1.0, keywords=DEFAULT_KEYWORDS)
    assert played.total.approved == len(shipped)


def _entries(content: bytes) -> tuple[markdown_list.ParsedEntry, ...]:
    return markdown_list.parse(content).entries


def test_a_day_is_the_latest_one_published_until_then() -> None:
    """Ids follow the announcements; a paper that was held back, or says no day, comes with them."""
    days = (WEEK[0], None, WEEK[1], date(2023, 12, 1), WEEK[3])
    found = by_day([paper(n, day) for n, day in enumerate(days, 1)])
    assert [(day, len(some)) for day, some in found] == [(WEEK[0], 2), (WEEK[1], 2), (WEEK[3], 1)]


def test_a_day_that_cannot_be_is_not_believed() -> None:
    """A paper of January that says it is of a year later holds nobody up."""
    found = by_day([paper(1, WEEK[0]), paper(2, date(2025, 3, 3)), paper(3, WEEK[1])])
    assert [day for day, _ in found] == WEEK[:2]


def test_a_weekend_comes_on_monday() -> None:
    """On Saturday and Sunday arXiv announces nothing."""
    found = by_day([paper(1, date(2024, 1, 6)), paper(2, date(2024, 1, 7)), paper(3, WEEK[0])])
    assert [(day, len(some)) for day, some in found] == [(WEEK[0], 3)]


def test_without_days_a_month_is_spread_over_its_ids() -> None:
    """Papers that only their ids date come in their order, some on each weekday of the month."""
    rows = [paper(n) for n in range(1, 141)]
    found = by_day(rows)
    assert [one for _, some in found for one in some] == rows
    assert len(found) == 21
    assert {day.month for day, _ in found} == {1}


def test_without_any_date_each_day_has_as_many() -> None:
    """Ids that tell nothing keep the order of the file."""
    rows = [paper(n, id=f"p{n}") for n in range(3 * A_DAY + 1)]
    found = by_day(rows)
    assert [len(some) for _, some in found] == [A_DAY, A_DAY, A_DAY, 1]
    assert [one for _, some in found for one in some] == rows


def test_true_beats_null_and_null_false() -> None:
    """Lines of one id are one paper: relevant if any says so, left out if any says null."""
    names: list[tuple[str, bool | None]] = [
        ("2401.00001", False),
        ("2401.00001v2", True),
        ("2401.00002", False),
    ]
    names += [("arXiv:2401.00002v3", None), ("2401.00003", False)]
    rows = [paper(n, WEEK[0], id=name, relevant=said) for n, (name, said) in enumerate(names)]
    (day,) = days_of(rows)
    assert [one.id for one in day.papers] == ["arXiv:2401.00001", "arXiv:2401.00003"]
    assert day.relevant == {"arXiv:2401.00001"}


def test_the_command_line(tmp_path: Path) -> None:
    """A table of the stream's parts and its total; no database is left anywhere."""
    file = written(tmp_path / "stream.jsonl", papers(60))
    done = command(tmp_path, "replay", file, "--share", "0.1")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split()[:2] == ["until", "papers"]
    assert len(lines) == 12
    assert "6 of 60 papers shown (10.00%), 6 of 12 relevant ones" in lines[-1]
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.long
def test_the_command_line_in_json(tmp_path: Path) -> None:
    """One object on standard output, with the intervals."""
    file = written(tmp_path / "stream.jsonl", papers(60))
    done = command(tmp_path, "replay", file, "--share", "0.2", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["shown"] == said["approved"] == said["relevant"] == 12
    assert said["recall_interval"][0] < said["recall"] == 1.0
    assert said["parts"][-1]["papers"] == 60


@pytest.mark.parametrize(
    "options", [["none.jsonl"], ["stream.jsonl", "--share", "0"], ["bad.jsonl"], []]
)
def test_the_command_line_fails_in_one_line(tmp_path: Path, options: list[str]) -> None:
    """Status 2 and one line that says what is wrong."""
    written(tmp_path / "stream.jsonl", papers(3))
    written(tmp_path / "bad.jsonl", [{"id": 1}])
    done = command(tmp_path, "replay", *options)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


async def test_it_learns_what_is_usual_without_an_approval() -> None:
    """When the stream is a twentieth longer it learns anew, as a bot does every night."""
    rows = [paper(n, WEEK[0], relevant=False) for n in range(1, 41)]
    rows += [paper(40 + n, WEEK[n], relevant=False) for n in (1, 2, 3, 4)]
    played = await replay(rows, 0.1, keywords=DEFAULT_KEYWORDS)
    assert (played.total.approved, played.trainings) == (0, 2)


async def test_what_is_known_beforehand_is_learnt_and_not_shown() -> None:
    """A topic of approved papers is found at once, and only what comes later is counted."""
    known = [_dialects(f"2312.{n:05}", date(2023, 12, 4), relevant=n == 1) for n in range(1, 31)]
    rows = [_dialects(f"2401.{n:05}", WEEK[n // 10], relevant=n % 10 == 7) for n in range(50)]
    knowing = await replay(rows, 0.1, keywords={"treebank": 1.0}, known=known)
    assert (knowing.total.papers, knowing.total.shown) == (50, 5)
    assert (knowing.total.approved, knowing.total.relevant) == (5, 5)
    naive = await replay(rows, 0.1, keywords={"treebank": 1.0})
    assert naive.total.approved < 5


async def test_what_is_known_may_be_on_the_list_already() -> None:
    """A paper of the shipped list among the known ones stays where it stands."""
    known = [paper(5, date(2024, 1, 2), id="2402.13446", relevant=True)]
    played = await replay(week(), 0.2, keywords=DEFAULT_KEYWORDS, known=known)
    assert (played.total.papers, played.total.approved) == (50, 10)


def _dialects(number: str, day: date, *, relevant: bool) -> Labelled:
    text = "Acoustic features of spoken dialects" if relevant else "Nothing of the kind at all"
    return Labelled(number, f"{text} {number}", f"{text}.", relevant, day)


def test_no_more_is_shown_than_the_share_of_what_came() -> None:
    """However good all papers are, and whatever part of a card a day brings."""
    budget, came, shown = Budget(0.03), 0, 0
    for size in (7, 40, 0, 200, 65, 1_500, 3):
        came += size
        shown += _show(budget, [1.0] * size)
        assert 0.03 * came - 1 < shown <= 0.03 * came


def test_cards_are_kept_for_better_days() -> None:
    """On a poor day fewer are shown, on a good one more; nearly all are in the end."""
    draw, budget = random.Random(6), Budget(0.03)
    counts = [
        _show(budget, [draw.random() + good for _ in range(100)])
        for good in [0.0, 0.0, 0.0, 0.2] * 50
    ]
    good, poor = counts[3::4], [count for n, count in enumerate(counts) if n % 4 != 3]
    assert sum(good) / len(good) > 8
    assert sum(poor) / len(poor) < 2
    assert 0.97 * 600 < sum(counts) <= 600


def test_until_enough_is_known_the_best_of_a_day_are_shown() -> None:
    """Three hundred papers tell what is high; with fewer, each day spends what it has."""
    budget = Budget(0.1)
    assert [_show(budget, [score] * 50) for score in (9.0, 1.0, 1.0)] == [5, 5, 5]
    assert _show(budget, [1.0] * 150) == 15
    assert _show(budget, [0.5] * 50) == 0


def _show(budget: Budget, scores: list[float]) -> int:
    budget.grow(len(scores))
    most, least = budget.offer(scores)
    shown = min(most, sum(score >= least for score in scores))
    budget.spend(shown)
    return shown
