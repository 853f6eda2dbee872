"""Differences that nobody wants to hear of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compliance.drift_settings import IgnoredFields, ObjectPatterns
from compliance.errors import ConfigurationError
from compliance.sources.drift.compare import compare, told
from compliance.sources.drift.ignoring import without_ignored
from compliance.sources.drift.managed_fields import writers_of
from compliance.sources.drift.pairing import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.drift.field_types import FieldTypes


def _object() -> dict[str, Any]:
    metadata = {"name": "web", "namespace": "shop", "annotations": {"a/b~c": "1"}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {"list": [1, 2, 3], "x": {"y": 1}},
    }


def _left(*pointers: str) -> dict[str, Any]:
    return without_ignored(_object(), [IgnoredFields(ObjectPatterns(), json_pointers=pointers)], None)


def test_what_a_pointer_leads_to_is_left_out_of_a_copy() -> None:
    value = _object()
    kept = without_ignored(value, [IgnoredFields(ObjectPatterns(), json_pointers=("/spec/x/y",))], None)
    assert (kept["spec"]["x"], value["spec"]["x"]) == ({}, {"y": 1})


def test_slashes_and_tildes_are_escaped() -> None:
    assert _left("/metadata/annotations/a~1b~0c")["metadata"]["annotations"] == {}


def test_several_items_of_a_list_are_left_out_by_their_first_places() -> None:
    assert _left("/spec/list/0", "/spec/list/2")["spec"]["list"] == [2]


@pytest.mark.parametrize("pointer", ["/spec/nothing", "/spec/list/9", "/spec/list/x", "/spec/x/y/z"])
def test_a_pointer_to_nothing_leaves_all_as_it_is(pointer: str) -> None:
    assert _left(pointer) == _object()


def test_a_pointer_without_a_slash_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="does not begin with a slash"):
        _left("spec/x")


def test_jq_paths_go_through_their_door() -> None:
    def jq_paths(expression: str, value: object) -> Iterator[list[str | int]]:
        assert (expression, value) == (".spec.list[1]", _object())
        yield ["spec", "list", 1]

    rule = IgnoredFields(ObjectPatterns(), jq_paths=(".spec.list[1]",))
    assert without_ignored(_object(), [rule], jq_paths)["spec"]["list"] == [1, 3]
    with pytest.raises(ConfigurationError, match="nothing to follow it") as caught:
        without_ignored(_object(), [rule], None)
    assert "immutable-compliance[audit]" in caught.value.remedy


@pytest.mark.parametrize(
    ("patterns", "fits"),
    [
        (ObjectPatterns(), True),
        (ObjectPatterns(group="apps", kind="Deploy*", namespace="shop", name="web"), True),
        (ObjectPatterns(kind="Service"), False),
        (ObjectPatterns(group="batch"), False),
        (ObjectPatterns(namespace="other"), False),
        (ObjectPatterns(name="web-*"), False),
    ],
)
def test_which_objects_a_rule_is_about(patterns: ObjectPatterns, *, fits: bool) -> None:
    assert patterns.fits(identity(_object())) is fits


def test_what_a_manager_wrote_is_ignored_by_its_name(types: FieldTypes) -> None:
    declared = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"a": "1", "b": "1"}}
    fields = {"f:data": {"f:a": {}}}
    entry = {"manager": "our-operator", "operation": "Update", "fieldsV1": fields}
    live = declared | {"metadata": {"name": "x", "managedFields": [entry]}, "data": {"a": "2", "b": "2"}}
    rules = [IgnoredFields(ObjectPatterns(), managers=("our-*",))]
    found = told(compare(declared, live, types), declared, live, writers_of(live), rules)
    assert [fact["path"] for fact in found] == ["data.b"]
