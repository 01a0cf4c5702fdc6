"""Which words are meant by a misspelt one, on tables and on indexes in memory."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.query import parse
from storage import search_corrections
from storage.models import Author
from storage.search import SearchIndex
from storage.search_spelling import Spelling, Turns, distance
from tests.bench.spelling import edited
from tests.factories import paper
from tests.storage.searching import made_up, store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from storage.database import Database

WORDS = ["synthetic", "generation", "preference", "models", "model", "mode", "lupidi", "casual"]


def spelling(*words: str) -> Spelling:
    """A table of words, the commonest first."""
    return Spelling([(word, len(words) - at) for at, word in enumerate(words)], Turns(bool))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("synhtetic", "synthetic"),
        ("syntetic", "synthetic"),
        ("syynthetic", "synthetic"),
        ("synthetiv", "synthetic"),
        ("ynthetic", "synthetic"),
        ("generatoinn", "generation"),
        ("modles", "models"),
        ("moodel", "model"),
    ],
)
def test_one_edit_is_mended_and_two_of_a_long_word(typed: str, meant: str) -> None:
    """A letter too many, missing, wrong, or two exchanged; nearer before commoner."""
    assert next(spelling(*WORDS).nearest(typed)).word == meant


def test_short_words_and_far_ones_have_no_neighbours() -> None:
    """Three letters, two edits of a short word, three of a long one: left as they are."""
    table = spelling(*WORDS, "the")
    assert [list(table.nearest(word)) for word in ("teh", "mdoesl", "sinthetikk", "")] == [[]] * 4


def test_the_commonest_of_the_nearest_comes_first() -> None:
    """Between two words one edit away the one more documents have; letters exchanged weigh more."""
    assert [near.word for near in spelling("model", "motel").nearest("moxel")] == ["model", "motel"]
    assert [near.word for near in spelling("from", "form").nearest("forn")] == ["form"]
    assert next(near.word for near in spelling("start", "stata").nearest("staat")) == "stata"


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.text("abcde", min_size=5, max_size=12))
def test_every_single_edit_is_found(seed: int, word: str) -> None:
    """Whatever a word and its edit, the table leads back; so do two of a long word."""
    choice = random.Random(seed)
    table = spelling(word)
    once = edited(word, choice)
    twice = edited(once, choice)
    for typed, enough in ((once, 4), (twice, 8)):
        if len(typed) >= enough and len(word) >= enough and distance(typed, word, 2) in (1, 2):
            far = distance(typed, word, 2)
            near = [one.word for one in table.nearest(typed)]
            assert near == [word] * (far == 1 or len(typed) >= 8)


@pytest.fixture
async def index(sqlite_database: Database) -> AsyncIterator[SearchIndex]:
    """An index of a paper on synthetic data."""
    one = paper(
        title="Source2Synth: Synthetic Data Generation",
        abstract="Real instructions for GPT-4, written in C++ by contrastive decoding.",
        authors=(Author("Lupidi", "Alisia"), Author("Müller", "Zoë")),
    )
    async with SearchIndex.open(None, writable=True) as opened:
        await store(sqlite_database, one, made_up(1))
        await opened.refresh(sqlite_database)
        yield opened


async def corrections(index: SearchIndex, typed: str) -> Mapping[str, str]:
    """What is looked for instead."""
    return await index.corrections(parse(typed))


async def test_a_misspelt_word_is_corrected_at_once(index: SearchIndex) -> None:
    """The first query already; words, titles and names, in whole words, accents folded."""
    assert await corrections(index, "synhtetic dta génerationn") == {
        "synhtetic": "synthetic",
        "génerationn": "generation",
    }
    assert await corrections(index, 'title:"sythetic data"') == {"sythetic": "synthetic"}
    assert await corrections(index, "author:Lupidy author:mueller") == {
        "Lupidy": "lupidi",
        "mueller": "muller",
    }


LEFT_ALONE = [
    "synthetic instruction generating decode",  # other forms of known words
    "Lupidi Muller alisia",
    "GPT-5 gpt4 C++ C# 2409.08238 source3synth self-instrct",
    "REAAL LoRAs rael* dta the",
    '"synhtetic data" -synhtetic',
    "zebra 合成数据 🎉",
    "author:synthetik",
    "",
]


async def test_what_is_right_or_no_plain_word_is_left_alone(index: SearchIndex) -> None:
    """Forms of known words, names, numbers, short words, phrases, what is like nothing known."""
    for typed in LEFT_ALONE:
        assert await corrections(index, typed) == {}, typed


async def test_a_small_index_corrects_only_what_is_surely_a_typo(
    sqlite_database: Database,
) -> None:
    """Where few words are known, an unknown one that is like them is most likely right."""
    known = "synthetic model detection discovered categorized response take code lama have find"
    async with SearchIndex.open(None, writable=True) as small:
        await store(sqlite_database, paper(title=known, abstract="grounding stack light along"))
        await small.refresh(sqlite_database)
        for typed in ("syntetic", "synhtetic", "syntheticc", "sinthetic"):
            assert await corrections(small, typed) == {typed: "synthetic"}
        assert await corrections(small, "modle") == {"modle": "model"}
        right = "deception discovery categories respond make fake coder llama hate wind rounding"
        assert await corrections(small, f"{right} stock right long LoRA qlora 中文") == {}


async def test_a_rare_word_gives_way_only_to_a_far_commoner_one(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a document misspells is corrected where the right word is so many times as common."""
    monkeypatch.setattr(search_corrections, "HARDLY", 15)
    wrong, right = made_up(99), [made_up(number) for number in range(40)]
    async with SearchIndex.open(None, writable=True) as index:
        papers = [paper(id=one.id, title="Contrastive", abstract=one.title) for one in right]
        await store(sqlite_database, *papers, paper(id=wrong.id, title="Contrastvie commom"))
        await index.refresh(sqlite_database)
        assert await corrections(index, "contrastvie") == {"contrastvie": "contrastive"}
        monkeypatch.setattr(search_corrections, "HARDLY", 50)
        assert await corrections(index, "contrastvie") == {}


async def test_new_words_are_taken_in(sqlite_database: Database, index: SearchIndex) -> None:
    """The table follows an index that grew; until then nothing new is taken for misspelt."""
    assert await corrections(index, "hypergraphh") == {}
    await index.complete()
    await store(sqlite_database, made_up(2), paper(id=made_up(3).id, title="Hypergraph"))
    await index.refresh(sqlite_database)
    assert await corrections(index, "hypergraph") == {}
    await index.complete()
    await corrections(index, "hypergraphh")
    await index.complete()
    meant = await corrections(index, "hypergraphh")
    assert meant == {"hypergraphh": "hypergraph"}
