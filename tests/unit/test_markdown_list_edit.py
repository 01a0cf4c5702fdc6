"""Writing into lists: in their own style, in the right place, and nothing else."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import NotFound, UserError
from bot.domain.list_guard import clean_title
from bot.domain.markdown_list import Insertion, insert, parse, remove
from storage.models import Author, Link, Paper, PaperId

SEED = (Path(__file__).resolve().parents[2] / "storage" / "seed" / "SynData-Papers.md").read_bytes()
AUTHORS = tuple(
    Author(f, g) for f, g in (("Lopez", "Ana"), ("de Vries", "Ben"), ("Li", "Chen"), ("Doe", "Dee"))
)
PAPER = Paper(
    PaperId("arXiv:2501.01234"), "A New Way:\n  Making Data", AUTHORS, published=date(2025, 1, 3)
)
CITED = (
    "- Lopez A, de Vries B, Li C, et al. A New Way: Making Data[J]. arXiv preprint "
    "arXiv:2501.01234, 2025.\n"
)
LINK = "  [Paper](https://arxiv.org/abs/2501.01234)\n"
URL = "https://arxiv.org/abs/2501.01234"
PROJECT = replace(PAPER, links=(Link("Code", "https://github.com/a/b"),))


def inserted(content: bytes, section: str, paper: Paper) -> tuple[str, Insertion]:
    """The text that insert put in; it changed nothing else and can be undone."""
    before, done = parse(content), insert(content, section, paper)
    new = done.content
    start = next(
        (at for at, (a, b) in enumerate(zip(content, new, strict=False)) if a != b), len(content)
    )
    grown = len(new) - len(content)
    assert any(new[:at] + new[at + grown :] == content for at in range(start, -1, -1))
    after = [item.entry for item in parse(new).entries]
    assert after.pop(done.ordinal) == done.entry
    assert after == [item.entry for item in before.entries]
    assert (done.entry.section, done.entry.title) == (section, clean_title(paper))
    assert done.entry.ids[0] == paper.id
    assert remove(new, done.ordinal) == content
    return done.entry.markdown + "\n", done


@pytest.mark.parametrize("section", ["Survey Papers", "Research Papers", "Analysis Papers"])
def test_the_shipped_lists_style(section: str) -> None:
    """The citation, a blank line, the link; one blank line before."""
    markdown, done = inserted(SEED, section, PAPER)
    assert markdown == f"{CITED}\n{LINK}"
    at = done.content.index(markdown.encode())
    assert done.content[at - 2 : at] == b"\n\n"
    assert done.content[at - 3 : at - 2] == b")"
    assert parse(done.content).entries[done.ordinal].entry.authors[0] == Author("Lopez", "A")


def test_project_links_as_the_neighbours_have_them() -> None:
    """A code link becomes the list's own `[Project]` line, apart where neighbours have it so."""
    project = "  [Project](https://github.com/a/b)\n"
    assert inserted(SEED, "Survey Papers", PROJECT)[0] == f"{CITED}\n{LINK}\n{project}"
    assert inserted(SEED, "Research Papers", PROJECT)[0] == f"{CITED}\n{LINK}{project}"
    assert inserted(SEED, "Analysis Papers", PROJECT)[0] == f"{CITED}\n{LINK}{project}"


def test_windows_line_endings() -> None:
    """A file with CRLF gets CRLF."""
    markdown, _ = inserted(SEED.replace(b"\n", b"\r\n"), "Analysis Papers", PAPER)
    assert markdown.rstrip() == f"{CITED}\n{LINK}".replace("\n", "\r\n").rstrip()


def test_no_newline_at_the_end() -> None:
    """A file that does not end in a newline still does not."""
    content = SEED.rstrip()
    _, done = inserted(content, "Analysis Papers", PAPER)
    assert done.content == content + b"\n\n" + f"{CITED}\n{LINK}".removesuffix("\n").encode()


def test_two_in_a_row() -> None:
    """A second paper stands below the first; taking both out again gives the file back."""
    first = insert(SEED, "Research Papers", PAPER)
    second = insert(
        first.content,
        "Research Papers",
        replace(PAPER, id=PaperId("arXiv:2502.00001"), title="Next"),
    )
    assert second.ordinal == first.ordinal + 1
    assert remove(remove(second.content, first.ordinal), first.ordinal) == SEED


def test_a_paper_that_is_not_on_arxiv() -> None:
    """It is cited by its anthology and linked there."""
    paper = replace(PAPER, id=PaperId("acl:2025.acl-long.7"))
    markdown, done = inserted(SEED, "Research Papers", paper)
    assert (
        "[C]. ACL Anthology 2025.acl-long.7, 2025.\n\n  "
        "[Paper](https://aclanthology.org/2025.acl-long.7/)" in markdown
    )
    assert done.entry.year == 2025


def test_an_empty_section() -> None:
    """The first entry of a section stands below its heading, as elsewhere in the list."""
    content = SEED + b"\n### New Papers\n\n\n### Last\n"
    _, done = inserted(content, "New Papers", PAPER)
    assert f"### New Papers\n\n{CITED}\n{LINK}\n\n### Last".encode() in done.content


def test_an_unknown_section() -> None:
    """The error names the sections there are."""
    with pytest.raises(NotFound, match="Survey Papers, Research Papers, Analysis Papers"):
        insert(SEED, "Nowhere", PAPER)


def test_removing_what_is_not_there() -> None:
    """Ordinals outside the list and papers that share an item are refused in a sentence."""
    with pytest.raises(NotFound, match="no entry 8"):
        remove(SEED, 8)
    shared = (
        b"## S\n- [One Paper With Title](https://arxiv.org/abs/2501.00001) and [Some "
        b"Other Paper Title](https://arxiv.org/abs/2501.00002)\n"
    )
    with pytest.raises(UserError, match="shares its lines"):
        remove(shared, 0)


def test_removing_leaves_the_neighbours() -> None:
    """Taking out any one entry of the shipped list leaves the other seven as they were."""
    entries = [item.entry for item in parse(SEED).entries]
    for ordinal in range(len(entries)):
        left = [item.entry for item in parse(remove(SEED, ordinal)).entries]
        assert left == entries[:ordinal] + entries[ordinal + 1 :]


M = "https://arxiv.org/abs/2402.13446"


CODE = "https://github.com/a/b"
TITLE = "A New Way: Making Data"
NAMES = "Ana Lopez, Ben de Vries, Chen Li, Dee Doe"
STYLES = {
    "a date in front, one name": (
        f"- [2024/02] **Older Paper.** *Tom Ray (Lab) et al. arXiv.* [[paper]({M})] [[code](x://y)]",
        f"- [2025/01] **{TITLE}.** *Ana Lopez et al. arXiv.* [[paper]({URL})] [[code]({CODE})]\n",
    ),
    "a date in front, no bold": (
        f"- [2024/02] Older paper of somebody *Tom Ray et al. Arxiv* [[paper]({M})]",
        f"- [2025/01] {TITLE} *Ana Lopez et al. Arxiv* [[paper]({URL})]\n",
    ),
    "a short name and a quoted title": (
        f'3. **Old** (FIM): "Older Paper of Ray" [2024-02] [ACL 2024] [[paper]({M})] [[repo](x)]',
        f'4. "{TITLE}" [2025-01] [[paper]({URL})] [[repo]({CODE})]\n',
    ),
    "month and year in italics": (
        f'* **Old**: "Older Paper of Ray", *arXiv, Dec 2023*. [[Paper]({M})] [[Code](x)]',
        f'* "{TITLE}", *arXiv, Jan 2025*. [[Paper]({URL})] [[Code]({CODE})]\n',
    ),
    "a conference": (
        f"[Older]({M}), NeurIPS 2023 [[code]](x://y)\n\n[Other]({M}1), ICML 2022",
        f"[{TITLE}]({URL}), arXiv 2025 [[code]]({CODE})\n",
    ),
    "lines of a paragraph": (
        f"**Older Paper of Ray** \\\n*Tom Ray* \\\narXiv 2022. [[Paper]({M})] \\\n8 Aug 2022",
        f"**{TITLE}** \\\n*{NAMES}* \\\narXiv 2025. [[Paper]({URL})] \\\n3 Jan 2025\n",
    ),
    "facts below": (
        (
            f"- [Older]({M})\n    - Tom Ray, Al Fox\n    - 🏛️ Institutions: Lab\n"
            "    - 📅 Date: March 27, 2024\n    - 📑 Publisher: arXiv\n    - 📖 TLDR: It says."
        ),
        (
            f"- [{TITLE}]({URL})\n    - {NAMES}\n    - 📅 Date: January 3, 2025\n"
            "    - 📑 Publisher: arXiv\n"
        ),
    ),
    "links below": (
        (
            f"- **Older Paper (ICML 2018)**\n  - Tom Ray and Al Fox\n  - [[Paper]]({M})\n"
            "  - [[Python Reference]](https://github.com/x/y)"
        ),
        (
            f"- **{TITLE} (arXiv 2025)**\n  - Ana Lopez, Ben de Vries, Chen Li and Dee Doe\n"
            f"  - [[Paper]]({URL})\n  - [[Reference]]({CODE})\n"
        ),
    ),
    "Chinese labels below a title": (
        f"**Older Paper of Ray**\n\n- 论文：{M}\n- 代码：https://github.com/x/y\n- 解读：x",
        f"**{TITLE}**\n\n- 论文：{URL}\n- 代码：{CODE}\n",
    ),
    "badges": (
        (
            f"+ [Older]({M}) (Jun., 2024)\n"
            "  [![Star](https://img.shields.io/github/stars/x/y.svg?label=Star)](https://github.com/x/y)\n"
            f"  [![arXiv](https://img.shields.io/badge/arXiv-b31b1b.svg)]({M})\n"
            "  [![Website](https://img.shields.io/badge/Website-9cf)](https://x.github.io/)"
        ),
        (
            f"+ [{TITLE}]({URL}) (Jan., 2025)\n"
            f"  [![Star](https://img.shields.io/github/stars/a/b.svg?label=Star)]({CODE})\n"
            f"  [![arXiv](https://img.shields.io/badge/arXiv-b31b1b.svg)]({URL})\n"
        ),
    ),
    "pictures before links": (
        f"* [Older]({M})<br>:house:[page](https://x.org)<br>:star:[code](https://github.com/x/y)是",
        f"* [{TITLE}]({URL})<br>:star:[code]({CODE})\n",
    ),
    "numbered citations": (
        (
            f'**[7]** Ray, Tom, et al. "**Older Paper**." arXiv preprint arXiv:2402.13446 (2024). '
            f"[[pdf]]({M}) **(Nice)** :star::star:"
        ),
        (
            f'**[8]** Lopez, Ana, et al. "**{TITLE}**." arXiv preprint arXiv:2501.01234 (2025). '
            f"[[pdf]]({URL})\n"
        ),
    ),
    "families only": (
        f"- [Older]({M}), Ray et al., ECCV 2020 | [github](x) | [bibtex](./a.bib)",
        f"- [{TITLE}]({URL}), Lopez et al., arXiv 2025 | [github]({CODE})\n",
    ),
    "initials": (
        f"- **Older Paper of Ray** (2016), T. Ray et al. [[pdf]]({M}v4)",
        f"- **{TITLE}** (2025), A. Lopez et al. [[pdf]]({URL})\n",
    ),
    "names on the next line": (
        f"7. **Older Paper of Ray** (ICML 2022) <br />\n Tom Ray, Al Fox.\n [[paper]({M})]",
        f"8. **{TITLE}** (arXiv 2025) <br />\n {NAMES}.\n [[paper]({URL})]\n",
    ),
    "where somebody works": (
        f'* **Old**: "Older Paper of Ray", arXiv, 2021 (*Some Lab*). [[Paper]({M})][[PyTorch](x)]',
        f'* "{TITLE}", arXiv, 2025. [[Paper]({URL})][[Code]({CODE})]\n',
    ),
    "a row of HTML": (
        (
            "<table>\n  <tr><td>Name</td><td>2013.12</td>"
            f'<td><a href="{M}">Older Paper</a></td></tr>\n</table>'
        ),
        f'  <tr><td>/</td><td>2025.01</td><td><a href="{URL}">{TITLE}</a></td></tr>\n',
    ),
    "another server of preprints": (
        f"**Older Paper of Ray**  \nTom Ray, Al Fox  \n[bioRxiv 2023.06.21]({M}) • [code](x)",
        f"**{TITLE}**  \n{NAMES}  \n[arXiv:2501.01234]({URL}) • [code]({CODE})\n",
    ),
    "a table of tags and stars": (
        (
            "|Date|Title|Paper|Code|Recom|\n|:-:|:-:|:-:|:-:|:-:|\n"
            f"|2024.02|🔥[**Old**] Older Paper of Ray(@L) | [[pdf]]({M})|[[Old]](https://x.org/y) "
            "![](https://img.shields.io/github/stars/x/y.svg) |⭐️ |  "
        ),
        (
            f"|2025.01|{TITLE} | [[pdf]]({URL})|[[b]]({CODE}) "
            "![](https://img.shields.io/github/stars/a/b.svg) | |\n"
        ),
    ),
}


@pytest.mark.parametrize(("model", "expected"), STYLES.values(), ids=STYLES.keys())
def test_what_neighbours_say_is_said_of_the_paper(model: str, expected: str) -> None:
    """Fields keep their order and form; what is not known of the paper goes with its line."""
    if "2023.06.21" in model:
        model = model.replace(M, "https://www.biorxiv.org/content/10.1101/2023.06.21.545880v2", 1)
    assert inserted(f"# L\n\n## S\n\n{model}\n".encode(), "S", PROJECT)[0] == expected


def test_a_paper_of_which_little_is_known() -> None:
    """Without authors, day or code their lines are left out, and the arXiv id gives the month."""
    bare = Paper(PaperId("arXiv:2501.01234"), "A New Way: Making Data")
    model = STYLES["lines of a paragraph"][0].replace("[[Paper]", "[[Code](x://y)] [[Paper]")
    markdown = inserted(f"## S\n\n{model}\n".encode(), "S", bare)[0]
    assert markdown == f"**{TITLE}** \\\narXiv 2025. [[Paper]({URL})] \\\nJan 2025\n"


def test_works_titled_by_headings() -> None:
    """A new one is a heading with the next number and the same lines below it."""
    work = (
        "### {0}. Title Number {0} of Some\n**Authors**: Tom Ray, Al Fox\n<details>\n\nSays.\n"
        "</details>\n\n  [📄 Paper](https://arxiv.org/abs/2402.1344{0}) | [💻 Code (not yet)](x://y)\n\n"
    )
    content = ("## S\n" + work.format(1) + work.format(2) + "## T\n").encode()
    assert inserted(content, "S", PROJECT)[0] == (
        f"### 3. {TITLE}\n**Authors**: {NAMES}\n\n  [📄 Paper]({URL}) | [💻 Code]({CODE})\n"
    )


def test_the_outermost_items_are_followed() -> None:
    """A new entry does not fall into the last group of a section that has entries of its own."""
    content = f"## S\n* [Older]({M})\n* Group\n  * [Old](https://arxiv.org/abs/2402.1)\n".encode()
    assert inserted(content, "S", PAPER)[0] == f"* [{TITLE}]({URL})\n"


def test_anchors_stay_with_their_heading() -> None:
    """A new entry of an empty section stands above the anchor of the next one."""
    content = f'## S\n\n<a name="t"></a>\n\n## T\n- [Older]({M})\n'.encode()
    _, done = inserted(content, "S", PAPER)
    assert done.content.index(b"A New Way") < done.content.index(b"<a name")


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (f"- [Older]({M})", f"- [A New Way: Making Data]({URL})\n"),
        (
            "* [Older](https://huggingface.co/papers/2402.13446): says something.",
            "* [A New Way: Making Data](https://huggingface.co/papers/2501.01234)\n",
        ),
        (
            (
                "- [Older Paper](https://arxiv.org/pdf/2402.13446v2.pdf), *Tom Ray, "
                "Al Fox.* Arxiv 2024.🔥"
            ),
            (
                "- [A New Way: Making Data](https://arxiv.org/pdf/2501.01234.pdf), "
                "*Ana Lopez, Ben de Vries, Chen Li, Dee Doe.* Arxiv 2025.\n"
            ),
        ),
        (
            (
                "4. **Older Paper.** *Tom Ray, and Al Fox.* <ins>Preprint</ins> "
                f"2024. [[pdf]({M})]; [[code](https://github.com/x/y)]."
            ),
            (
                "5. **A New Way: Making Data.** *Ana Lopez, Ben de Vries, Chen Li, "
                f"and Dee Doe.* <ins>Preprint</ins> 2025. [[pdf]({URL})].\n"
            ),
        ),
        (
            (
                f"1. **[Older Paper.]({M})** [[code](https://github.com/x/y)]\n\n    "
                "*Tom Ray, Al Fox.* Preprint'24"
            ),
            (
                f"2. **[A New Way: Making Data.]({URL})**\n\n    *Ana Lopez, Ben de "
                "Vries, Chen Li, Dee Doe.* Preprint'25\n"
            ),
        ),
        (
            (
                "- **Older Paper**, `arXiv, 2402.13446`, "
                "[arxiv](http://arxiv.org/abs/2402.13446v1), cited: [**7**](None) \n"
                "\n\t *Tom Ray, ..., Al Fox*"
            ),
            (
                "- **A New Way: Making Data**, `arXiv, 2501.01234`, "
                "[arxiv](http://arxiv.org/abs/2501.01234)\n\n\t *Ana Lopez, Ben de "
                "Vries, Chen Li, Dee Doe*\n"
            ),
        ),
        (
            f"| Title | Year | Venue |\n|---|---|---|\n| [Older]({M}) | 2024 | arXiv |",
            f"| [A New Way: Making Data]({URL}) | 2025 | arXiv |\n",
        ),
        (
            f"|Date|Authors|Paper|Code|\n|-|-|-|-|\n|2024-02|Ray|[Older]({M})|[Link](x)|",
            (
                "|2025-01|Ana Lopez, Ben de Vries, Chen Li, Dee Doe|[A New Way: "
                f"Making Data]({URL})||\n"
            ),
        ),
        (f"#### [Older]({M})\n\n> Says something.", f"#### [A New Way: Making Data]({URL})\n"),
        (f"**Older Paper**\n[Paper]({M})", f"**A New Way: Making Data**\n[Paper]({URL})\n"),
        (
            (
                f'<table>\n<tr>\n<td class="a"><a href="{M}">Older</a></td>\n'
                "<td>02/2024</td>\n<td>x</td>\n</tr>"
            ),
            (
                f'<tr>\n<td class="a"><a href="{URL}">A New Way: Making '
                "Data</a></td>\n<td>01/2025</td>\n<td>/</td>\n</tr>\n"
            ),
        ),
    ],
)
def test_other_lists_styles(model: str, expected: str) -> None:
    """Bullets, names, years, links and columns follow the neighbour; the rest is left out."""
    assert inserted(f"# L\n\n## S\n\n{model}\n".encode(), "S", PAPER)[0] == expected


def test_an_empty_section_of_a_list_of_tables() -> None:
    """A table gets its head too, and both go when the entry is taken out."""
    content = (
        f"## A\n| Title | Year |\n|---|---|\n| [Older]({M}) | 2024 |\n\n## B\n\n## C\n".encode()
    )
    _, done = inserted(content, "B", PAPER)
    assert (
        f"## B\n| Title | Year |\n|---|---|\n| [A New Way: Making Data]({URL}) | 2025 |\n\n## C"
    ).encode() in done.content


MODELS = [
    SEED,
    f"## S\n- [Older Paper]({M}) *Tom Ray, Al Fox.* Arxiv 2024.\n\n## T\n".encode(),
    (
        f"## S\r\n\r\n1. **Older Paper.** *Tom Ray.* 2024. [[pdf]({M})]; "
        "[[code](https://github.com/x/y)].\r\n"
    ).encode(),
    f"## S\n| Title | Year |\n|---|---|\n| [Older]({M}) | 2024 |\n\nText.\n## T\n".encode(),
    (
        f"## S\n<table>\n<tr>\n<td><a href='{M}'>Older</a></td>\n<td>2024</td>\n</tr>\n</table>"
    ).encode(),
    f"## S\n#### [Older]({M})\n\nIt says.\n\n## T\nNothing yet.\n---\n".encode(),
    f'## S\n"Older Paper Here", Ray, 2024 [pdf]({M})\n'.encode(),
    f"- [Older]({M})\r".encode(),
]
NASTY = [
    "] (x",
    "a](b",
    "a](https://arxiv.org/abs/2401.00009)",
    "| a | b |",
    "`code",
    "``` fence",
    "<b>bold",
    "<!-- c",
    "-->",
    "<a href=x>",
    "# head",
    "## S",
    "- item",
    "1. one",
    "*star*",
    "**bold",
    "A* search",
    "_under_",
    "snake_case",
    "~~gone~~",
    "\\",
    "\\\\ back \\_",
    "&amp; &lt;",
    "AT&T",
    "$x_1^2$",
    "Ends.",
    "Ends..",
    "Ends?",
    ".",
    ",",
    "Paper",
    "Code",
    "[J]. arXiv",
    "x[J]. y, 2020",
    "A B. C",
    "Tan Z, Li W. More",
    "arXiv:2401.00001",
    "https://arxiv.org/abs/2401.00002",
    "line\nbreak",
    "\r\n- x",
    "tab\there",
    "nul\x00",
    "\ud800",
    "\u202egnp",
    "\ufdd0",
    "中文标题：测试",
    "Ünïcödé",
    "🔥 fire",
    "1.5 times",
    "2024",
    "et al.",
    '"quoted title here"',
    "“q”",
    "((",
    "))",
    "![i](u)",
    "|---|",
    "---",
    "===",
    "@everyone",
    "",
    " ",
    "\u200b",
    "<td>",
    "</tr>",
    "{x}",
    "^[1]",
    "[1]: http://x",
]


@pytest.mark.parametrize("content", MODELS)
@pytest.mark.parametrize("title", NASTY)
def test_hostile_titles(content: bytes, title: str) -> None:
    """No title breaks a list or reads differently there than it is."""
    for section in parse(content).sections:
        for text in (title, f"Before {title} after it"):
            inserted(content, section, replace(PAPER, title=text))


TITLES = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(NASTY), min_size=1, max_size=5).map(" ".join)
)
PAPERS = st.builds(
    lambda title, names, links: replace(
        PAPER, title=title, authors=tuple(Author(*name) for name in names), links=tuple(links)
    ),
    TITLES,
    st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=5),
    st.lists(
        st.builds(
            Link,
            st.sampled_from(["Code", "Project", "Demo"]),
            st.text(max_size=20).map("https://x.org/".__add__),
        ),
        max_size=2,
    ),
)
BITS = st.sampled_from(
    [
        "## S\n",
        "### T\n\n",
        "\n",
        "\n",
        "  \n",
        "\r\n",
        "text\n",
        "---\n",
        "<p>\n",
        "</details>\n",
        "```\n",
        "<!-- x -->\n",
        "| Title | Year |\n|---|---|\n",
        f"| [Older]({M}) | 2024 |\n",
        f"- [Older Paper]({M})\n",
        f"1. **Older Paper.** *Tom Ray.* 2024. [[pdf]({M})].\n",
        "- Ray T. Older[J]. arXiv preprint arXiv:2402.13446, 2024.\n",
        f"  [Paper]({M})\n",
        "  [Project](https://github.com/x/y)\n",
        f"  - [Sub Paper Title Here]({M})\n",
        "- Group\n",
        f"#### [Headed Title]({M})\n",
        f"**Bold Title Here** [pdf]({M})\n",
        "\ufeff",
        "\xff",
    ]
)
LISTS = st.lists(BITS, min_size=1, max_size=14).map(
    lambda bits: "".join(bits).encode("latin-1", "replace")
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(MODELS), PAPERS)
def test_any_paper_can_be_added(content: bytes, paper: Paper) -> None:
    """Whatever the paper says of itself, it becomes one entry, and goes without a trace."""
    inserted(content, parse(content).sections[-1], paper)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(LISTS, PAPERS, st.booleans())
def test_any_list_can_be_written_to(content: bytes, paper: Paper, trimmed: bool) -> None:
    """Every section of any list takes any paper."""
    content = content.rstrip() if trimmed else content
    for section in parse(content).sections[:2]:
        inserted(content, section, paper)
