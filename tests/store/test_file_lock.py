"""Two audits of one scope do not overlap."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from histories import SCOPE, hold_lock, judged, night
from processes import started, told

from compliance.errors import ScopeLocked
from compliance.store import open_store

if TYPE_CHECKING:
    from compliance.store.history import Store


def test_a_scope_is_held_once_and_others_are_free(store: Store, url: str) -> None:
    with store.lock(SCOPE), open_store(url) as other:
        with pytest.raises(ScopeLocked, match=f"process {os.getpid()} since {datetime.now(UTC):%Y}"), other.lock(SCOPE):
            pass
        with other.lock("staging"):
            pass
    with store.lock(SCOPE):
        pass


def test_being_refused_does_not_let_go_of_what_is_held(store: Store, url: str) -> None:
    with open_store(url) as other, store.lock(SCOPE):
        for _ in range(2):
            with pytest.raises(ScopeLocked), other.lock(SCOPE):
                pass


def test_another_process_is_named_and_its_end_frees_the_scope(store: Store, url: str) -> None:
    with started(hold_lock, url, SCOPE) as (process, said):
        told(said)
        with pytest.raises(ScopeLocked, match=rf"process {process.pid} since ") as caught, store.lock(SCOPE):
            pass
        assert "wait" in caught.value.remedy
        process.kill()
        process.join()
        with store.lock(SCOPE):
            pass


def test_a_process_that_lets_go_frees_the_scope(store: Store, url: str) -> None:
    with started(hold_lock, url, SCOPE) as (process, said):
        told(said)
        said.send(None)
        process.join()
        with store.lock(SCOPE):
            pass


def test_a_failure_in_the_block_frees_the_scope(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.lock(SCOPE):
        raise ZeroDivisionError
    with store.lock(SCOPE):
        pass


def test_closing_the_store_lets_go(url: str) -> None:
    with open_store(url) as store:
        held = store.lock(SCOPE)
        held.__enter__()
    with open_store(url) as other, other.lock(SCOPE):
        pass
    held.__exit__(None, None, None)


def test_a_run_can_be_saved_while_its_scope_is_held(store: Store) -> None:
    with store.lock(SCOPE):
        store.save(night(0), scope=SCOPE, coverage=judged())
    (run,) = store.history(SCOPE)
    assert datetime.now(UTC) - run.taken_at > timedelta(days=-10_000)
