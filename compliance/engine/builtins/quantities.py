"""units.*: numbers with a unit of size, as Kubernetes writes quantities."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from compliance.engine.builtins.operands import text
from compliance.engine.rego_values import BuiltinError, Number, number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from compliance.engine.rego_values import Value

_PREFIXES = "kmgtpe"
_BINARY = {f"{prefix}i": 1024**power for power, prefix in enumerate(_PREFIXES, 1)}
_DECIMAL = {prefix: 1000**power for power, prefix in enumerate(_PREFIXES, 1)}
_BYTES = {"": 1, **_DECIMAL, **_BINARY, **{f"{unit}b": size for unit, size in (_DECIMAL | _BINARY).items()}}
_UNITS: Mapping[str, Fraction] = {
    "": Fraction(1),
    **{unit: Fraction(size) for unit, size in _BINARY.items()},
    **{unit.capitalize(): Fraction(size) for unit, size in (_DECIMAL | _BINARY).items()},
    **{unit: Fraction(size) for unit, size in _DECIMAL.items() if unit != "m"},
    # OPA takes the milli of its own source, which is the nearest float to it.
    "m": Fraction(0.001),
}
_NUMBER = re.compile(r"(?:[0-9.+-]|[eE](?=[0-9+-])[+-]?)*")
_LONG_EXPONENT = re.compile(r"[eE][+-]?[0-9]{7}")
_AMOUNT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_MAX_EXPONENT = 10_000
_FLOAT_BITS = 64
_DIGITS = 10


def parse(given: Value) -> Number:
    """units.parse: `200m`, `1Ki`, `1.5G`; case tells `m` from `M`."""
    amount, unit = _split(text(given).replace('"', ""))
    unit = unit[:1] + unit[1:].lower()
    if unit not in _UNITS:
        raise BuiltinError(f"unit {unit} not recognized")
    value = _fraction(amount) * _UNITS[unit]
    return number(int(value)) if value.denominator == 1 else Number(_fixed(value))


def parse_bytes(given: Value) -> Number:
    """units.parse_bytes: `10KB`, `1 MiB` without the space; a fraction of a byte is cut off."""
    amount, unit = _split(text(given).lower().replace('"', ""))
    if unit not in _BYTES:
        raise BuiltinError(f"byte unit {unit} not recognized")
    return number(int(_rounded(_rounded(_fraction(amount)) * _BYTES[unit])))


def _split(given: str) -> tuple[str, str]:
    found = _NUMBER.match(given)
    amount = found[0] if found else ""
    if " " in given or not amount or _LONG_EXPONENT.search(given):
        raise BuiltinError("no amount")
    return amount, given[len(amount) :]


def _fraction(amount: str) -> Fraction:
    if _AMOUNT.fullmatch(amount) is None:
        raise BuiltinError(f"{amount} is no number")
    if abs(Decimal(amount).adjusted()) > _MAX_EXPONENT:
        raise OverflowError(amount)
    return Fraction(amount)


def _rounded(value: Fraction) -> Fraction:
    """To the 64 bits of mantissa that Go's big.Float has, to even."""
    if not value:
        return value
    shift = _FLOAT_BITS - (abs(value.numerator).bit_length() - value.denominator.bit_length())
    scale = Fraction(2) ** shift
    scaled = value * scale
    if abs(scaled) >= 2**_FLOAT_BITS:
        scale /= 2
        scaled /= 2
    return Fraction(round(scaled)) / scale


def _fixed(value: Fraction) -> str:
    """Ten decimals, halves away from zero, as Go's Rat.FloatString."""
    scaled = abs(value.numerator) * 10**_DIGITS
    whole, rest = divmod(scaled, value.denominator)
    whole += 2 * rest >= value.denominator
    digits = f"{whole:0{_DIGITS + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[:-_DIGITS]}.{digits[-_DIGITS:]}"


BUILTINS: Mapping[str, Any] = {"units.parse": parse, "units.parse_bytes": parse_bytes}
