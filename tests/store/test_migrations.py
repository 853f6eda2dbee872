"""Files of older versions are brought up to date, those of newer ones refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from histories import PROBE, REPLICAS, SCOPE, day, finding, judged, night, save_nights
from processes import started, told

from compliance.errors import StoreError
from compliance.model import Severity
from compliance.store import migrations, open_store
from compliance.store.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import Connection

OLD = Path(__file__).with_name("schema_1.sql")


@pytest.fixture
def old(file: Path) -> Path:
    """A file of schema 1, as it was written: two nights, the second with a waiver and a gap."""
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(OLD.read_text())
    return file


def _version(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT version FROM compliance_schema").fetchone()[0])


def test_the_old_file_is_one_of_schema_1(old: Path) -> None:
    assert _version(old) == 1


@pytest.mark.usefixtures("old")
def test_an_old_file_keeps_all_that_it_held_and_gets_its_counts(url: str) -> None:
    with open_store(url) as store:
        second, first = store.history(SCOPE)
        assert store.read(first) == night(0, [finding("web"), finding("api", REPLICAS)])
        assert (first.findings[Severity.HIGH], first.findings[Severity.LOW], first.waived, first.gaps) == (1, 1, 0, 0)
        assert (second.findings[Severity.HIGH], second.findings[Severity.LOW], second.waived) == (1, 0, 1)
        assert second.gaps == 1
        comparison = store.compare(night(2, [finding("web")]), SCOPE, judged("web"))
        assert comparison.unchanged[0].first_seen == day(0)
        assert comparison.unchanged[0].finding.rule == PROBE
        assert store.check().runs == 2


def test_a_step_that_fails_leaves_the_file_as_it_was(old: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    count = migrations.STEPS[1]

    def breaks(connection: Connection) -> None:
        count(connection)
        connection.exec_driver_sql("CREATE TABLE compliance_run (id INTEGER)")

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", (migrations.STEPS[0], breaks))
        with pytest.raises(StoreError, match="already exists"):
            open_store(url)
    assert _version(old) == 1
    with open_store(url) as store:
        assert len(store.history(SCOPE)) == 2


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
