"""Who wrote which field: the format of managedFields, read and written."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ReadError
from compliance.sources.drift.managed_fields import (
    FieldSet,
    Writer,
    parse_fields,
    serialise_fields,
    writer_of,
    writers_of,
)
from compliance.sources.drift.steps import Step, fields, indexed, keyed, valued, written

# As the API server writes it for a Deployment that `kubectl set image` has changed.
_RAW: dict[str, Any] = {
    "f:metadata": {"f:annotations": {".": {}, "f:deployment.kubernetes.io/revision": {}}},
    "f:spec": {
        "f:template": {
            "f:spec": {
                "f:containers": {
                    'k:{"name":"web"}': {
                        ".": {},
                        "f:image": {},
                        "f:ports": {'k:{"containerPort":80,"protocol":"TCP"}': {".": {}, "f:containerPort": {}}},
                    }
                }
            }
        }
    },
    "f:finalizers": {'v:"example.com/done"': {}, "i:3": {}},
}
_WEB = (*fields("spec", "template", "spec", "containers"), keyed({"name": "web"}))


def test_paths_are_read_step_by_step() -> None:
    assert set(parse_fields(_RAW).leaves()) == {
        fields("metadata", "annotations", "deployment.kubernetes.io/revision"),
        (*_WEB, *fields("image")),
        (*_WEB, *fields("ports"), keyed({"protocol": "TCP", "containerPort": 80}), *fields("containerPort")),
        (*fields("finalizers"), valued("example.com/done")),
        (*fields("finalizers"), indexed(3)),
    }


def test_what_was_read_is_written_the_same() -> None:
    assert serialise_fields(parse_fields(_RAW)) == _RAW


def test_keys_are_escaped_as_go_does() -> None:
    raw = {"f:args": {'v:"a\\u003cb\\u0026c"': {}}}
    assert serialise_fields(parse_fields(raw)) == raw


_SCALARS = st.none() | st.booleans() | st.integers(-(2**31), 2**31) | st.text(max_size=8)
_STEPS = st.one_of(
    st.text(min_size=1, max_size=8).map(lambda name: Step("f", name)),
    st.dictionaries(st.text(max_size=5), _SCALARS, max_size=3).map(keyed),
    _SCALARS.map(valued),
    st.integers(0, 99).map(indexed),
)
_LEAF = FieldSet(member=True)


def _tree(children: st.SearchStrategy[FieldSet]) -> st.SearchStrategy[FieldSet]:
    some = st.dictionaries(_STEPS, children, min_size=1, max_size=4)
    return st.builds(lambda member, below: FieldSet(member=member, children=below), st.booleans(), some)


_SETS = st.recursive(st.just(_LEAF), _tree, max_leaves=20)


@given(st.dictionaries(_STEPS, _SETS, max_size=4).map(lambda below: FieldSet(member=False, children=below)))
def test_any_set_survives_writing_and_reading(tree: FieldSet) -> None:
    assert parse_fields(orjson.loads(orjson.dumps(serialise_fields(tree)))) == tree


@given(st.dictionaries(_STEPS, _SETS, max_size=4).map(lambda below: FieldSet(member=False, children=below)))
def test_a_set_covers_each_of_its_paths(tree: FieldSet) -> None:
    assert all(tree.covers(path) for path in tree.leaves())


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({"spec": {}}, "no known beginning"),
        ({"x:spec": {}}, "no known beginning"),
        ({"k:{name": {}}, "no JSON"),
        ({"k:[]": {}}, "of another type"),
        ({"i:one": {}}, "no JSON"),
        ({"i:true": {}}, "of another type"),
        ({"f:spec": []}, "no mapping"),
    ],
)
def test_another_format_is_refused(raw: dict[str, Any], why: str) -> None:
    with pytest.raises(ReadError, match=why):
        parse_fields(raw)


def test_depth_is_bounded() -> None:
    raw: dict[str, Any] = {}
    for _ in range(200):
        raw = {"f:a": raw}
    with pytest.raises(ReadError, match="more than 100 levels"):
        parse_fields(raw)


def test_another_type_of_managed_fields_is_refused() -> None:
    with pytest.raises(ReadError, match="FieldsV2"):
        writers_of({"metadata": {"managedFields": [{"manager": "x", "fieldsType": "FieldsV2"}]}})


def _writer(manager: str, time: str | None, raw: dict[str, Any]) -> Writer:
    return Writer(manager, "Update", "", time, parse_fields(raw))


def test_the_last_of_several_owners_wrote_it() -> None:
    raw = {"f:spec": {"f:replicas": {}}}
    first, second = _writer("helm", "2026-01-01T00:00:00Z", raw), _writer("kubectl-edit", "2026-02-01T00:00:00Z", raw)
    assert writer_of(fields("spec", "replicas"), [second, first]) == second


def test_who_lost_the_only_entry_of_a_map_did_not_write_what_is_in_it_now() -> None:
    """As an API server leaves it when `kubectl patch` has changed data.mode, and helm something else after that."""
    helm = _writer("helm", "2026-02-01T00:00:00Z", {"f:data": {}, "f:immutable": {}})
    hand = _writer("kubectl-patch", "2026-01-01T00:00:00Z", {"f:data": {"f:mode": {}}})
    assert writer_of(fields("data", "mode"), [helm, hand]) == hand


@pytest.mark.parametrize(
    ("raw", "path", "owned"),
    [
        ({"f:spec": {"f:selector": {}}}, fields("spec", "selector", "matchLabels"), True),
        ({"f:spec": {".": {}, "f:a": {}}}, fields("spec", "b"), False),
        ({"f:spec": {"f:a": {"f:b": {}}}}, fields("spec", "a"), True),
        ({"f:spec": {"f:a": {}}}, fields("status"), False),
    ],
)
def test_what_is_owned_whole_is_owned_below(raw: dict[str, Any], path: tuple[Step, ...], *, owned: bool) -> None:
    assert (writer_of(path, [_writer("helm", None, raw)]) is not None) is owned


def test_paths_are_written_with_the_names_of_things() -> None:
    ports = [{"name": "http", "containerPort": 80, "protocol": "TCP"}, {"containerPort": 53, "protocol": "UDP"}]
    value = {"spec": {"template": {"spec": {"containers": [{"name": "web", "ports": ports}]}}}}
    at = (*_WEB, *fields("ports"))
    assert [
        written((*at, keyed({"containerPort": 80, "protocol": "TCP"})), value),
        written((*at, keyed({"containerPort": 53, "protocol": "UDP"})), value),
        written((*at, keyed({"containerPort": 99, "protocol": "UDP"})), value),
        written(fields("metadata", "annotations", "example.com/x"), value),
    ] == [
        "spec.template.spec.containers[web].ports[http]",
        "spec.template.spec.containers[web].ports[53]",
        "spec.template.spec.containers[web].ports[99 UDP]",
        "metadata.annotations[example.com/x]",
    ]
