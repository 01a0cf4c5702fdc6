"""What an answer says beside its results: other spellings, what is not listed, what is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.errors import NotFound, UserError
from bot.services.search import Search
from bot.services.search_request import SearchRequest
from storage.models import PaperId, Sort
from storage.search import SearchIndex
from storage.watermarks import Watermarks
from tests.factories import listed_entry, paper
from tests.storage.searching import make_list, store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.services.search_results import SearchResult, SearchResults
    from storage.database import Database
    from storage.models import ListedEntry, Paper


@pytest.fixture
async def searching(sqlite_database: Database) -> AsyncIterator[Search]:
    """The service over a real database and a real index in memory."""
    async with SearchIndex.open(None, writable=True) as index:
        yield Search(database=sqlite_database, index=index)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here depends on the kind of database."""
    return sqlite_database


def known(number: int, title: str, **changes: Any) -> Paper:
    """A paper that was harvested."""
    return paper(id=PaperId(f"arXiv:2401.{number:05}"), title=title, abstract="", **changes)


def listed(one: Paper, section: str = "Research Papers") -> ListedEntry:
    """Its entry."""
    return listed_entry(title=one.title, ids=(one.id,), section=section)


async def ask(searching: Search, typed: str, **options: Any) -> SearchResults:
    """The answer to what somebody typed."""
    return await searching.search(SearchRequest(typed, **options))


def titles(results: tuple[SearchResult, ...]) -> list[str]:
    """What is found, as the reader sees it."""
    return [one.paper.title for one in results if one.paper]


async def common(database: Database) -> list[Paper]:
    """Ten papers with the same words, all of them on the list."""
    papers = [known(number, f"Synthetic preference data {number}") for number in range(10, 20)]
    await store(database, *papers)
    await make_list(database, *map(listed, papers))
    return papers


async def test_what_is_typed_badly_is_found(database: Database, searching: Search) -> None:
    """The whole text that was looked for instead is said; the reader's own stays the query."""
    await common(database)
    answer = await ask(searching, "sythetic prefernce data")
    assert (answer.query, answer.corrected) == (
        "sythetic prefernce data",
        "synthetic preference data",
    )
    assert answer.total == 10


@pytest.mark.parametrize("typed", ["synthetic data", '"sythetic data"', "-sythetic", "2401.99999"])
async def test_nothing_is_corrected_without_need(
    database: Database, searching: Search, typed: str
) -> None:
    """Known words, quotations, what is excluded and ids stay as they were typed."""
    await common(database)
    assert (await ask(searching, typed)).corrected == ""


async def test_a_rare_word_is_not_a_mistake(database: Database, searching: Search) -> None:
    """A name that stands in one title finds it, though a common word is spelled nearly so."""
    await common(database)
    await store(database, known(50, "Synthetik: a tool"))
    answer = await ask(searching, "synthetik tool", scope="everything")
    assert (answer.corrected, titles(answer.results)[0]) == ("", "Synthetik: a tool")


async def test_a_spelling_that_finds_nothing_either_is_not_proposed(
    database: Database, searching: Search
) -> None:
    """Where both find nothing, the answer is about what was typed."""
    await common(database)
    answer = await ask(searching, "sythetic", since=date(2030, 1, 1))
    assert (answer.corrected, answer.total) == ("", 0)


async def harvested(database: Database, *days: date) -> None:
    """Let sets have been harvested from these days on."""

    async def work(connection: Any) -> None:
        for number, day in enumerate(days):
            await Watermarks(connection).reach(f"set{number}", day)
            await Watermarks(connection).move(f"set{number}", datetime(2024, 9, 1, tzinfo=UTC))

    await database.write(work)


async def test_few_hits_on_the_list_go_on_beyond_it(database: Database, searching: Search) -> None:
    """At most five that are not on the list, and since when the harvest brought what there is."""
    on_list = known(1, "Distillation of reasoning")
    others = [known(number, f"Distillation of speech {number}") for number in range(2, 9)]
    await store(database, on_list, *others)
    await make_list(database, listed(on_list))
    await harvested(database, date(2023, 11, 1), date(2024, 2, 1))
    answer = await ask(searching, "distillation")
    assert (titles(answer.results), answer.total) == (["Distillation of reasoning"], 1)
    assert len(answer.beyond) == 5
    assert all(one.entry is None for one in answer.beyond)
    assert answer.harvested_since == date(2023, 11, 1)


@pytest.mark.parametrize(
    "options", [{"scope": "everything"}, {"section": "Research Papers"}], ids=["scope", "section"]
)
async def test_nothing_lies_beyond_everything_or_a_section(
    database: Database, searching: Search, options: dict[str, Any]
) -> None:
    """Who asks for everything gets it as results; a section has nothing that is not listed."""
    await store(database, known(1, "Distillation"), known(2, "Distillation too"))
    await make_list(database, listed(known(1, "Distillation")))
    answer = await ask(searching, "distillation", **options)
    assert answer.beyond == ()
    assert answer.harvested_since is None


async def test_enough_hits_on_the_list_stand_alone(database: Database, searching: Search) -> None:
    """With three hits nothing else is named, nor on later pages."""
    papers = await common(database)
    await store(database, known(90, "Synthetic speech"))
    assert (await ask(searching, "synthetic")).beyond == ()
    await make_list(database, *map(listed, papers[:2]))
    later = await searching.search(SearchRequest("synthetic"), offset=5)
    assert later.beyond == ()
    assert len((await ask(searching, "synthetic")).beyond) == 5


async def test_all_words_beyond_the_list_are_worth_more_than_some_on_it(
    database: Database, searching: Search
) -> None:
    """A paper that has all words is named though much on the list has one of them."""
    await common(database)
    await store(database, known(90, "Synthetic vowels"), known(91, "Synthetic consonants"))
    answer = await ask(searching, "synthetic vowels")
    assert answer.total >= 10
    assert titles(answer.beyond) == ["Synthetic vowels"]


async def test_withdrawn_papers_are_not_offered(database: Database, searching: Search) -> None:
    """What arXiv withdrew is no news, by words or by its id."""
    await store(database, known(1, "Distillation", withdrawn=True), known(2, "Distillation two"))
    assert titles((await ask(searching, "distillation")).beyond) == ["Distillation two"]
    assert (await ask(searching, "2401.00001")).beyond == ()


async def test_an_id_that_is_not_on_the_list_is_offered(
    database: Database, searching: Search
) -> None:
    """A pasted id names its paper though it is not on the list."""
    await store(database, known(1, "Distillation"))
    answer = await ask(searching, "arXiv:2401.00001v2")
    assert (answer.total, titles(answer.beyond)) == (0, ["Distillation"])


async def test_an_unknown_section_is_told_with_those_there_are(
    database: Database, searching: Search
) -> None:
    """A number or the beginning of a title names a section; anything else is an error."""
    await make_list(database, listed(known(1, "A"), "Survey Papers"), listed(known(2, "A b")))
    with pytest.raises(NotFound, match=r"No section “nope”.*Survey Papers.*Research Papers"):
        await ask(searching, "a", section="nope")
    assert titles((await ask(searching, "a", section="surv")).results) == ["A"]


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("a", {"since": date(2024, 2, 1), "until": date(2024, 1, 31)}),
        ("a since:2025", {"until": date(2024, 1, 31)}),
        ("a since:2025 until:2024", {}),
    ],
)
async def test_days_that_end_before_they_begin_are_an_error(
    searching: Search, typed: str, options: dict[str, Any]
) -> None:
    """The sentence says which days, and what to do."""
    with pytest.raises(UserError, match=r"from 202\d-\d\d-01 on and until 2024.*swap"):
        await ask(searching, typed, **options)


async def test_days_of_publication_narrow_an_answer(database: Database, searching: Search) -> None:
    """Both ends are inclusive; in the text as in the request, the narrower one counts."""
    days = [date(2024, month, 15) for month in (1, 5, 9)]
    papers = [known(day.month, f"Speech {day.month}", published=day) for day in days]
    await store(database, *papers)
    everywhere = {"scope": "everything"}

    async def found(typed: str, **options: Any) -> list[str]:
        return sorted(titles((await ask(searching, typed, **everywhere, **options)).results))

    assert await found("speech since:2024-05") == ["Speech 5", "Speech 9"]
    assert await found("speech until:2024-05") == ["Speech 1", "Speech 5"]
    assert await found("since:2024-05-15 until:2024-05-15") == ["Speech 5"]
    assert await found("speech since:2024", since=date(2024, 5, 16)) == ["Speech 9"]


async def test_filters_alone_are_a_search(database: Database, searching: Search) -> None:
    """Only what is excluded, only a year, only an author: each has its answer."""
    await store(database, known(1, "Speech"), known(2, "Vowels"))
    for typed in ("-speech", "-speech author:lupidi", "year:2024 -speech"):
        found = await ask(searching, typed, scope="everything")
        assert titles(found.results) == ["Vowels"], typed


async def test_the_order_is_the_readers(database: Database, searching: Search) -> None:
    """Newest first goes by the day of publication."""
    days = [date(2024, 1, 1), date(2024, 3, 1), date(2024, 2, 1)]
    papers = [known(n, f"Speech {day.month}", published=day) for n, day in enumerate(days)]
    await store(database, *papers)
    found = await ask(searching, "speech", scope="everything", sort=Sort.NEWEST)
    assert titles(found.results) == ["Speech 3", "Speech 2", "Speech 1"]


async def test_what_is_like_a_paper(database: Database, searching: Search) -> None:
    """Named by id, by title or by the key of an entry; itself is left out."""
    papers = await common(database)
    blog = listed_entry(title="Synthetic preference blog", ids=())
    await make_list(database, *map(listed, papers[:5]), blog)
    for typed in (papers[0].id, papers[0].title, "https://arxiv.org/abs/2401.00010"):
        answer = await searching.similar(typed, limit=20)
        assert papers[0].title not in titles(answer.results)
        assert answer.total == 5
    ((_, key),) = await searching.suggest("synthetic preference blog")
    assert len((await searching.similar(key, limit=20)).results) == 5
    assert (await searching.similar(papers[0].id, limit=2, offset=4)).total == 5


async def test_few_that_are_like_it_go_on_beyond_the_list(
    database: Database, searching: Search
) -> None:
    """The rule of a search holds for what is like a paper too."""
    papers = await common(database)
    await make_list(database, *map(listed, papers[:2]))
    answer = await searching.similar(papers[0].id)
    assert titles(answer.results) == [papers[1].title]
    assert len(answer.beyond) == 5
    assert papers[0].title not in titles(answer.beyond)
    assert (await searching.similar(papers[0].id, scope="everything")).beyond == ()


@pytest.mark.parametrize("typed", ["2401.77777", "nothing of the kind", ""])
async def test_nothing_is_like_what_is_not_known(searching: Search, typed: str) -> None:
    """The error says what was not found and what to do."""
    with pytest.raises(NotFound, match=r"/papers search"):
        await searching.similar(typed)


async def test_autocomplete_knows_ids(database: Database, searching: Search) -> None:
    """Part of an id finds what is listed; a whole one finds any paper that is known."""
    await store(database, known(1, "On the list"), known(77, "Harvested"))
    await make_list(database, listed(known(1, "On the list")))
    assert await searching.suggest("2401.0000") == (("On the list", "arXiv:2401.00001"),)
    assert await searching.suggest("2401.00077") == (("Harvested", "arXiv:2401.00077"),)
    assert await searching.suggest("https://arxiv.org/pdf/2401.00077v3") == (
        ("Harvested", "arXiv:2401.00077"),
    )
    assert await searching.suggest("2401.00078") == ()
