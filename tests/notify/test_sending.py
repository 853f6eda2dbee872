"""Trying again: which pauses, and when it ends."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webhooks import Time

from compliance.errors import NotificationError
from compliance.notify.sending import Patience, persistently


def patience(time: Time, **settings: float) -> Patience:
    return Patience(clock=time.clock, sleep=time.sleep, spread=lambda: 1.0, **settings)  # type: ignore[arg-type]


class Server:
    """Fails as the errors say, then takes what comes; each attempt costs `cost` seconds."""

    def __init__(self, time: Time, *errors: NotificationError, cost: float = 0.0) -> None:
        self._time = time
        self._errors = list(errors)
        self._cost = cost
        self.given: list[float] = []

    def __call__(self, seconds: float) -> str:
        """Take an attempt."""
        self.given.append(seconds)
        self._time.now += self._cost
        if self._errors:
            raise self._errors.pop(0)
        return "taken"


def passing(wait: float = 0.0) -> NotificationError:
    return NotificationError("busy", passing=True, wait=wait)


def test_what_passes_is_tried_again_after_growing_pauses() -> None:
    time = Time()
    server = Server(time, passing(), passing(), passing())
    assert persistently(server, patience(time)) == "taken"
    assert time.slept == [1.0, 2.0, 4.0]


def test_a_server_gets_the_time_that_it_asks_for() -> None:
    time = Time()
    assert persistently(Server(time, passing(wait=17.0)), patience(time)) == "taken"
    assert time.slept == [17.0]


def test_what_does_not_pass_is_not_tried_again() -> None:
    time = Time()
    server = Server(time, NotificationError("no such webhook"))
    with pytest.raises(NotificationError, match="no such webhook"):
        persistently(server, patience(time))
    assert (len(server.given), time.slept) == (1, [])


def test_nobody_waits_longer_than_there_is_time() -> None:
    time = Time()
    with pytest.raises(NotificationError, match="busy"):
        persistently(Server(time, passing(wait=61.0)), patience(time))
    assert time.slept == []


def test_the_last_of_so_many_attempts_is_the_last() -> None:
    time = Time()
    server = Server(time, *(passing() for _ in range(9)))
    with pytest.raises(NotificationError):
        persistently(server, patience(time, attempts=3))
    assert len(server.given) == 3


@given(
    st.lists(st.floats(0, 100).map(passing), max_size=9),
    st.floats(0, 30),
    st.integers(1, 6),
)
def test_it_ends_in_time_whatever_the_server_asks_for(
    errors: list[NotificationError], cost: float, attempts: int
) -> None:
    time = Time()
    server = Server(time, *errors, cost=cost)
    with suppress(NotificationError):
        persistently(server, patience(time, attempts=attempts))
    assert len(server.given) <= attempts
    assert sum(time.slept) < 60.0
    assert all(0 < given <= 20.0 for given in server.given)
