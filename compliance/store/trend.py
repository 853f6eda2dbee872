"""How findings develop: one row a day, as plain numbers.

There is no pandas here: a year is 365 rows of counts that stand beside each run, and grouping them by day is one pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compliance.model import Severity
    from compliance.store.records import Run


@dataclass(frozen=True, slots=True)
class Day:
    """What the last run of a day, in UTC, found: counts without a waiver by severity, those with one, and gaps."""

    date: date
    findings: Mapping[Severity, int]
    waived: int
    gaps: int


def per_day(runs: Iterable[Run]) -> tuple[Day, ...]:
    """One row for each day that has a run, the oldest first; of several runs the one that was saved last counts."""
    last = {run.taken_at.astimezone(UTC).date(): run for run in sorted(runs, key=lambda run: run.number)}
    return tuple(Day(day, run.findings, run.waived, run.gaps) for day, run in sorted(last.items()))
