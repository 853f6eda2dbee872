"""What is made of a server's `Date`, and how far two clocks may be apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from compliance.sources.cluster import clock

_DATE = "Thu, 01 Jan 2026 02:00:10 GMT"
_HERE = datetime(2026, 1, 1, 2, tzinfo=UTC)


def test_it_is_told_as_of_an_earlier_moment() -> None:
    assert clock.before(_DATE, 10.0) == _HERE


@pytest.mark.parametrize("date", [None, "", "yesterday", "Thu, 99 Jan 2026 02:00:10 GMT", "x" * 100_000])
def test_what_is_no_date_tells_nothing(date: str | None) -> None:
    assert clock.before(date, 0.0) is None


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        (timedelta(hours=1), "1 hour ahead of"),
        (timedelta(hours=-23), "23 hours behind"),
        (timedelta(hours=36), "2 days ahead of"),
        (timedelta(days=-365), "365 days behind"),
    ],
)
def test_how_far_they_are_apart_is_said(apart: timedelta, said: str) -> None:
    (gap,) = clock.gaps("unit", _HERE + apart, _HERE)
    assert gap.why == f"the clock here is {said} the server's"


@pytest.mark.parametrize("there", [None, _HERE, _HERE + timedelta(minutes=59)])
def test_nothing_is_said_of_a_clock_that_is_right_or_not_known(there: datetime | None) -> None:
    assert clock.gaps("unit", _HERE, there) == []
