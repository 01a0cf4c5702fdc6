"""/review threshold as maintainers use it in Discord, and at the console of a new bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.wire.lab import said
from tests.wire.test_commands import bot, folder
from tests.wire.test_review_commands import FINDS, NAMES, labels

if TYPE_CHECKING:
    from pathlib import Path

    from tests.wire.lab import Lab

__all__ = ["folder"]


@pytest.mark.long
async def test_a_threshold_is_looked_at_before_it_is_set(lab: Lab) -> None:
    """What it would have shown and missed; then a button, which holds after a restart."""
    discord, ana = lab.discord, lab.ana
    lab.arxiv.archive.add(*FINDS)
    async with lab.bot():
        card = await lab.open_card(NAMES[0])
        for name in NAMES[1:]:
            await lab.open_card(name)
        overview = await discord.slash(ana, lab.review, "review threshold")
        assert overview.ephemeral
        for words in ("The threshold is 0.5", "From config.toml", "0.5 · 3.0 · none judged"):
            assert words in overview.text
        await discord.click(ana, card, label="Approve")
        await discord.until(lambda: "✅" in said(card))

        preview = await discord.slash(ana, lab.review, "review threshold", score="100%")
        assert preview.ephemeral
        for words in (
            "Threshold 1 instead of 0.5",
            "1 would have shown 0, 0.0 a day: 3 fewer than 0.5.",
            "0.5: 100 %, 1 of 1 (21–100 %)",
            "1 approved paper would have been missed",
            NAMES[0],
        ):
            assert words in preview.text
        shown = preview.message
        assert shown is not None
        assert labels(shown) == ["Set 1"]
    async with lab.bot():
        await discord.click(ana, shown, label="Set 1")
        await discord.until(lambda: "The threshold is 1 now" in said(shown))
        assert labels(shown) == []
        told = "ana set the threshold to 1; it was 0.5."
        await discord.until(lambda: any(told in said(one) for one in lab.cards()))
        after = await discord.slash(ana, lab.review, "review threshold")
        assert "Set by ana on 17 Sep; config.toml says 0.5." in after.text
        await _bad_input_and_strangers(lab)


async def _bad_input_and_strangers(lab: Lab) -> None:
    """Both are told what is wrong, privately; nothing is set."""
    discord, ana, eve = lab.discord, lab.ana, lab.eve
    refused = await discord.slash(ana, lab.review, "review threshold", score="high")
    assert refused.ephemeral
    assert "“high” is no score: give one like 0.55 or 55%." in refused.text
    unsure = await discord.slash(
        ana, lab.review, "review threshold", score="0.4", confirm="perhaps"
    )
    assert "Confirm with “yes”, not “perhaps”" in unsure.text
    command = "review threshold"
    for stranger in (
        await discord.slash(eve, lab.review, command),
        await discord.slash(eve, lab.review, command, score="0.4"),
        await discord.slash(eve, lab.review, command, score="0.4", confirm="yes"),
    ):
        assert stranger.ephemeral
        assert "This is for maintainers" in stranger.text
    after = await discord.slash(ana, lab.review, "review threshold")
    assert "The threshold is 1" in after.text


def test_a_new_bot_takes_a_threshold_at_the_console(folder: Path) -> None:
    """Nothing was looked at yet: it says so, and how to set one."""
    typed = "/review threshold\n/review threshold 60%\n/review threshold 60% yes\n"
    out = bot(folder, "console", typed=typed + "/review threshold\n").stdout.decode()
    assert out.index("The threshold is 0.5") < out.index("No harvest has given scores yet.")
    assert "To set it, type /review threshold 0.6 yes" in out
    assert "The threshold is 0.6 now: it holds from the next harvest on." in out
    assert "config.toml says 0.5." in out.partition("The threshold is 0.6 now")[2]
