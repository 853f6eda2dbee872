"""time.*: nanoseconds since 1970 to dates and back, in any time zone; the clock itself is not to be had."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from compliance.engine.builtins.durations import parse as read_duration
from compliance.engine.builtins.layouts import NAMED
from compliance.engine.builtins.layouts import parse as read_time
from compliance.engine.builtins.layouts import write as write_time
from compliance.engine.builtins.operands import INT64_MAX, INT64_MIN, integer, numeric, text
from compliance.engine.rego_values import BuiltinError, Number, number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from compliance.engine.rego_values import Value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000_000
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_A_ZONE = "Europe/London"


@dataclass(frozen=True, slots=True)
class _Moment:
    """A time to the second in its zone, and the nanoseconds beyond it."""

    at: datetime
    nanoseconds: int
    layout: str


def _moment(given: Value) -> _Moment:
    """Read nanoseconds, or an array of nanoseconds, zone and layout."""
    parts = given if isinstance(given, list) else [given]
    if not parts:
        raise BuiltinError("no time")
    since = numeric(parts[0]).integer
    if not INT64_MIN <= since <= INT64_MAX:
        raise BuiltinError("timestamp too big")
    zone = _zone(text(parts[1])) if len(parts) > 1 else UTC
    layout = text(parts[2]) if len(parts) > 2 else ""  # noqa: PLR2004 - the third part
    seconds, nanoseconds = divmod(since, _SECOND)
    return _Moment((_EPOCH + timedelta(seconds=seconds)).astimezone(zone), nanoseconds, layout)


def _zone(name: str) -> tzinfo:
    if name in {"", "UTC"}:
        return UTC
    if name == "Local":
        raise OverflowError("the local time zone is no fact")
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        zoneinfo.ZoneInfo(_A_ZONE)
        raise BuiltinError(f"unknown time zone {name}") from None


def _since_epoch(at: datetime, nanoseconds: int) -> Number:
    since = (at - _EPOCH) // timedelta(seconds=1) * _SECOND + nanoseconds
    if not INT64_MIN <= since <= INT64_MAX:
        raise BuiltinError("time outside of valid range")
    return number(since)


def date(given: Value) -> list[Value]:
    """time.date: year, month, day."""
    at = _moment(given).at
    return [number(at.year), number(at.month), number(at.day)]


def clock(given: Value) -> list[Value]:
    """time.clock: hour, minute, second."""
    at = _moment(given).at
    return [number(at.hour), number(at.minute), number(at.second)]


def weekday(given: Value) -> str:
    """time.weekday: its English name."""
    return _DAYS[_moment(given).at.weekday()]


def add_date(given: Value, years: Value, months: Value, days: Value) -> Number:
    """time.add_date: what overflows a month runs on into the next."""
    moment = _moment(given)
    month = moment.at.month - 1 + integer(months)
    try:
        first = moment.at.replace(year=moment.at.year + integer(years) + month // 12, month=month % 12 + 1, day=1)
        moved = first + timedelta(days=moment.at.day - 1 + integer(days))
    except (ValueError, OverflowError) as error:
        raise BuiltinError("time outside of valid range") from error
    return _since_epoch(moved, moment.nanoseconds)


def diff(one: Value, other: Value) -> list[Value]:
    """time.diff: years, months, days, hours, minutes and seconds between, in the first one's zone."""
    a, b = _moment(one), _moment(other)
    first, second = (a.at, a.nanoseconds), (b.at.astimezone(a.at.tzinfo), b.nanoseconds)
    (early, _), (late, _) = (first, second) if _instant(first) <= _instant(second) else (second, first)
    month_days = (early.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    fields = [
        late.year - early.year,
        late.month - early.month,
        late.day - early.day,
        late.hour - early.hour,
        late.minute - early.minute,
        late.second - early.second,
    ]
    for place, size in ((5, 60), (4, 60), (3, 24), (2, month_days.day), (1, 12)):
        if fields[place] < 0:
            fields[place] += size
            fields[place - 1] -= 1
    return [number(field) for field in fields]


def _instant(moment: tuple[datetime, int]) -> tuple[datetime, int]:
    at, nanoseconds = moment
    return at.astimezone(UTC), nanoseconds


def parse_ns(layout: Value, given: Value) -> Number:
    """time.parse_ns: by a layout of Go's, or the name of one."""
    return _parsed(text(layout), text(given))


def parse_rfc3339_ns(given: Value) -> Number:
    """time.parse_rfc3339_ns."""
    return _parsed("RFC3339", text(given))


def _parsed(layout: str, given: str) -> Number:
    try:
        return _since_epoch(*read_time(NAMED.get(layout, layout), given))
    except (ValueError, OverflowError) as error:
        raise BuiltinError(str(error)) from error


def parse_duration_ns(given: Value) -> Number:
    """time.parse_duration_ns: Go's durations, with `d`, `w` and `y` besides."""
    return number(read_duration(text(given)))


def formatted(given: Value) -> str:
    """time.format: by a layout of Go's, or the name of one."""
    moment = _moment(given)
    layout = moment.layout or "RFC3339Nano"
    return write_time(NAMED.get(layout, layout), moment.at, moment.nanoseconds)


BUILTINS: Mapping[str, Any] = {
    "time.add_date": add_date,
    "time.clock": clock,
    "time.date": date,
    "time.diff": diff,
    "time.format": formatted,
    "time.parse_duration_ns": parse_duration_ns,
    "time.parse_ns": parse_ns,
    "time.parse_rfc3339_ns": parse_rfc3339_ns,
    "time.weekday": weekday,
}
