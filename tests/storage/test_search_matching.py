"""What a query finds, and in which order: on an index in memory."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.query import parse
from storage import search_asking
from storage.documents import SearchDocument
from storage.models import Sort
from storage.search_asking import Hit, Wanted
from storage.search_index import Mark, Shelf
from storage.search_snippet import WIDTH, snippet


def document(key: str, title: str, abstract: str = "", **fields: object) -> SearchDocument:
    """A document of which a test says what matters."""
    values: dict[str, object] = {
        "authors": (),
        "section": "",
        "listed": False,
        "year": None,
    }
    return SearchDocument(key=f"x:{key}", title=title, abstract=abstract, **{**values, **fields})  # type: ignore[arg-type]


def shelf_of(*documents: SearchDocument) -> Shelf:
    """An index in memory that holds these."""
    shelf = Shelf.fresh(None)
    shelf.commit([one.key for one in documents], {one.key: one for one in documents}, Mark(7))
    return shelf


def hits(
    shelf: Shelf,
    typed: str,
    *,
    listed: bool | None = None,
    section: str | None = None,
    limit: int = 10,
    offset: int = 0,
    sort: Sort = Sort.RELEVANCE,
) -> tuple[Hit, ...]:
    """One page of what a typed query finds."""
    wanted = Wanted(parse(typed), listed, section, sort)
    return search_asking.search(shelf.view, wanted, limit=limit, offset=offset).hits


def found(shelf: Shelf, typed: str, **options: object) -> list[str]:
    """The keys a typed query finds, in order."""
    return [hit.key.removeprefix("x:") for hit in hits(shelf, typed, **options)]  # type: ignore[arg-type]


COMMON = [f"common{number}" for number in range(33)]


@pytest.fixture(scope="module")
def library() -> Shelf:
    """A few papers that differ in one thing each."""
    return shelf_of(
        document("cpp", "Bugs in C++ programs", "We look at compilers."),
        document("c", "Bugs in C programs", "We look at the language C and at compilers."),
        document("gpt4", "Judging with GPT-4", "A study."),
        document("gpt3", "Judging with GPT-3", "Four models: 4 of them are large."),
        document(
            "self",
            "Self-Instruct",
            "Aligning models with self-generated instructions.",
            authors=("Yizhong Wang", "Noah A. Smith"),
            section="Research Papers",
            listed=True,
            year=2023,
        ),
        document(
            "source",
            "Source2Synth: Synthetic Data Generation",
            "Grounded in real data sources.",
            authors=("Alisia Lupidi", "Zoë Müller"),
            section="Research Papers",
            listed=True,
            year=2024,
        ),
        document(
            "theory",
            "Towards a Theoretical Understanding",
            "Of synthetic training data.",
            section="Analysis Papers",
            listed=True,
            year=2025,
        ),
        document("chinese", "合成数据的质量", "论文研究大语言模型。"),
    )


def test_signs_of_a_word_count(library: Shelf) -> None:
    """`C++` is another word than `C`, and is found by its own name."""
    assert found(library, "C++") == ["cpp"]
    assert found(library, "c++ compilers")[0] == "cpp"
    assert found(library, "C") == ["c"]


@pytest.mark.parametrize("typed", ["GPT-4", "gpt-4", "gpt 4", '"GPT 4"'])
def test_the_number_of_a_model_counts(library: Shelf, typed: str) -> None:
    """`GPT-4` finds what is called so, before what holds both parts somewhere."""
    assert found(library, typed)[0] == "gpt4"
    assert found(library, "GPT-4") == ["gpt4"]


def test_forms_of_a_word_are_one(library: Shelf) -> None:
    """Singular, plural and other endings find each other."""
    assert found(library, "instruction alignment") == ["self"]


def test_all_words_come_before_any() -> None:
    """What holds all words stands first, however often another holds one of them."""
    shelf = shelf_of(
        document("one", "zebra zebra zebra", "zebra zebra zebra"),
        document(
            "both", "A long title about many other things", "zebra " + "word " * 80 + "crossing"
        ),
        document("none", "nothing", "of the kind"),
    )
    assert found(shelf, "zebra crossing") == ["both", "one"]


def test_a_question_in_plain_words_finds_something(library: Shelf) -> None:
    """A question none of whose documents holds every word still gets its answer."""
    assert found(library, "How is synthetic data made from real sources, I wonder?")[0] == "source"


def test_enough_with_all_words_leave_the_rest_out() -> None:
    """Where several hold all words, those with only some are not counted."""
    both = [document(f"both{n}", "zebra crossing") for n in range(3)]
    shelf = shelf_of(*both, document("one", "zebra"))
    assert sorted(found(shelf, "zebra crossing")) == ["both0", "both1", "both2"]


def test_a_phrase_is_required(library: Shelf) -> None:
    """Quoted words stand side by side, and not across title and abstract."""
    assert found(library, '"real data"') == ["source"]
    assert found(library, '"data real"') == []
    assert found(library, '"generation grounded"') == []


def test_titles_do_not_run_into_themselves() -> None:
    """The title's repetitions are values of their own: its end and its beginning are no phrase."""
    assert found(shelf_of(document("a", "alpha beta")), '"beta alpha"') == []


def test_excluded_words_exclude(library: Shelf) -> None:
    """A minus takes out what holds the word or the phrase."""
    assert found(library, "synthetic -grounded") == ["theory"]
    assert found(library, 'synthetic -"real data"') == ["theory"]


def test_author_title_section_and_year_filter(library: Shelf) -> None:
    """Each field looks in its own place only."""
    assert found(library, "author:lupidi") == ["source"]
    assert found(library, "author:muller") == ["source"]
    assert found(library, 'author:"noah smith"') == ["self"]
    assert found(library, "author:instruct") == []
    assert found(library, "title:theoretical data") == ["theory"]
    assert found(library, "title:grounded") == []
    assert sorted(found(library, "section:research")) == ["self", "source"]
    assert found(library, "synthetic year:2025") == ["theory"]
    assert sorted(found(library, "year:2023..2024")) == ["self", "source"]
    assert sorted(found(library, "year:2024..")) == ["source", "theory"]
    assert found(library, "year:..2023") == ["self"]


def test_filters_alone_give_the_newest_first(library: Shelf) -> None:
    """Where nothing can be ranked, the latest year comes first."""
    assert found(library, "year:2000..2100") == ["theory", "source", "self"]


def test_section_and_scope_of_the_command_filter(library: Shelf) -> None:
    """A whole section title and "listed" narrow any query, also an empty one."""
    assert found(library, "synthetic", section="analysis papers") == ["theory"]
    assert found(library, "synthetic", section="Analysis") == []
    assert found(library, "", section="Analysis Papers") == ["theory"]
    assert found(library, "judging", listed=True) == []
    assert found(library, "judging", listed=False) == ["gpt4", "gpt3"]
    assert found(library, "🎉", listed=True) == []


def test_names_and_years_are_words_too(library: Shelf) -> None:
    """A name or a year beside a word helps to find it."""
    assert found(library, "lupidi synthetic 2024")[0] == "source"


def test_a_beginning_finds_what_goes_on(library: Shelf) -> None:
    """`instruct*` finds every word that begins so, stemmed or not; `zzz*` finds nothing."""
    assert found(library, "source2*") == ["source"]
    assert found(library, "generat* -lupidi") == ["self"]
    assert found(library, "zzz*") == []


def test_chinese_is_found_by_its_parts(library: Shelf) -> None:
    """A part of a Chinese title finds it, other characters do not."""
    assert found(library, "数据") == ["chinese"]
    assert found(library, "据数") == []


def test_the_revision_is_no_paper(library: Shelf) -> None:
    """What the index keeps for itself is never found."""
    assert found(library, "revision") == []
    assert len(found(library, "-revision")) == 8
    assert library.mark == Mark(7)


def test_pages_do_not_overlap() -> None:
    """Pages together are the whole, in one order."""
    shelf = shelf_of(*(document(str(n), "zebra " * (n + 1)) for n in range(9)))
    pages = [found(shelf, "zebra", limit=4, offset=offset) for offset in (0, 4, 8, 12)]
    assert [len(page) for page in pages] == [4, 4, 1, 0]
    assert [key for page in pages for key in page] == found(shelf, "zebra", limit=9)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=200))
def test_no_text_fails(typed: str) -> None:
    """Any text at all can be searched for and shown in a passage."""
    found(HOSTILE, typed)
    shown = "".join(part for part, _ in snippet(parse(typed), typed))
    assert len(shown) <= WIDTH + 4 or " " not in typed


HOSTILE = shelf_of(document("a", "\0 \ud800 \u202e İ ﬁ ß", 'x" OR body:* \\ ' * 20))


@pytest.mark.parametrize("part", ["a ", "数", "a-", "🎉", '"', "synth* ", "year:2024 ", "-b "])
def test_four_thousand_characters_of_anything(part: str) -> None:
    """No query is too long."""
    assert len(found(HOSTILE, part * (4000 // len(part)))) <= 1


def test_a_snippet_shows_where_the_words_stand() -> None:
    """The passage holds the words looked for, marked, in any form, cut between words."""
    text = "Nothing here. " * 30 + "We propose synthetic preferences for models. " + "More. " * 50
    parts = snippet(parse("synthetic preference"), text)
    assert [part for part, marked in parts if marked] == ["synthetic", "preferences"]
    whole = "".join(part for part, _ in parts)
    assert whole.startswith("… ")
    assert whole.endswith(" …")
    assert whole.strip("… ") in text
    assert len(whole) <= WIDTH + 4


FORMS = [
    "data",
    "dying",
    "die",
    "abilities",
    "ability",
    "skies",
    "sky",
    "C++",
    "GPT-4",
    "it's",
    "the",
]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([*FORMS, "-", "(", "'", "rock'n'", "data'"]), max_size=30), st.data()
)
def test_what_is_marked_does_not_depend_on_how_it_is_found(
    parts: list[str], data: st.DataObject
) -> None:
    """Texts of ASCII are looked through in another way than others, with the same result."""
    query = parse(" ".join(data.draw(st.lists(st.sampled_from([*FORMS, "abil*"]), max_size=3))))
    text = data.draw(st.sampled_from([" ", ""])).join(parts)
    assert snippet(query, f"{text} é")[:-1] == snippet(query, f"{text} e")[:-1]


def test_a_word_repeated_without_end_is_marked_in_time() -> None:
    """A text that says nothing but what was looked for takes milliseconds."""
    begun = time.perf_counter()
    for _ in range(20):
        assert len(snippet(parse("a"), "a " * 3_000)) == WIDTH
    assert time.perf_counter() - begun < 1


def test_of_very_many_words_the_telling_ones_find() -> None:
    """Unknown words and common ones do not crowd out the one that says what is meant."""
    one, *others = [document(str(n), f"Zebra{n}", " ".join(COMMON)) for n in range(40)]
    shelf = shelf_of(one, *others)
    typed = " ".join([*(f"unknown{n}" for n in range(30)), *COMMON, "zebra0"])
    assert found(shelf, typed)[0] == "0"
    assert found(shelf, " ".join(f"unknown{n}" for n in range(60))) == []


def test_of_very_many_beginnings_the_first_count() -> None:
    """More beginnings than anybody types neither fail nor take long."""
    shelf = shelf_of(document("a", " ".join(f"begin{n}" for n in range(8))))
    assert found(shelf, " ".join(f"begin{n}*" for n in range(60))) == ["a"]


def test_a_snippet_without_a_match_is_the_beginning() -> None:
    """What was found by its title alone shows how its abstract begins."""
    assert snippet(parse("zebra"), "Short  and\nplain.") == (("Short and plain.", False),)
    assert snippet(parse("zebra"), "") == ()


def test_a_text_without_end_is_read_to_a_limit() -> None:
    """A title of a megabyte is found by its beginning, and holds nobody up."""
    begun = time.perf_counter()
    shelf = shelf_of(document("a", "first " + "x-" * 500_000 + " last", "y " * 500_000))
    assert time.perf_counter() - begun < 2
    assert len(hits(shelf, "first")) == 1
    assert not hits(shelf, "last")
