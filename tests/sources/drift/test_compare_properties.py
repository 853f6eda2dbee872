"""Whatever is declared equals what the API server makes of it, and no changed field is overlooked."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from declared_objects import DECLARED, served
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.drift_settings import IgnoredFields, ObjectPatterns
from compliance.sources.drift.compare import compare
from compliance.sources.drift.ignoring import without_ignored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.drift.field_types import FieldTypes

Steps = tuple[str | int, ...]
_ONCE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def _leaves(value: object, path: Steps = ()) -> Iterator[Steps]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    else:
        yield path


def _compared(path: Steps) -> bool:
    identity = {("metadata", "name"), ("metadata", "namespace")}
    return path[0] not in {"apiVersion", "kind"} and path[:2] not in identity


def _holder(value: Any, path: Steps) -> Any:  # noqa: ANN401 - nested JSON
    for step in path[:-1]:
        value = value[step]
    return value


_CASES = st.sampled_from([(declared, path) for declared in DECLARED for path in _leaves(declared) if _compared(path)])


@st.composite
def _thinned(draw: st.DrawFn) -> dict[str, Any]:
    """A declaration with some of its container's or spec's optional fields left out."""
    value = copy.deepcopy(draw(st.sampled_from(DECLARED)))
    spec = value.get("spec", {})
    pods = spec.get("jobTemplate", {}).get("spec", spec).get("template")
    if pods is not None:
        for holder, kept in ((pods["spec"], {"containers"}), (pods["spec"]["containers"][0], {"name", "image"})):
            optional = sorted(holder.keys() - kept)
            for name in draw(st.lists(st.sampled_from(optional), unique=True)):
                del holder[name]
    return value


_DEFAULTED = Path(__file__).with_name("defaulted.json")
"""What Kubernetes' own code (legacyscheme.Scheme.Default, 1.37.1) makes of each of DECLARED."""


@pytest.mark.parametrize("number", range(len(DECLARED)))
def test_what_kubernetes_makes_of_a_declaration_equals_it(number: int, types: FieldTypes) -> None:
    live = json.loads(_DEFAULTED.read_text(encoding="utf-8"))[number]
    assert (live["kind"], compare(DECLARED[number], live, types)) == (DECLARED[number]["kind"], ())


@_ONCE
@given(_thinned())
def test_what_is_declared_equals_what_is_made_of_it(types: FieldTypes, declared: dict[str, Any]) -> None:
    assert compare(declared, served(declared), types) == ()


def _other(value: object) -> object:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case _:
            return "Y2hhbmdlZA==" if str(value).endswith("i") else "changed"


@_ONCE
@given(_CASES)
def test_a_changed_field_is_found_unless_ignored(types: FieldTypes, case: tuple[dict[str, Any], Steps]) -> None:
    declared, path = case
    live = served(declared)
    holder = _holder(live, path)
    holder[path[-1]] = _other(_holder(declared, path)[path[-1]])
    assert compare(declared, live, types)
    pointer = "/" + "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in _whole(path))
    rules = [IgnoredFields(ObjectPatterns(kind=declared["kind"]), json_pointers=(pointer,))]
    assert compare(without_ignored(declared, rules, None), without_ignored(live, rules, None), types) == ()


def _whole(path: Steps) -> Steps:
    """Up to the first list: what tells its items apart may be what was changed."""
    first = next((number for number, step in enumerate(path) if isinstance(step, int)), len(path))
    return path[:first]
