"""semver.*: Semantic Versioning 2.0.0 with an optional leading `v` (https://semver.org/#spec-item-11)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.engine.builtins.operands import INT64_MAX, text
from compliance.engine.rego_values import BuiltinError, number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from compliance.engine.rego_values import Number, Value

_NUMBER = r"(0|[1-9][0-9]*)"
_IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION = re.compile(rf"v?{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_IDENTIFIERS}))?(?:\+{_IDENTIFIERS})?")
_LEADING_ZERO = re.compile(r"0[0-9]+")


@dataclass(frozen=True, slots=True, order=True)
class _Version:
    """Ordered by precedence: a version without pre-release comes after those with one."""

    core: tuple[int, int, int]
    released: bool
    identifiers: tuple[tuple[bool, int, str], ...]


def _parse(given: str) -> _Version:
    found = _VERSION.fullmatch(given)
    if found is None:
        raise BuiltinError(f"{given} is no semantic version")
    major, minor, patch = (int(found[group]) for group in (1, 2, 3))
    identifiers = found[4].split(".") if found[4] else []
    if max(major, minor, patch) > INT64_MAX or any(map(_LEADING_ZERO.fullmatch, identifiers)):
        raise BuiltinError(f"{given} is no semantic version")
    return _Version((major, minor, patch), not identifiers, tuple(map(_identifier, identifiers)))


def _identifier(name: str) -> tuple[bool, int, str]:
    """Numbers compare as such and come before names."""
    return (False, int(name), "") if name.isdigit() else (True, 0, name)


def compare(a: Value, b: Value) -> Number:
    """-1, 0 or 1 as version `a` precedes, equals or follows `b`."""
    left, right = _parse(text(a)), _parse(text(b))
    return number((left > right) - (left < right))


def is_valid(given: Value) -> bool:
    """Whether it is a semantic version."""
    try:
        _parse(text(given))
    except BuiltinError:
        return False
    return True


BUILTINS: Mapping[str, Any] = {"semver.compare": compare, "semver.is_valid": is_valid}
