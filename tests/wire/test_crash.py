"""One life of the desk with many deaths; `tests.soak` has one life for every point there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.points import Kill
from tests.soak.crash import house_of, template
from tests.soak.crash_life import Life
from tests.soak.crash_story import differences, whole

if TYPE_CHECKING:
    from pathlib import Path

BEFORE, AFTER = False, True
POST, EDIT = "POST /channels/{channel_id}/messages", "PATCH /channels/{channel_id}/messages"
DEATHS = {
    1: [
        Kill(POST, 1, AFTER),
        Kill("PUT /channels/{channel_id}/messages", 2, AFTER),
        Kill("commit · Review", 1, AFTER),
        Kill(EDIT, 1, AFTER),
    ],
    2: [Kill("commit · Review", 1, AFTER)],
    3: [Kill(POST, 1, AFTER), Kill("commit · Corrections", 1, BEFORE)],
}
"""What each start dies of, act by act: the last in each is followed by a start that lives."""


@pytest.mark.long
async def test_nothing_is_lost_and_nothing_doubled_wherever_it_is_killed(tmp_path: Path) -> None:
    """Killed again and again in one life, it comes to what it comes to without any."""
    data = await template(tmp_path)
    async with house_of(tmp_path / "lived", data) as house:
        await Life(house).live()
        expected = await whole(house)
    async with house_of(tmp_path / "killed", data, DEATHS) as house:
        await Life(house).live()
        assert list(differences(expected, await whole(house))) == []
        assert house.deaths == sum(map(len, DEATHS.values()))
