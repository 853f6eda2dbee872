"""The file: what it survives, and what it refuses."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from histories import SCOPE, Cluster, connections_begin_with, finding, judged, night, no_more_room, save_nights
from processes import started, told

from compliance.errors import StoreError
from compliance.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

KILLS = 50
CLUSTER = Cluster(100)


def _number_of_nights(url: str) -> int:
    """Check that the history is whole and as the nights were, and tell how many there are."""
    with open_store(url) as store:
        runs = store.history(SCOPE)
        assert store.check().runs == len(runs)
        for position, run in enumerate(reversed(runs[:2]), start=max(0, len(runs) - 2)):
            assert store.read(run) == CLUSTER.night(position)
        if runs:
            last = len(runs) - 1
            same = store.compare(CLUSTER.night(last), SCOPE, CLUSTER.coverage(last))
            assert (len(same.unchanged), same.new, same.fixed, same.unjudged) == (CLUSTER.size, (), (), ())
    return len(runs)


def _killed_while_saving(url: str, first: int, moment: float) -> int:
    """Save nights in a process that is killed amid its second one or later, at `moment` (0 to 1); how many it began."""
    with started(save_nights, url, SCOPE, range(first, first + 1000), CLUSTER.size) as (process, said):
        told(said)
        begun = time.monotonic()
        told(said)
        time.sleep(moment * (time.monotonic() - begun))
        process.kill()
        process.join()
        return 2 + sum(1 for _ in _rest(said))


def _rest(said: Connection) -> Iterator[object]:
    with suppress(EOFError):
        while said.poll():
            yield said.recv()


def test_killed_fifty_times_while_saving_it_has_every_finished_night_and_no_half_one(url: str, file: Path) -> None:
    chance = random.Random(20260101)  # noqa: S311 - moments, no secrets
    log = file.with_name(f"{file.name}-wal")
    nights = amid = 0
    for _ in range(KILLS):
        begun = _killed_while_saving(url, nights, chance.random())
        amid += log.exists() and log.stat().st_size > 0
        after = _number_of_nights(url)
        assert after - nights in {begun - 1, begun}
        nights = after
    assert amid > 0


def test_two_processes_that_write_at_once_both_succeed(url: str) -> None:
    with (
        started(save_nights, url, "production", range(15), 40) as (_first, one),
        started(save_nights, url, "staging", range(15), 40) as (_second, other),
    ):
        for said in (one, other):
            while told(said) is not None:
                pass
    with open_store(url) as store:
        assert store.check().runs == 30
        for scope in ("production", "staging"):
            assert store.latest(scope) == Cluster(40).night(14)
            assert [run.taken_at for run in store.history(scope)] == [
                Cluster(40).night(number).taken_at for number in range(14, -1, -1)
            ]


def test_a_full_disk_is_an_error_and_the_history_is_as_it_was(url: str, file: Path) -> None:
    with open_store(url) as store:
        store.save(CLUSTER.night(0), scope=SCOPE, coverage=CLUSTER.coverage(0))
    with no_more_room(file), open_store(url) as store:
        with pytest.raises(StoreError, match="the disk is full") as caught:
            store.save(CLUSTER.night(1), scope=SCOPE, coverage=CLUSTER.coverage(1))
        assert "make room" in caught.value.remedy
        assert store.latest(SCOPE) == CLUSTER.night(0)
    assert _number_of_nights(url) == 1
    with open_store(url) as store:
        store.save(CLUSTER.night(1), scope=SCOPE, coverage=CLUSTER.coverage(1))
    assert _number_of_nights(url) == 2


def _spoil(file: Path, marker: bytes) -> None:
    raw = bytearray(file.read_bytes())
    place = raw.index(marker)
    raw[place : place + len(marker)] = bytes(len(marker))
    file.write_bytes(raw)


def test_changed_content_is_not_believed(url: str, file: Path) -> None:
    with open_store(url) as store:
        store.save(night(0, [finding("web", message="a message to spoil")]), scope=SCOPE, coverage=judged())
    _spoil(file, b"a message to spoil")
    with open_store(url) as store:
        for read in (lambda: store.latest(SCOPE), store.check):
            with pytest.raises(StoreError, match="the history is damaged") as caught:
                read()
            assert "backup" in caught.value.remedy


def test_a_damaged_file_is_refused_when_it_is_opened(url: str, file: Path) -> None:
    with open_store(url) as store:
        store.save(CLUSTER.night(0), scope=SCOPE, coverage=CLUSTER.coverage(0))
    raw = bytearray(file.read_bytes())
    raw[3 * 4096 : 12 * 4096] = b"\xff" * (9 * 4096)
    file.write_bytes(raw)
    with pytest.raises(StoreError, match=r"history\.sqlite3") as caught:
        open_store(url)
    assert "backup" in caught.value.remedy


def test_what_is_no_database_is_refused_and_left_alone(url: str, file: Path) -> None:
    file.write_bytes(b"a report, not a database\n" * 100)
    with pytest.raises(StoreError, match="no SQLite database"):
        open_store(url)
    assert file.read_bytes().startswith(b"a report, not a database")


def test_another_programs_database_is_refused_and_left_alone(url: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE customers (name TEXT)")
    before = file.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(url)
    assert file.read_bytes() == before


def test_a_folder_is_no_file_and_a_missing_one_holds_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no regular file"):
        open_store(f"sqlite:///{tmp_path}")
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(f"sqlite:///{tmp_path}/missing/history")


def test_an_existing_file_keeps_its_mode(url: str, file: Path) -> None:
    with open_store(url):
        pass
    file.chmod(0o640)
    with open_store(url) as store:
        store.save(night(0), scope=SCOPE, coverage=judged())
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_file_that_may_only_be_read_is_found_by_trying(url: str) -> None:
    with open_store(url) as store:
        store.try_writing()
    with connections_begin_with("PRAGMA query_only = ON"), open_store(url) as store:
        with pytest.raises(StoreError, match="may not be written"):
            store.try_writing()
        assert store.scopes() == ()


def test_a_file_that_must_be_there_is_not_made(url: str, file: Path) -> None:
    with pytest.raises(StoreError, match="there is no history") as caught:
        open_store(url, make=False)
    assert "--store" in caught.value.remedy
    assert not file.exists()
