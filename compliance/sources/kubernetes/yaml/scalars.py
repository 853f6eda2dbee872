"""What a YAML scalar means to Kubernetes.

Kubernetes reads YAML with sigs.k8s.io/yaml, which turns a document into JSON by go.yaml.in/yaml/v2: YAML 1.1 with its
own ideas (resolve.go, decode.go). `0644`, `0x1F` and `1_000` are numbers, `yes` and `off` are booleans, dates and
sexagesimal numbers are text. The functions here give the value that comes out at the far end of that way, so a whole
float is an int and `.inf`, which JSON cannot carry, is refused.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from yaml.events import ScalarEvent

Scalar = str | int | float | bool | None

_PREFIX: Final = "tag:yaml.org,2002:"
_WORDS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
WORDS: Final = frozenset(_WORDS) | {"<<"}
"""Plain scalars that are anything but text, apart from numbers."""

NUMERIC: Final = frozenset("+-.0123456789")
"""What a plain scalar begins with that may be a number."""

_DECIMAL: Final = re.compile(r"[1-9][0-9]{0,17}")
_INTEGER: Final = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)|(?P<dec>0|[1-9][0-9]*))"
)
_SIGNED_BINARY: Final = re.compile(r"0b([-+][01]{1,63})")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_POINT_FIRST: Final = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
_BASES: Final = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}
_LEAST_POWER: Final = -4
_GREATEST_POWER: Final = 6
_MAX_SIGNED: Final = 2**63
_MAX_UNSIGNED: Final = 2**64
_LONGEST_NUMBER: Final = 4096


def value_of(event: ScalarEvent) -> Scalar:
    """The value of a scalar that is no key.

    Raises:
        ValueError: Kubernetes refuses it; the message completes a sentence that begins with the scalar.
    """
    value = _resolved(event)
    return json_number(value) if isinstance(value, float) else value


def json_number(value: float) -> int | float:
    """A float as it comes back from Go's JSON: a whole one is an int.

    Raises:
        ValueError: it is not finite.
    """
    if not math.isfinite(value):
        raise ValueError("is not a finite number, which JSON cannot carry")
    return int(value) if value.is_integer() and abs(value) < _MAX_SIGNED else value


def json_integer(value: int) -> int | float:
    """An integer as JSON carries it: in 64 bits, or else as a float.

    Raises:
        ValueError: it is too great for a float.
    """
    if -_MAX_SIGNED <= value < _MAX_UNSIGNED:
        return value
    try:
        return float(value)
    except OverflowError:
        raise ValueError("is too great a number") from None


def key_of(event: ScalarEvent) -> str:
    """The text of a scalar that is a key: `1`, `true` and `1.5` become text, in Go's spelling.

    Raises:
        ValueError: as for `value_of`.
    """
    key = _resolved(event)
    if isinstance(key, str):
        return key
    if key is None or (isinstance(key, int) and key >= _MAX_SIGNED):
        raise ValueError("cannot be a key: a key is text")
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key) if isinstance(key, int) else _float_key(key)


def is_merge(event: ScalarEvent) -> bool:
    """Whether a key is `<<`, which puts another mapping's entries in its place."""
    return event.value == "<<" and (event.implicit[0] or event.tag == f"{_PREFIX}merge")


def _resolved(event: ScalarEvent) -> Scalar:
    if event.tag is None:
        return _plain(event.value) if event.implicit[0] else event.value
    name = event.tag.removeprefix(_PREFIX)
    reader = _TAGGED.get(name) if event.tag.startswith(_PREFIX) else None
    return reader(event.value) if reader else event.value


def _plain(text: str) -> Scalar:
    if _DECIMAL.fullmatch(text):
        return int(text)
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in NUMERIC or len(text) > _LONGEST_NUMBER:
        return text
    number = _point_first(text) if text[0] == "." else _number(text.replace("_", ""))
    return text if number is None else number


def _point_first(text: str) -> float | None:
    return _finite(text.replace("_", "")) if _POINT_FIRST.fullmatch(text) else None


def _number(text: str) -> int | float | None:
    if (match := _INTEGER.fullmatch(text)) and match.lastgroup:
        magnitude = int(match[match.lastgroup], _BASES[match.lastgroup])
        value = -magnitude if match["sign"] == "-" else magnitude
        if -_MAX_SIGNED <= value < (_MAX_SIGNED if match["sign"] else _MAX_UNSIGNED):
            return value
    if match := _SIGNED_BINARY.fullmatch(text):
        return int(match[1], 2)
    return _finite(text) if _FLOAT.fullmatch(text) else None


def _finite(text: str) -> float | None:
    """A number too great for a float stays text, one too small is zero."""
    value = float(text)
    return value if math.isfinite(value) else None


def _wanted(name: str, accepts: Callable[[Scalar], bool]) -> Callable[[str], Scalar]:
    def read(text: str) -> Scalar:
        value = _plain(text)
        if not accepts(value):
            raise ValueError(f"cannot be read as !!{name}")
        return value

    return read


def _tagged_float(text: str) -> Scalar:
    value = _plain(text)
    if type(value) is float or (type(value) is int and value < _MAX_SIGNED):
        return float(value)
    raise ValueError("cannot be read as !!float")


def _tagged_timestamp(_text: str) -> Scalar:
    raise ValueError("has the tag !!timestamp, which JSON cannot carry")


def _tagged_binary(text: str) -> Scalar:
    """The bytes as text; Go's JSON writes U+FFFD for each byte that is not UTF-8."""
    try:
        data = base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is no base64, which !!binary wants") from None
    return re.sub("[\udc80-\udcff]", "\ufffd", data.decode("utf-8", "surrogateescape"))


_TAGGED: Final[dict[str, Callable[[str], Scalar]]] = {
    "bool": _wanted("bool", lambda value: isinstance(value, bool)),
    "int": _wanted("int", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "null": _wanted("null", lambda value: value is None),
    "float": _tagged_float,
    "timestamp": _tagged_timestamp,
    "binary": _tagged_binary,
}


def _float_key(key: float) -> str:
    """Go's strconv.FormatFloat(key, 'g', -1, 32): the fewest digits that a 32-bit float needs."""
    if math.isnan(key):
        return ".nan"
    single = _as_single(key)
    if math.isinf(single):
        return ".inf" if key > 0 else "-.inf"
    shortest = next(text for digits in range(9) if _as_single(float(text := f"{single:.{digits}e}")) == single)
    mantissa, _, exponent = shortest.partition("e")
    power = int(exponent)
    if not _LEAST_POWER <= power < _GREATEST_POWER:
        return shortest
    places = len(mantissa.lstrip("-").replace(".", "")) - 1 - power
    return f"{float(shortest):.{max(places, 0)}f}"


def _as_single(value: float) -> float:
    """The nearest 32-bit float; infinity when there is none."""
    try:
        (single,) = struct.unpack("<f", struct.pack("<f", value))
    except OverflowError:
        return math.copysign(math.inf, value)
    return float(single)
