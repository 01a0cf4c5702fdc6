"""/papers in words and by button: what readers type, press and are told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.custom_ids import Carried, encode
from bot.chat.text import width
from bot.commands import search_words
from bot.commands.columns import columns
from bot.commands.languages import in_language
from bot.commands.list_stats import bar
from bot.domain.errors import NotFound, UserError
from bot.domain.sentences import Language
from bot.services.search_request import SearchRequest
from storage.catalogue import Catalogue
from storage.models import Author, Link, PaperId, Sort, Via
from storage.papers import Papers
from storage.watermarks import Watermarks
from tests.factories import listed_entry, paper
from tests.unit.desk import ANA, EVE
from tests.unit.maintaining import Desks, button_of, open_desks, shown

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.commands.reply import Reply
    from storage.database import Database
    from storage.models import ListedEntry, Paper
    from tests.fakes import FakeClock

UNIGEN = "arXiv:2406.18966"


@pytest.fixture
async def desks(sqlite: Database, clock: FakeClock) -> Desks:
    """The bot over the shipped list of eight papers."""
    return await open_desks(sqlite, clock)


async def harvest(desks: Desks, *papers: Paper) -> None:
    """What a pass brought."""
    now = desks.office.clock.now()
    await desks.office.database.write(lambda c: Papers(c).store(papers, now))


async def zebras(desks: Desks, count: int) -> None:
    """So many papers about zebras, none on the list."""
    await harvest(
        desks,
        *(
            paper(id=PaperId(f"arXiv:2409.2{n:04}"), title=f"Zebra {n}", abstract="Of zebras.")
            for n in range(count)
        ),
    )


async def complete_since(desks: Desks, day: date) -> None:
    """Harvests have brought everything since."""

    async def work(connection: AsyncConnection) -> None:
        await Watermarks(connection).reach("cs.CL", day)
        await Watermarks(connection).move("cs.CL", desks.office.clock.now())

    await desks.office.database.write(work)


async def list_only(desks: Desks, *entries: ListedEntry) -> None:
    """Let the list be these."""
    now, sections = desks.office.clock.now(), ["Research Papers", "Survey Papers"]
    await desks.office.database.write(
        lambda c: Catalogue(c).replace("list.md", b"x", sections, entries, now)
    )


def zebra_entry(number: int) -> ListedEntry:
    """An entry without a paper."""
    return listed_entry(title=f"Zebra {number}", markdown=f"- Zebra {number}\n", ids=(), links=())


def labels(reply: Reply) -> list[str]:
    """What its buttons say."""
    return [button.label for button in reply.buttons]


def carries(reply: Reply) -> bool:
    """Whether Discord takes every button of it that leads back."""
    ids = [encode(Carried(one.action, one.argument)) for one in reply.buttons if not one.url]
    return all(ids) and len(set(ids)) == len(ids)


# Search


async def test_a_search_shows_numbered_results(desks: Desks) -> None:
    """Title, authors, year and section, the passage with what was looked for in bold."""
    await harvest(desks, paper(abstract="We make synthetic tables. They help."))
    reply = await desks.type("/papers search synthetic --sort newest")
    assert reply.title == "4 papers for “synthetic”"
    assert reply.shareable
    lines = shown(reply)[1:]
    assert lines[0] == "newest first"
    at = next(n for n, line in enumerate(lines) if "Source2Synth" in line)
    assert lines[at + 1] == "Lupidi, Gemmell · 2024 · Research Papers"
    assert lines[at + 2] == "  > We make synthetic tables. They help."
    (quoted,) = [line for line in reply.lines if line.quote]
    assert [span.text for span in quoted.spans if span.bold] == ["synthetic"]
    assert reply.menu is not None
    assert [choice.label[:2] for choice in reply.menu.choices] == ["1.", "2.", "3.", "4."]
    opened = await desks.press(reply.menu.action, "", reply.menu.choices[0].value, EVE)
    assert opened.title in reply.menu.choices[0].label


async def test_pages_are_numbered_through(desks: Desks) -> None:
    """Next and Back take the place of what stood there; the last page is short."""
    await zebras(desks, 12)
    first = await desks.type("/papers search zebra --scope everything")
    assert (first.title, first.footer) == ("12 papers for “zebra”", "1 of 3")
    assert labels(first) == ["Next ›"]
    second = await desks.push(first, "Next ›")
    assert second.in_place
    assert shown(second)[2].startswith("6. Zebra")
    assert second.footer == "2 of 3"
    assert labels(second) == ["‹ Back", "Next ›"]
    third = await desks.push(second, "Next ›")
    assert labels(third) == ["‹ Back"]
    assert third.menu is not None
    assert len(third.menu.choices) == 2
    assert (await desks.push(second, "‹ Back")).lines == first.lines


async def test_pages_work_for_strangers_and_after_a_restart(
    desks: Desks, sqlite: Database, clock: FakeClock
) -> None:
    """All that is needed stands in the button."""
    await zebras(desks, 12)
    first = await desks.type("/papers search zebra --scope everything")
    again = await open_desks(sqlite, clock)
    second = await again.push(first, "Next ›", EVE)
    assert second.lines == (await desks.push(first, "Next ›")).lines


async def test_a_page_that_is_no_more_shows_the_last_one(desks: Desks) -> None:
    """The list may have become shorter since the button was made."""
    await zebras(desks, 7)
    late = await desks.press("page", "900.=re||||zebra")
    assert late.footer == "2 of 2"
    assert shown(late)[2].startswith("6. ")
    gone = await desks.press("page", "3.=rl||||gibberish")
    assert shown(gone)[0] == "Nothing found for “gibberish”."


@pytest.mark.parametrize(
    "typed",
    [
        "zebra " + "word " * 500,
        "zebra " * 20,
        "zebra | 100% %7C",
        "zebra :c1.0.0",
        "zebra 🦓\u200d🙂",
    ],
)
async def test_any_search_fits_its_buttons(
    desks: Desks, sqlite: Database, clock: FakeClock, typed: str
) -> None:
    """A long or strange one stands in the database; it too works after a restart, for a year."""
    await zebras(desks, 12)
    first = await desks.type(f"/papers search --scope everything {typed}")
    assert carries(first)
    again = await open_desks(sqlite, clock)
    assert (await again.push(first, "Next ›", EVE)).footer.startswith("2 of")
    clock.advance(366 * 24 * 3600)
    await desks.type("/papers search --scope everything zebra " + "other " * 50)
    stored = button_of(first, "Next ›").argument.startswith("2.#")
    if stored:
        with pytest.raises(NotFound, match="too old"):
            await desks.push(first, "Next ›")
    else:
        assert (await desks.push(first, "Next ›")).in_place


async def test_what_is_not_on_the_list_follows_where_little_is(desks: Desks) -> None:
    """With the day from which harvests are complete, numbered on, and a button to submit each."""
    await zebras(desks, 7)
    await complete_since(desks, date(2024, 9, 1))
    reply = await desks.type("/papers search unigen zebra")
    assert "Not on the list (harvested since 1 Sep)" in shown(reply)
    numbers = [button.label for button in reply.buttons]
    assert len(numbers) == 5
    assert carries(reply)
    submitted = await desks.push(reply, numbers[0], EVE)
    assert "queued for the maintainers" in shown(submitted)[1]
    (waiting,) = [line for line in await desks.read("/review queue") if "Zebra" in line]
    assert waiting.startswith("1 · #1 Zebra")


async def test_only_what_is_not_on_the_list_is_found(desks: Desks) -> None:
    """The title says so."""
    await zebras(desks, 1)
    reply = await desks.type("/papers search zebra")
    assert shown(reply)[:3] == [
        "Nothing on the list for “zebra”",
        "Not on the list",
        "1. Zebra 0 <https://arxiv.org/abs/2409.20000>",
    ]
    assert labels(reply) == ["Submit 1"]


async def test_nothing_found_says_what_to_try(desks: Desks) -> None:
    """And which filters are on."""
    lines = shown(
        await desks.type("/papers search gibberish --section 1 --since 2024-05 --until 2024")
    )
    assert lines[:2] == [
        "Nothing found for “gibberish”.",
        "Survey Papers · since 1 May 2024 · until 31 Dec 2024",
    ]
    assert "• Leave out the section or the days" in lines
    assert any("scope everything" in line for line in lines)
    everywhere = shown(await desks.type("/papers search gibberish --scope everything"))
    assert "on the list or not" in everywhere
    assert not any("scope everything" in line for line in everywhere)


async def test_a_slip_of_the_finger_is_corrected(desks: Desks) -> None:
    """And said so, with what was typed."""
    reply = await desks.type("/papers search syntetic")
    assert reply.title == "Showing results for “synthetic”"
    assert shown(reply)[1] == "4 papers; you typed “syntetic”."


async def test_bad_input_says_what_to_type(desks: Desks) -> None:
    """In one sentence."""
    for rest, told in (
        ("x --section zebra", "Survey Papers, 2 Research Papers"),
        ("x --since soon", "2024-05-12"),
        ("x --until 2024-13", "2024-05-12"),
        ("x --since 2025 --until 2024", "swap the two"),
    ):
        with pytest.raises(UserError, match=told):
            await desks.type(f"/papers search {rest}")


def test_options_are_read_by_word_or_label() -> None:
    """Discord gives the value, people at the console either."""
    assert search_words.read_sort("Added  Last") is Sort.ADDED
    assert search_words.read_sort("newest") is Sort.NEWEST
    assert search_words.read_scope(" Everything") == "everything"
    with pytest.raises(UserError, match="relevance, newest or added"):
        search_words.read_sort("best")
    with pytest.raises(UserError, match="list or everything"):
        search_words.read_scope("all")
    with pytest.raises(UserError, match="/papers search synthetic"):
        search_words.read_request("  ", "", "", "", "newest", "list")


DAYS = st.none() | st.dates()


@given(
    st.builds(
        SearchRequest,
        st.text(),
        st.text(max_size=30),
        DAYS,
        DAYS,
        st.sampled_from(Sort),
        st.sampled_from(["list", "everything"]),
    )
)
def test_a_search_is_written_and_read_back(request: SearchRequest) -> None:
    """Whatever stands in it."""
    assert search_words.read(search_words.written(request)) == request


STRANGE = ("", "1", "x.=rl||||a", "0.=a", "-1.=rl", "1.=", "1.=zz||||a", "1.=rl|a", "².=rl||||a")


async def test_a_page_button_nobody_made_is_a_sentence(desks: Desks) -> None:
    """Of every kind of page."""
    for action in ("page", "similarpage", "newpage"):
        for argument in STRANGE:
            with pytest.raises(UserError):
                await desks.press(action, argument)


async def test_the_console_shows_more_at_once(desks: Desks) -> None:
    """Nothing leads to a next page there."""
    await zebras(desks, 27)
    lines = await desks.read("/papers search zebra --scope everything")
    assert lines[-1] == "The first 20 of 27"
    assert any(line.startswith("20. ") for line in lines)


# Show


async def test_a_paper_is_shown_with_all_that_is_known(desks: Desks) -> None:
    """Authors, day, venue, section, when it was added, abstract, links; what can be done."""
    await harvest(
        desks, paper(comment="Accepted at EMNLP 2024 Findings. Code: https://github.com/a/b")
    )
    await desks.type("/review move 2409.08239 survey")
    reply = await desks.type("/papers show source2")
    assert shown(reply)[1:6] == [
        "Lupidi, Gemmell",
        "12 Sep 2024 · cs.CL, cs.AI",
        "EMNLP 2024 Findings",
        "On the list: Survey Papers",
        "Large Language Models still struggle. We propose Source2Synth.",
    ]
    assert labels(reply) == ["Cite", "Similar", "Save", "Project"]
    assert button_of(reply, "Project").url == "https://github.com/a/b"
    assert carries(reply)


async def test_a_paper_that_is_not_on_the_list_can_be_submitted(desks: Desks) -> None:
    """Where it is known from a harvest."""
    await zebras(desks, 1)
    reply = await desks.type("/papers show https://arxiv.org/abs/2409.20000v2")
    assert "Not on the list" in shown(reply)
    assert labels(reply) == ["Cite", "Similar", "Save", "Submit"]
    assert "queued" in shown(await desks.push(reply, "Submit", EVE))[1]


async def test_an_entry_without_a_paper_is_shown_too(desks: Desks) -> None:
    """By its key, as the menu of a search has it, and by its title."""
    await list_only(desks, zebra_entry(1))
    found = await desks.type("/papers search zebra")
    assert found.menu is not None
    (choice,) = found.menu.choices
    assert choice.value.startswith("entry:")
    for reply in (
        await desks.press("show", "", choice.value),
        await desks.type("/papers show zebra 1"),
    ):
        assert reply.title == "Zebra 1"
        assert "Similar" in labels(reply)
        await desks.push(reply, "Similar")


async def test_a_listed_paper_is_meant_before_a_harvested_one(desks: Desks) -> None:
    """By the words of its title, as completion proposes it."""
    await harvest(desks, paper(id=PaperId("arXiv:2409.20001"), title="UniGen"))
    assert (await desks.type("/papers show unigen")).title.startswith("UniGen: A Unified")


async def test_what_nobody_knows_says_what_to_do(desks: Desks) -> None:
    """Submit it, or search with fewer words."""
    for typed in ("2501.00001", "nothing like this", "entry:999", "🙂", '"', "c++"):
        with pytest.raises(NotFound, match="/papers search"):
            await desks.type(f"/papers show {typed}")


@pytest.mark.parametrize("typed", ["x x x x", "data poetry", "🤖"])
async def test_a_paper_is_not_guessed(desks: Desks, typed: str) -> None:
    """A letter, or one word of two, would show, cite or save another paper than was meant."""
    for command in ("show", "similar", "cite", "save"):
        with pytest.raises(NotFound, match="Nothing found for"):
            await desks.type(f"/papers {command} {typed}")


async def test_words_that_stand_anywhere_in_a_paper_name_it(desks: Desks) -> None:
    """Misspelt ones too, and an author's."""
    await harvest(desks, paper(id=PaperId("arXiv:2409.20001")))
    assert "UniGen" in (await desks.type("/papers show wu unigen")).title
    assert "UniGen" in (await desks.type("/papers show textaul dataset generation")).title
    assert "UniGen" in (await desks.type("/papers show 2406.1896")).title


async def test_links_from_outside_are_shown_once(desks: Desks) -> None:
    """The list's labels first, then what the authors have put out."""
    links = (Link("Project", "https://x.github.io/y/"), Link("Code", "https://github.com/a/b"))
    await harvest(desks, paper(links=links, comment="See https://x.github.io/y for more"))
    reply = await desks.type("/papers show 2409.08239")
    assert shown(reply)[-1] == (
        "Paper <https://arxiv.org/abs/2409.08239> · Code <https://github.com/a/b> · "
        "Project <https://x.github.io/y>"
    )
    assert button_of(reply, "Project").url == "https://x.github.io/y"


# Similar


async def test_similar_leaves_the_paper_itself_out(desks: Desks) -> None:
    """By a button as by its word; pages carry whose likes they are."""
    await zebras(desks, 12)
    first = await desks.type("/papers similar 2409.20000 --scope everything")
    assert first.title == "Like “Zebra 0”"
    assert first.footer == "1 of 3"
    pages = [first, await desks.push(first, "Next ›", EVE)]
    pages.append(await desks.push(pages[1], "Next ›"))
    titles = [line for page in pages for line in shown(page) if ". Zebra" in line]
    assert len(titles) == 11
    assert not any("Zebra 0 " in line for line in titles)
    assert all(map(carries, pages))
    pressed = await desks.press("similar", "arXiv:2409.20000")
    assert not pressed.in_place
    assert pressed.title == "Like “Zebra 0”"


async def test_nothing_similar_is_a_sentence(desks: Desks) -> None:
    """And so is a paper nobody knows."""
    await list_only(desks, zebra_entry(1))
    assert shown(await desks.type("/papers similar zebra")) == ["Nothing is like “Zebra 1” yet."]
    with pytest.raises(NotFound):
        await desks.type("/papers similar 2501.00001")


# Latest and new


async def test_latest_goes_page_by_page(desks: Desks) -> None:
    """Of the list, or of a section named in part."""
    first = await desks.type("/papers latest")
    assert (first.title, first.footer) == ("Latest on the list", "1 of 2")
    second = await desks.push(first, "Next ›", EVE)
    assert second.in_place
    assert shown(second)[1].startswith("6. ")
    assert len(await desks.read("/papers latest")) == 17
    assert (await desks.type("/papers latest surv")).title == "Latest in Survey Papers"
    late = await desks.press("latestpage", "9.=Research Papers")
    assert late.title == "Latest in Research Papers"
    with pytest.raises(NotFound, match="The sections are"):
        await desks.type("/papers latest zebras")


async def test_an_empty_list_says_what_to_do(desks: Desks) -> None:
    """And an empty section that it is empty."""
    await list_only(desks)
    with pytest.raises(NotFound, match="python -m bot import"):
        await desks.type("/papers latest")
    with pytest.raises(NotFound, match="Nothing stands under Survey Papers"):
        await desks.type("/papers latest survey")
    assert shown(await desks.type("/papers new"))[0] == "The list is empty so far."
    assert shown(await desks.type("/papers stats"))[0] == "0 papers on the list"


async def test_new_remembers_where_each_member_stopped(desks: Desks, clock: FakeClock) -> None:
    """The first time it shows the latest; then what came since, the newest first."""
    first = await desks.type("/papers new")
    assert first.title == "Latest on the list"
    assert "From now on" in shown(first)[-1]
    clock.advance(24 * 3600)
    await desks.type("/review approve 2409.30001 survey")
    await desks.type("/review approve 2409.30002 survey")
    reply = await desks.type("/papers new")
    assert reply.title == "2 new papers since 16 Sep 2024"
    assert [line[:34] for line in shown(reply)[1::2]] == [
        "1. A Paper Called arXiv:2409.30002",
        "2. A Paper Called arXiv:2409.30001",
    ]
    assert shown(await desks.type("/papers new")) == [
        "Nothing new since you looked on 17 Sep 2024. /papers latest shows what came last."
    ]
    assert (await desks.type("/papers new", EVE)).title == "Latest on the list"


async def test_nothing_new_is_lost_between_pages(desks: Desks) -> None:
    """Buttons carry the marker that stood before; a stranger's press moves nobody's."""
    await list_only(desks, zebra_entry(0))
    await desks.type("/papers new")
    await desks.type("/papers new", EVE)
    await list_only(desks, *map(zebra_entry, range(8)))
    first = await desks.type("/papers new")
    assert (first.title, first.footer) == ("7 new papers since 16 Sep 2024", "1 of 2")
    second = await desks.push(first, "Next ›", EVE)
    assert second.in_place
    assert second.title == "7 new papers"
    pages = [line for page in (first, second) for line in shown(page) if ". Zebra" in line]
    assert pages == [f"{n}. Zebra {8 - n}" for n in range(1, 8)]
    assert (await desks.type("/papers new", EVE)).title.startswith("7 new papers")
    await list_only(desks, zebra_entry(0))
    assert shown(await desks.push(first, "Next ›")) == [
        "What was new was taken off the list again."
    ]


async def test_nothing_new_is_passed_over_where_some_of_it_has_gone(desks: Desks) -> None:
    """The next page begins no later than behind what was shown; buttons of before work on."""
    await list_only(desks, zebra_entry(0))
    await desks.type("/papers new")
    await list_only(desks, *map(zebra_entry, range(13)))
    first = await desks.type("/papers new")
    second = await desks.push(first, "Next ›")
    await list_only(desks, *map(zebra_entry, range(11)))
    after = await desks.push(first, "Next ›")
    assert [line for line in shown(after) if "Zebra 7" in line]
    onward = await desks.push(after, "Next ›")
    assert (onward.footer, shown(onward)[1]) == ("2 of 2", "6. Zebra 5")
    assert (await desks.push(second, "Next ›")).footer == "2 of 2"
    assert (await desks.push(onward, "‹ Back")).footer == "1 of 2"
    marker = button_of(first, "Next ›").argument.partition(".")[2].partition("-")[0]
    assert (await desks.press("newpage", f"2.{marker}")).footer == "2 of 2"


async def test_the_console_shows_all_that_is_new(desks: Desks) -> None:
    """No button leads on there, and what was not shown would not be new the next time."""
    await list_only(desks, zebra_entry(0))
    await desks.type("/papers new", via=Via.CONSOLE)
    await list_only(desks, *map(zebra_entry, range(71)))
    lines = await desks.read("/papers new")
    assert lines[0].startswith("70 new papers since")
    assert "70. Zebra 1" in lines


# Stats, help, languages


async def test_stats_fit_a_phone(desks: Desks) -> None:
    """By section, by the last months of publication, by the years before; 40 columns."""
    await list_only(
        desks,
        listed_entry(),
        listed_entry(section="Survey Papers", ids=(PaperId("arXiv:2308.00001"),), title="B"),
        listed_entry(section="S " * 60, ids=(), year=2019, title="C"),
        listed_entry(ids=(), year=None, title="D"),
    )
    await list_only(desks, listed_entry(), *(zebra_entry(n) for n in range(2)))
    lines = shown(await desks.type("/papers stats"))
    assert lines[:2] == ["3 papers on the list", "2 added in the last 30 days"]
    assert "████████████ 3 · Research Papers" in lines
    assert "████████████ 1 · 2024-09" in lines
    assert "0 · 2023-10" in lines
    assert lines[-2:] == ["The rest, by year", "████████████ 2 · 2024"]
    assert max(map(columns, lines)) <= 40


async def test_stats_name_the_largest_sections_apart(desks: Desks) -> None:
    """In the order of the list; titles that would be cut to the same are shown whole."""
    named = ["Data Selection for Pretraining Models", "Data Selection for Alignment of Models"]
    small = [f"Section {n}" for n in range(40)]
    await list_only(
        desks,
        *(listed_entry(section=one, title=one, ids=()) for one in small),
        *(listed_entry(section=one, title=f"{one} {n}", ids=()) for n in range(3) for one in named),
    )
    lines = shown(await desks.type("/papers stats"))
    begin = lines.index("By section")
    assert lines[begin + 1].endswith(" 1 · Section 0")
    assert lines[begin + 11 : begin + 14] == [
        *(f"████████████ 3 · {one}" for one in named),
        "… and 32 more with 30",
    ]


async def test_what_only_the_list_knows_is_shown(desks: Desks) -> None:
    """Authors and year of an entry without a paper stand wherever those of papers do."""
    authors = tuple(Author(f"Featherstonehaugh{n}", "A") for n in range(4))
    await list_only(desks, listed_entry(title="Zebra", ids=(), authors=authors, year=2011))
    names = "Featherstonehaugh0 et al."
    assert f"{names} · 2011 · Research Papers" in shown(await desks.type("/papers search zebra"))
    latest = shown(await desks.type("/papers latest"))
    assert latest[2].startswith(f"{names} · Research Papers")
    assert shown(await desks.type("/papers show zebra"))[1:3] == [
        "Featherstonehaugh0, Featherstonehaugh1, Featherstonehaugh2, Featherstonehaugh3",
        "2011",
    ]


@pytest.mark.parametrize(
    ("count", "most", "expected"),
    [(0, 5, ""), (5, 5, "█" * 12), (1, 10**6, "▏"), (1, 2, "█" * 6), (1, 16, "▊")],
)
def test_bars_begin_to_show_at_once(count: int, most: int, expected: str) -> None:
    """In eighths of a block."""
    assert bar(count, most) == expected


async def test_help_fits_one_screen(desks: Desks) -> None:
    """22 rows of 45 columns in either language; maintainers have their own."""
    reply = await desks.type("/papers help")
    for language in Language:
        lines = shown(in_language(reply, language))
        assert len(lines) <= 22
        assert max(map(columns, lines)) <= 45
    named = {command.path for command in desks.commands.commands if command.group == "papers"}
    assert all(path in "\n".join(shown(reply)) for path in named - {"/papers help"})
    beyond = "\n".join(shown(await desks.type("/review help")))
    assert "/review sweep" in beyond
    assert "/digest here" in beyond


async def test_everything_is_told_in_chinese(desks: Desks) -> None:
    """But what papers and sections are called, and what is typed."""
    await zebras(desks, 7)
    reply = in_language(
        await desks.type("/papers search zebra --scope everything"), Language.CHINESE
    )
    assert reply.title == "“zebra”：7 篇论文"
    assert labels(reply) == ["下一页 ›"]
    shown_paper = in_language(await desks.type(f"/papers show {UNIGEN}"), Language.CHINESE)
    assert labels(shown_paper)[:3] == ["引用", "相似论文", "收藏"]


TYPED = ("C++", "GPT-4", "foo:bar", '"', "🙂", "a " * 2_000, "\ud800", "\0", "-", "* *", "'; DROP")


async def test_anything_typed_is_answered(desks: Desks) -> None:
    """With results, with what to try, or with a sentence; never with another error."""
    for typed in TYPED:
        for word in ("search", "show", "similar", "latest"):
            assert (await told(desks, f"/papers {word} {typed}")).strip()


async def told(desks: Desks, line: str) -> str:
    """The first words of an answer."""
    try:
        reply = await desks.type(line)
    except UserError as error:
        return error.sentence
    return reply.title or "".join(span.text for span in reply.lines[0].spans)


async def test_titles_from_outside_stay_in_their_line(desks: Desks) -> None:
    """LaTeX is read; what is very long is cut."""
    await harvest(
        desks,
        paper(id=PaperId("arXiv:2409.20005"), title=r"Zebra $\alpha$ " + "x" * 900, abstract=""),
        paper(id=PaperId("arXiv:2409.20006"), title="", abstract="A zebra without a title."),
    )
    lines = shown(await desks.type("/papers search zebra --scope everything --sort newest"))
    assert any("Zebra α x" in line and width(line) < 200 for line in lines)
    assert any("(untitled)" in line for line in lines)


async def test_a_passage_takes_three_rows_of_a_phone(desks: Desks) -> None:
    """Around what was looked for."""
    abstract = "Nothing of interest here. " * 20 + "But a zebra is. " + "More words follow. " * 20
    await harvest(desks, paper(id=PaperId("arXiv:2409.20007"), title="Stripes", abstract=abstract))
    reply = await desks.type("/papers search zebra --scope everything")
    (quoted,) = [line for line in reply.lines if line.quote]
    assert "zebra" in [span.text for span in quoted.spans if span.bold]
    said = "".join(span.text for span in quoted.spans)
    assert said.endswith("…")
    assert 80 < columns(said) <= 115


async def test_a_button_remembers_the_order(desks: Desks, clock: FakeClock) -> None:
    """Section, days, order and scope all go with it."""
    await list_only(desks, *map(zebra_entry, range(6)))
    clock.advance(timedelta(days=1).total_seconds())
    reply = await desks.type("/papers search zebra --section research --sort added")
    second = await desks.push(reply, "Next ›", ANA)
    assert shown(second)[1] == "Research Papers · last added first"
    assert (await desks.type("/papers search zebra", via=Via.CONSOLE)).footer == ""
