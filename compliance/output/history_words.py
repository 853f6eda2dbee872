"""What outputs say of a history in the same words: how long something has been open, and how the runs compare."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from compliance.model import Assessment, Finding, History

_DAY: Final = 24 * 60 * 60
_HOUR: Final = 60 * 60


def age(since: datetime, now: datetime) -> str:
    """In words, such as `12 days`; nothing is negative, even where a clock went back."""
    seconds = max(0, int((now - since).total_seconds()))
    for number, unit in ((seconds // _DAY, "day"), (seconds // _HOUR, "hour")):
        if number:
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return "less than an hour"


def notes(finding: Finding) -> tuple[str, ...]:
    """What the history says of an open finding: `new`, or `open 12 days`; both where a waiver ended."""
    seen = finding.seen
    if seen is None:
        return ()
    known = seen.first < seen.last or not seen.new
    return (*(["new"] if seen.new else []), *([f"open {age(seen.first, seen.last)}"] if known else []))


def was_open(finding: Finding, now: datetime) -> str:
    """How long a finding that is fixed or gone was open, or one that was not judged again is; empty where unknown."""
    return age(finding.seen.first, now) if finding.seen else ""


def moment(time: datetime) -> str:
    """In UTC, to the minute."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def line(taken: Assessment) -> str:
    """One sentence: what is new, fixed and open since the run before; empty without a history."""
    history = taken.history
    if history is None:
        return ""
    if history.previous is None:
        return f"the first run of {history.scope} in the history: all of this is new"
    return f"since {moment(history.previous)}: {', '.join(_counts(history))}{_oldest(taken)}"


def _counts(history: History) -> list[str]:
    still_open = history.new + history.unchanged + len(history.unjudged)
    said = [f"{history.new} new", f"{len(history.fixed)} fixed"]
    if history.gone:
        said.append(f"{len(history.gone)} gone")
    said.append(f"{still_open} open")
    if history.unjudged:
        said.append(f"of which {len(history.unjudged)} not judged again")
    return said


def _oldest(taken: Assessment) -> str:
    first = min((each.seen.first for each in taken.findings if each.seen), default=None)
    return f"; the oldest for {age(first, taken.taken_at)}" if first else ""
