"""Between a rule's `at`, which names things, and the path in the object as it was written.

`containers[web].image` is `("spec", "template", "spec", "containers", 1, "image")`: brackets hold a key of a mapping,
or what identifies an item of a list (its `name`, else one of the other usual list keys, else its number).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Path = tuple[str | int, ...]

_SEGMENT = re.compile(r"\.?([^.\[\]]+)|\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LIST_KEYS = ("name", "key", "containerPort", "port", "mountPath", "type", "ip")


def item_name(item: object) -> str | None:
    """What identifies an item of a list, by the usual list-map keys of the Kubernetes API."""
    if isinstance(item, dict):
        return next((str(item[key]) for key in _LIST_KEYS if isinstance(item.get(key), (str, int))), None)
    return item if isinstance(item, str) else None


def at_of(path: Sequence[str | int], value: object) -> str:
    """Write the path of something inside `value` as a rule would: names instead of numbers where there are names."""
    written = ""
    for step in path:
        if isinstance(step, int):
            value = _get(value, step)
            written += f"[{item_name(value) or step}]"
        else:
            value = _get(value, step)
            plain = _PLAIN_KEY.fullmatch(step) is not None
            written += (f".{step}" if written else step) if plain else f"[{step}]"
    return written


def path_of(at: str, value: object, aliases: Mapping[str, Path]) -> Path:
    """Follow `at` through `value` as far as it exists; `aliases` maps `containers[web]` to where that container is."""
    path: Path = ()
    for alias, target in aliases.items():
        if at == alias or at.startswith((f"{alias}.", f"{alias}[")):
            path, at, value = target, at[len(alias) :], _follow(value, target)
            break
    for match in _SEGMENT.finditer(at):
        step = _step(match[1] if match[1] is not None else match[2], value)
        if step is None:
            break
        path, value = (*path, step), _get(value, step)
    return path


def _follow(value: object, path: Path) -> object:
    for step in path:
        value = _get(value, step)
    return value


def _get(value: object, step: str | int) -> object:
    if isinstance(value, dict):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def _step(name: str, value: object) -> str | int | None:
    if isinstance(value, dict):
        return name if name in value else None
    if isinstance(value, list):
        named = next((index for index, item in enumerate(value) if item_name(item) == name), None)
        if named is None and name.isdecimal() and int(name) < len(value):
            return int(name)
        return named
    return None
