"""An audit that is remembered: the scope is held, the clusters are judged, the assessment is saved and compared.

Whatever the history cannot do is found before the work where that can be, and afterwards costs nobody the result.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from compliance.cluster_scan import scan_clusters
from compliance.errors import StoreError
from compliance.store.telling import with_history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from compliance.assessing import Progress
    from compliance.cluster_scan import Audit, Request
    from compliance.model import Assessment, Day
    from compliance.store.history import Store
    from compliance.store.records import Saved


@dataclass(frozen=True, slots=True)
class Keeping:
    """An open history, and how many runs and days of it stay; where both are None, all do."""

    store: Store
    runs: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit established, with its history where that was kept; `problem` is what the history could not do."""

    audit: Audit
    saved: Saved | None = None
    problem: StoreError | None = None

    @property
    def assessment(self) -> Assessment:
        """What was established, with its history where that is known."""
        return self.audit.assessment


@contextmanager
def auditing(request: Request, keeping: Keeping | None, progress: Progress) -> Iterator[Audited]:
    """Judge what the request names, and keep what was found; None keeps nothing.

    The scope is held to the end of the block, in which the result is told.

    Raises:
        ScopeLocked: another run is at work on these clusters; none of them was asked anything.
        StoreError: the history cannot be written to; likewise.
        UsageError: as for `scan_clusters`, or the clusters' names are too long to name a scope.
        ConfigurationError, EngineError: as for `scan_clusters`.
    """
    if keeping is None:
        yield Audited(scan_clusters(request, progress))
        return
    store = keeping.store
    store.try_writing()
    with ExitStack() as held:
        yield _kept(scan_clusters(request, progress, lambda scope: held.enter_context(store.lock(scope))), keeping)


def _kept(audit: Audit, keeping: Keeping) -> Audited:
    taken = audit.assessment
    try:
        saved = keeping.store.save(
            taken, scope=audit.scope, coverage=audit.coverage, whole=audit.whole, looked_for=audit.looked_for
        )
    except StoreError as error:
        return Audited(audit, problem=error)
    trend: tuple[Day, ...] = ()
    problem: StoreError | None = None
    try:
        clocks = (saved.comparison.previous, *(reach.clock for reach in audit.reached.values()))
        _retain(keeping, min((taken.taken_at, *filter(None, clocks))))
        trend = keeping.store.trend(saved.run)
    except StoreError as error:
        problem = error
    compared = with_history(taken, saved.run, saved.comparison, trend)
    return Audited(replace(audit, assessment=compared), saved, problem)


def _retain(keeping: Keeping, now: datetime) -> None:
    """Count days from this run, the one before or a server's clock, whichever is earliest: no wrong clock removes."""
    if keeping.runs is not None or keeping.days is not None:
        keeping.store.retain(now=now, runs=keeping.runs, days=keeping.days)
