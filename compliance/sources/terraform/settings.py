"""One setting of a block, wherever a provider keeps it: what it says, and the place that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.sources.terraform.places import below, labelled
from compliance.sources.terraform.values import UNKNOWN, Failure, Value, as_text, as_truth, as_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Flag:
    """A setting that is on or off.

    `path` leads through nested blocks; `default` counts where nothing is written. With `texts` it is on where the text
    is one of them, in any letter case; `inverted` swaps on and off in the end.
    """

    path: str
    default: bool = False
    texts: frozenset[str] = frozenset()
    inverted: bool = False

    def told(self, values: Mapping[str, Value]) -> Told:
        """Its value (null: not known) and its place."""
        found, at = find(values, self.path)
        return {"value": self._value(found), "at": at}

    def _value(self, found: Value) -> bool | None:
        if found is UNKNOWN:
            return None
        try:
            on = self.default if found is None else self._is_on(found)
        except Failure:
            on = self.default
        return on is not self.inverted

    def _is_on(self, found: Value) -> bool:
        return as_text(found).lower() in self.texts if self.texts else as_truth(found)


@dataclass(frozen=True, slots=True)
class Number:
    """A setting that is a whole number."""

    path: str
    default: int

    def told(self, values: Mapping[str, Value]) -> Told:
        """Its value (null: not known) and its place."""
        found, at = find(values, self.path)
        try:
            return {"value": self.default if found is None else as_whole(found), "at": at}
        except Failure:
            return {"value": None if found is UNKNOWN else self.default, "at": at}


Setting = Flag | Number


def find(values: Mapping[str, Value], path: str) -> tuple[Value, str]:
    """What is at a path, and the path by names; None where nothing is, UNKNOWN where that is not known.

    Of several nested blocks of one kind the first counts.
    """
    current, at = values, ""
    *outer, last = path.split(".")
    for number, step in enumerate(outer):
        inner, at = _entered(current.get(step), below(at, step))
        if not isinstance(inner, dict):
            return inner, ".".join((at, *outer[number + 1 :], last))
        current = inner
    return current.get(last), below(at, last)


def _entered(value: Value, path: str) -> tuple[Value, str]:
    """The first of nested blocks; None where there is none."""
    if isinstance(value, list):
        path, value = next(labelled(path, value), (path, None))
    return (value if value is UNKNOWN or isinstance(value, dict) else None), path


def is_set(values: Mapping[str, Value], path: str) -> bool:
    """Whether something is written there, whatever its value."""
    return find(values, path)[0] is not None


def text(values: Mapping[str, Value], path: str) -> str | None:
    """The text at a path; None where there is none, or it is not known."""
    try:
        return as_text(find(values, path)[0])
    except Failure:
        return None
