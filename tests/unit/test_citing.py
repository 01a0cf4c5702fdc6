"""/papers cite and export."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from bibtexparser import parse_string

from bot.commands import citing
from bot.commands.languages import in_language
from bot.console import render
from bot.domain.errors import NotFound, UserError
from bot.domain.sentences import Language
from bot.services.exporting import BOM, Exporting, Format, Wanted
from storage.models import Author, PaperId
from storage.papers import Papers
from tests.factories import SOURCE2SYNTH, paper
from tests.unit.keeping import BEN, CONTENT, HARVESTED, SURVEY, open_keeping, said

if TYPE_CHECKING:
    from bot.commands.reply import Reply
    from storage.database import Database
    from tests.fakes import FakeClock
    from tests.unit.keeping import Keeping


@pytest.fixture
async def keeping(sqlite: Database, clock: FakeClock) -> Keeping:
    """A small list, and what is known beside it."""
    return await open_keeping(sqlite, clock)


def file(reply: Reply) -> str:
    """The file of an answer as text."""
    assert reply.attachment is not None
    return reply.attachment.content.decode()


async def test_a_paper_is_cited_to_be_copied(keeping: Keeping) -> None:
    """BibTeX unless another style is asked for; buttons lead to the others."""
    reply = await keeping.type("cite", paper="2409.08239")
    (entry,) = parse_string(said(reply).partition("\n")[2]).entries
    assert entry.key == "lupidi2024source2synth"
    assert all(line.code for line in reply.lines)
    assert [(one.action, one.argument) for one in reply.buttons] == [
        ("cite-csl", SOURCE2SYNTH),
        ("cite-list", SOURCE2SYNTH),
    ]


async def test_each_style_by_its_button(keeping: Keeping) -> None:
    """CSL-JSON parses; the list's style is the list's."""
    item = json.loads(said(await keeping.press("cite-csl", SURVEY)).partition("\n")[2])[0]
    assert item["id"] == item["citation-key"] == "tan2024annotation"
    assert item["type"] == "paper-conference"
    assert item["title"] == "=数据 & Annotation: 100% of α"
    assert item["author"] == [
        {"family": "Tan", "given": "Zhen"},
        {"family": "李", "given": "四"},
    ]
    assert item["issued"] == {"date-parts": [[2024]]}
    assert (item["DOI"], item["number"]) == ("10.1000/x_1", "arXiv:2402.13446")
    in_list = said(await keeping.press("cite-list", SOURCE2SYNTH))
    assert "Lupidi A, Gemmell C. Source2Synth: Synthetic" in in_list
    assert "[J]. arXiv preprint arXiv:2409.08239, 2024." in in_list
    assert "@misc{lupidi2024" in said(await keeping.press("cite", SOURCE2SYNTH))


async def test_a_key_stays_when_the_title_changes(keeping: Keeping) -> None:
    """What stands in people's files is never called something else."""
    before = said(await keeping.type("cite", paper=SOURCE2SYNTH))
    changed = paper(title="Another Name", authors=(Author("Zhou", "W"),))
    await keeping.database.write(lambda c: Papers(c).store([changed], keeping.clock.now()))
    after = said(await keeping.type("cite", paper=SOURCE2SYNTH))
    assert "Another Name" in after
    assert "Another Name" not in before
    assert "{lupidi2024source2synth," in after


async def test_an_entry_without_a_paper_is_cited_too(keeping: Keeping) -> None:
    """By what its entry tells."""
    written = said(await keeping.type("cite", paper="A Tool"))
    assert "@misc{anon2023tool," in written
    assert "url = {https://example.org/tool}" in written


async def test_a_long_citation_comes_as_a_file(keeping: Keeping) -> None:
    """A thousand authors are no text for a phone."""
    crowd = tuple(Author(f"Name{n}", "A") for n in range(1_000))
    many = paper(id=PaperId("arXiv:2410.00009"), authors=crowd)
    await keeping.database.write(lambda c: Papers(c).store([many], keeping.clock.now()))
    reply = await keeping.type("cite", paper="2410.00009")
    assert reply.attachment is not None
    assert reply.attachment.name == "name02024source2synth.bib"
    assert "name02024source2synth.bib" in said(reply)
    assert parse_string(file(reply)).entries[0]["author"].count(" and ") == 999


async def test_backticks_end_no_block(keeping: Keeping) -> None:
    """Three of them in a title do not stand in what is to be copied."""
    odd = paper(id=PaperId("arXiv:2410.00010"), title="a ```b``` @everyone")
    await keeping.database.write(lambda c: Papers(c).store([odd], keeping.clock.now()))
    for style in ("csl-json", "bibtex"):
        reply = await keeping.type("cite", paper="2410.00010", style=style)
        assert not any("```" in span.text for line in reply.lines for span in line.spans)


async def test_what_cannot_be_done_says_what_to_type(keeping: Keeping) -> None:
    """Each in one sentence."""
    refused: list[tuple[str, dict[str, Any], str]] = [
        ("cite", {"paper": "zzzz qqqq"}, "/papers search"),
        ("cite", {"paper": SOURCE2SYNTH, "style": "mla"}, "`bibtex`, `csl-json` or `list`"),
        ("export", {"format": "pdf"}, "`bib`, `json`, `csv` or `md`"),
        ("export", {"query": "zzzz"}, "/papers search"),
        ("export", {"section": "No Such"}, "No Such"),
        ("export", {"saved": "yes"}, "/papers save"),
        ("export", {"saved": "perhaps"}, "`yes`"),
    ]
    for name, given, words in refused:
        with pytest.raises(UserError, match=words.replace("/", ".")):
            await keeping.type(name, **given)


async def test_the_list_as_each_kind_of_file(keeping: Keeping) -> None:
    """Everything, in the order of the list; Markdown is its own bytes."""
    bib = await keeping.type("export")
    assert bib.attachment is not None
    assert bib.attachment.name == f"syndata-papers-{keeping.clock.now():%Y-%m-%d}.bib"
    assert [one.key for one in parse_string(file(bib)).entries] == [
        "tan2024annotation",
        "lupidi2024source2synth",
        "anon2023tool",
    ]
    items = json.loads(file(await keeping.type("export", format="json")))
    assert [one["id"] for one in items] == [
        "tan2024annotation",
        "lupidi2024source2synth",
        "anon2023tool",
    ]
    assert items[1]["abstract"].startswith("Large Language")
    md = await keeping.type("export", format="md")
    assert md.attachment is not None
    assert md.attachment.content == CONTENT


async def test_a_table_for_people_and_for_scripts(keeping: Keeping) -> None:
    """Excel is told that it is UTF-8, and runs nothing of it."""
    text = file(await keeping.type("export", format="csv"))
    assert text.startswith(BOM)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))
    assert rows[0]["title"] == "'=数据 & Annotation: 100% of α"
    assert rows[0]["aliases"] == "acl:2024.emnlp-main.54"
    assert rows[0]["authors"] == "Zhen Tan; 李 四"
    assert (rows[0]["published"], rows[0]["year"], rows[0]["doi"]) == (
        "2024-02-21",
        "2024",
        "10.1000/x_1",
    )
    assert (rows[2]["id"], rows[2]["section"]) == ("", "Tools")


async def test_a_section_and_a_search(keeping: Keeping) -> None:
    """As found; the entries' own Markdown."""
    section = file(await keeping.type("export", format="md", section="survey"))
    assert section.startswith("## Survey Papers\n\n- Tan Z, Li D. ")
    assert section.endswith("  [Paper](https://arxiv.org/abs/2402.13446)\n")
    found = await keeping.type("export", query="source2synth")
    assert "1 paper: syndata-papers-search-" in said(found)
    assert "lupidi2024source2synth" in file(found)


async def test_a_reading_list_is_the_own_one(keeping: Keeping) -> None:
    """What is not on the list is in it, cited in the list's style; nobody else has it."""
    await keeping.type("save", paper=HARVESTED)
    await keeping.type("save", paper=SURVEY)
    await keeping.press("read", SURVEY)
    md = file(await keeping.type("export", format="md", saved="yes"))
    assert md.startswith("- Gemini Team. Harvested Only")
    assert "[Paper](https://arxiv.org/abs/2411.00001)\n\n- Tan Z, Li D. " in md
    rows = list(
        csv.DictReader(io.StringIO(file(await keeping.type("export", format="csv", saved="yes"))))
    )
    assert [bool(row["read"]) for row in rows] == [False, True]
    assert "harvested" in file(await keeping.type("export", saved="yes", query="gemini team"))
    with pytest.raises(NotFound, match="saved yes"):
        await keeping.type("export", saved="yes", query="zzzz")
    with pytest.raises(NotFound, match="empty"):
        await keeping.type("export", BEN, saved="yes")


async def test_a_file_holds_what_fits(keeping: Keeping) -> None:
    """The first ones, and it says how many did not."""
    exporting: Exporting = keeping.group.citing._exporting
    whole = await exporting.export(Wanted(Format.BIB))
    part = await exporting.export(Wanted(Format.BIB), most=len(whole.content) - 1)
    assert (part.papers, part.left_out) == (2, 1)
    assert whole.content.startswith(part.content)
    assert "1 more did not fit" in said(citing.export_reply(part))
    items = await exporting.export(Wanted(Format.JSON), most=900)
    assert len(json.loads(items.content)) == items.papers < 3
    none = await exporting.export(Wanted(Format.JSON), most=5)
    assert (none.papers, none.left_out) == (0, 3)


async def test_a_paper_in_two_sections_has_one_entry(keeping: Keeping) -> None:
    """Keys of a BibTeX file are unique."""
    exporting: Exporting = keeping.group.citing._exporting
    twice = (await exporting.listed()) * 2
    content, papers, left_out = await exporting.written(twice, Format.BIB)
    assert (papers, left_out, content.count(b"@")) == (3, 0, 3)


async def test_it_is_said_in_chinese_too(keeping: Keeping) -> None:
    """No English but names, commands and options."""
    export = in_language(await keeping.type("export"), Language.CHINESE)
    assert render(export).startswith("导出\n3 篇论文：")
    cite = in_language(await keeping.type("cite", paper=SURVEY, style="list"), Language.CHINESE)
    assert cite.title.startswith("列表格式 · ")
