"""A comparison as an assessment tells it: each open finding with the time that it has been open, and what ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from compliance.model import Day, Finding, History, Seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compliance.model import Assessment
    from compliance.store.records import Comparison, Run, Tracked


def with_history(taken: Assessment, run: Run, comparison: Comparison, trend: tuple[Day, ...]) -> Assessment:
    """Add to an assessment what its comparison says; the comparison holds the assessment's own findings."""
    seen = {id(each.finding): _seen(each, new=True) for each in comparison.new}
    seen |= {id(each.finding): _seen(each) for each in comparison.unchanged}
    history = History(
        scope=run.scope,
        run=run.number,
        previous=comparison.previous,
        new=len(comparison.new),
        unchanged=len(comparison.unchanged),
        fixed=_told(comparison.fixed),
        gone=_told(comparison.gone),
        unjudged=_told(comparison.unjudged),
        trend=trend,
    )
    findings = tuple(replace(each, seen=seen[id(each)]) if id(each) in seen else each for each in taken.findings)
    return replace(taken, findings=findings, history=history)


def _told(tracked: Iterable[Tracked]) -> tuple[Finding, ...]:
    return tuple(replace(each.finding, seen=_seen(each)) for each in tracked)


def _seen(tracked: Tracked, *, new: bool = False) -> Seen:
    return Seen(tracked.first_seen, tracked.last_seen, new)
