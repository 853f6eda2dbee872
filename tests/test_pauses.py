"""How long to wait before asking again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import pauses

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOON_TEXT = format_datetime(NOON, usegmt=True)


def test_a_pause_is_twice_as_long_each_time_and_has_an_end() -> None:
    found = [pauses.growing(0.25, attempt, 1.0) for attempt in (0, 1, 2, 3, 6, 7, 10**9)]
    assert found == [0.25, 0.5, 1.0, 2.0, 16.0, 30.0, 30.0]


def test_clients_do_not_keep_in_step() -> None:
    found = {pauses.spread() for _ in range(100)}
    assert len(found) > 50
    assert all(0.5 <= factor <= 1.5 for factor in found)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("99999999999999999999", 3600.0),
        ("Thu, 01 Jan 2026 12:00:30 GMT", 30.0),
        ("Thu, 01 Jan 2026 12:00:30 -0000", 30.0),
        ("Thu, 01 Jan 2026 13:00:30 +0100", 30.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("Fri, 31 Dec 2100 23:59:59 GMT", 3600.0),
        ("", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("1.5", 0.0),
        ("٣", 0.0),
        ("Fri, 99 Foo 2100", 0.0),
        ("Thu, 01 Jan 2026 12:00:30 +99999999999999999", 0.0),
    ],
)
def test_what_a_server_asks_for_is_seconds_or_a_date(text: str, seconds: float) -> None:
    assert pauses.asked(text, NOON_TEXT) == seconds


def test_without_the_server_s_time_a_date_counts_from_ours() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert 85 < pauses.asked(until) <= 90
    assert 85 < pauses.asked(until, "who knows") <= 90


@given(st.text(), st.text())
def test_whatever_a_server_says_is_a_pause(retry_after: str, date: str) -> None:
    assert 0 <= pauses.asked(retry_after, date) <= pauses.LONGEST_ASKED
