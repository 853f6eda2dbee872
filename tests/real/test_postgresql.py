"""The history in a real PostgreSQL: what it survives, and what it refuses."""

from __future__ import annotations

import random
import re
import time
import uuid
from typing import TYPE_CHECKING

import pytest
from histories import SCOPE, Cluster, day, finding, hold_lock, judged, night, save_nights
from history_model import Night, assert_same, nights
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgresql_server import PASSWORD
from processes import started, told

from compliance.errors import ScopeLocked, StoreError
from compliance.model import Severity
from compliance.store import migrations, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postgresql_server import PostgreSQLServer

    from compliance.store.history import Store

pytestmark = pytest.mark.real

KILLS = 10
CLUSTER = Cluster(200)


@pytest.fixture
def database(postgresql: PostgreSQLServer) -> str:
    """A database of its own, by name."""
    name = f"test_{uuid.uuid4().hex}"
    postgresql.create(name)
    return name


@pytest.fixture
def url(postgresql: PostgreSQLServer, database: str) -> str:
    """The same by URL."""
    return postgresql.url(database)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The history in it, open."""
    with open_store(url) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(postgresql: PostgreSQLServer) -> Iterator[Store]:
    """A history for many examples, each in a scope of its own."""
    with open_store(postgresql.create(f"test_{uuid.uuid4().hex}")) as opened:
        yield opened


def _assert_whole(store: Store, count: int) -> None:
    runs = store.history(SCOPE)
    assert store.check().runs == len(runs) == count
    assert [run.taken_at for run in runs] == [day(number) for number in range(count - 1, -1, -1)]
    assert store.latest(SCOPE) == CLUSTER.night(count - 1)
    same = store.compare(CLUSTER.night(count - 1), SCOPE, CLUSTER.coverage(count - 1))
    assert (len(same.unchanged), same.new, same.fixed, same.unjudged) == (CLUSTER.size, (), (), ())


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(nights(), min_size=1, max_size=5))
def test_the_history_says_what_a_dict_would(shared: Store, runs: list[Night]) -> None:
    assert_same(shared, uuid.uuid4().hex, runs)


def test_what_is_saved_outlives_the_connection_and_is_retained(store: Store, url: str) -> None:
    hostile = "\x00 größe 東京 '; DROP TABLE compliance_run; --"
    for number in range(4):
        store.save(night(number, [finding("web", message=f"{hostile}{number}")]), scope=SCOPE, coverage=judged("web"))
    retained = store.retain(now=day(3), runs=2)
    assert (retained.runs, retained.pieces) == (2, 6)
    with open_store(url) as again:
        assert again.latest(SCOPE) == night(3, [finding("web", message=f"{hostile}3")])
        assert again.check().runs == 2


@pytest.mark.parametrize(("crash", "tls"), [(False, False), (True, False), (False, True)])
def test_a_server_that_restarts_amid_writing_loses_no_night_and_doubles_none(
    postgresql: PostgreSQLServer, database: str, *, crash: bool, tls: bool
) -> None:
    trusting = f"&sslrootcert={postgresql.authority}"
    url = postgresql.tcp_url(database, "localhost", trusting) if tls else postgresql.url(database)
    count, chance = 12, random.Random(20260101)  # noqa: S311 - moments, no secrets
    with started(save_nights, url, SCOPE, range(count), CLUSTER.size) as (_process, said):
        restarts = 0
        while told(said) is not None:
            if restarts < 3:
                time.sleep(chance.uniform(0, 0.1))
                postgresql.stop(crash=crash)
                time.sleep(chance.uniform(0, 0.5))
                postgresql.start()
                restarts += 1
    with open_store(url) as store:
        _assert_whole(store, count)


def test_a_server_that_stays_away_is_an_error_and_the_history_is_intact(postgresql: PostgreSQLServer, url: str) -> None:
    with open_store(url, patience=0.5) as store:
        store.save(CLUSTER.night(0), scope=SCOPE, coverage=CLUSTER.coverage(0))
        postgresql.stop()
        try:
            with pytest.raises(StoreError, match="no connection") as caught:
                store.save(CLUSTER.night(1), scope=SCOPE, coverage=CLUSTER.coverage(1))
        finally:
            postgresql.start()
        assert "server runs" in caught.value.remedy
        _assert_whole(store, 1)


def test_killed_while_saving_it_has_every_finished_night_and_no_half_one(
    postgresql: PostgreSQLServer, database: str, url: str
) -> None:
    chance = random.Random(20260101)  # noqa: S311
    count = 0
    for _ in range(KILLS):
        with started(save_nights, url, SCOPE, range(count, count + 1000), CLUSTER.size) as (process, said):
            told(said)
            begun = time.monotonic()
            told(said)
            time.sleep(chance.random() * (time.monotonic() - begun))
            process.kill()
        postgresql.wait_until_left(database)
        with open_store(url) as store:
            after = len(store.history(SCOPE))
            assert after > count
            _assert_whole(store, after)
        count = after


def test_two_processes_that_write_at_once_both_succeed(url: str) -> None:
    with (
        started(save_nights, url, "production", range(10), 40) as (_first, one),
        started(save_nights, url, "staging", range(10), 40) as (_second, other),
    ):
        for said in (one, other):
            while told(said) is not None:
                pass
    with open_store(url) as store:
        assert store.check().runs == 20
        assert store.latest("production") == store.latest("staging") == Cluster(40).night(9)


def test_a_scope_is_held_by_one_process_who_is_named_and_whose_end_frees_it(store: Store, url: str) -> None:
    with started(hold_lock, url, SCOPE) as (process, said):
        told(said)
        with pytest.raises(ScopeLocked, match=rf"process {process.pid} since 20"), store.lock(SCOPE):
            pass
        with store.lock("staging"):
            pass
        process.kill()
        process.join()
        _eventually_held(store)


def _eventually_held(store: Store) -> None:
    """Take the lock, which the server frees as soon as it notices that the connection is closed."""
    deadline = time.monotonic() + 10
    while True:
        try:
            with store.lock(SCOPE):
                return
        except ScopeLocked:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_lock_that_a_restart_took_is_taken_again(postgresql: PostgreSQLServer, store: Store, url: str) -> None:
    with store.lock(SCOPE), open_store(url) as other:
        postgresql.stop()
        postgresql.start()
        store.save(night(0), scope=SCOPE, coverage=judged())
        with pytest.raises(ScopeLocked), other.lock(SCOPE):
            pass


def test_a_run_whose_lock_went_to_another_is_not_saved(postgresql: PostgreSQLServer, store: Store, url: str) -> None:
    with store.lock(SCOPE), open_store(url) as other:
        postgresql.stop()
        postgresql.start()
        with other.lock(SCOPE), pytest.raises(ScopeLocked):
            store.save(night(0), scope=SCOPE, coverage=judged())
        assert other.history(SCOPE) == ()


def test_a_wrong_password_is_an_error_at_once_and_no_password_is_told(
    postgresql: PostgreSQLServer, database: str
) -> None:
    started_at = time.monotonic()
    with pytest.raises(StoreError, match="password authentication failed") as caught:
        open_store(postgresql.url(database, password="hunter2"))  # noqa: S106 - a wrong one
    assert time.monotonic() - started_at < 5
    assert "hunter2" not in f"{caught.value} {caught.value.remedy} {caught.value.__cause__}"


def test_a_user_without_rights_and_a_database_that_is_not_there(postgresql: PostgreSQLServer, database: str) -> None:
    role = f"guest_{uuid.uuid4().hex}"
    postgresql.sql(f"CREATE ROLE {role} LOGIN PASSWORD 'guest'")
    with pytest.raises(StoreError, match="may not do that") as caught:
        open_store(postgresql.url(database, user=role, password="guest"))  # noqa: S106 - made above
    assert "CREATE" in caught.value.remedy
    with pytest.raises(StoreError, match="does not exist"):
        open_store(postgresql.url("no_such_database"))


def test_tls_is_verified_where_the_connection_may_leave_the_machine(
    postgresql: PostgreSQLServer, database: str
) -> None:
    with open_store(postgresql.tcp_url(database, "localhost", f"&sslrootcert={postgresql.authority}")) as store:
        assert store.scopes() == ()
    for host, query in (("localhost", ""), ("elsewhere.test", f"&sslrootcert={postgresql.authority}")):
        with pytest.raises(StoreError, match=re.compile("certificate", re.IGNORECASE)) as caught:
            open_store(postgresql.tcp_url(database, host, query))
        assert PASSWORD not in str(caught.value)


def test_a_newer_schema_is_refused(postgresql: PostgreSQLServer, store: Store, database: str) -> None:
    postgresql.sql("UPDATE compliance_schema SET version = 99", database=database)
    with pytest.raises(StoreError, match="schema 99"):
        open_store(postgresql.url(database))
    assert store.scopes() == ()


def test_changed_content_is_not_believed(postgresql: PostgreSQLServer, store: Store, database: str) -> None:
    store.save(night(0, [finding("web")]), scope=SCOPE, coverage=judged())
    postgresql.sql("UPDATE compliance_piece SET body = body || '\\x20'", database=database)
    for read in (lambda: store.latest(SCOPE), store.check):
        with pytest.raises(StoreError, match="the history is damaged"):
            read()


def test_each_channel_is_told_each_opening_once(store: Store) -> None:
    def untold() -> tuple[int, int, int]:
        said = store.untold(SCOPE, "chat", Severity.HIGH)
        store.mark_told(said, at=day(0))
        store.mark_told(said, at=day(0))
        return len(said.findings), len(said.fixed), len(said.gone)

    told_of = []
    for number, names in enumerate([("web", "api"), ("web", "api"), ("web",), (), ("web", "db")]):
        found = [finding(name) for name in names]
        whole = number == 3
        seen = judged("db") if whole else judged("web", "api", "db")
        store.save(night(number, found), scope=SCOPE, coverage=seen, whole=whole)
        told_of.append(untold())
    assert told_of == [(2, 0, 0), (0, 0, 0), (0, 1, 0), (0, 0, 1), (2, 0, 0)]
    assert len(store.untold(SCOPE, "mail", Severity.HIGH).findings) == 2
    assert len(store.untold(SCOPE, "mail", Severity.CRITICAL).findings) == 0


def test_retention_takes_notices_with_their_openings(store: Store, postgresql: PostgreSQLServer, database: str) -> None:
    store.save(night(0, [finding("web")]), scope=SCOPE, coverage=judged("web"))
    said = store.untold(SCOPE, "chat", Severity.HIGH)
    store.mark_told(said, at=day(0))
    for number in (1, 2):
        store.save(night(number), scope=SCOPE, coverage=judged("web"))
    store.retain(now=day(2), runs=1)
    store.mark_told(said, at=day(2))
    assert postgresql.sql("SELECT count(*) FROM compliance_notice", database=database).strip() == "0"


def test_a_history_of_before_learns_of_channels(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", migrations.STEPS[:-1])
        with open_store(url) as old:
            old.save(night(0, [finding("web")]), scope=SCOPE, coverage=judged("web"))
    with open_store(url) as store:
        assert len(store.untold(SCOPE, "chat", Severity.HIGH).findings) == 1
