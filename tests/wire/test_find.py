"""Everything a reader types, answered by a real process: what is there, what is not, nonsense."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from typing import TYPE_CHECKING, Any

import bibtexparser
import pybtex.database
import pytest
import pytest_asyncio

from tests.wire.arxiv_archive import Record
from tests.wire.lab import this_month
from tests.wire.library import (
    BEYOND,
    CHINESE,
    ENTRY,
    HOSTILE,
    LISTED,
    PAPER,
    SECTIONS,
    SURVEY,
    Library,
    controls,
    labels,
    message_of,
    open_library,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from storage.models import Paper
    from tests.wire.discord import Answer

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMMANDS: dict[str, dict[str, Any]] = {
    "help": {},
    "search": {"query": "synthetic data"},
    "show": {"paper": PAPER.id},
    "similar": {"paper": PAPER.id},
    "latest": {},
    "new": {},
    "cite": {"paper": PAPER.id},
    "export": {},
    "save": {"paper": PAPER.id},
    "saved": {},
    "unsave": {"paper": PAPER.id},
    "stats": {},
    "submit": {"paper": PAPER.id},
}
"""Each command of a reader, with the least it takes."""

UNKNOWN = ("2401.99999", "no-such-paper zzzz", "https://arxiv.org/abs/2401.99999v3")
LENGTH = 4_000
NONSENSE = (
    "x" * LENGTH,
    '"' * LENGTH,
    "a:b " * (LENGTH // 4),
    "合成数据 " * (LENGTH // 5),
    "foo:bar",
    "C++",
    "GPT-4",
    '"lone',
    "year:2024..x",
    "section:",
    "-",
    "((*^~?",
    "🧪🦄",
    "\u200b\u202e",
    "' OR 1=1 --",
    "@everyone <@1> ```",
)
NAME = "王伟"
IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def library(
    tmp_path_factory: pytest.TempPathFactory, checked_database: Path
) -> AsyncIterator[Library]:
    """One bot for all tests of this file; each asks as somebody of its own."""
    folder = tmp_path_factory.mktemp("library")
    async with open_library(folder, checked_database) as lab, lab.bot() as bot:
        yield Library(lab, bot)


def titles(answer: Answer) -> list[str]:
    """The titles of the numbered results, without what escapes them."""
    found = re.findall(r"^\d+\\?\. \[(.*)\]\(http", answer.text, re.MULTILINE)
    return [re.sub(r"\\(.)", r"\1", title) for title in found]


def attached(library: Library, answer: Answer, ending: str) -> str:
    """The one file of an answer, which is named by what it is and the day."""
    (attachment,) = message_of(answer).attachments
    assert re.fullmatch(rf"[a-z-]+-2024-09-17\.{ending}", attachment["filename"])
    assert attachment["filename"] in answer.text
    return library.lab.discord.file(message_of(answer), attachment["filename"]).decode()


def shown_title(paper: Paper) -> str:
    """The title as people read it."""
    return paper.title.replace("$\\alpha$", "α")


def _free(command: dict[str, Any]) -> list[str]:
    """The options of a command that take any text."""
    options = command.get("options", [])
    return [one["name"] for one in options if one["type"] == 3 and not one.get("choices")]


async def test_help_fits_the_screen_of_a_phone(library: Library) -> None:
    """Every command by its name; at most 22 rows of 45 columns."""
    answer = await library.ask(library.reader(), "help")
    shown = [re.sub(r"\*\*|\\", "", line) for line in answer.text.splitlines()]
    assert len(shown) <= 22
    assert max(map(len, shown)) <= 45
    for command in COMMANDS.keys() - {"help"}:
        assert f"/papers {command}" in answer.text


async def test_a_search_is_numbered_paged_and_opened(library: Library) -> None:
    """Matched words in bold, five a page, Next and Back in place, the menu opens a paper."""
    reader = library.reader()
    answer = await library.ask(reader, "search", query="synthetic corpora")
    assert answer.embeds[0]["title"] == "7 papers for “synthetic corpora”"
    assert titles(answer) == [paper.title for paper in LISTED[:5]]
    assert "We generate **synthetic** dialogue **corpora**" in answer.text
    assert labels(message_of(answer)) == ["Next ›", "Share"]
    second = await library.press(reader, message_of(answer), "Next ›")
    assert second.kind == "update"
    assert titles(second) == [paper.title for paper in LISTED[5:7]]
    assert "\n6\\. " in second.text
    assert labels(message_of(second)) == ["‹ Back", "Share"]
    opened = await library.open(reader, message_of(second), 7)
    assert opened.embeds[0]["title"] == LISTED[6].title
    back = await library.press(reader, message_of(second), "‹ Back")
    assert titles(back) == [paper.title for paper in LISTED[:5]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"query": "survey", "until": "2023"}, [LISTED[7]]),
        ({"query": "survey", "since": "2024-05"}, [LISTED[8]]),
        ({"query": "synthetic", "section": "3"}, [LISTED[9]]),
        ({"query": "synthetic", "sort": "newest", "since": "2024-05-07"}, [LISTED[9], LISTED[6]]),
        ({"query": '"language models annotate" -tables'}, [LISTED[7]]),
        ({"query": "author:nguyễn"}, [LISTED[9]]),
        ({"query": "title:survey year:2023"}, [LISTED[7]]),
        ({"query": "https://arxiv.org/pdf/2405.00002v3"}, [LISTED[1]]),
        ({"query": "ginger*"}, [LISTED[6]]),
    ],
)
async def test_a_search_is_narrowed(
    library: Library, options: dict[str, str], expected: list[Paper]
) -> None:
    """By options and by what stands in the query; the first results are those asked for."""
    answer = await library.ask(library.reader(), "search", **options)
    assert titles(answer)[: len(expected)] == [shown_title(paper) for paper in expected]


async def test_a_search_that_is_typed_badly_still_finds(library: Library) -> None:
    """The answer says what it looked for instead, and what was typed."""
    answer = await library.ask(library.reader(), "search", query="syntehtic corpora")
    assert "Showing results for “synthetic corpora”" in answer.text
    assert "you typed “syntehtic corpora”" in answer.text
    assert titles(answer)[0] == PAPER.title


async def test_what_is_not_on_the_list_is_named_and_can_be_submitted(library: Library) -> None:
    """Below three hits; the button queues the paper; everything also has what was harvested."""
    reader = library.reader()
    answer = await library.ask(reader, "search", query="gardening conversations")
    assert "Not on the list (harvested since 1 Sep)" in answer.text
    assert titles(answer) == [BEYOND, HOSTILE]
    assert "(https://evil.example)" not in answer.text
    assert labels(message_of(answer)) == ["Submit 1", "Submit 2", "Share"]
    queued = await library.press(reader, message_of(answer), "Submit 1")
    assert "queued for the maintainers" in queued.text
    whole = await library.ask(reader, "search", query="gardening", scope="everything")
    assert sorted(titles(whole)) == sorted([BEYOND, HOSTILE])
    assert "Not on the list" not in whole.text


async def test_a_search_that_finds_nothing_says_what_to_try(library: Library) -> None:
    """With the filters that were set, and no button that leads nowhere."""
    answer = await library.ask(library.reader(), "search", query="zzzzqq", section="survey")
    assert "Nothing found for “zzzzqq”." in answer.text
    assert SURVEY in answer.text
    assert "Leave out the section or the days" in answer.text
    assert not controls(message_of(answer))


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("search", {"query": " "}, "Type what you look for"),
        ("search", {"query": "data", "section": "poems"}, "No section “poems”. The sections are:"),
        ("search", {"query": "data", "since": "yesterday"}, "“yesterday” is no day."),
        ("search", {"query": "data", "until": "2024-02-31"}, "“2024-02-31” is no day."),
        ("search", {"query": "data", "since": "2024", "until": "2023"}, "swap the two"),
        ("latest", {"section": "9"}, "No section “9”"),
        ("similar", {"paper": "2405.00023"}, "Nothing is like “Xylophones” yet."),
        ("export", {"section": "poems"}, "No section “poems”"),
        ("export", {"query": "zzzzqq"}, "Nothing on the list for “zzzzqq”"),
        ("export", {"saved": "yes"}, "Your reading list is empty"),
        ("saved", {}, "It is empty."),
        ("saved", {"show": "read"}, "It is empty."),
        ("unsave", {"paper": PAPER.id}, "is not on your reading list"),
        ("submit", {"paper": "a poem"}, "names no paper I know how to read"),
        ("submit", {"paper": "2405.00001"}, "On the list already, under Research Papers."),
    ],
)
async def test_what_cannot_be_done_is_said(
    library: Library, command: str, options: dict[str, str], said: str
) -> None:
    """One sentence: what is wrong, with what, and what to type."""
    answer = await library.ask(library.reader(), command, **options)
    assert said in answer.text
    assert not message_of(answer).attachments


@pytest.mark.parametrize("command", ["show", "similar", "cite", "save"])
async def test_a_paper_nobody_knows(library: Library, command: str) -> None:
    """Ids, links and words alike: the answer names another command."""
    for paper in UNKNOWN:
        answer = await library.ask(library.reader(), command, paper=paper)
        assert "I do not know arXiv:2401.99999" in answer.text or "Nothing found" in answer.text
        assert "/papers s" in answer.text


async def test_nonsense_of_any_length_is_answered(library: Library) -> None:
    """Every option that takes text takes anything, 4,000 characters of it too."""
    (synced,) = [one for one in _synced(library) if one["name"] == "papers"]
    free = [(one["name"], text) for one in synced["options"] for text in _free(one)]
    reader = library.reader()
    for number, (command, option) in enumerate(free):
        all_of_it = (command, option) in {("search", "query"), ("show", "paper")}
        for nonsense in NONSENSE if all_of_it else NONSENSE[number % 4 :: 4]:
            typed = {**COMMANDS[command], option: nonsense}
            answer = await library.ask(reader, command, **typed)
            assert answer.text, (command, option, nonsense[:20])
    assert len(free) > 12
    assert "Traceback" not in library.bot.output


async def test_show_has_all_there_is_to_know(library: Library) -> None:
    """Abstract, links, venue, section; a project button that leads out; words of a title do."""
    reader = library.reader()
    answer = await library.ask(reader, "show", paper="ambersynth")
    assert answer.embeds[0]["title"] == PAPER.title
    assert answer.embeds[0]["url"] == "https://arxiv.org/abs/2405.00001"
    assert "Müller, Øvergård\n1 May 2024 · cs.CL\nOn the list: Research Papers" in answer.text
    assert PAPER.abstract in answer.text
    assert labels(message_of(answer)) == ["Cite", "Similar", "Save", "Project", "Share"]
    (project,) = [one for one in controls(message_of(answer)) if one["label"] == "Project"]
    assert project["url"] == "https://github.com/example/amber"
    assert "@misc{" in (await library.press(reader, message_of(answer), "Cite")).text
    assert "Like “" in (await library.press(reader, message_of(answer), "Similar")).text
    assert "Saved" in (await library.press(reader, message_of(answer), "Save")).text
    venue = await library.ask(reader, "show", paper="arXiv:2302.00011")
    assert "**ACL 2024**" in venue.text


async def test_show_of_what_is_not_on_the_list_or_has_no_id(library: Library) -> None:
    """The one can be submitted; of the other the list's own words are shown."""
    reader = library.reader()
    harvested = await library.ask(reader, "show", paper="2405.00022")
    assert "Not on the list" in harvested.text
    assert "Submit" in labels(message_of(harvested))
    entry = await library.ask(reader, "show", paper=ENTRY)
    assert entry.embeds[0]["title"] == ENTRY
    assert entry.embeds[0]["url"] == "https://recipes.example.org/data"
    assert "On the list: Analysis Papers" in entry.text


async def test_similar_leaves_the_paper_out_and_has_pages(library: Library) -> None:
    """Those that share most words come first."""
    reader = library.reader()
    answer = await library.ask(reader, "similar", paper="2405.00003")
    assert f"Like “{LISTED[2].title}”" in answer.text
    assert set(titles(answer)) < {one.title for one in LISTED if one is not LISTED[2]}
    assert titles(answer)[0].endswith(tuple(one.title for one in LISTED[:7]))
    second = await library.press(reader, message_of(answer), "Next ›")
    assert second.kind == "update"
    assert "\n6\\. " in second.text


async def test_latest_goes_back_to_the_first(library: Library) -> None:
    """Newest first, page by page, of the list and of a section."""
    reader = library.reader()
    page = await library.ask(reader, "latest")
    seen = titles(page)
    while "Next ›" in labels(message_of(page)):
        page = await library.press(reader, message_of(page), "Next ›")
        seen += titles(page)
    assert sorted(seen) == sorted([*map(shown_title, LISTED), ENTRY])
    section = await library.ask(reader, "latest", section="survey")
    assert titles(section) == [LISTED[8].title, LISTED[7].title]


async def test_new_remembers_each_member(library: Library) -> None:
    """The first look shows the latest; the second nothing; somebody else's is the first."""
    one, other = library.reader(), library.reader()
    assert "From now on /papers new" in (await library.ask(one, "new")).text
    again = await library.ask(one, "new")
    assert "Nothing new since you looked on 17 Sep 2024." in again.text
    assert "From now on /papers new" in (await library.ask(other, "new")).text


async def test_a_citation_in_each_style(library: Library) -> None:
    """What other programs read back, and a button to each other style."""
    reader = library.reader()
    answer = await library.ask(reader, "cite", paper="2405.00013")
    bibtex = _block(answer)
    ((key, entry),) = pybtex.database.parse_string(bibtex, "bibtex").entries.items()
    assert key == "nguyen2024100"
    authors = [str(one).strip("{}") for one in entry.persons["author"]]
    assert authors == ["Nguyễn, Thị Ánh", "O'Brien, Seán", "王伟"]
    (read,) = bibtexparser.parse_string(bibtex).entries
    assert read.key == key
    assert read["title"] == r"100\% Synthetic: Data \& Models\_v2 of $\alpha$-Mixtures"
    csl = await library.press(reader, message_of(answer), "CSL-JSON")
    (item,) = json.loads(_block(csl))
    assert item["id"] == key
    assert item["author"][0] == {"family": "Nguyễn", "given": "Thị Ánh"}
    own = await library.press(reader, message_of(answer), "As in the list")
    assert "arXiv preprint arXiv:2405.00013, 2024." in own.text
    same = await library.ask(reader, "cite", paper="2405.00013", style="csl-json")
    assert same.text == csl.text


def _block(answer: Answer) -> str:
    """What stands between the fences, as it can be copied."""
    return answer.text.partition("```\n")[2].partition("\n```")[0]


async def test_the_whole_list_in_each_format(library: Library) -> None:
    """Thirteen papers in each; keys and ids unique; the Markdown is the list's own file."""
    reader = library.reader()
    bib = attached(library, await library.ask(reader, "export"), "bib")
    entries = pybtex.database.parse_string(bib, "bibtex").entries
    blocks = bibtexparser.parse_string(bib)
    assert len(entries) == len(blocks.entries) == 13
    assert not blocks.failed_blocks
    as_json = await library.ask(reader, "export", format="json")
    items = json.loads(attached(library, as_json, "json"))
    assert [item["id"] for item in items] == [block.key for block in blocks.entries]
    as_csv = await library.ask(reader, "export", format="csv")
    rows = list(
        csv.DictReader(io.StringIO(attached(library, as_csv, "csv").removeprefix("\ufeff")))
    )
    assert [row["key"] for row in rows] == [item["id"] for item in items]
    assert {row["section"] for row in rows} == set(SECTIONS)
    markdown = attached(library, await library.ask(reader, "export", format="md"), "md")
    assert markdown == library.lab.public_list()


async def test_a_part_of_the_list_as_a_file(library: Library) -> None:
    """What a search finds, a section, both."""
    reader = library.reader()
    found = await library.ask(reader, "export", query="synthetic corpora")
    assert len(pybtex.database.parse_string(attached(library, found, "bib"), "bibtex").entries) == 7
    assert "7 papers" in found.text
    section = await library.ask(reader, "export", section="survey", format="json")
    assert len(json.loads(attached(library, section, "json"))) == 2
    both = await library.ask(reader, "export", section="survey", query="samples", format="md")
    assert attached(library, both, "md").count("\n- ") == 1


async def test_a_reading_list_from_save_to_unsave(library: Library) -> None:
    """Saved once, marked read in place, exported, taken off and put back, seen by nobody else."""
    reader = library.reader()
    saved = await library.ask(reader, "save", paper="ambersynth")
    assert f"Saved to your reading list: {PAPER.title}" in saved.text
    assert "Already on" in (await library.ask(reader, "save", paper=PAPER.id)).text
    await library.ask(reader, "save", paper=ENTRY)
    shown = await library.press(reader, message_of(saved), "My list")
    assert titles(shown) == [ENTRY, PAPER.title]
    marked = await library.press(reader, message_of(shown), "✓ Read 2")
    assert "1 unread, 1 read" in marked.text
    assert titles(marked) == [ENTRY]
    read = await library.ask(reader, "saved", show="read")
    assert titles(read) == [PAPER.title]
    exported = await library.ask(reader, "export", saved="yes", format="csv")
    rows = csv.DictReader(io.StringIO(attached(library, exported, "csv").removeprefix("\ufeff")))
    assert [(row["title"], bool(row["read"])) for row in rows] == [
        (ENTRY, False),
        (PAPER.title, True),
    ]
    removed = await library.ask(reader, "unsave", paper="ambersynth")
    assert "Taken off" in removed.text
    back = await library.press(reader, message_of(removed), "Put back")
    assert "2 papers to read" in back.text
    assert "It is empty." in (await library.ask(library.reader(), "saved")).text


async def test_a_reading_list_has_pages(library: Library) -> None:
    """Five papers, a row of buttons for each thing to do, and the sixth behind Next."""
    reader = library.reader()
    for paper in LISTED[:6]:
        await library.ask(reader, "save", paper=paper.id)
    page = await library.ask(reader, "saved")
    assert titles(page) == [paper.title for paper in reversed(LISTED[1:6])]
    rows = [[one.get("label") for one in row["components"]] for row in message_of(page).components]
    assert [len(row) for row in rows] == [5, 5, 1, 1]
    second = await library.press(reader, message_of(page), "Next ›")
    assert titles(second) == [PAPER.title]
    emptied = await library.press(reader, message_of(second), "Remove 6")
    assert emptied.kind == "update"
    assert titles(emptied) == [paper.title for paper in reversed(LISTED[1:6])]
    back = await library.press(reader, message_of(emptied), "Put back")
    assert "6 unread, 0 read" in back.text


async def test_direct_messages_serve_too(library: Library) -> None:
    """The same answer, its pages and its menu where nobody else is."""
    reader, discord = library.reader(), library.lab.discord
    channel = discord.direct_channel(reader)
    answer = await discord.slash(reader, channel, "papers search", query="synthetic corpora")
    assert titles(answer) == [paper.title for paper in LISTED[:5]]
    second = await discord.click(reader, message_of(answer), label="Next ›")
    assert titles(second) == [paper.title for paper in LISTED[5:7]]
    shared = await discord.click(reader, message_of(second), label="Share")
    assert message_of(shared) in discord.messages(channel)


async def test_stats_count_sections_and_months(library: Library) -> None:
    """Rows no wider than a phone; the numbers are those of the list."""
    answer = await library.ask(library.reader(), "stats")
    assert "13 papers on the list" in answer.text
    for section, count in zip(SECTIONS, (2, 7, 4), strict=True):
        assert f"{count} · {section}" in answer.text
    assert "10 · 2024-05" in answer.text
    assert max(map(len, answer.text.splitlines())) <= 45


async def test_a_paper_is_submitted(library: Library) -> None:
    """Looked up at arXiv, queued, named; asked again it waits."""
    number = this_month(77)
    library.lab.arxiv.archive.add(Record(number, "Submitted by Hand"))
    reader = library.reader()
    answer = await library.ask(reader, "submit", paper=f"https://arxiv.org/pdf/{number}v2")
    assert "Submitted by Hand" in answer.text
    assert "Thank you! It is queued for the maintainers" in answer.text
    again = await library.ask(library.reader(), "submit", paper=number)
    assert "It waits for a maintainer already" in again.text
    several = await library.ask(reader, "submit", paper=f"{number} and {PAPER.id}")
    assert "On the list already" in several.text
    assert several.text.count("• ") == 2


@pytest.mark.parametrize(
    ("command", "option", "typed", "expected"),
    [
        ("show", "paper", "synthetic data for cod", LISTED[3].id),
        ("cite", "paper", "collapse", LISTED[10].id),
        ("similar", "paper", "2405.00003", LISTED[2].id),
        ("save", "paper", "ACL:2024.acl-lo", LISTED[11].id),
        ("show", "paper", "https://aclanthology.org/2024.acl-long.12/", LISTED[11].id),
        ("cite", "paper", "https://arxiv.org/pdf/2405.00002v1", LISTED[1].id),
        ("show", "paper", "page of data", "entry:"),
        ("search", "section", "ana", "Analysis Papers"),
        ("latest", "section", "", SURVEY),
        ("export", "section", "papers", SURVEY),
    ],
)
async def test_an_option_completes(
    library: Library, command: str, option: str, typed: str, expected: str
) -> None:
    """Titles by their words, ids, sections; what is chosen is known to the command."""
    reader, channel = library.reader(), library.lab.digest
    typed_before = {"query": "x"} if command == "search" else {}
    begun = time.monotonic()
    offered = await library.lab.discord.complete(
        reader,
        channel,
        f"papers {command}",
        option,
        typed,
        **typed_before,
    )
    spent = f"{(time.monotonic() - begun) * 1000:.0f} ms"
    assert offered, f"nothing in {spent}"
    assert offered[0]["value"].startswith(expected), f"{offered[:3]} in {spent}"
    chosen = {**COMMANDS[command], option: offered[0]["value"]}
    answer = await library.ask(reader, command, **chosen)
    assert "Nothing found" not in answer.text
    assert "I do not know" not in answer.text


async def test_nonsense_completes_to_nothing(library: Library) -> None:
    """No error, and no choice that Discord would refuse."""
    reader, discord = library.reader(), library.lab.discord
    for nonsense in NONSENSE:
        for command, option in (("show", "paper"), ("latest", "section")):
            offered = await discord.complete(
                reader, library.lab.digest, f"papers {command}", option, nonsense
            )
            assert len(offered) <= 25
            assert all(0 < len(one["name"]) <= 100 for one in offered)
    assert "Traceback" not in library.bot.output


async def test_each_member_reads_their_own_language(library: Library) -> None:
    """Every answer and its buttons in Chinese for one, in English for the other, pings nobody."""
    chinese, english = library.reader(CHINESE), library.reader("de")
    for command, options in COMMANDS.items():
        begun = len(library.answers())
        theirs = await library.ask(chinese, command, **options)
        others = await library.ask(english, command, **options)
        stand = labels(message_of(theirs))
        assert IDEOGRAPH.search("\n".join([theirs.text.replace(NAME, ""), *stand])), theirs.text
        assert not IDEOGRAPH.search(others.text.replace(NAME, "")), others.text
        for label in stand:
            assert IDEOGRAPH.search(label) or label in {"BibTeX", "CSL-JSON"}, label
        for sent in library.answers()[begun:]:
            assert sent.json["data"]["flags"] & 1 << 6
            assert sent.json["data"]["allowed_mentions"]["parse"] == []
    wrong = await library.ask(chinese, "search", query="x", since="昨天")
    assert "“昨天”不是日期" in wrong.text


async def test_discord_is_told_of_the_commands_in_chinese_too(library: Library) -> None:
    """Descriptions and the labels of choices; names are the same for everybody."""
    (papers,) = [one for one in _synced(library) if one["name"] == "papers"]
    assert {one["name"] for one in papers["options"]} == COMMANDS.keys()
    for described in _described(papers):
        said = described["description_localizations"]
        assert IDEOGRAPH.search(said[CHINESE]), described
        assert not described.get("name_localizations"), described
    sort = next(one for one in _described(papers) if one["name"] == "sort")
    assert all(IDEOGRAPH.search(one["name_localizations"][CHINESE]) for one in sort["choices"])


def _synced(library: Library) -> list[dict[str, Any]]:
    """The commands as they were sent to Discord for everywhere."""
    (sent,) = [
        one for one in library.lab.discord.sent("PUT", "/commands") if "guilds" not in one.path
    ]
    commands: list[dict[str, Any]] = sent.json
    return commands


def _described(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A group, its commands and their options."""
    yield node
    for option in node.get("options", []):
        yield from _described(option)
