"""Durations as Go writes them (`1h30m`), and OPA's days, weeks and years besides (`1d12h`)."""

from __future__ import annotations

import re
from decimal import Decimal

from compliance.engine.rego_values import BuiltinError

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_HOURS = {"d": 24, "w": 7 * 24, "y": 365 * 24}
_DURATION = re.compile(r"([+-]?)((?:[0-9]*\.?[0-9]*[^0-9.]+)+)")
_SEGMENT = re.compile(r"([0-9]*)(\.?)([0-9]*)([^0-9.]+)")
_LONG = re.compile(r"([+-]?)((?:[0-9.]+(?:ms|us|µs|ns|[a-z]))+)")
_LONG_SEGMENT = re.compile(r"([0-9.]+)(ms|us|µs|ns|[a-z])")
_LIMIT = 2**63
_MAX_FRACTION = 18


def parse(text: str) -> int:
    """Read a duration in nanoseconds.

    Raises:
        BuiltinError: it is no duration, or longer than 64 bits hold.
    """
    if text in {"0", "+0", "-0"}:
        return 0
    found = _DURATION.fullmatch(_in_hours(text))
    if found is None:
        raise BuiltinError(f"{text} is no duration")
    total = sum(_nanoseconds(*segment) for segment in _SEGMENT.findall(found[2]))
    if total > _LIMIT or (total == _LIMIT and found[1] != "-"):
        raise BuiltinError(f"{text} is too long")
    return -total if found[1] == "-" else total


def _in_hours(text: str) -> str:
    """Spell days, weeks and years as hours, as OPA does before it asks Go."""
    if not set(text) & _HOURS.keys():
        return text
    found = _LONG.fullmatch(text)
    if found is None:
        raise BuiltinError(f"{text} is no duration")
    return found[1] + "".join(_hours(digits, unit) for digits, unit in _LONG_SEGMENT.findall(found[2]))


def _hours(digits: str, unit: str) -> str:
    if unit not in _HOURS:
        return digits + unit
    try:
        hours = float(digits) * _HOURS[unit]
    except ValueError as error:
        raise BuiltinError(f"{digits} is no number") from error
    return f"{_plain(hours)}h"


def _plain(value: float) -> str:
    """The shortest digits that give this float, without exponent."""
    return format(Decimal(repr(value)), "f")


def _nanoseconds(whole: str, _point: str, fraction: str, unit: str) -> int:
    if not (whole or fraction) or unit not in _UNITS:
        raise BuiltinError("no duration")
    size = _UNITS[unit]
    if (count := int(whole or 0)) > _LIMIT // size:
        raise BuiltinError("too long")
    # Go counts the fraction as a float, and ignores digits that its integer cannot hold.
    digits = fraction[:_MAX_FRACTION]
    return count * size + int(float(int(digits or 0)) * (size / 10.0 ** len(digits)))
