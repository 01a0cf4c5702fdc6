"""Eight lists of other people: every paper is found, every section can be written to."""

import re
from pathlib import Path

import pytest

from bot.domain.markdown_list import insert, parse, remove
from bot.services.mojibake import find_mojibake, repair
from storage.models import Author, Link, Paper, PaperId
from tests.conftest import SHARED

LISTS = SHARED / "lists"
pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason=f"the recorded lists are not at {LISTS}")

AUTHORS = (
    Author("Lopez", "Ana"),
    Author("de Vries", "Ben"),
    Author("Li", "Chen"),
    Author("Doe", "Dee"),
)
LINKS = (Link("Code", "https://github.com/a/b"),)
PAPER = Paper(PaperId("arXiv:2501.01234"), "A | New `Way` of [Making] *Data*", AUTHORS, links=LINKS)

# Ids that stand in no entry: in running text, in a comment, in links to arXiv's bare IP address.
NOT_LISTED = {
    "alon-albalak__data-selection-survey.md": {"2402.16827"},
    "RenzeLou__awesome-instruction-learning.md": {"2303.15056", "2104.07650", "2205.12673"},
}
# Sections and entries. Lines in bold with entries right below them are sections too.
ENTRIES = {
    "pengr__LLM-Synthetic-Data.md": (43, 270),
    "Egg-Hu__Awesome-Synthetic-Data-Generation.md": (50, 357),
    "metame-ai__awesome-llm-plaza.md": (9, 78),
    "davanstrien__awesome-synthetic-datasets.md": (5, 33),
    "Hannibal046__Awesome-LLM.md": (13, 356),
    "alon-albalak__data-selection-survey.md": (12, 240),
    "RenzeLou__awesome-instruction-learning.md": (21, 198),
    "atfortes__Awesome-LLM-Reasoning.md": (23, 161),
}


def rows() -> list[tuple[str, int]]:
    """File and number of distinct arXiv ids, as the index has them."""
    index = LISTS / "INDEX.tsv"
    if not index.is_file():
        return []
    lines = [line.split("\t") for line in index.read_text(encoding="utf-8").splitlines()[1:]]
    return [(line[0], int(line[-1])) for line in lines]


FILES = [name for name, _ in rows()]


@pytest.mark.parametrize(("name", "distinct"), rows())
def test_every_paper_is_found(name: str, distinct: int) -> None:
    """Each arXiv id of the file stands in an entry, but for those that are in no entry."""
    content = (LISTS / name).read_bytes()
    parsed = parse(content)
    text = content.decode()
    written = set(re.findall(r"(?<![\d.])(\d{4}\.\d{4,5})(?!\d)", text)) | set(
        re.findall(r"arXiv\.(\d{4}\.\d{5})", text)
    )
    found = {
        i.removeprefix("arXiv:")
        for item in parsed.entries
        for i in item.entry.ids
        if i.startswith("arXiv:")
    }
    assert found == written - NOT_LISTED.get(name, set())
    assert len(found) >= distinct - 1
    assert (len(parsed.sections), len(parsed.entries)) == ENTRIES[name]


@pytest.mark.parametrize("name", FILES)
def test_titles_are_plain(name: str) -> None:
    """No title is empty or carries markup."""
    for item in parse((LISTS / name).read_bytes()).entries:
        assert item.entry.title
        assert not re.search(r"\]\(|\*\*|<[a-z]+>|^\[", item.entry.title), item


@pytest.mark.parametrize("name", FILES)
def test_sections_all_over_a_list_can_be_written_to(name: str) -> None:
    """Adding a paper to a section reads as exactly one more entry, and can be undone.

    Ten sections from the first to the last: every one of a long list would take 20 s.
    """
    content = (LISTS / name).read_bytes()
    before = [item.entry for item in parse(content).entries]
    sections = parse(content).sections
    for section in sections[:: len(sections) // 4 or 1]:
        done = insert(content, section, PAPER)
        markdown = done.entry.markdown.encode()
        at = done.content.index(markdown)
        grown = len(done.content) - len(content)
        assert any(
            content[:k] + done.content[k : k + grown] + content[k:] == done.content
            for k in range(at, at - 200, -1)
        )
        after = [item.entry for item in parse(done.content).entries]
        assert after.pop(done.ordinal) == done.entry
        assert after == before
        assert (done.entry.section, done.entry.title, done.entry.ids) == (
            section,
            PAPER.title,
            (PAPER.id,),
        )
    assert remove(done.content, done.ordinal) == content


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_taken_for_damage(name: str) -> None:
    """The lists hold accents, Chinese and emoji, and no mojibake."""
    content = (LISTS / name).read_bytes()
    assert find_mojibake(content) == ()
    assert repair(content) == content


def test_the_list_before_its_repair() -> None:
    """The original file reads as the shipped one does, and repairing it gives the shipped one."""
    original = (SHARED / "SynData-Papers.md").read_bytes()
    shipped = (
        Path(__file__).resolve().parents[2] / "storage" / "seed" / "SynData-Papers.md"
    ).read_bytes()
    assert find_mojibake(original) == ("line 48: 177â€“198 should read 177–198",)
    assert repair(original) == shipped
    assert [item.entry.ids for item in parse(original).entries] == [
        item.entry.ids for item in parse(shipped).entries
    ]
