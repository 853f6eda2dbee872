"""What is saved is read back, and compared with what was open before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from histories import PROBE, REPLICAS, SCOPE, Cluster, day, finding, judged, night

from compliance.errors import StoreError, UsageError
from compliance.model import (
    BaselineReport,
    Excerpt,
    Gap,
    Input,
    Origin,
    PassedOver,
    Scanner,
    Severity,
    Span,
    Stage,
    Standing,
    Waiver,
    WaiverReport,
    WaiverState,
)
from compliance.store import open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.baseline import Coverage
    from compliance.model import Assessment
    from compliance.store.history import Store
    from compliance.store.records import Comparison, Tracked

WAIVER = Waiver(PROBE, "**", "r", "a", date(2027, 1, 1), None, Origin("w.yaml", Span(3)))
LISTING = Gap(Stage.COLLECT, "Secret", "forbidden", "grant it")


def names(tracked: Sequence[Tracked]) -> list[str]:
    return [each.finding.subject.name for each in tracked]


def save(store: Store, taken: Assessment, *seen: str) -> Comparison:
    return store.save(taken, scope=SCOPE, coverage=judged(*seen)).comparison


def everything() -> Assessment:
    """An assessment that has something in every field."""
    gap = Gap(Stage.EVALUATE, "Pod/a", "past its deadline", "", PROBE, Origin("a.yaml", Span(1, 2, 3), "chart a"))
    shown = replace(
        finding("web"),
        excerpt=Excerpt(1, 2, ("a", "b")),
        expired_waiver=WAIVER,
        standing=Standing.KNOWN,
        enforced=False,
    )
    hostile = "<b>\x00\u202e größe 東京 '; DROP TABLE compliance_run; --"
    return replace(
        night(0, (shown, finding("db", REPLICAS, message=hostile, waiver=WAIVER)), (gap,)),
        inputs=(Input("a.yaml", "kubernetes", "01" * 32, 2),),
        passed_over=(PassedOver("b.yml", "a pipeline"),),
        waivers=(WaiverReport(WAIVER, WaiverState.INVALID, 0, "no such rule"),),
        baseline=BaselineReport(1, 2, ("f" * 32,)),
        scanners=(
            Scanner("trivy", "0.59.1", datetime(2026, 2, 1, 6, tzinfo=UTC), 2),
            Scanner("grype", None, None, None),
        ),
    )


def test_what_is_saved_is_read_back_whole(store: Store, url: str) -> None:
    taken = everything()
    store.save(taken, scope=SCOPE, coverage=judged())
    with open_store(url) as again:
        assert again.latest(SCOPE) == taken


def test_findings_keep_their_order_however_many_there_are(store: Store) -> None:
    taken = night(0, (finding(f"web-{number}") for number in range(3000, 0, -1)))
    save(store, taken)
    assert store.latest(SCOPE) == taken


def test_nothing_is_known_of_a_scope_that_was_never_saved(store: Store) -> None:
    assert store.latest(SCOPE) is None
    assert store.history(SCOPE) == ()
    comparison = store.compare(night(0, [finding("web")]), SCOPE, judged("web"))
    assert (comparison.previous, names(comparison.new)) == (None, ["web"])


def test_the_history_tells_runs_with_their_counts_the_newest_first(store: Store) -> None:
    save(store, night(0, [finding("web"), finding("web", REPLICAS), finding("db", waiver=WAIVER)], [LISTING]))
    save(store, night(1, [finding("web")]))
    newest, oldest = store.history(SCOPE)
    assert (newest.taken_at, oldest.taken_at) == (day(1), day(0))
    assert oldest.findings == {**dict.fromkeys(Severity, 0), Severity.HIGH: 1, Severity.LOW: 1}
    assert (oldest.waived, oldest.gaps, newest.waived, newest.gaps) == (1, 1, 0, 0)
    assert store.history(SCOPE, since=day(0.5)) == (newest,)
    assert store.history(SCOPE, limit=1) == (newest,)
    assert store.read(oldest).gaps == (LISTING,)


def test_scopes_know_nothing_of_each_other(store: Store) -> None:
    for scope in ("staging", "production"):
        saved = store.save(night(0, [finding("web")]), scope=scope, coverage=judged("web"))
        assert names(saved.comparison.new) == ["web"]
    assert store.scopes() == ("production", "staging")


def test_new_unchanged_and_fixed(store: Store) -> None:
    save(store, night(0, [finding("web"), finding("api")]))
    comparison = save(store, night(1, [finding("api"), finding("db")]), "web", "api", "db")
    assert comparison.previous == day(0)
    assert (names(comparison.new), names(comparison.unchanged), names(comparison.fixed)) == (["db"], ["api"], ["web"])
    assert (comparison.gone, comparison.unjudged) == ((), ())


def test_how_long_a_finding_has_been_open(store: Store) -> None:
    for number in range(4):
        comparison = save(store, night(number, [finding("web")]), "web")
    (open_,) = comparison.unchanged
    assert (open_.first_seen, open_.last_seen) == (day(0), day(3))
    (fixed,) = save(store, night(4), "web").fixed
    assert (fixed.first_seen, fixed.last_seen) == (day(0), day(3))


def test_a_finding_that_comes_back_after_it_was_fixed_is_new(store: Store) -> None:
    for number, findings in enumerate([[finding("web")], [], [finding("web")]]):
        comparison = save(store, night(number, findings), "web")
    (new,) = comparison.new
    assert new.first_seen == day(2)


@pytest.mark.parametrize(
    "coverage",
    [
        judged(),
        judged("web", rules=[REPLICAS]),
        judged("web", gaps=[Gap(Stage.EVALUATE, "production/Deployment/shop/web", "it broke", "", PROBE)]),
        judged("web", gaps=[Gap(Stage.EVALUATE, "production/Deployment/shop/web", "it broke", "")]),
    ],
)
def test_what_was_not_judged_is_open_still(store: Store, coverage: Coverage) -> None:
    save(store, night(0, [finding("web")]))
    for number in (1, 2):
        comparison = store.save(night(number), scope=SCOPE, coverage=coverage).comparison
        assert (comparison.fixed, comparison.gone, comparison.unchanged) == ((), (), ())
        (unjudged,) = comparison.unjudged
        assert (unjudged.first_seen, unjudged.last_seen) == (day(0), day(0))
    (unchanged,) = save(store, night(3, [finding("web")]), "web").unchanged
    assert unchanged.first_seen == day(0)


def test_what_no_longer_exists_is_gone_when_the_run_saw_the_whole_scope(store: Store) -> None:
    save(store, night(0, [finding("web")]))
    not_whole = store.compare(night(1), SCOPE, judged("db"))
    assert (names(not_whole.unjudged), not_whole.gone) == (["web"], ())
    with_a_gap = store.compare(night(1, gaps=[LISTING]), SCOPE, judged("db"), whole=True)
    assert (names(with_a_gap.unjudged), with_a_gap.gone) == (["web"], ())
    met = store.compare(night(1), SCOPE, judged("web", rules=[REPLICAS]), whole=True)
    assert (names(met.unjudged), met.gone) == (["web"], ())
    saved = store.save(night(1), scope=SCOPE, coverage=judged("db"), whole=True)
    assert (names(saved.comparison.gone), saved.comparison.fixed) == (["web"], ())
    assert names(save(store, night(2, [finding("web")]), "web").new) == ["web"]


def test_comparing_saves_nothing(store: Store) -> None:
    save(store, night(0, [finding("web")]))
    for _ in range(2):
        assert names(store.compare(night(1, [finding("db")]), SCOPE, judged("web", "db")).fixed) == ["web"]
    assert len(store.history(SCOPE)) == 1


def test_a_waiver_takes_a_finding_out_and_its_end_brings_it_back_with_its_age(store: Store) -> None:
    save(store, night(0, [finding("web")]))
    waived = save(store, night(1, [finding("web", waiver=WAIVER)]), "web")
    assert (waived.new, waived.unchanged, waived.fixed) == ((), (), ())
    (new,) = save(store, night(2, [finding("web")]), "web").new
    assert new.first_seen == day(0)


def test_a_waived_finding_that_is_fixed_is_no_news(store: Store) -> None:
    save(store, night(0, [finding("web", waiver=WAIVER)]))
    assert save(store, night(1), "web").fixed == ()


def test_another_message_or_line_is_the_same_finding(store: Store) -> None:
    save(store, night(0, [finding("web")]))
    comparison = save(store, night(1, [finding("web", message="is quite wrong")]), "web")
    assert [each.finding.message for each in comparison.unchanged] == ["is quite wrong"]
    assert [each.finding.message for each in save(store, night(2), "web").fixed] == ["is quite wrong"]


def test_an_unchanged_night_adds_no_content_and_a_changed_one_little(store: Store) -> None:
    findings = [finding(f"web-{number}") for number in range(1000)]
    first = store.save(night(0, findings), scope=SCOPE, coverage=judged())
    same = store.save(night(1, findings), scope=SCOPE, coverage=judged())
    other = store.save(night(2, [*findings[:500], finding("db"), *findings[500:]]), scope=SCOPE, coverage=judged())
    assert first.pieces > 1000
    assert (same.pieces, same.run.digest) == (0, first.run.digest)
    assert other.pieces <= 5


def test_saving_a_run_again_changes_nothing(store: Store) -> None:
    taken = night(0, [finding("web")])
    first = store.save(taken, scope=SCOPE, coverage=judged("web"))
    again = store.save(taken, scope=SCOPE, coverage=judged("web"))
    assert (first.existed, again.existed, again.run) == (False, True, first.run)
    assert store.history(SCOPE) == (first.run,)


def test_a_clock_that_went_back_changes_no_order(store: Store) -> None:
    save(store, night(5, [finding("web")]))
    comparison = save(store, night(2, [finding("web")]), "web")
    (open_,) = comparison.unchanged
    assert (open_.first_seen, open_.last_seen) == (day(5), day(2))
    assert [run.taken_at for run in store.history(SCOPE)] == [day(2), day(5)]
    assert store.latest(SCOPE) == night(2, [finding("web")])


def test_a_run_that_was_removed_cannot_be_read(store: Store) -> None:
    save(store, night(0))
    (run,) = store.history(SCOPE)
    save(store, night(1, [finding("web")]))
    store.retain(now=day(1), runs=1)
    with pytest.raises(StoreError, match="no longer in the history"):
        store.read(run)


@pytest.mark.parametrize("scope", ["", "a\nb", "a\x00b", "x" * 254])
def test_a_scope_has_a_name(store: Store, scope: str) -> None:
    with pytest.raises(UsageError, match="cannot name a scope"):
        store.save(night(0), scope=scope, coverage=judged())
    with pytest.raises(UsageError, match="cannot name a scope"):
        store.history(scope)


def test_a_check_goes_through_everything(store: Store) -> None:
    cluster = Cluster(20)
    for number in range(3):
        store.save(cluster.night(number), scope=SCOPE, coverage=cluster.coverage(number))
    checked = store.check()
    assert checked.runs == 3
    assert checked.pieces >= 40
