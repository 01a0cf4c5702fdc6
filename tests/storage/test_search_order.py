"""Which day things are of, what comes first, and what is like what: on indexes in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.query import parse
from storage import search_asking, search_similar
from storage.documents import SearchDocument
from storage.models import Sort
from storage.search_asking import Wanted
from storage.search_index import Mark, Shelf
from storage.search_similar import Likeness


def document(key: str, title: str, abstract: str = "", **fields: object) -> SearchDocument:
    """A document of which a test says what matters."""
    plain = SearchDocument(f"x:{key}", title, (), abstract, "", listed=False, year=None)
    return replace(plain, **fields)  # type: ignore[arg-type]  # whatever fields a test names


def shelf_of(*committed: SearchDocument, later: tuple[SearchDocument, ...] = ()) -> Shelf:
    """An index in memory that holds these, some of them not committed yet."""
    shelf = Shelf.fresh(None)
    shelf.commit([one.key for one in committed], {one.key: one for one in committed}, Mark(7))
    if later:
        shelf.put_before([one.key for one in later], {one.key: one for one in later}, 8, 8)
    return shelf


def found(
    shelf: Shelf,
    typed: str,
    sort: Sort = Sort.RELEVANCE,
    since: date | None = None,
    until: date | None = None,
) -> list[str]:
    """The keys a query finds, in order."""
    query = replace(parse(typed), since=since, until=until)
    page = search_asking.search(shelf.view, Wanted(query, sort=sort), limit=50, offset=0)
    assert page.total == len(page.hits)
    return [hit.key.removeprefix("x:") for hit in page.hits]


DATED = (
    document("may", "zebra", published=date(2024, 5, 12), year=2024, added_at=None),
    document("june", "zebra", published=date(2024, 6, 1), year=2024),
    document("year", "zebra", year=2024, added_at=datetime(2024, 7, 2, tzinfo=UTC)),
    document("old", "zebra", year=2019, added_at=datetime(2024, 7, 3, 9, tzinfo=UTC)),
    document("never", "zebra", added_at=datetime(2024, 7, 3, 8, tzinfo=UTC)),
)


@pytest.fixture(params=[0, 2, 5])
def dated(request: pytest.FixtureRequest) -> Shelf:
    """Five papers of known and unknown days, some or all of them not committed yet."""
    cut = len(DATED) - request.param
    return shelf_of(*DATED[:cut], later=DATED[cut:])


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2024, 5, 12), date(2024, 5, 12), "may year"),
        (date(2024, 5, 13), None, "june year"),
        (None, date(2024, 5, 31), "may old year"),
        (date(2024, 12, 31), None, "year"),
        (date(2025, 1, 1), None, ""),
        (None, date(2019, 1, 1), "old"),
        (date(2024, 6, 2), date(2024, 5, 1), "year"),
    ],
)
def test_days_narrow(dated: Shelf, since: date | None, until: date | None, expected: str) -> None:
    """Both ends count; what only a year is known of fits where that year overlaps."""
    assert sorted(found(dated, "zebra", since=since, until=until)) == sorted(expected.split())
    assert sorted(found(dated, "", since=since, until=until)) == sorted(expected.split())


def test_days_and_years_narrow_together(dated: Shelf) -> None:
    """The narrower of both counts at each end."""
    assert found(dated, "zebra year:2019..2023", since=date(2018, 1, 1)) == ["old"]
    assert found(dated, "zebra year:2024", until=date(2023, 12, 31)) == []
    assert sorted(found(dated, "year:..9999")) == sorted(["may", "june", "year", "old"])


def test_the_newest_come_first(dated: Shelf) -> None:
    """By the day of publication; a bare year counts from its first day, none at all is last."""
    assert found(dated, "zebra", Sort.NEWEST) == ["june", "may", "year", "old", "never"]
    assert found(dated, "-horse") == ["june", "may", "year", "old", "never"]


def test_what_was_added_last_comes_first(dated: Shelf) -> None:
    """By the instant it came onto the list; what has none comes behind."""
    assert found(dated, "zebra", Sort.ADDED)[:3] == ["old", "never", "year"]
    assert sorted(found(dated, "zebra", Sort.ADDED)[3:]) == ["june", "may"]


def test_all_words_stand_first_also_when_sorted() -> None:
    """Few with all words: they lead, by day; then those with any, by day."""
    shelf = shelf_of(
        document("both old", "zebra crossing", year=2001),
        document("both", "zebra crossing", year=2002),
        document("one", "zebra", year=2020),
        later=(document("other", "crossing", year=2021),),
    )
    assert found(shelf, "zebra crossing", Sort.NEWEST) == ["both", "both old", "other", "one"]


def test_what_is_not_committed_is_ranked_with_the_rest() -> None:
    """A rare word weighs more than a common one, wherever the document stands."""
    common = [document(str(n), "zebra", "horse " * (n + 1)) for n in range(9)]
    shelf = shelf_of(
        *common,
        document("rare", "zebra quagga"),
        later=(document("new", "zebra filler"), document("newest", "quagga")),
    )
    order = found(shelf, "quagga zebra")
    assert set(order[:2]) == {"rare", "newest"}
    assert len(order) == 12


def test_what_changed_is_found_as_it_is_now() -> None:
    """A document changed or gone since the commit counts once, or not at all; a commit ends it."""
    old, gone, new = document("a", "old zebra"), document("b", "zebra"), document("a", "new zebra")
    shelf = shelf_of(old, gone)
    shelf.put_before([old.key, gone.key], {old.key: new}, 9, 9)
    assert (found(shelf, "zebra"), found(shelf, "old"), found(shelf, "new")) == (["a"], [], ["a"])
    assert (shelf.revision, shelf.mark.revision) == (9, 7)
    shelf.commit([], {}, Mark(8))
    assert found(shelf, "zebra") == ["a"]
    shelf.commit([old.key, gone.key], {old.key: new}, Mark(9))
    assert (found(shelf, "zebra"), shelf.replaced) == (["a"], frozenset())


def similar(shelf: Shelf, title: str, abstract: str = "", **options: object) -> list[str]:
    """What is like a paper, the nearest first."""
    values: dict[str, object] = {"without": "x:self", "listed": None} | options
    paper = Likeness(title, abstract, **values)  # type: ignore[arg-type]  # as a test names them
    page = search_similar.similar(shelf.view, paper, limit=50, offset=0)
    assert page.total == len(page.hits)
    return [hit.key.removeprefix("x:") for hit in page.hits]


def test_what_shares_the_telling_words_is_like_it() -> None:
    """Near ones first, the paper itself not; nothing that shares a trivial word only."""
    filler = [document(f"f{n}", f"A study number{n}", "of large models") for n in range(30)]
    mine = document("self", "Synthetic preference data", "Judges rank synthetic preference pairs.")
    near = document("near", "Preference pairs", "A judge ranks synthetic answers.", listed=True)
    less = document("less", "Preference learning of large models", "Rewards.")
    for shelf in (shelf_of(mine, near, less, *filler), shelf_of(mine, *filler, later=(near, less))):
        asked = (mine.title, mine.abstract + " A study of large models.")
        assert similar(shelf, *asked) == ["near", "less"]
        assert similar(shelf, *asked, listed=True) == ["near"]
        assert similar(shelf, "A study", "of models")
        assert similar(shelf, "Zzyzx", "") == similar(shelf, "", "") == []
