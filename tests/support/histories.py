"""Nights for the history: assessments of Deployments that either have a readiness probe or do not."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.pool import Pool

from compliance.baseline import Coverage
from compliance.model import Assessment, Finding, Origin, Rule, Severity, Subject, Target
from compliance.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from compliance.model import Gap, Waiver

START = datetime(2026, 1, 1, 2, tzinfo=UTC)
SCOPE = "production"
PROBE, REPLICAS = "probes.missing_readiness", "availability.single_replica"
RULES = {
    PROBE: Rule(PROBE, "Containers say when they are ready", "d", Severity.HIGH, ("workload",), "r", "development"),
    REPLICAS: Rule(REPLICAS, "More than one replica", "d", Severity.LOW, ("workload",), "r", "sre"),
}


def day(number: float) -> datetime:
    """The time of a night, by its number."""
    return START + timedelta(days=number)


def subject(name: str) -> Subject:
    """The Deployment of that name."""
    return Subject("Deployment", name, "shop", SCOPE)


def finding(name: str, rule: str = PROBE, *, message: str = "is wrong", waiver: Waiver | None = None) -> Finding:
    """What the rule objects to in a Deployment."""
    origin = Origin(f"{SCOPE}/{name}", is_file=False)
    return Finding(rule, RULES[rule].severity, subject(name), message, "containers[web]", origin, "sre", waiver=waiver)


def night(number: float, findings: Iterable[Finding] = (), gaps: Sequence[Gap] = ()) -> Assessment:
    """The assessment of one night."""
    found = tuple(findings)
    return Assessment(
        taken_at=day(number),
        tool_version="1.2.3",
        rules_digest="ab" * 32,
        engine="wasm",
        targets=(Target("cluster", SCOPE),),
        inputs=(),
        subjects=len(found),
        judged=dict.fromkeys(RULES, len(found)),
        findings=found,
        gaps=tuple(gaps),
        passed_over=(),
        rules=RULES,
    )


def judged(*names: str, rules: Iterable[str] = RULES, gaps: Iterable[Gap] = ()) -> Coverage:
    """What was judged: Deployments of these names, as often as they are named, by these rules."""
    seen = Counter((str(subject(name)), "workload") for name in names)
    return Coverage(seen, {id_: RULES[id_] for id_ in rules}, gaps)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that changes every night: `size` Deployments are wrong, half of which were so the night before."""

    size: int

    def night(self, number: int) -> Assessment:
        """What an audit finds."""
        return night(number, map(finding, self._names(number)))

    def coverage(self, number: int) -> Coverage:
        """What was wrong the night before is judged again."""
        return judged(*{*self._names(number - 1), *self._names(number)})

    def _names(self, number: int) -> list[str]:
        first = number * (self.size // 2)
        return [f"web-{index}" for index in range(first, first + self.size)]


def save_nights(url: str, scope: str, numbers: Sequence[int], size: int, ready: Connection) -> None:
    """Save one night after the other, for a process of its own; send its number before, and None when all is done."""
    cluster = Cluster(size)
    with open_store(url) as store:
        for number in numbers:
            ready.send(number)
            store.save(cluster.night(number), scope=scope, coverage=cluster.coverage(number))
    ready.send(None)


def hold_lock(url: str, scope: str, ready: Connection) -> None:
    """Hold the lock of a scope until the other end says something or is gone, for a process of its own."""
    with open_store(url) as store, store.lock(scope):
        ready.send(None)
        ready.poll(None)


@contextmanager
def no_more_room(file: Path) -> Iterator[None]:
    """Let the file grow by no page from now on: SQLite then says what it says of a full disk."""
    with closing(sqlite3.connect(file)) as plain:
        (pages,) = plain.execute("PRAGMA page_count").fetchone()
    with connections_begin_with(f"PRAGMA max_page_count = {pages}"):
        yield


@contextmanager
def connections_begin_with(statement: str) -> Iterator[None]:
    """Have every new connection to SQLite run this first."""

    def begin(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(statement)

    event.listen(Pool, "connect", begin)
    try:
        yield
    finally:
        event.remove(Pool, "connect", begin)
