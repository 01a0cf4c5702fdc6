"""What a reader gets for what they type: from the list, or from everything known."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.services.search import Search
from bot.services.search_request import SearchRequest
from storage.errors import StorageError
from storage.models import Author
from storage.search import SearchIndex
from tests.factories import listed_entry, paper
from tests.storage.searching import made_up, make_list, on_list, store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.services.search_results import SearchResults
    from storage.database import Database


@pytest.fixture
async def index() -> AsyncIterator[SearchIndex]:
    """An index in memory."""
    async with SearchIndex.open(None, writable=True) as opened:
        yield opened


@pytest.fixture
def searching(database: Database, index: SearchIndex) -> Search:
    """The service over a real database and a real index."""
    return Search(database=database, index=index)


async def ask(
    searching: Search, typed: str, *, limit: int = 5, offset: int = 0, **options: Any
) -> SearchResults:
    """The answer to what somebody typed."""
    return await searching.search(SearchRequest(typed, **options), limit=limit, offset=offset)


async def titles(searching: Search, typed: str, **options: object) -> list[str]:
    """What is found, as the reader sees it."""
    answer = await ask(searching, typed, **options)
    return [
        one.paper.title if one.paper else one.entry.title
        for one in answer.results
        if one.entry or one.paper
    ]


async def test_an_approval_is_found_by_the_next_search(
    database: Database, searching: Search
) -> None:
    """Nobody tells the index: the search itself brings it up to date."""
    await store(database, made_up(1), made_up(2))
    assert await titles(searching, "word1") == []
    await make_list(database, on_list(1))
    assert await titles(searching, "word1") == ["Common word1"]
    assert await titles(searching, "common") == ["Common word1"]
    await make_list(database)
    assert await titles(searching, "word1") == []


async def test_everything_is_searched_on_request(database: Database, searching: Search) -> None:
    """The scope "everything" holds what was harvested too; a section narrows both."""
    await store(database, made_up(1), made_up(2))
    await make_list(database, on_list(1))
    assert len(await titles(searching, "common", scope="everything")) == 2
    assert await titles(searching, "common", scope="everything", section="Papers") == []
    section = on_list(1).section
    assert await titles(searching, "common", scope="everything", section=section) != []


async def test_a_result_tells_paper_entry_and_passage(
    database: Database, searching: Search
) -> None:
    """A result has the whole paper, its entry, a score and the passage with the words marked."""
    await store(
        database,
        paper(
            title="Synthesis",
            abstract=r"Models \emph{still} struggle.",
            authors=(Author("Müller", "Zoë"),),
        ),
    )
    await make_list(database, listed_entry())
    answer = await ask(searching, "struggling muller")
    (result,) = answer.results
    assert (answer.query, answer.corrected, answer.total) == ("struggling muller", "", 1)
    assert result.paper
    assert result.paper.title == "Synthesis"
    assert result.entry
    assert result.entry.section == "Research Papers"
    assert result.score > 0
    assert result.snippet == (("Models still ", False), ("struggle", True), (".", False))


@pytest.mark.parametrize("typed", ["2409.08239", "https://arxiv.org/pdf/2409.08239v2"])
async def test_a_pasted_id_gives_that_paper(
    database: Database, searching: Search, typed: str
) -> None:
    """An id or a link finds its paper and nothing else: on the list only if it stands there."""
    await store(database, paper(), made_up(1))
    assert await titles(searching, typed) == []
    assert await titles(searching, typed, scope="everything") == [paper().title]
    await make_list(database, listed_entry())
    assert await titles(searching, typed) == [paper().title]
    assert await titles(searching, "arXiv:2401.99999", scope="everything") == []


async def test_an_entry_without_a_paper_is_found(database: Database, searching: Search) -> None:
    """An entry nobody could identify is found by its title, and by the key autocomplete gives."""
    await make_list(database, listed_entry(title="Nameless blog", ids=()))
    answer = await ask(searching, "nameless")
    assert answer.results[0].paper is None
    ((label, key),) = await searching.suggest("name")
    assert label == "Nameless blog"
    assert await titles(searching, key) == ["Nameless blog"]


@pytest.mark.parametrize(
    "typed", ["", " ", "-", '"', "🎉", "\ud800", "\0", "a" * 4000, '"x" ' * 900]
)
async def test_any_text_gets_an_answer(database: Database, searching: Search, typed: str) -> None:
    """Nothing anybody can type is an error."""
    await make_list(database, listed_entry())
    assert (await ask(searching, typed)).results == ()
    assert len(await searching.suggest(typed)) <= 1


async def test_pages_go_on(database: Database, searching: Search) -> None:
    """The total counts all pages; a page beyond the last is empty."""
    await make_list(database, *map(on_list, range(7)))
    assert [len(await titles(searching, "common", offset=n)) for n in (0, 5, 10)] == [5, 2, 0]
    assert (await ask(searching, "common", limit=2)).total == 7
    assert (await ask(searching, "common", limit=0)).results == ()


async def test_an_index_that_cannot_be_written_still_answers(
    database: Database, searching: Search, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it cannot be brought up to date, a search answers from what is there."""
    await make_list(database, on_list(1))
    assert await titles(searching, "common") == ["Common word1"]

    async def fail(_database: Database) -> int:
        raise StorageError("The disk is full")

    monkeypatch.setattr(index, "refresh", fail)
    assert await titles(searching, "common") == ["Common word1"]


async def test_autocomplete_is_quick_and_best_first(database: Database, searching: Search) -> None:
    """Beginnings of titles first, then of words, then anywhere, then ids; soon, on a long list."""
    await make_list(
        database,
        listed_entry(title="A self-made list", ids=()),
        listed_entry(title="Self-Instruct", ids=()),
        listed_entry(title="Ourself", ids=()),
        *map(on_list, range(1000)),
    )
    assert [label for label, _ in await searching.suggest("SELF")] == [
        "Self-Instruct",
        "A self-made list",
        "Ourself",
    ]
    assert await searching.suggest("2401.00042") == (("Common word42", "arXiv:2401.00042"),)
    assert len(await searching.suggest("")) == 25
    begun = time.perf_counter()
    assert len(await searching.suggest("word99")) == 11
    assert time.perf_counter() - begun < 0.1


async def test_sections_in_the_order_of_the_list(database: Database, searching: Search) -> None:
    """Every section of the list, in its order."""
    await make_list(
        database, listed_entry(section="B"), listed_entry(section="A", ids=(), title="t")
    )
    assert await searching.sections() == ("Papers", "B", "A")
