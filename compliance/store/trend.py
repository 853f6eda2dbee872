"""How findings develop: one row a day, as plain numbers.

There is no pandas here: a year is 365 rows of counts that stand beside each run, and grouping them by day is one pass.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from compliance.model import Day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compliance.store.records import Run

DAYS: Final = 90
"""How far back a trend goes."""


def per_day(runs: Iterable[Run]) -> tuple[Day, ...]:
    """One row for each day that has a run, the oldest first; of several runs the one that was saved last counts."""
    last = {run.taken_at.astimezone(UTC).date(): run for run in sorted(runs, key=lambda run: run.number)}
    return tuple(Day(day, run.findings, run.waived, run.gaps) for day, run in sorted(last.items()))
