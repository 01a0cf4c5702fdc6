"""Changing titles and links of listed entries: their own lines, and of them as little as may be."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.list_guard import clean_title, safe_url
from bot.domain.markdown_list import Edited, edit, parse
from storage.models import Link, Paper, PaperId
from tests.conftest import SHARED
from tests.unit.test_markdown_list_edit import NASTY

SEED = (Path(__file__).resolve().parents[2] / "storage" / "seed" / "SynData-Papers.md").read_bytes()
M = "https://arxiv.org/abs/2402.13446"
N = "https://arxiv.org/abs/2311.00007"


def edited(content: bytes, ordinal: int, title: str, links: list[Link] | None = None) -> Edited:
    """The edit; no line outside the entry's own changed, and no other entry."""
    before = parse(content)
    old = before.entries[ordinal]
    done = edit(content, ordinal, title, links)
    after = parse(done.content)
    assert after.sections == before.sections
    assert after.entries[ordinal].entry == done.entry
    others = [item.entry for item in before.entries]
    assert [item.entry for item in after.entries] == [
        *others[:ordinal],
        done.entry,
        *others[ordinal + 1 :],
    ]
    assert (done.entry.section, done.entry.ids) == (old.entry.section, old.entry.ids)
    raw = content.split(b"\n")
    assert done.content.startswith(b"\n".join(raw[: old.start]))
    assert done.content.endswith(b"\n".join(raw[old.end :]))
    return done


@pytest.mark.parametrize("ordinal", range(8))
def test_a_title_changes_where_it_stands(ordinal: int) -> None:
    """Only the title's characters change; with the old title the old bytes are back."""
    old = parse(SEED).entries[ordinal].entry
    done = edited(SEED, ordinal, " A New [Way]:\n  *Data* made | twice. ")
    assert done.entry.title == "A New [Way]: *Data* made | twice"
    assert (done.entry.authors, done.entry.links) == (old.authors, old.links)
    spelled = "A New \\[Way\\]: \\*Data\\* made \\| twice"
    assert done.entry.markdown == old.markdown.replace(old.title, spelled)
    assert edited(done.content, ordinal, old.title).content == SEED


TITLES = {
    "a link's label": (f"- [Old Title.]({M}) (2024)", f"- [New.]({M}) (2024)"),
    "in bold": (f"- **Old *Title*.** *Ray.* [[pdf]({M})]", f"- **New.** *Ray.* [[pdf]({M})]"),
    "the name in bold": (
        f"- **Old**: Of Some Title [[pdf]({M})]",
        f"- **New** [[pdf]({M})]",
    ),
    "quoted": (f'- "Older Title", arXiv [[pdf]({M})]', f'- "Newer Title", arXiv [[pdf]({M})]'),
    "over two lines": (f"- [Old\n  Title]({M}) x\n", f"- [New]({M}) x\n"),
    "only a label": (f"- [Paper]({M})", f"- [New]({M})"),
    "in HTML": (
        f"<table>\n<tr><td><a href='{M}'>Old &amp; Title</a></td></tr>\n</table>",
        f"<table>\n<tr><td><a href='{M}'>New</a></td></tr>\n</table>",
    ),
    "a heading": (f"#### [Old]({M})\n\nIt says.\n", f"#### [New]({M})\n\nIt says.\n"),
    "after a comment": (f"- <!-- Old --> [Old]({M})", f"- <!-- Old --> [New]({M})"),
}


@pytest.mark.parametrize(("old", "new"), TITLES.values(), ids=TITLES.keys())
def test_the_markup_round_a_title_stays(old: str, new: str) -> None:
    """Links, emphasis, quotes and comments stay round the new title."""
    content = f"## S\n\n{old}".encode()
    title = "New" if '"' not in old else "Newer Title"
    assert edited(content, 0, title).content.decode() == f"## S\n\n{new}"


LINKED = {
    "below the paper": (
        f"- Ray T. Old[J]. arXiv, 2024.\n\n  [Paper]({M})",
        f"- Ray T. Old[J]. arXiv, 2024.\n\n  [Paper]({M})\n  [Code](https://x.org/c)",
    ),
    "in the same brackets": (
        f"- [Old]({M}). [[pdf]({M})]; [[blog](https://b.org)].",
        f"- [Old]({M}). [[pdf]({M})]; [[Code](https://x.org/c)].",
    ),
    "the address of the same label": (
        f"- [Old]({M}) [code](https://x.org/old), [demo](https://d.org)",
        f"- [Old]({M}) [code](https://x.org/c)",
    ),
    "the label of the same address": (
        f"- [Old]({M}) [Project](https://x.org/c)",
        f"- [Old]({M}) [Code](https://x.org/c)",
    ),
    "behind a title": (
        f"- [Old]({M}), Ray. 2024.  ",
        f"- [Old]({M}), Ray. 2024. [Code](https://x.org/c)  ",
    ),
    "in its column": (
        f"|Paper|Code|\n|-|-|\n|[Old]({M})| |",
        f"|Paper|Code|\n|-|-|\n|[Old]({M})| [Code](https://x.org/c) |",
    ),
    "in HTML": (
        f"<table>\n<tr><td><a href='{M}'>Old</a></td></tr>\n</table>",
        f"<table>\n<tr><td><a href='{M}'>Old</a> <a href=\"https://x.org/c\">Code</a></td></tr>\n</table>",
    ),
    "below a heading": (
        f"#### [Old]({M})\n\nIt says.\n",
        f"#### [Old]({M})\n\nIt says.\n\n[Code](https://x.org/c)\n",
    ),
    "stars of a repository go with it": (
        f"- [Old]({M}) ([x](https://github.com/a/b)) ![S](https://img.shields.io/github/stars/a/b?s=1)",
        f"- [Old]({M}) [Code](https://x.org/c)",
    ),
    "badges go": (
        f"- [Old]({M}) [![s](https://b.org/s.svg)](https://x.org/s)",
        f"- [Old]({M}) [Code](https://x.org/c)",
    ),
}


@pytest.mark.parametrize(("old", "new"), LINKED.values(), ids=LINKED.keys())
def test_links_are_written_as_the_links_around_them(old: str, new: str) -> None:
    """The paper's own link stays, others go, given ones come in the entry's way of writing."""
    content = f"## S\n\n{old}".encode()
    done = edited(content, 0, "", [Link("Code", "https://x.org/c")])
    assert done.content.decode() == f"## S\n\n{new}"


def test_all_other_links_can_go() -> None:
    """No links leave the paper's own; the line of a link goes with it."""
    done = edited(SEED, 0, "", [])
    assert done.content == SEED.replace(
        b"\n\n  [Project](https://github.com/zhen-tan-dmml/llm4annotation)", b""
    )
    assert edit(done.content, 0, "", []).content == done.content
    assert edit(SEED, 0, "", None).content == SEED


def test_links_that_are_none() -> None:
    """Only web addresses are links, and none may lead to another paper."""
    for url in ("javascript:alert(1)", "ftp://x.org", "", "www.x.org"):
        with pytest.raises(UserError, match="no web address"):
            edit(SEED, 0, "", [Link("Code", url)])
    with pytest.raises(UserError, match="cannot be changed"):
        edit(SEED, 0, "", [Link("arXiv", N), Link("Other Paper of Some People", N)])
    with pytest.raises(UserError, match="no letters"):
        edit(SEED, 0, "\u200b", None)


MODELS = [
    SEED,
    f"## S\n- [Older Paper]({M}) *Tom Ray, Al Fox.* Arxiv 2024. [[code](https://x.org/y)]\n".encode(),
    (
        f"## S\r\n\r\n1. **Older Paper.** *Tom Ray.* 2024. [[pdf]({M})]; "
        "[[code](https://github.com/x/y)].\r\n"
    ).encode(),
    f"## S\n| Title | Year |\n|---|---|\n| [Older]({M}) | 2024 |\n\nText.\n## T\n".encode(),
    f"## S\n<table>\n<tr>\n<td><a href='{M}'>Older</a></td>\n</tr>\n</table>".encode(),
    f"## S\n#### [Older]({M})\n\nIt says. [demo](https://d.org)\n\n## T\nNothing yet.\n".encode(),
    f'## S\n"Older Paper Here", Ray, 2024 [pdf]({M})\n'.encode(),
    f"- [Older]({M})\r".encode(),
]
TEXTS = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(NASTY), min_size=1, max_size=4).map(" ".join)
)
LINKS = st.lists(
    st.builds(
        Link,
        st.one_of(TEXTS, st.sampled_from(["Code", "Paper", "demo", "arXiv"])),
        st.one_of(st.text(max_size=20), st.sampled_from(NASTY)).map("https://x.org/".__add__),
    ),
    max_size=3,
)


def title_of(text: str) -> str:
    """The text as a title reads in a list."""
    return clean_title(Paper(PaperId(""), text))


@pytest.mark.parametrize("content", MODELS)
def test_hostile_titles(content: bytes) -> None:
    """A new title reads as it was given, or is refused in a sentence; nothing else changes."""
    for title in NASTY:
        check_hostile_title(content, title)


def check_hostile_title(content: bytes, title: str) -> None:
    """The title in words reads as it is; alone it may be refused."""
    old, wanted = parse(content).entries[0].entry.title, f"Before {title} after it"
    assert edited(content, 0, wanted).entry.title == title_of(wanted)
    with suppress(UserError):
        assert edited(content, 0, title).entry.title == (title_of(title) or old)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(MODELS), TEXTS, LINKS)
def test_any_title_and_links(content: bytes, title: str, links: list[Link]) -> None:
    """Whatever is asked, the entry has just that afterwards, or the file is left alone."""
    try:
        done = edited(content, 0, title, links)
    except UserError:
        return
    own = {link.url for link in parse(content).entries[0].entry.links}
    wanted = {safe_url(link.url) for link in links}
    assert {link.url for link in done.entry.links} - own == wanted - own
    if title_of(title):
        assert done.entry.title == title_of(title)


LISTS = SHARED / "lists"


@pytest.mark.skipif(not LISTS.is_dir(), reason=f"the recorded lists are not at {LISTS}")
@pytest.mark.parametrize("path", sorted(LISTS.glob("*.md")), ids=lambda path: path.stem)
def test_other_peoples_lists(path: Path) -> None:
    """In eight lists of other people a title changes in place and back to the old bytes."""
    content = path.read_bytes()
    entries = parse(content).entries
    starts = [item.start for item in entries]
    alone = [at for at, start in enumerate(starts) if starts.count(start) == 1]
    ordinal, code = alone[len(alone) * 2 // 3], Link("Code", "https://x.org/c")
    there = edit(content, ordinal, "A New Way: Making [Data] Twice", None)
    back = edit(there.content, ordinal, entries[ordinal].entry.title, None)
    # A title over two lines comes back in one.
    assert back.content.split() == content.split()
    assert code.url in {link.url for link in edited(content, ordinal, "", [code]).entry.links}
