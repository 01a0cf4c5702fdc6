"""/papers save, saved, unsave and the buttons of a reading list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.commands.keeping_definitions import keeping_presses
from bot.commands.languages import in_language
from bot.console import render
from bot.domain.errors import NotFound, UserError
from bot.domain.sentences import Language
from bot.services import reading_list
from storage.catalogue import Catalogue
from storage.models import PaperId, Via
from storage.papers import Papers
from storage.saved import Counts, ReadingLists
from tests.factories import SOURCE2SYNTH, paper
from tests.unit.keeping import ANA, BEN, CONTENT, HARVESTED, LISTED, SURVEY, open_keeping, said

if TYPE_CHECKING:
    from bot.commands.reply import Reply
    from storage.database import Database
    from tests.fakes import FakeClock
    from tests.unit.keeping import Keeping


@pytest.fixture
async def keeping(sqlite: Database, clock: FakeClock) -> Keeping:
    """A small list, and what is known beside it."""
    return await open_keeping(sqlite, clock)


def pressed(reply: Reply, label: str) -> tuple[str, str]:
    """What the button of that label carries."""
    return next((one.action, one.argument) for one in reply.buttons if one.label == label)


async def fill(keeping: Keeping, count: int) -> list[PaperId]:
    """So many papers on Ana's list, a minute apart; the one saved last is first."""
    ids = [PaperId(f"arXiv:2412.{1 + n:05}") for n in range(count)]
    papers = [paper(id=one, title=f"Paper {n} of Many") for n, one in enumerate(ids)]
    await keeping.database.write(lambda c: Papers(c).store(papers, keeping.clock.now()))
    for one in ids:
        await keeping.type("save", paper=one)
        keeping.clock.advance(60)
    return ids[::-1]


async def test_saving_shows_saving_again_changes_nothing(keeping: Keeping) -> None:
    """By a command or by a Save button; what to do next stands beside it."""
    first = await keeping.type("save", paper="source2synth")
    assert said(first).startswith("\nSaved to your reading list: Source2Synth")
    assert "1 paper to read: /papers saved" in said(first)
    again = await keeping.press("save", SOURCE2SYNTH)
    assert "Already on your reading list" in said(again)
    assert pressed(again, "Remove") == ("unsave", SOURCE2SYNTH)


async def test_a_stranger_saves_for_the_stranger(keeping: Keeping) -> None:
    """A Save button under somebody else's shared answer; nobody sees another one's list."""
    await keeping.type("save", paper=SOURCE2SYNTH)
    await keeping.press("save", HARVESTED, BEN)
    mine, theirs = await keeping.type("saved"), await keeping.type("saved", BEN)
    assert "Source2Synth" in said(mine)
    assert "Harvested Only" not in said(mine)
    assert "Harvested Only" in said(theirs)
    assert not mine.shareable
    assert not theirs.shareable


async def test_an_empty_list_says_how_to_fill_it(keeping: Keeping) -> None:
    """And one where everything was read, or nothing, how to see the rest."""
    assert "/papers save PAPER" in said(await keeping.type("saved"))
    await keeping.type("save", paper=SURVEY)
    assert "nothing as read" in said(await keeping.type("saved", show="read"))
    await keeping.press("read", SURVEY)
    shown = await keeping.type("saved")
    assert "/papers saved with show all" in said(shown)
    assert pressed(shown, "Read") == ("savedpage", "1.read")


async def test_pages_lead_on_and_carry_all_they_need(keeping: Keeping) -> None:
    """Five a page, numbered through; a menu opens one."""
    ids = await fill(keeping, 12)
    first = await keeping.type("saved")
    assert first.title == "Your reading list: 12 unread, 0 read"
    assert first.footer == "1 of 3"
    assert first.menu is not None
    assert [one.value for one in first.menu.choices] == ids[:5]
    second = await keeping.press(*pressed(first, "Next ›"))
    assert second.in_place
    assert "6. Paper 6 of Many" in said(second)
    assert second.menu is not None
    assert [one.value for one in second.menu.choices] == ids[5:10]
    assert "12. Paper 0" in said(await keeping.type("saved", via=Via.CONSOLE))


async def test_buttons_mark_and_take_off_where_they_stand(keeping: Keeping) -> None:
    """The page is shown as it is then; what was taken off can be put back."""
    ids = await fill(keeping, 6)
    page = await keeping.type("saved", show="all")
    after = await keeping.press(*pressed(page, "✓ Read 2"))
    assert after.title == "Your reading list: 5 unread, 1 read"
    assert after.in_place
    removed = await keeping.press(*pressed(page, "Remove 1"))
    assert removed.title == "Your reading list: 4 unread, 1 read"
    assert said(removed).split("\n")[1] == "Taken off your reading list: Paper 5 of Many"
    back = await keeping.press(*pressed(removed, "Put back"))
    assert back.title == "Your reading list: 5 unread, 1 read"
    unread = await keeping.press("savedunread", f"1.all {ids[1]}")
    assert unread.title == "Your reading list: 6 unread, 0 read"


async def test_the_last_page_may_vanish(keeping: Keeping) -> None:
    """Its last paper is taken off: the page before is shown; pressing twice does no harm."""
    await fill(keeping, 6)
    last = await keeping.press("savedpage", "2.unread")
    once = await keeping.press(*pressed(last, "Remove 6"))
    assert once.menu is not None
    assert len(once.menu.choices) == 5
    twice = await keeping.press(*pressed(last, "Remove 6"))
    assert twice.title == once.title
    assert twice.menu == once.menu


async def test_read_is_marked_with_its_day(keeping: Keeping) -> None:
    """Marking twice keeps the first day."""
    await keeping.type("save", paper=SURVEY)
    reply = await keeping.press("read", SURVEY)
    assert pressed(reply, "Mark unread") == ("unread", SURVEY)
    keeping.clock.advance(3 * 86_400)
    await keeping.press("read", SURVEY)
    assert "read 16 Sep" in said(await keeping.type("saved", show="read"))
    assert "Unread again" in said(await keeping.press("unread", SURVEY))


async def test_unsave_takes_ids_links_and_words(keeping: Keeping) -> None:
    """Of what stands on the member's own list."""
    for typed in ("arXiv:2402.13446", "2402.13446v2", "acl:2024.emnlp-main.54", "数据 annotation"):
        await keeping.type("save", paper=SURVEY)
        reply = await keeping.type("unsave", paper=typed)
        assert "Taken off" in said(reply)
        assert pressed(reply, "Put back") == ("save", SURVEY)
        with pytest.raises(NotFound, match="/papers saved"):
            await keeping.type("unsave", paper=typed)


async def test_what_left_the_list_is_still_there(keeping: Keeping) -> None:
    """A paper by itself; an entry without one is gone, says so, and can be taken off."""
    await keeping.type("save", paper=SURVEY)
    await keeping.type("save", paper="A Tool")
    assert "A Tool" in said(await keeping.type("saved"))
    await keeping.database.write(
        lambda c: Catalogue(c).replace("l.md", CONTENT, (), LISTED[1:2], keeping.clock.now())
    )
    shown = await keeping.type("saved")
    assert "数据 & Annotation" in said(shown)
    assert "not on the list any more" in said(shown)
    (gone,) = [one for one in shown.buttons if "entry:" in one.argument]
    assert gone.action == "savedremove"
    after = await keeping.press(gone.action, gone.argument)
    assert after.title == "Your reading list: 1 unread, 0 read"
    assert not any(one.action == "savedback" for one in after.buttons)


async def test_a_list_is_full_at_some_point(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so and nothing is saved; what stands there can be saved again."""
    monkeypatch.setattr(reading_list, "MOST", 2)
    await fill(keeping, 2)
    with pytest.raises(UserError, match="/papers unsave"):
        await keeping.type("save", paper=SURVEY)
    counts = await keeping.database.read(lambda c: ReadingLists(c).counts(ANA.id))
    assert counts == Counts(2, 0)
    assert "Already" in said(await keeping.type("save", paper="arXiv:2412.00001"))


async def test_buttons_that_fit_nothing_are_errors_of_ours(keeping: Keeping) -> None:
    """Whatever a button of another version carries."""
    for action, argument in (
        ("save", "entry:99999"),
        ("unsave", "arXiv:2402.13446"),
        ("read", ""),
        ("unread", "x" * 90),
        ("savedpage", "all"),
        ("savedpage", "0.all"),
        ("savedpage", "1.none"),
        ("savedread", ""),
        ("savedremove", "1."),
    ):
        with pytest.raises(UserError):
            await keeping.press(action, argument)


async def test_every_button_has_somebody_who_answers(keeping: Keeping) -> None:
    """And fits into the 100 characters that Discord has for what a button carries."""
    await fill(keeping, 6)
    known = keeping_presses(keeping.group)
    page = await keeping.type("saved")
    removed = await keeping.press(*pressed(page, "Remove 1"))
    for reply in (page, removed, await keeping.type("save", paper=SURVEY)):
        assert all(one.action in known for one in reply.buttons)
        assert all(len(f"{one.action}:{one.argument}") <= 100 for one in reply.buttons)


async def test_it_is_said_in_chinese_too(keeping: Keeping) -> None:
    """Titles stay as they are."""
    await keeping.type("save", paper=SOURCE2SYNTH)
    await keeping.press("read", SOURCE2SYNTH)
    reply = in_language(await keeping.type("saved", show="all"), Language.CHINESE)
    assert "你的阅读列表：0 篇未读，1 篇已读" in render(reply)
    assert {"未读 1", "移除 1"} <= {one.label for one in reply.buttons}
