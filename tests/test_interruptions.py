"""What a signal raises waits for the end of a step that must not be broken off."""

from __future__ import annotations

import signal
import threading

import pytest

from compliance.interruptions import interrupt, uninterrupted


def test_what_arrives_is_raised_at_once() -> None:
    with pytest.raises(SystemExit):
        interrupt(SystemExit(143))


def test_a_step_is_done_to_its_end() -> None:
    done = []

    def step() -> None:
        with uninterrupted(), uninterrupted():
            interrupt(SystemExit(143))
            done.append("first")
        done.append("second")

    with pytest.raises(SystemExit):
        step()
    assert done == ["first"]
    with uninterrupted():
        done.append("nothing waits any more")


def test_a_step_that_fails_is_stopped_all_the_same() -> None:
    def step() -> None:
        with uninterrupted():
            interrupt(SystemExit(143))
            raise ValueError("broken")

    with pytest.raises(SystemExit) as raised:
        step()
    assert isinstance(raised.value.__context__, ValueError)


def test_other_threads_hold_nothing_up() -> None:
    inside, leave = threading.Event(), threading.Event()

    def work() -> None:
        with uninterrupted():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=work)
    thread.start()
    inside.wait(10)
    with pytest.raises(SystemExit):
        interrupt(SystemExit(143))
    leave.set()
    thread.join()


def test_it_works_in_a_signal_handler() -> None:
    done = []

    def step() -> None:
        with uninterrupted():
            signal.raise_signal(signal.SIGTERM)
            done.append("started")

    before = signal.signal(signal.SIGTERM, lambda *_: interrupt(SystemExit(143)))
    try:
        with pytest.raises(SystemExit):
            step()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert done == ["started"]
