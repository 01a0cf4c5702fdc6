"""Reading curated lists: the shipped one, and formats of others in small."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.markdown_list import parse
from bot.services.mojibake import find_mojibake, repair

SEED = Path(__file__).resolve().parents[2] / "storage" / "seed" / "SynData-Papers.md"


def test_the_shipped_list() -> None:
    """Three sections, eight entries (seven on arXiv, one in the ACL Anthology), two projects."""
    parsed = parse(SEED.read_bytes())
    entries = [item.entry for item in parsed.entries]
    assert parsed.sections == ("Survey Papers", "Research Papers", "Analysis Papers")
    assert [entry.section.split()[0] for entry in entries] == ["Survey"] + ["Research"] * 4 + [
        "Analysis"
    ] * 3
    assert [paper_id.partition(":")[0] for entry in entries for paper_id in entry.ids] == [
        "arXiv"
    ] * 7 + ["acl"]
    assert sum(link.label == "Project" for entry in entries for link in entry.links) == 2
    assert parsed.warnings == ()
    assert entries[0].title == "Large language models for data annotation: A survey"
    assert [author.family for author in entries[0].authors] == ["Tan", "Beigi", "Wang"]
    assert entries[7].title.startswith("How Abilities in Large Language Models")
    assert entries[7].ids == ("acl:2024.acl-long.12",)
    assert {entry.year for entry in entries} == {2024}


def test_the_shipped_list_is_whole() -> None:
    """Its mojibake is repaired."""
    assert "pages 177–198, Bangkok".encode() in SEED.read_bytes()
    assert find_mojibake(SEED.read_bytes()) == ()


ONE = "arXiv:2402.13446"
URL = "https://arxiv.org/abs/2402.13446"


@pytest.mark.parametrize(
    "entry",
    [
        f"- [A Title of Some Length]({URL})",
        (
            f"* [A Title of Some Length]({URL}) - one sentence about it, like "
            "[LLaMA](https://arxiv.org/abs/2302.13971)."
        ),
        (
            f"1. **[A Title of Some Length.]({URL}v2)** "
            "[[code](https://github.com/a/b)]\n\n    *Ana Lopez, Ben Li.* Preprint'24"
        ),
        (
            "- 🔥 **A Title of Some \n  Length**, `arXiv, 2402.13446`, "
            f"[arxiv]({URL}v1), [pdf](https://arxiv.org/pdf/2402.13446v1)\n\n\t *Ana "
            "Lopez, ..., Ben Li*"
        ),
        (
            "3. **A Title of Some Length.** *Ana Lopez, and Ben Li.* "
            f"<ins>Preprint</ins> 2024. [[pdf]({URL})]; [[list](https://x.org)]."
        ),
        f"- (ACL 2024) [A Title of Some Length]({URL})",
        (
            f"- [2024/02] **A Title of Some Length** [[paper]]({URL}) "
            "[[code]](https://github.com/a/b)"
        ),
        f"- A Title of Some Length. Lopez et al. [paper]({URL})",
        (
            "- A Title of Some Length\n  - Authors: Ana Lopez, Ben Li\n  - "
            f"[Paper]({URL}) | [Code](https://github.com/a/b)"
        ),
        f"- **A Title of Some Length**\n  - [Paper]({URL})",
        f'- "A Title of Some Length", Lopez, 2024 [pdf]({URL})',
        "- Lopez A, Li B. A Title of Some Length[J]. arXiv preprint arXiv:2402.13446, 2024.",
        f"- Lopez A. A Title of Some Length[J]. 2024.\n\n[Paper]({URL})",
        (
            "- Ana Lopez and Ben Li. 2024. A Title of Some Length. In Proceedings of "
            f"X. [Paper]({URL})"
        ),
        f"- [ ] [A Title of Some Length]({URL})",
        f"- [A Title of Some Length][1]\n\n[1]: {URL}",
        f"-[A Title of Some Length]({URL})",
        f"- [**A Title of `Some` Length**]({URL} 'hover')",
        f"- <a href='{URL}'>A Title of <i>Some</i> Length</a>",
        f"[A Title of Some Length]({URL})\nAna Lopez, Ben Li",
        f"**A Title of Some Length**\n*Ana Lopez*\n[Paper]({URL})",
        f"**A Title of Some Length**\n\n[[Paper]({URL})] [[Code](https://github.com/a/b)]",
        f"#### [A Title of Some Length]({URL})\n\n> What it says.",
        f"| Title | Year |\n|---|---|\n| [A Title of Some Length]({URL}) | 2024 |",
        f"Year | Paper | Link\n:-: | --- | ---\n2024 | A Title of Some Length | [arXiv]({URL})",
        (
            "|Date|Who|Paper|\n|-|-|-|\n|2024-02|Lab|[A Title of Some "
            "Length](https://doi.org/10.48550/arXiv.2402.13446)|"
        ),
        (
            f'<table>\n<tr><th>Name</th></tr>\n<tr>\n<td><a href="{URL}">A Title of '
            "Some Length</a></td>\n<td>02/2024</td>\n</tr>\n</table>"
        ),
        f'<ul>\n<li><a href="{URL}">A Title of Some Length</a></li>\n</ul>',
        "- [A Title of Some Length](https://huggingface.co/papers/2402.13446)",
        f"- [A Title of Some\nLength]({URL})",
        f"- **A. Group**\n   - [A Title of Some Length]({URL}) *Ana Lopez.*",
        f"- [2024/02] A Title of Some Length *Ana Lopez et al. arXiv.* [[paper]({URL})]",
        f'- **Name**: "A Title of Some Length", *arXiv, Feb 2024*. [[Paper]({URL})]',
        f'3. **Name** (MLM + FIM): "A Title of Some Length" [2024-02] [[paper]({URL})]',
        f'* **[Name]** "A Title of\n  Some Length", *arXiv, Feb 2024*.\n[[Paper]({URL})]',
        f'**[7]** Lopez, Ana, et al. "**A Title of Some Length**." arXiv (2024). [[pdf]]({URL})',
        (
            "- **A Title of Some Length (ICML 2024)**\n  - Ana Lopez and Ben Li\n  - "
            f"[[Paper]]({URL})\n  - [[Python Reference]](https://github.com/a/b)"
        ),
        (
            "+   A Title of Some Length  \n    + [[Nat Commun 13, 7151 (2024)]"
            f"({URL})] • [[code](https://github.com/a/b)]"
        ),
        f"**A Title of Some Length**\n\n- 论文下载链接：{URL}\n\n- 代码：https://github.com/a/b",
        f"**A Title of Some Length**\n\n论文：{URL}\n\n代码：https://github.com/a/b",
        (
            "**A Title of Some Length** \\\n*Ana Lopez* \\\n"
            f"arXiv 2024. [[Paper]({URL})] \\\n8 Aug 2024"
        ),
        (
            "|Date|Title|Paper|\n|:-:|:-:|:-:|\n"
            f"|2024.02|🔥[**Name**] A Title of Some Length(@Lab etc) |[[pdf]]({URL})|"
        ),
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_formats(entry: str, eol: str) -> None:
    """However a list writes an entry, it is one, with the paper's own title and id."""
    text = f"# List\n\n- [Contents](#contents)\n\n## Papers\n\n{entry}\n"
    parsed = parse(text.replace("\n", eol).encode())
    assert parsed.sections == ("Papers",)
    assert [(item.entry.title, item.entry.ids[:1]) for item in parsed.entries] == [
        ("A Title of Some Length", (ONE,))
    ]
    lines = text.replace("\n", eol).encode().split(b"\n")
    markdown = "".join(
        line.decode() + "\n" for line in lines[parsed.entries[0].start : parsed.entries[0].end]
    )
    assert parsed.entries[0].entry.markdown == markdown.rstrip("\r\n")


@pytest.mark.parametrize(
    "text",
    [
        f"```markdown\n- [A Title]({URL})\n```\n",
        f"<!-- - [A Title]({URL})\n-->\n",
        f"~~~\n- [A Title]({URL})\n",
        "- [Survey](#survey)\n  - [Method](#method)\n",
        "[![Awesome](https://awesome.re/badge.svg)](https://awesome.re)\n",
        f"As said in [A Title of Some Length]({URL}), this is prose.\n",
        f"**A line in bold.** Then prose with [a link of its own]({URL}).\n",
        "[Some Tool](https://x.org/y) holds a list of 22 tasks, made in 2021.\n",
        "| [Web](web.md) | [Mobile](mobile.md) |\n|---|---|\n",
        "- **Bold.** A sentence with no link at all.\n",
        (
            "## Contributing\n\n- Open an [issue](https://github.com/a/b/issues) or "
            "[read this](https://x.org/y).\n"
        ),
        "---\n***\n| a | b |\n|---|---|\n",
    ],
)
def test_what_is_no_entry(text: str) -> None:
    """Code, comments, contents, badges, prose and rules hold no entries."""
    assert parse(f"# List\n\n{text}".encode()).entries == ()


def test_entries_without_an_id() -> None:
    """A linked project or a cited paper counts, without an id."""
    text = (
        b"## Tools\n- [Tool](https://github.com/a/b) - does it\n- Bloom B. Hash "
        b"coding[J]. CACM, 1970.\n"
    )
    entries = [item.entry for item in parse(text).entries]
    assert [(entry.title, entry.ids) for entry in entries] == [("Tool", ()), ("Hash coding", ())]
    assert entries[1].year == 1970


def test_two_papers_in_one_item() -> None:
    """Two whole titles in one item are two entries; they never become aliases of each other."""
    text = (
        f"## S\n- [A Title of Some Length]({URL}) (see also [Quite Another Paper "
        "Title](https://arxiv.org/abs/2306.08568)).\n"
    )
    assert [item.entry.ids for item in parse(text.encode()).entries] == [
        (ONE,),
        ("arXiv:2306.08568",),
    ]


def test_sections() -> None:
    """Empty headings beside the used ones are sections; the rest of a README is not."""
    entry = f"- [A Title of Some Length]({URL})\n"
    text = (
        f"# List\n## Contents\n- [a](#a)\n## Survey\n### 2025\n{entry}### 2024\n"
        f"{entry}## Method\n### 2025\n{entry}"
        f"### Empty ###\n## Tools\n{entry}## Citation\nText.\n"
    )
    assert parse(text.encode()).sections == (
        "Survey / 2025",
        "2024",
        "Method / 2025",
        "Empty",
        "Tools",
    )


def test_lines_in_bold_as_headings() -> None:
    """A line in bold right above entries is a section below the heading's; one above prose not."""
    entry = f"- [A Title of Some Length]({URL})\n"
    text = f"## Tasks\n**On the web**\n{entry}\n**Elsewhere:**\n\n{entry}\n**Note**\n\nProse.\n"
    parsed = parse(text.encode())
    assert parsed.sections == ("On the web", "Elsewhere:")
    assert [item.entry.section for item in parsed.entries] == ["On the web", "Elsewhere:"]


def test_titles_as_headings() -> None:
    """Headings with the facts of one paper below each are entries, not sections."""
    work = (
        "### {}. Title Number {} of Some\n**Authors**: Ana Lopez\n<details>\n\nSays.\n"
        "</details>\n\n  [📄 Paper](https://arxiv.org/pdf/2402.1344{}.pdf)"
        " | [💻 Code (not yet)]()\n\n"
    )
    text = "## Avatars\n" + "".join(work.format(n, n, n) for n in (1, 2)) + "## Later\n"
    parsed = parse(text.encode())
    assert parsed.sections == ("Avatars", "Later")
    assert [(item.entry.title, item.entry.ids) for item in parsed.entries] == [
        (f"Title Number {n} of Some", (f"arXiv:2402.1344{n}",)) for n in (1, 2)
    ]


def test_works_without_an_id_on_lines_of_their_own() -> None:
    """A whole title with a link and a year is an entry where lines have no bullets."""
    text = (
        "## Papers\n[A Title of Some Length](https://x.org/a.pdf), ACL 2020\n\n"
        "**Another Title of Some Length** \\\n[[Website](https://x.org/b)] \\\n06 Jun 2022\n"
    )
    assert [item.entry.title for item in parse(text.encode()).entries] == [
        "A Title of Some Length",
        "Another Title of Some Length",
    ]


def test_news_are_no_entries() -> None:
    """What a list tells of itself under News holds papers in sentences, and no entries."""
    text = (
        f'## News\n- **2023-10 Our paper "[Can We Edit Large Models?]({URL})" was accepted.**\n'
        f"## Overview\n**A Title of Some Length** <br />\nAna Lopez, Ben Li. [[paper]({URL})]\n"
        "#### [How to submit a pull request?](https://x.org/how)\n"
    )
    (found,) = parse(text.encode()).entries
    assert (found.entry.section, found.entry.title) == ("Overview", "A Title of Some Length")
    assert [author.family for author in found.entry.authors] == ["Lopez", "Li"]


def test_headings_with_something_else_below() -> None:
    """A heading with an explanation or a table of links below it is no empty section."""
    entry = f"- [A Title of Some Length]({URL})\n"
    text = f"## Why\n- One.\n- Two.\n## By year\n[2024](a.md) | [2023](b.md)\n## Papers\n{entry}"
    assert parse(text.encode()).sections == ("Papers",)


def test_badges_below_a_numbered_entry() -> None:
    """A line of badges below an item is the item's, however it is indented."""
    badge = "[![stars](https://img.shields.io/github/stars/a/b)](https://github.com/a/b)"
    text = f"## S\n1. [A Title of Some Length]({URL}) Arxiv 2024.\n\n&nbsp;&nbsp; {badge}\n\n## T\n"
    assert [(item.start, item.end) for item in parse(text.encode()).entries] == [(1, 4)]


def test_labels_are_no_titles() -> None:
    """Entries that only say `Paper` are not called duplicates of each other."""
    text = b"## S\n- [Paper](https://arxiv.org/abs/2402.00001)\n- [Paper](https://arxiv.org/abs/2402.00002)\n"
    assert parse(text).duplicates == ()


def test_underlined_headings() -> None:
    """Headings may be underlined."""
    text = f"List\n====\n\nSurveys\n-------\n- [A Title of Some Length]({URL})\n"
    assert parse(text.encode()).sections == ("Surveys",)


def test_duplicates_are_named() -> None:
    """The same id or the same title twice is said with both lines."""
    text = (
        f"## S\n- [First Title Here]({URL})\n- [Other Title "
        "Here](https://arxiv.org/pdf/2402.13446v3)\n- [other title: "
        "here!](https://x.org)\n"
    )
    first, second = parse(text.encode()).duplicates
    assert first == f'lines 2 and 3: "First Title Here" and "Other Title Here": both are {ONE}'
    assert second.startswith("lines 3 and 4:")
    assert second.endswith("both have this title")


def test_oddities_are_named() -> None:
    """Links without an id, bytes that are no text and open code blocks are reported."""
    text = b"## S\n- [A Title](https://arxiv.org/abs/2402.1344)\n- caf\xe9\n```\n"
    warnings = parse(text).warnings
    assert [warning.partition(":")[0] for warning in warnings] == ["line 3", "line 4", "line 2"]


def test_damage_is_found_and_repaired() -> None:
    """Mojibake is reported with line and word; nothing else is touched, not even invalid bytes."""
    good = "Émile Köksal, 中文 “quoted” – naïve 🔥👩‍🔬 Привет V´ıctor\r\n".encode() + b"\xff\xe9\n"
    damaged = good + "pages 177â€“198, by SchÃ¼tze\n".encode()
    assert find_mojibake(good) == ()
    assert repair(good) == good
    assert list(find_mojibake(damaged)) == [
        "line 3: 177â€“198 should read 177–198",
        "line 3: SchÃ¼tze should read Schütze",
    ]
    assert repair(damaged) == good + "pages 177–198, by Schütze\n".encode()


@given(st.text())
def test_repairing_twice_changes_no_more(text: str) -> None:
    """Repair is idempotent on what it repaired, for any text."""
    once = repair(text.encode("utf-8", "surrogatepass"))
    assert find_mojibake(once) == () or repair(once) != once


PIECES = st.sampled_from(
    [
        "- ",
        "* ",
        "1. ",
        "# ",
        "## S\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "  ",
        "\t",
        "[",
        "](",
        "]",
        ")",
        "![",
        "**",
        "*",
        "_",
        "`",
        "```\n",
        "~~~",
        "<!--",
        "-->",
        "|",
        "|---|---|\n",
        "---\n",
        "===\n",
        "<tr>",
        "</tr>",
        "<td>",
        "<li>",
        "<a href=",
        "</a>",
        ">",
        URL,
        "arXiv:2402.13446",
        "[Paper](" + URL + ")",
        "Title of a Paper",
        "Tan Z, Li W, et al. ",
        "[J]. ",
        "2024",
        ". ",
        ", ",
        "\\",
        "&emsp;",
        " and ",
        "\ufeff",
        "\x00",
    ]
)
FILES = st.one_of(
    st.binary(max_size=300),
    st.lists(PIECES, max_size=40).map(lambda pieces: "".join(pieces).encode()),
)


@given(FILES)
def test_any_bytes_can_be_read(content: bytes) -> None:
    """No file makes parse fail; spans lie within the file, and each entry's text is those lines."""
    parsed = parse(content)
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    for item in parsed.entries:
        assert 0 <= item.start < item.end <= len(lines)
        assert item.entry.markdown == "\n".join(lines[item.start : item.end]).rstrip("\r\n")
        assert item.entry.section in parsed.sections


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "](",
        "](a",
        "[a](",
        "![",
        "- ",
        "  - ",
        "* a\n",
        "<!--",
        "<!-- -->",
        "```\n",
        "|",
        "| a |\n",
        "**",
        "*a",
        "_",
        "`",
        "<a href=x>",
        "<tr>",
        "<li>\n",
        "[x](" + URL + ") ",
        "- [x](" + URL + ")\n",
        "# a\n",
        " ",
        "\t- a\n",
        "&amp;",
        "A B, ",
        "\\",
        "## [a](http://b)\n",
        "[a]: b\n",
        "- a\n\n",
        '"',
        "(",
        "[[a]",
        "'",
        "http://a.",
        "<",
        "10.1234/",
        "a\n",
    ],
)
def test_time_is_linear(piece: str) -> None:
    """100 kB of any one piece of markup are read in seconds at most."""
    content = b"## S\n" + (piece.encode() * (100_000 // len(piece)))
    started = time.perf_counter()
    parse(content)
    assert time.perf_counter() - started < 10
