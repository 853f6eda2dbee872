"""How long to wait before a server is asked again: pauses that grow and do not keep in step, and what it asks for.

What is worth asking again, how often and until when is for those who ask: it differs from server to server.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = 30.0
"""Seconds of the longest pause that we make unasked."""
LONGEST_ASKED: Final = 3600.0
_MOST_DOUBLINGS: Final = 16
_LONGEST_TEXT: Final = 64


def spread() -> float:
    """A factor that keeps many clients from coming back at once."""
    return random.uniform(0.5, 1.5)  # noqa: S311 - spreads retries, hides nothing


def growing(first: float, attempt: int, factor: float) -> float:
    """Seconds to wait after an attempt (0 is the first): twice as long each time, at most `LONGEST`."""
    return min(first * 2.0 ** min(attempt, _MOST_DOUBLINGS) * factor, LONGEST)


def asked(retry_after: str, date: str = "") -> float:
    """Seconds that `Retry-After` asks for (RFC 9110, section 10.2.3), at most an hour; 0 where it says nothing.

    A time in it is of the server's clock: it counts from `date`, the answer's `Date`, and from ours without one.
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_ASKED)
    until, now = http_date(text), http_date(date) or datetime.now(UTC)
    return 0.0 if until is None else min(max(0.0, (until - now).total_seconds()), LONGEST_ASKED)


def http_date(text: str) -> datetime | None:
    """A time of an HTTP header (RFC 9110, section 5.6.7); None where there is none that can be read."""
    try:
        found = parsedate_to_datetime(text[:_LONGEST_TEXT])
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=found.tzinfo or UTC)
