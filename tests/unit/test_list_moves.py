"""Moving entries between sections: their own lines, in the form of the section they come to."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import NotFound, UserError
from bot.domain.list_text import encode
from bot.domain.markdown_list import Insertion, move, parse
from tests.conftest import SHARED
from tests.unit.test_markdown_list_edit import LISTS

SEED = (Path(__file__).resolve().parents[2] / "storage" / "seed" / "SynData-Papers.md").read_bytes()
SHARED_LISTS = SHARED / "lists"
M = "https://arxiv.org/abs/2402.13446"
N = "https://arxiv.org/abs/2311.00007"


def lines(content: bytes) -> list[bytes]:
    """The lines of a file without their endings."""
    return [line.rstrip(b"\r") for line in content.split(b"\n")]


def moved(content: bytes, ordinal: int, section: str) -> Insertion:
    """The move; every other entry reads as before, every line outside stays."""
    before = [item.entry for item in parse(content).entries]
    mine = before.pop(ordinal)
    done = move(content, ordinal, section)
    after = [item.entry for item in parse(done.content).entries]
    assert after.pop(done.ordinal) == done.entry
    assert after == before
    assert (done.entry.section, done.entry.title) == (section, mine.title)
    assert done.entry.ids[:1] == mine.ids[:1]
    gone = Counter(lines(content)) - Counter(lines(encode(mine.markdown)))
    gone -= Counter(lines(done.content))
    # Blank lines before the entry go, and the head of a table that has no other row.
    assert all(b"|" in line or not line.strip() for line in gone)
    return done


@pytest.mark.parametrize("ordinal", range(8))
def test_entries_of_the_shipped_list_keep_their_lines(ordinal: int) -> None:
    """Moved anywhere, an entry reads letter by letter as before, and it can go back."""
    entry = parse(SEED).entries[ordinal].entry
    for section in parse(SEED).sections:
        if section != entry.section:
            done = moved(SEED, ordinal, section)
            assert done.entry.markdown == entry.markdown
            assert moved(done.content, done.ordinal, entry.section).entry == entry


def test_windows_line_endings_move_along() -> None:
    """A file with CRLF keeps CRLF everywhere."""
    done = moved(SEED.replace(b"\n", b"\r\n"), 0, "Analysis Papers")
    assert done.content.count(b"\n") == done.content.count(b"\r\n")


def test_a_move_that_is_none() -> None:
    """To the section it stands in, to none there is, of no entry: each is said in a sentence."""
    with pytest.raises(UserError, match='stands in "Survey Papers" already'):
        move(SEED, 0, "Survey Papers")
    with pytest.raises(NotFound, match="Survey Papers, Research Papers, Analysis Papers"):
        move(SEED, 0, "Nowhere")
    with pytest.raises(NotFound, match="no entry 8"):
        move(SEED, 8, "Research Papers")


def test_papers_that_share_an_item_stay() -> None:
    """One of two papers in one item has no lines of its own to move."""
    both = f"- [One Paper With Title]({M}) and [Some Other Paper Title]({N})\n"
    with pytest.raises(UserError, match="shares its lines"):
        move(f"## S\n{both}## T\n".encode(), 0, "T")


FORMS = {
    "the next number": (
        f"- [Old]({M})\n  More.\n\n## T\n9. [New]({N})\n",
        f"## T\n9. [New]({N})\n10. [Old]({M})\n    More.\n",
    ),
    "a bullet instead of a number": (
        f"4. [Old]({M})\n\n## T\n* [New]({N})\n",
        f"## T\n* [New]({N})\n* [Old]({M})\n",
    ),
    "the first number of an empty section": (
        f"4. [Old]({M})\n5. [Other]({N})\n\n## T\n",
        f"5. [Other]({N})\n\n## T\n1. [Old]({M})\n",
    ),
    "a number within the text": (
        f"**[7]** [Old Paper of Ray]({M})\n\n## T\n\n**[2]** [New Paper of Ray]({N})\n",
        f"**[2]** [New Paper of Ray]({N})\n\n**[3]** [Old Paper of Ray]({M})\n",
    ),
    "another bullet stays": (
        f"* [Old]({M}) with *words*  \n\n## T\n- [New]({N})\n",
        f"- [New]({N})\n* [Old]({M}) with *words*  \n",
    ),
    "out of a group": (
        f"- Group\n  - [Old]({M})\n    - Nice.\n\n## T\n- [New]({N})\n",
        f"- [New]({N})\n- [Old]({M})\n  - Nice.\n",
    ),
    "a row of the same columns": (
        f"|A|Paper|\n|-|-|\n|x|[Old]({M})|\n\n## T\n|A|Paper|\n|-|-|\n|y|[New]({N})|\n",
        f"|y|[New]({N})|\n|x|[Old]({M})|\n",
    ),
    "a row with its head": (
        f"|A|Paper|\n|-|-|\n|x|[Old]({M})|\n|y|[New]({N})|\n\n## T\n",
        f"## T\n|A|Paper|\n|-|-|\n|x|[Old]({M})|\n",
    ),
    "a row of other columns": (
        f"|A|Paper|\n|-|-|\n|x|[Old]({M})|\n\n## T\n|Paper|Year|\n|-|-|\n|[New]({N})|2023|\n",
        f"|[New]({N})|2023|\n|[Old]({M})|2024|\n",
    ),
    "a bullet into a table": (
        f"- [Old]({M})\n\n## T\n|Year|Paper|\n|-|-|\n|2023|[New]({N})|\n",
        f"|2023|[New]({N})|\n|2024|[Old]({M})|\n",
    ),
    "authors of whom the first are named": (
        (
            f"- Tan Z, Li W, et al. Old[J]. arXiv, 2024.\n\n  [Paper]({M})\n\n"
            f"## T\n|Paper|Authors|\n|-|-|\n|[New]({N})|Tom Ray and Al Fox|\n"
        ),
        f"|[Old]({M})|Z Tan, W Li, et al.|\n",
    ),
    "links for which there is no column": (
        f"- [Old]({M}) [code](https://x.org/c)\n\n## T\n|Year|Paper|\n|-|-|\n|2023|[New]({N})|\n",
        f"|2023|[New]({N})|\n|2024|[Old]({M}) [code](https://x.org/c)|\n",
    ),
    "a row into bullets": (
        f"|Year|Paper|\n|-|-|\n|2023|[Old]({M})|\n\n## T\n- [New]({N}), 2023.\n",
        f"- [New]({N}), 2023.\n- [Old]({M}), 2024.\n",
    ),
}


@pytest.mark.parametrize(("old", "expected"), FORMS.values(), ids=FORMS.keys())
def test_the_form_of_the_section_is_kept(old: str, expected: str) -> None:
    """Markers and numbers follow the section; where the form is another, it is written anew."""
    content = f"## S\n{old}".encode()
    wanted = [line for line in lines(expected.encode()) if line]
    assert [line for line in lines(moved(content, 0, "T").content) if line][
        -len(wanted) :
    ] == wanted


@pytest.mark.skipif(
    not SHARED_LISTS.is_dir(), reason=f"the recorded lists are not at {SHARED_LISTS}"
)
@pytest.mark.parametrize("path", sorted(SHARED_LISTS.glob("*.md")), ids=lambda path: path.stem)
def test_other_peoples_lists(path: Path) -> None:
    """In eight lists of other people entries move between sections of the same and other forms."""
    content = path.read_bytes()
    parsed = parse(content)
    starts = [item.start for item in parsed.entries]
    alone = [at for at, start in enumerate(starts) if starts.count(start) == 1]
    ordinal = alone[len(alone) // 3]
    sections = [s for s in parsed.sections if s != parsed.entries[ordinal].entry.section]
    moved(content, ordinal, sections[ordinal % len(sections)])


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(LISTS, st.integers(0, 9), st.integers(0, 9), st.booleans())
def test_any_list_can_be_moved_about(content: bytes, ordinal: int, place: int, cut: bool) -> None:
    """In any list whatsoever a move does what it says or leaves the file alone."""
    content = content.rstrip() if cut else content
    parsed = parse(content)
    if parsed.entries:
        entry = parsed.entries[ordinal % len(parsed.entries)].entry
        sections = [name for name in parsed.sections if name != entry.section]
        with suppress(UserError):
            if sections:
                moved(content, ordinal % len(parsed.entries), sections[place % len(sections)])
