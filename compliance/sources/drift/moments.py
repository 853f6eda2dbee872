"""Times as the API server writes them: RFC 3339 in UTC, to the second (metav1.Time) or finer (metav1.MicroTime)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

MOST: Final = 2**31 - 1
"""The largest count that facts hold."""


def moment(value: object) -> datetime | None:
    """Read a time; None where there is none that can be read."""
    if not isinstance(value, str) or len(value) > 40:  # noqa: PLR2004 - longer than any RFC 3339 time
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None


def utc(at: datetime) -> str:
    """Write a time in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def days_between(start: datetime | None, now: datetime) -> int | None:
    """Whole days, none for a clock that runs ahead; None where the start is unknown."""
    return None if start is None else count((now - start).days)


def count(number: int) -> int:
    """A number of things or days within what facts hold."""
    return max(0, min(number, MOST))
