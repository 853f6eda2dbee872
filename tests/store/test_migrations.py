"""Files of older versions are brought up to date, those of newer ones refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from histories import SCOPE, finding, judged, night, save_nights
from processes import started, told

from compliance.errors import StoreError
from compliance.store import migrations, open_store
from compliance.store.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection


def _version(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT version FROM compliance_schema").fetchone()[0])


def _one_more(monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """Have a version with one step more than this one has."""

    def step(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, step))


@pytest.fixture
def old(url: str, file: Path) -> Path:
    """A file that this version wrote, with one night in it."""
    with open_store(url) as store:
        store.save(night(0, [finding("web")]), scope=SCOPE, coverage=judged("web"))
    return file


def test_an_old_file_takes_the_new_step_and_keeps_all_that_it_held(
    old: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _one_more(monkeypatch, "ALTER TABLE compliance_run ADD COLUMN note VARCHAR(10)")
    with open_store(url) as store:
        assert store.latest(SCOPE) == night(0, [finding("web")])
        assert store.check().runs == 1
    assert _version(old) == len(migrations.STEPS)


def test_a_step_that_fails_leaves_the_file_as_it_was(old: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _version(old)
    with monkeypatch.context() as patched:
        _one_more(patched, "DROP TABLE compliance_holder", "CREATE TABLE compliance_run (id INTEGER)")
        with pytest.raises(StoreError, match="already exists"):
            open_store(url)
    assert _version(old) == before
    with open_store(url) as store, store.lock(SCOPE):
        assert len(store.history(SCOPE)) == 1


def test_a_newer_schema_is_refused_and_left_alone(url: str, file: Path) -> None:
    with open_store(url):
        pass
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE compliance_schema SET version = 99")
    with pytest.raises(StoreError, match="schema 99") as caught:
        open_store(url)
    assert "newer" in caught.value.remedy
    assert _version(file) == 99


def test_queries_name_the_columns_that_migrations_made(url: str, file: Path) -> None:
    with open_store(url), closing(sqlite3.connect(file)) as connection:
        for table in TABLES:
            made = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")]
            assert made == [column.name for column in table.columns]


def test_processes_that_make_the_same_new_file_at_once_all_succeed(url: str) -> None:
    scopes = [f"cluster-{number}" for number in range(4)]
    runs = [started(save_nights, url, scope, range(2), 4) for scope in scopes]
    opened = [run.__enter__() for run in runs]
    for _process, said in opened:
        while told(said) is not None:
            pass
    for run in runs:
        run.__exit__(None, None, None)
    with open_store(url) as store:
        assert list(store.scopes()) == scopes
        assert store.check().runs == 8


def test_runs_from_before_it_was_told_were_whole(old: Path, url: str) -> None:
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("ALTER TABLE compliance_run DROP COLUMN whole")
        connection.execute("DROP TABLE compliance_notice")
        connection.execute("UPDATE compliance_schema SET version = 1")
    with open_store(url) as store:
        (run,) = store.history(SCOPE)
        assert run.whole
        assert store.latest(SCOPE) == night(0, [finding("web")])
