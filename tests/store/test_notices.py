"""What a channel has been told: by opening, whatever happens to the runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from histories import PROBE, REPLICAS, SCOPE, day, finding, judged, night

from compliance.model import Origin, Severity, Waiver
from compliance.store import migrations, open_store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from compliance.model import Finding
    from compliance.store.history import Store
    from compliance.store.records import Untold

WAIVER = Waiver(PROBE, "*", "accepted", "Ada", date(2026, 12, 31), None, Origin("waivers.yaml"))


def save(store: Store, number: int, *findings: Finding, names: tuple[str, ...] = ("web",), scope: str = SCOPE) -> None:
    store.save(night(number, findings), scope=scope, coverage=judged(*names))


def untold(store: Store, channel: str = "chat", at_least: Severity = Severity.HIGH, scope: str = SCOPE) -> Untold:
    return store.untold(scope, channel, at_least)


def subjects(said: Untold) -> list[str]:
    return [tracked.finding.subject.name for tracked in said.findings]


def test_what_is_open_is_untold_until_it_is_marked(store: Store) -> None:
    save(store, 0, finding("web"), finding("web", REPLICAS))
    said = untold(store)
    assert [tracked.finding.rule for tracked in said.findings] == [PROBE]
    assert said.findings[0].first_seen == day(0)
    store.mark_told(said, at=day(0))
    assert untold(store).findings == ()
    save(store, 1, finding("web"))
    assert untold(store).findings == ()


def test_marking_twice_is_marking_once(store: Store) -> None:
    save(store, 0, finding("web"))
    said = untold(store)
    store.mark_told(said, at=day(0))
    store.mark_told(said, at=day(1))
    assert untold(store).findings == ()
    assert store.check().runs == 1


def test_what_was_not_marked_is_told_with_what_came_since(store: Store) -> None:
    save(store, 0, finding("web"))
    save(store, 1, finding("web"), finding("api"), names=("web", "api"))
    assert subjects(untold(store)) == ["web", "api"]


def test_what_comes_back_is_untold_again_and_was_fixed_once(store: Store) -> None:
    save(store, 0, finding("web"), finding("api"), names=("web", "api"))
    store.mark_told(untold(store), at=day(0))
    save(store, 1, names=("web", "api"))
    assert (untold(store).findings, len(untold(store).fixed)) == ((), 2)
    save(store, 2, finding("web"), names=("web", "api"))
    said = untold(store)
    assert (subjects(said), len(said.fixed), said.findings[0].first_seen) == (["web"], 2, day(2))
    store.mark_told(said, at=day(2))
    assert untold(store) == replace(said, findings=(), openings=(), fixed=(), gone=())


def test_what_is_gone_with_its_subject_is_not_fixed(store: Store) -> None:
    save(store, 0, finding("web"))
    store.mark_told(untold(store), at=day(0))
    store.save(night(1), scope=SCOPE, coverage=judged(), whole=True)
    assert (len(untold(store).fixed), len(untold(store).gone)) == (0, 1)


def test_channels_and_scopes_know_nothing_of_each_other(store: Store) -> None:
    save(store, 0, finding("web"))
    save(store, 0, finding("web"), scope="staging")
    store.mark_told(untold(store), at=day(0))
    assert subjects(untold(store, "mail")) == ["web"]
    assert subjects(untold(store, scope="staging")) == ["web"]
    assert untold(store, scope="nowhere").findings == ()


def test_a_severity_that_rises_to_the_threshold_is_news(store: Store) -> None:
    save(store, 0, replace(finding("web"), severity=Severity.MEDIUM))
    assert untold(store).findings == ()
    save(store, 1, finding("web"))
    said = untold(store)
    assert (subjects(said), said.findings[0].first_seen) == (["web"], day(0))
    store.mark_told(said, at=day(1))
    save(store, 2, replace(finding("web"), severity=Severity.CRITICAL))
    assert untold(store).findings == ()


def test_what_is_waived_is_told_when_the_waiver_is_gone(store: Store) -> None:
    save(store, 0, finding("web", waiver=WAIVER))
    assert untold(store).findings == ()
    save(store, 1, finding("web"))
    assert subjects(untold(store)) == ["web"]


def test_what_was_not_judged_this_time_is_still_to_be_told(store: Store) -> None:
    save(store, 0, finding("web"))
    save(store, 1, names=())
    assert subjects(untold(store)) == ["web"]


def test_retention_takes_notices_with_their_openings(store: Store, file: Path) -> None:
    save(store, 0, finding("web"))
    store.mark_told(untold(store), at=day(0))
    save(store, 1)
    save(store, 2, finding("web"))
    said = untold(store)
    store.retain(now=day(2), runs=1)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM compliance_notice").fetchone() == (0,)
    store.mark_told(said, at=day(2))
    assert untold(store).findings == ()


def test_what_retention_removed_meanwhile_is_marked_without_a_complaint(store: Store) -> None:
    save(store, 0, finding("web"), finding("api"), names=("web", "api"))
    said = untold(store)
    save(store, 1, finding("api"), names=("web", "api"))
    save(store, 2, finding("api"), names=("web", "api"))
    store.retain(now=day(2), runs=1)
    store.mark_told(said, at=day(2))
    assert untold(store).findings == ()


def test_a_history_of_before_learns_of_channels(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", migrations.STEPS[:-1])
        with open_store(url) as store:
            save(store, 0, finding("web"))
    with open_store(url) as store:
        assert subjects(untold(store)) == ["web"]
        store.mark_told(untold(store), at=day(1))
        assert untold(store).findings == ()
