"""What is kept, and what goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from histories import SCOPE, Cluster, day, finding, judged, night

from compliance.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.store.history import Store

CLUSTER = Cluster(20)


def save(store: Store, *numbers: int, scope: str = SCOPE) -> None:
    for number in numbers:
        store.save(CLUSTER.night(number), scope=scope, coverage=CLUSTER.coverage(number))


def kept(store: Store, scope: str = SCOPE) -> list[int]:
    return [(run.taken_at - day(0)).days for run in store.history(scope)]


def test_so_many_runs_of_each_scope_are_kept(store: Store) -> None:
    save(store, 0, 1, 2, 3)
    save(store, 0, scope="staging")
    retained = store.retain(now=day(3), runs=2)
    assert (kept(store), kept(store, "staging")) == ([3, 2], [0])
    assert retained.runs == 2
    assert store.check().runs == 3


def test_so_many_days_are_kept(store: Store) -> None:
    save(store, 0, 5, 9, 10)
    assert store.retain(now=day(10), days=5).runs == 1
    assert kept(store) == [10, 9, 5]


def test_a_run_stays_when_either_says_so(store: Store) -> None:
    save(store, 0, 1, 9, 10)
    store.retain(now=day(10), runs=3, days=1)
    assert kept(store) == [10, 9, 1]


def test_a_clock_that_runs_ahead_costs_no_scope_its_newest_run(store: Store) -> None:
    save(store, 0, 1)
    store.retain(now=day(10_000), days=30)
    assert kept(store) == [1]


def test_what_is_kept_is_whole_and_keeps_its_ages(store: Store) -> None:
    for number in range(10):
        store.save(night(number, [finding("web")]), scope=SCOPE, coverage=judged("web"))
    store.retain(now=day(9), runs=1)
    assert store.latest(SCOPE) == night(9, [finding("web")])
    comparison = store.compare(night(10, [finding("web")]), SCOPE, judged("web"))
    assert comparison.unchanged[0].first_seen == day(0)


def test_content_that_only_removed_runs_had_is_removed_and_its_room_given_back(store: Store, file: Path) -> None:
    big = Cluster(500)
    for number in range(0, 20, 2):
        store.save(big.night(number), scope=SCOPE, coverage=big.coverage(number))
    before, pieces = file.stat().st_size, store.check().pieces
    retained = store.retain(now=day(20), runs=1)
    assert retained.pieces > 2000
    assert store.check().pieces == pieces - retained.pieces
    assert file.stat().st_size < before / 3


def test_what_was_never_judged_again_is_forgotten_with_the_runs_that_saw_it(store: Store) -> None:
    store.save(night(0, [finding("web")]), scope=SCOPE, coverage=judged())
    store.save(night(1), scope=SCOPE, coverage=judged())
    store.retain(now=day(1), runs=2)
    assert len(store.compare(night(2), SCOPE, judged()).unjudged) == 1
    store.retain(now=day(1), runs=1)
    assert store.compare(night(2), SCOPE, judged()).unjudged == ()


@pytest.mark.parametrize("rule", [{}, {"runs": 0}, {"days": 0}, {"runs": 5, "days": -1}, {"days": 10**9}])
def test_a_rule_that_keeps_nothing_is_refused(store: Store, rule: dict[str, int]) -> None:
    save(store, 0)
    with pytest.raises(UsageError, match="retention wants"):
        store.retain(now=day(0), **rule)
    assert kept(store) == [0]
