"""Times by example, as Go's time package writes and reads them (https://pkg.go.dev/time#pkg-constants)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAMED: Mapping[str, str] = {
    "ANSIC": "Mon Jan _2 15:04:05 2006",
    "UnixDate": "Mon Jan _2 15:04:05 MST 2006",
    "RubyDate": "Mon Jan 02 15:04:05 -0700 2006",
    "RFC822": "02 Jan 06 15:04 MST",
    "RFC822Z": "02 Jan 06 15:04 -0700",
    "RFC850": "Monday, 02-Jan-06 15:04:05 MST",
    "RFC1123": "Mon, 02 Jan 2006 15:04:05 MST",
    "RFC1123Z": "Mon, 02 Jan 2006 15:04:05 -0700",
    "RFC3339": "2006-01-02T15:04:05Z07:00",
    "RFC3339Nano": "2006-01-02T15:04:05.999999999Z07:00",
}
"""The layouts that OPA knows by name."""

_CHUNK = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm"
    r"|[-Z]07(?:00(?:00)?|:00(?::00)?)?|[.,](?:0+|9+)(?![0-9])"
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SIGNED = r"[+-]0*(?:2[0-3]|1?[0-9])(?![0-9])"
_UPPER = r"(?:[A-Z]{4}T|[A-Z]{3}T|WITA|[A-Z]{3})(?![A-Z])"
_ZONE = rf"UTC|ChST|MeST|GMT(?:{_SIGNED})?|{_SIGNED}|{_UPPER}"
_FRACTION = re.compile(r"[.,][0-9]+")
_TWO = r"[0-9]{2}"
_ONE_OR_TWO = r"[0-9]{1,2}"
_PATTERNS: Mapping[str, str] = {
    "January": "|".join(_MONTHS),
    "Jan": "|".join(month[:3] for month in _MONTHS),
    "Monday": "|".join(_DAYS),
    "Mon": "|".join(day[:3] for day in _DAYS),
    "MST": _ZONE,
    "2006": r"[0-9]{4}",
    "06": r"[0-9]{2}|[+-][0-9]",
    "_2": rf" ?{_ONE_OR_TWO}",
    "__2": r" {0,2}[0-9]{1,3}",
    "002": r"[0-9]{3}",
    "15": _ONE_OR_TWO,
    **dict.fromkeys("12345", _ONE_OR_TWO),
    **{f"0{digit}": _TWO for digit in "12345"},
    "PM": "PM|AM",
    "pm": "pm|am",
}
_NO_CASE = frozenset({"January", "Jan", "Monday", "Mon"})
_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("January", "Jan", "1", "01"), "month"),
    **dict.fromkeys(("2006", "06"), "year"),
    **dict.fromkeys(("2", "_2", "02"), "day"),
    **dict.fromkeys(("__2", "002"), "yearday"),
    **dict.fromkeys(("15", "3", "03"), "hour"),
    **dict.fromkeys(("4", "04"), "minute"),
    **dict.fromkeys(("5", "05"), "second"),
    **dict.fromkeys(("PM", "pm"), "half"),
}
_LIMITS: Mapping[str, range] = {
    **dict.fromkeys(("1", "01"), range(1, 13)),
    "15": range(24),
    **dict.fromkeys(("3", "03"), range(13)),
    **dict.fromkeys(("4", "04", "5", "05"), range(60)),
}
_PIVOT = 69
_NOON = 12
_NANO_DIGITS = 9


@dataclass(slots=True)
class _Reading:
    """What has been read of a text, and where the rest begins."""

    text: str
    at: int
    fields: dict[str, int]
    fraction: str = ""
    offset: int = 0

    def take(self, pattern: str, flags: int = 0) -> str:
        found = re.compile(pattern, flags).match(self.text, self.at)
        if found is None:
            raise ValueError(f"cannot parse {self.text!r} at {self.at}")
        self.at = found.end()
        return found[0]

    def skip(self, literal: str) -> None:
        """Read literal text; any run of spaces stands for any other, and for none at the end."""
        for part in re.findall(r" +|[^ ]+", literal):
            pattern = r"\Z| +" if part.isspace() else re.escape(part)
            self.take(pattern)


def write(layout: str, at: datetime, nanoseconds: int) -> str:
    """Write a time by a layout."""
    return "".join(part if literal else _written(part, at, nanoseconds) for literal, part in _parts(layout))


def parse(layout: str, text: str) -> tuple[datetime, int]:
    """Read a time by a layout: to the second in UTC, and the nanoseconds beyond it.

    Raises:
        ValueError: the text does not fit the layout, or is no time.
    """
    reading = _Reading(text, 0, {})
    parts = list(_parts(layout))
    for index, (literal, part) in enumerate(parts):
        if literal:
            reading.skip(part)
        else:
            following = next((chunk for is_text, chunk in parts[index + 1 :] if not is_text), "")
            _read(part, reading, following)
    if reading.at != len(text):
        raise ValueError(f"extra text in {text!r}")
    return _moment(reading), int(reading.fraction[:_NANO_DIGITS].ljust(_NANO_DIGITS, "0"))


def _parts(layout: str) -> Iterator[tuple[bool, str]]:
    """The layout's texts (True) and chunks (False) in order."""
    end = 0
    for found in _CHUNK.finditer(layout):
        if found.start() > end:
            yield True, layout[end : found.start()]
        yield False, found[0]
        end = found.end()
    if end < len(layout):
        yield True, layout[end:]


def _read(chunk: str, reading: _Reading, following: str) -> None:
    if chunk[0] in ".,":
        _read_fraction(chunk, reading)
    elif chunk[0] in "-Z":
        _read_offset(chunk, reading)
    elif chunk == "MST":
        reading.take(_ZONE)  # Go takes a zone that it knows by name only to be at UTC
    else:
        _read_field(chunk, reading)
        if (
            _UNITS.get(chunk) == "second"
            and following[:1] not in {".", ","}
            and _FRACTION.match(reading.text, reading.at)
        ):
            reading.fraction = reading.take(_FRACTION.pattern)[1:]


def _read_fraction(chunk: str, reading: _Reading) -> None:
    if chunk[1] == "0":
        reading.fraction = reading.take(rf"[.,][0-9]{{{len(chunk) - 1}}}")[1:]
    else:
        reading.fraction = reading.take(rf"(?:{_FRACTION.pattern})?")[1:] or reading.fraction


def _read_offset(chunk: str, reading: _Reading) -> None:
    spelling = re.sub(r"[0-9]{2}", "([0-9]{2})", chunk[1:])
    given = reading.take(f"Z|[+-]{spelling}" if chunk[0] == "Z" else f"[+-]{spelling}")
    if given == "Z":
        return
    hours, minutes, seconds = (*map(int, re.findall(r"[0-9]{2}", given)), 0, 0)[:3]
    if hours > 24 or minutes > 60 or seconds > 60:  # noqa: PLR2004 - hours and minutes, as loosely as Go
        raise ValueError(f"{given} is no offset")
    size = hours * 3600 + minutes * 60 + seconds
    reading.offset = -size if given[0] == "-" else size


def _read_field(chunk: str, reading: _Reading) -> None:
    given = reading.take(_PATTERNS[chunk], re.IGNORECASE if chunk in _NO_CASE else 0)
    if chunk in {"January", "Jan"}:
        value = [month[:3].lower() for month in _MONTHS].index(given[:3].lower()) + 1
    elif chunk in {"PM", "pm"}:
        value = given.lower() == "pm"
    elif chunk in _NO_CASE:
        return
    else:
        value = int(given)
    if chunk == "06":
        value += 1900 if value >= _PIVOT else 2000
    if value not in _LIMITS.get(chunk, (value,)):
        raise ValueError(f"{_UNITS[chunk]} out of range")
    reading.fields[_UNITS[chunk]] = value


def _moment(reading: _Reading) -> datetime:
    fields = reading.fields
    hour = fields.get("hour", 0)
    if (half := fields.get("half")) is not None:
        hour = hour + _NOON if half and hour < _NOON else 0 if not half and hour == _NOON else hour
    year, month, day = fields.get("year", 0), fields.get("month", 1), fields.get("day", 1)
    if "yearday" in fields:
        found = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=fields["yearday"] - 1)
        if (
            found.year != year
            or found.month != fields.get("month", found.month)
            or found.day != fields.get("day", found.day)
        ):
            raise ValueError("day-of-year out of range")
        month, day = found.month, found.day
    at = datetime(year, month, day, hour, fields.get("minute", 0), fields.get("second", 0), tzinfo=UTC)
    return at - timedelta(seconds=reading.offset)


def _written(chunk: str, at: datetime, nanoseconds: int) -> str:
    if chunk[0] in ".,":
        return _written_fraction(chunk, nanoseconds)
    if chunk[0] in "-Z":
        return _written_offset(chunk, at)
    hour, yearday = at.hour % _NOON or _NOON, at.timetuple().tm_yday
    return {
        "January": _MONTHS[at.month - 1],
        "Jan": _MONTHS[at.month - 1][:3],
        "Monday": _DAYS[at.weekday()],
        "Mon": _DAYS[at.weekday()][:3],
        "MST": at.tzname() or "",
        "2006": f"{at.year:04d}",
        "06": f"{at.year % 100:02d}",
        "1": f"{at.month}",
        "01": f"{at.month:02d}",
        "2": f"{at.day}",
        "_2": f"{at.day:2d}",
        "02": f"{at.day:02d}",
        "__2": f"{yearday:3d}",
        "002": f"{yearday:03d}",
        "15": f"{at.hour:02d}",
        "3": f"{hour}",
        "03": f"{hour:02d}",
        "4": f"{at.minute}",
        "04": f"{at.minute:02d}",
        "5": f"{at.second}",
        "05": f"{at.second:02d}",
        "PM": "PM" if at.hour >= _NOON else "AM",
        "pm": "pm" if at.hour >= _NOON else "am",
    }[chunk]


def _written_fraction(chunk: str, nanoseconds: int) -> str:
    digits = f"{nanoseconds:09d}"[: len(chunk) - 1]
    if chunk[1] == "9":
        digits = digits.rstrip("0")
        return f"{chunk[0]}{digits}" if digits else ""
    return f"{chunk[0]}{digits}"


def _written_offset(chunk: str, at: datetime) -> str:
    seconds = int((at.utcoffset() or timedelta()).total_seconds())
    if chunk[0] == "Z" and seconds == 0:
        return "Z"
    # Go takes the sign from whole minutes, cut off towards zero.
    sign = "-" if int(seconds / 60) < 0 else "+"
    size = abs(seconds)
    numbers = iter((size // 3600, size // 60 % 60, size % 60))
    return sign + re.sub(r"[0-9]{2}", lambda _: f"{next(numbers):02d}", chunk[1:])
