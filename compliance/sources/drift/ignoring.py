"""Which differences nobody wants to hear of: by JSON pointer, by jq path, by who wrote them.

A pointer (RFC 6901) is followed in the declared and in the live object by itself, as Argo CD's `ignoreDifferences`
does, and what it leads to is left out of both. jq needs a library that is not this module's: `jq_paths` is the door to
it, a function that gives the paths (of keys and numbers) that an expression selects in an object.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from compliance.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from compliance.drift_settings import IgnoredFields

    JqPaths = Callable[[str, object], Iterable[Sequence[str | int]]]


def without_ignored(
    value: Mapping[str, Any], rules: Iterable[IgnoredFields], jq_paths: JqPaths | None
) -> dict[str, Any]:
    """A copy of the object without what the rules leave out; the rules are those that fit it.

    Raises:
        ConfigurationError: a pointer does not begin with a slash, or a jq path is given and nothing can follow it.
    """
    kept = copy.deepcopy(dict(value))
    # What is found later in a list is left out first, so that what is before it keeps its place.
    for path in sorted(_paths(kept, rules, jq_paths), key=_by_place, reverse=True):
        _leave_out(kept, path)
    return kept


def _by_place(path: Sequence[str | int]) -> list[tuple[int, int, str]]:
    return [(0, step, "") if isinstance(step, int) else (1, 0, step) for step in path]


def _paths(
    value: Mapping[str, Any], rules: Iterable[IgnoredFields], jq_paths: JqPaths | None
) -> Iterator[tuple[str | int, ...]]:
    for rule in rules:
        for pointer in rule.json_pointers:
            yield from _follow(value, pointer)
        for expression in rule.jq_paths:
            if jq_paths is None:
                raise ConfigurationError(
                    f"ignore_differences has the jq path {expression!r}, and there is nothing to follow it",
                    remedy="pip install 'immutable-compliance[audit]', or write it as a JSON pointer",
                )
            yield from (tuple(path) for path in jq_paths(expression, value))


def _follow(value: object, pointer: str) -> Iterator[tuple[str | int, ...]]:
    if not pointer.startswith("/"):
        raise ConfigurationError(
            f"ignore_differences has the JSON pointer {pointer!r}, which does not begin with a slash",
            remedy="write it as in RFC 6901: /spec/template/spec/containers/0/image",
        )
    path: list[str | int] = []
    for token in pointer[1:].split("/"):
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            path.append(name)
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            path.append(int(name))
            value = value[int(name)]
        else:
            return
    yield tuple(path)


def _leave_out(value: Any, path: Sequence[str | int]) -> None:  # noqa: ANN401 - nested JSON
    for step in path[:-1]:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return
    last = path[-1] if path else None
    if isinstance(value, dict) and isinstance(last, str):
        value.pop(last, None)
    elif isinstance(value, list) and isinstance(last, int) and last < len(value):
        del value[last]
