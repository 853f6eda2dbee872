"""Paths through objects, as managed fields name them: by field, by the keys of a list's item, by value, by index.

Source: sigs.k8s.io/structured-merge-diff, fieldpath (PathElement). For people a path is written with names in place of
keys: `spec.template.spec.containers[web].ports[http].containerPort`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from compliance.sources.kubernetes.paths import item_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


class Step(NamedTuple):
    """One step: `f` a field by its name, `k` an item by its keys, `v` an item by its value, `i` an item by its place.

    `name` is the field's name, or JSON without spaces and with sorted keys: equal steps are equal texts.
    """

    kind: str
    name: str


Path = tuple[Step, ...]


def field(name: str) -> Step:
    """The field of that name."""
    return Step("f", name)


def fields(*names: str) -> Path:
    """A path of fields alone."""
    return tuple(field(name) for name in names)


def keyed(keys: Mapping[str, Any]) -> Step:
    """The item of a list that has these keys."""
    return Step("k", canonical(keys))


def valued(value: object) -> Step:
    """The item of a set that is this value."""
    return Step("v", canonical(value))


def indexed(index: int) -> Step:
    """The item of a list at this place, from 0."""
    return Step("i", str(index))


def canonical(value: object) -> str:
    """JSON without spaces, keys sorted."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def key_of(item: object, keys: Sequence[str], defaults: Mapping[str, Any]) -> Step | None:
    """The step to an item of a list with these keys; None where it lacks one that has no default."""
    if not isinstance(item, dict):
        return None
    found = {key: item[key] if item.get(key) is not None else defaults.get(key) for key in keys}
    # A key that is left out and has no default is no part of the step (API server, Service ports without protocol).
    present = {key: value for key, value in found.items() if value is not None}
    return keyed(present) if present else None


def position(items: object, step: Step) -> int | None:
    """Where in a list the item is that a step leads to."""
    if not isinstance(items, list):
        return None
    if step.kind == "i":
        index = int(step.name)
        return index if 0 <= index < len(items) else None
    wanted = orjson.loads(step.name)
    matches = (
        number for number, item in enumerate(items) if (item == wanted if step.kind == "v" else _has(item, wanted))
    )
    return next(matches, None)


def _has(item: object, wanted: Mapping[str, Any]) -> bool:
    """A key that the item leaves out has its default, which is not ours to know: it does not speak against it."""
    return isinstance(item, dict) and all(item.get(key) in (value, None) for key, value in wanted.items())


def follow(value: object, step: Step) -> object:
    """What a step leads to; None where there is nothing."""
    if step.kind == "f":
        return value.get(step.name) if isinstance(value, dict) else None
    index = position(value, step)
    return value[index] if index is not None and isinstance(value, list) else None


def written(path: Iterable[Step], *objects: object) -> str:
    """Write a path for people; items are named after what they are called in the first of `objects` that has them."""
    text, values = "", list(objects)
    for step in path:
        lists = values
        values = [follow(value, step) for value in values]
        if step.kind == "f":
            plain = _PLAIN.fullmatch(step.name) is not None
            text += (f".{step.name}" if text else step.name) if plain else f"[{step.name}]"
        else:
            text += f"[{_named(step, lists, values)}]"
    return text


def _named(step: Step, lists: Sequence[object], items: Sequence[object]) -> str:
    for candidates, item in zip(lists, items, strict=True):
        name = item_name(item)
        if name is not None and isinstance(candidates, list):
            if sum(item_name(other) == name for other in candidates) == 1:
                return name
            break
    if step.kind == "i":
        return step.name
    value = orjson.loads(step.name)
    return " ".join(str(part) for part in value.values()) if isinstance(value, dict) else str(value)
