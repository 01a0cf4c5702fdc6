"""/review threshold: what another value would have shown, before it is set."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.commands.notices import notice_reply
from bot.domain.errors import NotAllowed, UserError
from bot.services.threshold import Threshold
from storage.models import Origin, Via
from storage.notices import Notices
from storage.settings import Settings
from tests.unit.desk import ANA, BEN, EVE
from tests.unit.looks import approve, bring, find, look, numbered, reject
from tests.unit.maintaining import Desks, open_desks, shown

if TYPE_CHECKING:
    from storage.database import Database
    from tests.fakes import FakeClock

DAY = timedelta(days=1).total_seconds()
TITLES = ("Alpha", "Beta", "Gamma", "Delta", "Eta", "Theta")


@pytest.fixture
async def desks(sqlite: Database, clock: FakeClock) -> Desks:
    """Everything behind /review."""
    return await open_desks(sqlite, clock)


async def month(desks: Desks, clock: FakeClock) -> None:
    """Thirty days: six approved and two rejected finds, three weak papers, one of them brought."""
    await look(desks, numbered(99), 0.01)
    clock.advance(30 * DAY)
    for number, title in enumerate(TITLES):
        made = numbered(number + 1, title=f"{title}: Synthetic Data")
        await approve(desks, await find(desks, made, 0.55 + number / 20))
    for number in (11, 12):
        await reject(desks, await find(desks, numbered(number), 0.52))
    for number in (21, 22, 23):
        await look(desks, numbered(number), 0.42)
    await approve(desks, await bring(desks, numbered(23), 0.42))


async def test_an_empty_database_says_so(desks: Desks) -> None:
    """Where the value comes from is known all the same, and one may set another."""
    assert shown(await desks.type("/review threshold")) == [
        "The threshold is 0.5",
        "From config.toml.",
        "No harvest has given scores yet.",
        "What another one changes: /review threshold 0.6",
    ]
    reply = await desks.type("/review threshold 0.6")
    assert shown(reply) == [
        "Threshold 0.6 instead of 0.5",
        "No harvest has given scores yet.",
        "Neither would have shown anything.",
        "Nothing has changed yet.",
    ]
    assert [button.label for button in reply.buttons] == ["Set 0.6"]


async def test_a_table_of_what_other_values_would_have_shown(
    desks: Desks, clock: FakeClock
) -> None:
    """Cards a day, and how much was approved of what was judged; what was not shown is unknown."""
    await month(desks, clock)
    reply = await desks.type("/review threshold")
    assert shown(reply) == [
        "The threshold is 0.5",
        "From config.toml.",
        "In 30 days the harvest looked at 12 papers.",
        "Score · cards a day · approved of those judged (95 %)",
        "0.3 · 0.4 · 75 % of 8 (41–93 %)",
        "0.4 · 0.4 · 75 % of 8 (41–93 %)",
        "0.5 · 0.3 · 75 % of 8 (41–93 %)",
        "0.6 · 0.2 · 100 % of 5 (57–100 %)",
        "0.7 · 0.1 · 100 % of 3 (44–100 %)",
        "0.8 · 0.0 · 100 % of 1 (21–100 %)",
        "Below 0.5 nobody has judged what was not shown.",
        "What another one changes: /review threshold 0.6",
    ]
    bold = [line.spans[0].text[:3] for line in reply.lines if line.spans[0].bold]
    assert bold == ["0.5"]


async def test_a_higher_value_names_what_would_have_been_missed(
    desks: Desks, clock: FakeClock
) -> None:
    """Five titles at the most, the best first; what a member asked for would have been shown."""
    await month(desks, clock)
    lines = shown(await desks.type("/review threshold 79%"))
    assert lines == [
        "Threshold 0.79 instead of 0.5",
        "In 30 days the harvest looked at 12 papers.",
        "0.79 would have shown 1, 0.0 a day: 7 fewer than 0.5.",
        "Approved of those judged (95 % interval):",
        "0.79: 100 %, 1 of 1 (21–100 %)",
        "0.5: 75 %, 6 of 8 (41–93 %)",
        "5 approved papers would have been missed:",
        *(f"• {title}: Synthetic Data" for title in TITLES[4::-1]),
        "Nothing has changed yet.",
    ]
    assert "… and 1 more" in shown(await desks.type("/review threshold 0.9"))
    made = numbered(31, title="Asked For")
    number = await find(desks, made, 0.6)
    await bring(desks, made)
    await approve(desks, number)
    assert "• Asked For" not in shown(await desks.type("/review threshold 0.9"))
    few = shown(await desks.type("/review threshold 0.53"))
    assert "No approved paper would have been missed." in few


async def test_a_lower_value_says_what_nobody_has_judged(desks: Desks, clock: FakeClock) -> None:
    """And how many of those came by hand and were approved; they do not count as judged."""
    await month(desks, clock)
    lines = shown(await desks.type("/review threshold 0.4"))
    assert lines[2:] == [
        "0.4 would have shown 11, 0.4 a day: 3 more than 0.5.",
        "Approved of those judged (95 % interval):",
        "0.4: 75 %, 6 of 8 (41–93 %)",
        "0.5: 75 %, 6 of 8 (41–93 %)",
        "Of the 3 more nobody has judged 2; 1 came by hand and were approved.",
        "Nothing has changed yet.",
    ]
    same = shown(await desks.type("/review threshold 0.45"))
    assert same[2] == "0.45 would have shown 8, 0.3 a day: as many as 0.5."


async def test_sweeps_and_what_waits_are_not_judged(desks: Desks, clock: FakeClock) -> None:
    """They would have been shown, and nobody looked at them one by one."""
    await look(desks, numbered(99), 0.01)
    clock.advance(2 * DAY)
    for number in (1, 2, 3):
        await find(desks, numbered(number), 0.6)
    await desks.type("/review sweep 0.7 yes")
    await find(desks, numbered(4), 0.8)
    lines = shown(await desks.type("/review threshold 0.65"))
    assert lines[1:6] == [
        "In 2 days the harvest looked at 5 papers.",
        "0.65 would have shown 1, 0.5 a day: 3 fewer than 0.5.",
        "Approved of those judged (95 % interval):",
        "0.65: nothing decided",
        "0.5: nothing decided",
    ]


async def test_more_cards_than_are_sent_are_said_to_wait(desks: Desks, clock: FakeClock) -> None:
    """The ceiling of a day holds whatever the threshold is."""
    for number in range(1, 21):
        await look(desks, numbered(number), 0.4)
    clock.advance(3600)
    ceiling = "At most 6 cards a day are sent; the rest waits."
    assert ceiling in shown(await desks.type("/review threshold 0.4"))
    assert ceiling in shown(await desks.type("/review threshold"))
    assert ceiling not in shown(await desks.type("/review threshold 0.6"))


async def test_of_the_time_before_scores_were_kept_only_finds_are_known(
    desks: Desks, clock: FakeClock
) -> None:
    """That is said: what was not shown then is missing."""
    found = await desks.office.candidate(numbered(1), Origin.HARVEST, 0.7)
    await approve(desks, found.id)
    clock.advance(20 * DAY)
    only = "Of the last 20 days only what was shown is known."
    assert only in shown(await desks.type("/review threshold"))
    await look(desks, numbered(2), 0.4)
    clock.advance(5 * DAY)
    lines = shown(await desks.type("/review threshold 0.4"))
    assert lines[1] == (
        "In 25 days the harvest looked at 1 papers. "
        "What was not shown is known for the last 5 days only."
    )
    assert lines[2] == "0.4 would have shown 2, 0.1 a day: 1 more than 0.5."


async def test_the_button_sets_it_and_says_from_when(desks: Desks, clock: FakeClock) -> None:
    """In the place of the preview; who set it and when stands in the overview."""
    await month(desks, clock)
    done = await desks.push(await desks.type("/review threshold 0.6"), "Set 0.6", BEN)
    assert done.in_place
    (said,) = shown(done)
    assert said == (
        "The threshold is 0.6 now: it holds from the next harvest on. "
        "What waits stays; /review sweep 0.6 turns down what is below."
    )
    assert shown(await desks.type("/review threshold"))[:2] == [
        "The threshold is 0.6",
        "Set by Ben on 16 Oct; config.toml says 0.5.",
    ]
    assert shown(await desks.type("/review threshold 0.6")) == ["The threshold is 0.6 already."]


async def test_all_maintainers_are_told_of_another_value(desks: Desks, clock: FakeClock) -> None:
    """In the review channel: each time, by whom, and what it was before."""
    for score in ("0.6", "0.7", "0.5"):
        await desks.type(f"/review threshold {score} yes", BEN)
        clock.advance(60)
    notices = await desks.office.database.read(lambda c: Notices(c).unsaid())
    assert [one.text for one in notices] == [
        "Ben set the threshold to 0.6; it was 0.5.",
        "Ben set the threshold to 0.7; it was 0.6.",
        "Ben set the threshold to 0.5; it was 0.7.",
    ]
    assert notice_reply(notices[0]).title == "Another threshold"


async def test_a_button_under_an_older_preview_sets_nothing(desks: Desks) -> None:
    """Somebody has set another value since: what that changes is shown first."""
    before = await desks.type("/review threshold 0.6")
    await desks.type("/review threshold 0.7 yes", BEN)
    again = await desks.push(before, "Set 0.6")
    assert again.in_place
    assert shown(again)[:2] == [
        "Threshold 0.6 instead of 0.7",
        "The threshold has changed meanwhile; nothing was set yet.",
    ]
    assert shown(await desks.push(again, "Set 0.6")) == [
        "The threshold is 0.6 now: it holds from the next harvest on."
    ]


async def test_at_the_console_a_yes_sets_it(desks: Desks) -> None:
    """It says how; anything but a yes is asked about."""
    lines = shown(await desks.type("/review threshold 0.4", via=Via.CONSOLE))
    assert "To set it, type /review threshold 0.4 yes" in lines
    with pytest.raises(UserError, match="Confirm with “yes”, not “perhaps”"):
        await desks.type("/review threshold 0.4 perhaps")
    assert await desks.read("/review threshold 40% yes") == [
        "The threshold is 0.4 now: it holds from the next harvest on."
    ]
    assert (await desks.read("/review threshold"))[0] == "The threshold is 0.4"


@pytest.mark.parametrize("typed", ["high", "0", "-0.5", "101%", "nan", "1e-3", "0x1"])
async def test_what_is_no_score_is_refused(desks: Desks, typed: str) -> None:
    """As in a sweep, typed or in a forged button."""
    with pytest.raises(UserError, match="is no score"):
        await desks.type(f"/review threshold {typed}")
    with pytest.raises(UserError, match="is no score"):
        await desks.press("threshold", f"{typed}/0.5")
    assert (await desks.read("/review threshold"))[0] == "The threshold is 0.5"


@pytest.mark.parametrize("typed", ["0.000000001", "0.0001%", "1", "33.333333%"])
async def test_any_score_that_can_be_typed_can_be_set(desks: Desks, typed: str) -> None:
    """The button carries it as it is."""
    (button,) = (await desks.type(f"/review threshold {typed}")).buttons
    done = await desks.press(button.action, button.argument)
    assert "it holds from the next harvest on" in shown(done)[0]
    assert shown(await desks.type(f"/review threshold {typed}"))[0].endswith("already.")


async def test_a_yes_needs_a_score(desks: Desks) -> None:
    """Nothing is set by it alone."""
    with pytest.raises(UserError, match="is no score"):
        await desks.type("/review threshold --confirm yes")


async def test_a_stranger_sees_and_sets_nothing(desks: Desks) -> None:
    """By word or by button."""
    reply = await desks.type("/review threshold 0.6")
    for line in ("/review threshold", "/review threshold 0.6", "/review threshold 0.6 yes"):
        with pytest.raises(NotAllowed, match="maintainers"):
            await desks.type(line, EVE)
    with pytest.raises(NotAllowed, match="maintainers"):
        await desks.push(reply, "Set 0.6", EVE)
    assert (await desks.read("/review threshold"))[0] == "The threshold is 0.5"


async def test_whoever_spoke_last_counts(sqlite: Database, clock: FakeClock) -> None:
    """A value that was set holds until another one stands in config.toml."""
    before = Threshold(database=sqlite, configured=0.5)
    assert await before.value() == 0.5
    await before.set(0.62, ANA, clock.now())
    assert await Threshold(database=sqlite, configured=0.5).value() == 0.62
    standing = await before.standing()
    assert (standing.by, standing.at) == ("Ana", clock.now())
    after = Threshold(database=sqlite, configured=0.7)
    assert await after.value() == 0.7
    assert (await after.standing()).at is None
    assert await sqlite.read(lambda c: Settings(c).get("relevance.threshold")) is not None
