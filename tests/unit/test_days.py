"""Days as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import first_day, last_day
from bot.domain.errors import UserError


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-2", date(2023, 2, 1), date(2023, 2, 28)),
        (" 2024-05-12 ", date(2024, 5, 12), date(2024, 5, 12)),
        ("2024/5/1", date(2024, 5, 1), date(2024, 5, 1)),
        ("2024．０５", date(2024, 5, 1), date(2024, 5, 31)),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_a_year_a_month_or_a_day_is_a_span(typed: str, first: date, last: date) -> None:
    """From its first day to its last."""
    assert (first_day(typed), last_day(typed)) == (first, last)


@pytest.mark.parametrize("typed", ["x", "24", "2024-13", "2024-02-30", "2024-5-0", "0000", "2024-"])
def test_what_is_no_day_says_what_to_type(typed: str) -> None:
    """With what was typed."""
    for read in (first_day, last_day):
        with pytest.raises(UserError, match=f"“{typed}” is no day.* 2024-05-12"):
            read(typed)


@given(st.text(max_size=12))
def test_anything_typed_is_a_day_or_a_sentence(typed: str) -> None:
    """And never another error."""
    try:
        said = f"from {first_day(typed)} to {last_day(typed)}"
    except UserError as error:
        said = error.sentence
    assert ("is no day" in said) != said.startswith("from ")
