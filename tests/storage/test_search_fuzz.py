"""Anything can be typed into a search, over a real index and database: only our own errors."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.services.search import Search
from bot.services.search_request import SearchRequest
from storage.database import Database
from storage.models import Sort
from storage.search import SearchIndex
from tests.factories import listed_entry, paper
from tests.storage.searching import NOW, made_up, make_list, on_list, store

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path
    from typing import Any

    from bot.services.search_results import SearchResults

    Run = Callable[[Coroutine[Any, Any, Any]], Any]

PIECES = [
    *"\"-:*()[]{}^~\\/+#.,;!?&|<>='`@%$",
    *("author:", "title:", "section:", "year:", "since:", "until:", "-author:", "2024..", "..2023"),
    *("2024-05", "2024-99", "0000", "99999", "2402.13446", "arXiv:2401.00001v9", "10.1000/x"),
    *("https://arxiv.org/abs/2401.00001", "entry:1", "entry:99999999999999999999", "acl:x"),
    *("GPT-4", "C++", "C#", "foo:bar", "synth*", "*", "a*", "--", "-x", "common", "cmmon", "word1"),
    *(" ", "\t", "\n", "\0", "\x1b[31m", "\x7f", "\ud800", "\udfff", "\ufeff", "\u202e", "\u2066"),
    *(
        "合成数据",
        "がくしゅう",
        "한국어",
        "مرحبا",
        "שלום",
        "🎉",
        "👩‍👩‍👧",
        "é",
        "e\u0301",
        "ß",
        "İ",
        "ﬁ",
    ),
    *(
        "“",
        "”",
        "„",
        "«",
        "»",
        "：",
        "－",
        "\u200b",
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "synthetic",
        "data",
    ),
]
TYPED = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(), max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join),
    st.sampled_from(PIECES).map(lambda piece: (piece * 4_000)[:4_000]),
)
DAYS = st.none() | st.dates()
REQUESTS = st.builds(
    SearchRequest,
    text=TYPED,
    section=st.sampled_from(["", "Papers", "1", "9", "nope"]) | st.text(max_size=20),
    since=DAYS,
    until=DAYS,
    sort=st.sampled_from(Sort),
    scope=st.sampled_from(["list", "everything"]),
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Runs a coroutine on the one loop of this module."""
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(scope="module")
def searching(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    """The service over one real database and index for all that is typed."""
    stack = AsyncExitStack()
    yield run(_opened(stack, tmp_path_factory.mktemp("fuzz")))
    run(stack.aclose())


async def _opened(stack: AsyncExitStack, folder: Path) -> Search:
    url = f"sqlite+aiosqlite:///{folder}/papers.db"
    opening = Database.open(url, data=folder, now=lambda: NOW)
    database = await stack.enter_async_context(opening)
    index = await stack.enter_async_context(SearchIndex.open(None, writable=True))
    await store(database, paper(), *map(made_up, range(60)))
    blog = listed_entry(title="Synthetic data with GPT-4 and C++: 合成数据", ids=())
    await make_list(database, blog, *map(on_list, range(20)))
    await index.refresh(database)
    await index.complete()  # pages of an index that grows meanwhile may overlap
    await index.refresh(database)
    await index.complete()  # pages shift while it follows
    return Search(database=database, index=index)


QUIETLY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@QUIETLY
@given(request=REQUESTS, offset=st.integers(-1, 20_000), limit=st.integers(0, 50))
def test_any_request_has_an_answer(
    run: Run, searching: Search, request: SearchRequest, offset: int, limit: int
) -> None:
    """It is at most a page of results that say what was asked; or one sentence."""
    answer = run(_answer(searching.search(request, limit=limit, offset=offset)))
    if isinstance(answer, str):
        assert len(answer.splitlines()) == 1
        return
    assert answer.request is request
    assert len(answer.results) <= limit
    assert answer.total >= len(answer.results)
    assert not (answer.beyond and (offset or request.scope == "everything"))
    for one in answer.results:
        assert one.entry or request.scope == "everything"


@QUIETLY
@given(typed=TYPED)
def test_any_text_can_be_completed_and_be_like_something(
    run: Run, searching: Search, typed: str
) -> None:
    """Autocomplete never fails; what is like a text is found, or said not to be known."""
    assert len(run(searching.suggest(typed, 25))) <= 25
    like = run(_answer(searching.similar(typed)))
    assert not isinstance(like, str) or "/papers" in like


async def _answer(work: Coroutine[Any, Any, SearchResults]) -> SearchResults | str:
    """What is found, or what the bot says instead."""
    try:
        return await work
    except UserError as error:
        return str(error)


def test_pages_of_an_answer_never_overlap(run: Run, searching: Search) -> None:
    """Page after page each result comes once, also where another spelling was looked for."""
    for typed in ("common", "commmon", "common -word3 since:0001", "common word7"):
        request = SearchRequest(typed, since=date(1990, 1, 1), scope="everything")
        pages = [run(searching.search(request, limit=7, offset=n)) for n in range(0, 70, 7)]
        found = [one.paper.id for page in pages for one in page.results]
        assert len(found) == len(set(found)) == pages[0].total > 1, typed
        assert len({page.corrected for page in pages}) == 1
