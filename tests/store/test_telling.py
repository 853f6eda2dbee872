"""A comparison as an assessment tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from histories import PROBE, SCOPE, day, finding, judged, night

from compliance.model import History, Origin, Seen, Waiver
from compliance.store import content
from compliance.store.telling import with_history

if TYPE_CHECKING:
    from compliance.model import Assessment
    from compliance.store.history import Store

WAIVER = Waiver(PROBE, "**", "r", "a", date(2027, 1, 1), None, Origin("w.yaml"))


def _told(store: Store, taken: Assessment, *seen: str) -> Assessment:
    saved = store.save(taken, scope=SCOPE, coverage=judged(*seen), whole=True)
    return with_history(taken, saved.run, saved.comparison, store.trend(saved.run))


def test_each_open_finding_knows_since_when_and_what_ended_is_listed(store: Store) -> None:
    _told(store, night(0, [finding("web"), finding("db"), finding("old")]), "web", "db", "old")
    taken = night(3, [finding("api"), finding("web"), finding("job", waiver=WAIVER)])
    told = _told(store, taken, "api", "web", "db", "job")

    assert [each.seen for each in told.findings] == [Seen(day(3), day(3), new=True), Seen(day(0), day(3)), None]
    ended = Seen(day(0), day(0))
    assert told.history == History(
        scope=SCOPE,
        run=2,
        previous=day(0),
        new=1,
        unchanged=1,
        fixed=(replace(finding("db"), seen=ended),),
        gone=(replace(finding("old"), seen=ended),),
        trend=store.trend(store.history(SCOPE)[0]),
    )


def test_of_equal_findings_one_may_be_new(store: Store) -> None:
    _told(store, night(0, [finding("web")]), "web")
    told = _told(store, night(1, [finding("web"), finding("web")]), "web", "web")
    assert [each.seen.first for each in told.findings if each.seen] == [day(0), day(1)]


def test_what_a_history_tells_is_not_what_it_keeps(store: Store) -> None:
    taken = night(0, [finding("web")])
    told = _told(store, taken, "web")
    assert told != taken
    assert content.pack(told) == content.pack(taken)
    assert store.latest(SCOPE) == taken


def test_a_run_of_a_part_is_no_day_of_the_trend(store: Store) -> None:
    _told(store, night(0, [finding("web")]), "web")
    saved = store.save(night(1), scope=SCOPE, coverage=judged())
    assert [each.date for each in store.trend(saved.run)] == [day(0).date()]


def test_a_trend_has_the_days_up_to_a_run(store: Store) -> None:
    for number in (0, 50, 89, 91):
        _told(store, night(number, [finding("web")]), "web")
    newest, before, *_ = store.history(SCOPE)
    assert [each.date for each in store.trend(newest)] == [day(number).date() for number in (50, 89, 91)]
    assert [each.date for each in store.trend(before)] == [day(number).date() for number in (0, 50, 89)]
