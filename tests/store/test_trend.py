"""Counts by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from histories import PROBE, REPLICAS, SCOPE, day, finding, judged, night

from compliance.model import Severity
from compliance.store import trend

if TYPE_CHECKING:
    from compliance.store.history import Store


def test_a_row_for_each_day_from_its_last_run(store: Store) -> None:
    for moment, rules in ((0, [PROBE]), (1, [PROBE, REPLICAS]), (1.4, [REPLICAS]), (3, [])):
        taken = night(moment, [finding("web", rule) for rule in rules])
        store.save(taken, scope=SCOPE, coverage=judged("web"))
    rows = trend.per_day(store.history(SCOPE))
    assert [row.date for row in rows] == [day(number).date() for number in (0, 1, 3)]
    assert [(row.findings[Severity.HIGH], row.findings[Severity.LOW]) for row in rows] == [(1, 0), (0, 1), (0, 0)]


def test_nothing_comes_of_nothing() -> None:
    assert trend.per_day(()) == ()
