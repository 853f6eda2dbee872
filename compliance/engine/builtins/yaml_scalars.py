"""What a plain scalar of YAML stands for, by the rules of go-yaml 3."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from compliance.engine.builtins.operands import INT64_MIN
from compliance.engine.rego_values import Number, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.engine.rego_values import Value

_UINT64_MAX = 2**64 - 1
_CONSTANTS: Mapping[str, Value] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), Number("NaN")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), Number("Infinity")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), Number("-Infinity")),
}
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?")
_INTEGER = re.compile(r"([+-]?)(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BASES = {"x": 16, "o": 8, "b": 2}
_WITHOUT_EXPONENT = range(-6, 21)


def resolve(text: str) -> Value:
    """A constant, a number or else the text; `NaN` and `Infinity` are numbers that JSON does not have."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[:1] == "." and _FLOAT.fullmatch(text):
        return _fraction(text)
    if text[:1] not in set("+-0123456789") or _DATE.fullmatch(text):
        return text
    plain = text.replace("_", "")
    whole = _integer(plain)
    if whole is not None:
        return number(whole)
    return _fraction(plain) if _FLOAT.fullmatch(plain) else text


def _integer(plain: str) -> int | None:
    found = _INTEGER.fullmatch(plain)
    if found is None:
        return None
    sign, digits = found.groups()
    base = _BASES.get(digits[1:2].lower(), 8 if digits[0] == "0" else 10)
    value = int(digits[2:] if digits[1:2].isalpha() else digits, base)
    value = -value if sign == "-" else value
    fits = INT64_MIN <= value <= _UINT64_MAX and (not sign or value < 2**63)
    return value if fits else None


def _fraction(text: str) -> Value:
    """A float as Go's JSON writes it: without an exponent from 1e-6 up to 1e21."""
    value = float(text)
    if value in {float("inf"), float("-inf")}:
        return text
    exact = Decimal(repr(value)).normalize()
    if not value or exact.adjusted() in _WITHOUT_EXPONENT:
        return Number(format(exact, "f"))
    first, *rest = map(str, exact.as_tuple().digits)
    point = f".{''.join(rest)}" if rest else ""
    exponent = exact.adjusted()
    return Number(f"{'-' if value < 0 else ''}{first}{point}e{exponent:+d}")
