"""What each verb of Go's fmt makes of an integer, a fraction or a text (https://pkg.go.dev/fmt#hdr-Printing)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from compliance.engine.builtins.operands import INT64_MAX, INT64_MIN
from compliance.engine.go_text import printable, quote

Argument: TypeAlias = int | float | str

_BASES = {"d": "d", "v": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
_PREFIXES = {"b": "0b", "o": "0", "O": "0", "x": "0x", "X": "0X"}
_LAST_CHARACTER = 0x10FFFF
_REPLACEMENT = "\ufffd"
_SURROGATES = range(0xD800, 0xE000)
_SHORTEST_LIMIT = 6
_SHORTEST_LOW = -4
_DEFAULT_PRECISION = 6


@dataclass(frozen=True, slots=True)
class Spec:
    """One directive: its flags, width and precision (None when not given), and verb."""

    verb: str = "v"
    flags: frozenset[str] = frozenset()
    width: int | None = None
    precision: int | None = None

    def pad(self, text: str, *, zeros: bool = False) -> str:
        """Fill up to the width, with zeros on the left only."""
        missing = (self.width or 0) - len(text)
        if missing <= 0:
            return text
        if "-" in self.flags:
            return text + " " * missing
        return ("0" if zeros and "0" in self.flags else " ") * missing + text


def written(argument: Argument, spec: Spec) -> str:
    """Write an argument by a directive; a verb that does not suit it is complained of in Go's way."""
    if spec.verb == "T":
        return written(type_name(argument), replace(spec, verb="s"))
    if is_big(argument) and spec.verb in {"p", "w"}:
        raise OverflowError("shows how Go keeps a number in memory")
    if isinstance(argument, int):
        text = _big(argument, spec) if is_big(argument) else _integer(argument, spec)
    elif isinstance(argument, float):
        text = _fraction(argument, spec)
    else:
        text = _text(argument, spec)
    return bad_verb(argument, spec) if text is None else text


def bad_verb(argument: Argument, spec: Spec) -> str:
    """Complain of a verb; width and flags apply to the value shown."""
    return f"%!{spec.verb}({type_name(argument)}={written(argument, replace(spec, verb='v'))})"


def type_name(argument: Argument) -> str:
    """The Go type that OPA makes of an argument."""
    if isinstance(argument, int):
        return "*big.Int" if is_big(argument) else "int64"
    return "float64" if isinstance(argument, float) else "string"


def is_big(argument: Argument) -> bool:
    """Whether it is an integer of more than 64 bits."""
    return isinstance(argument, int) and not INT64_MIN <= argument <= INT64_MAX


def _integer(value: int, spec: Spec) -> str | None:
    if spec.verb in _BASES:
        return _based(value, spec)
    if spec.verb == "c":
        return spec.pad(_character(value), zeros=True)
    if spec.verb == "q":
        return spec.pad(_quoted_character(value, ascii_only="+" in spec.flags), zeros=True)
    if spec.verb == "U":
        code = value % 2**64
        digits = f"U+{code:0{max(spec.precision or 0, 4)}X}"
        shown = code <= _LAST_CHARACTER and code not in _SURROGATES and printable(chr(code))
        return spec.pad(f"{digits} '{chr(code)}'" if "#" in spec.flags and shown else digits)
    return None


def _based(value: int, spec: Spec) -> str:
    if spec.precision == 0 and value == 0:
        return " " * (spec.width or 0)
    sign = _sign(value < 0, spec)
    least = spec.precision or 0
    if spec.precision is None and "0" in spec.flags and "-" not in spec.flags and spec.width:
        least = spec.width - len(sign)
    digits = f"{abs(value):{_BASES[spec.verb]}}".rjust(least, "0")
    if "#" in spec.flags:
        prefix = _PREFIXES.get(spec.verb, "")
        digits = digits if prefix == "0" and digits.startswith("0") else prefix + digits
    if spec.verb == "O":
        digits = f"0o{digits}"
    return spec.pad(sign + digits)


def _big(value: int, spec: Spec) -> str | None:
    """math/big formats its own: a prefix counts towards the width, and `%s` is a verb."""
    verb = "d" if spec.verb == "s" else spec.verb
    if verb not in _BASES:
        return f"%!{spec.verb}(big.Int={value})"
    sign = _sign(value < 0, spec) or ("+" if "+v" in spec.flags else "")
    prefix = "0o" if verb == "O" else _PREFIXES.get(verb, "") if "#" in spec.flags else ""
    digits = f"{abs(value):{_BASES[verb]}}".rjust(spec.precision or 0, "0")
    missing = (spec.width or 0) - len(sign + prefix + digits)
    if missing > 0 and "0" in spec.flags and "-" not in spec.flags and spec.precision is None:
        digits = "0" * missing + digits
    return spec.pad(sign + prefix + digits)


def _sign(negative: bool, spec: Spec) -> str:  # noqa: FBT001 - one of two signs
    if negative:
        return "-"
    return next((flag for flag in "+ " if flag in spec.flags), "")


def _character(code: int) -> str:
    known = 0 <= code <= _LAST_CHARACTER and code not in _SURROGATES
    return chr(code) if known else _REPLACEMENT


def _quoted_character(code: int, *, ascii_only: bool) -> str:
    character = _character(code)
    if character in {"'", '"'}:
        return "'\\''" if character == "'" else "'\"'"
    return f"'{quote(character, ascii_only=ascii_only)[1:-1]}'"


def _fraction(value: float, spec: Spec) -> str | None:
    verb = {"v": "g", "F": "f"}.get(spec.verb, spec.verb)
    if verb in {"b", "x", "X"}:
        raise OverflowError(f"%{verb} of a fraction is not available")
    if verb not in {"g", "G", "e", "E", "f"}:
        return None
    general = verb in {"g", "G"}
    precision = spec.precision if spec.precision is not None or general else _DEFAULT_PRECISION
    digits = _shortest(abs(value), verb) if precision is None else f"{abs(value):.{precision}{verb}}"
    if "#" in spec.flags:
        digits = _with_point(digits, (_DEFAULT_PRECISION if precision is None else precision) if general else 0)
    sign = _sign(math.copysign(1, value) < 0, spec)
    if "0" in spec.flags and "-" not in spec.flags:
        return sign + digits.rjust((spec.width or 0) - len(sign), "0")
    return spec.pad(sign + digits)


def _shortest(value: float, verb: str) -> str:
    """The fewest digits that give this float, with an exponent from 1e+06 and below 0.0001."""
    if value == 0:
        return "0"
    exact = Decimal(repr(value)).normalize()
    exponent = exact.adjusted()
    if _SHORTEST_LOW <= exponent < _SHORTEST_LIMIT:
        return format(exact, "f")
    first, *rest = map(str, exact.as_tuple().digits)
    point = f".{''.join(rest)}" if rest else ""
    mark = "e" if verb == "g" else "E"
    return f"{first}{point}{mark}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _with_point(digits: str, significant: int) -> str:
    """What `#` does: a decimal point in any case, and zeros up to the precision."""
    mark = next((place for place, character in enumerate(digits) if character in "eE"), len(digits))
    number, exponent = digits[:mark], digits[mark:]
    counted = len(number.replace(".", "").lstrip("0"))
    if "." not in number:
        counted += number == "0"
        number += "."
    return number + "0" * (significant - counted) + exponent


def _text(value: str, spec: Spec) -> str | None:
    if spec.verb in {"x", "X"}:
        return _hexadecimal(value, spec)
    cut = value if spec.precision is None else value[: spec.precision]
    if spec.verb == "q" or (spec.verb == "v" and "#v" in spec.flags):
        if "#" in spec.flags and _can_backquote(cut):
            return spec.pad(f"`{cut}`", zeros=True)
        return spec.pad(quote(cut, ascii_only="+" in spec.flags), zeros=True)
    return spec.pad(cut, zeros=True) if spec.verb in {"s", "v"} else None


def _can_backquote(text: str) -> bool:
    return not any(character in "`\x7f\ufeff" or (character < " " and character != "\t") for character in text)


def _hexadecimal(value: str, spec: Spec) -> str:
    content = value.encode(errors="replace")
    if spec.precision is not None:
        content = content[: spec.precision]
    prefix = f"0{spec.verb}" if "#" in spec.flags and content else ""
    between = f" {prefix}" if " " in spec.flags else ""
    digits = between.join(f"{byte:02{spec.verb}}" for byte in content)
    return spec.pad(prefix + digits, zeros=True)
