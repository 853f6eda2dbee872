"""What server-side apply would remove, told without the API server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import live_objects as objects
import pytest

from compliance.sources.drift.compare import Applied, compare
from compliance.sources.drift.managed_fields import writers_of

if TYPE_CHECKING:
    from compliance.sources.drift.field_types import FieldTypes

Object = dict[str, Any]

_OWNED = {
    "f:spec": {
        "f:minReadySeconds": {},
        "f:revisionHistoryLimit": {},
        "f:template": {
            "f:spec": {
                "f:containers": {
                    'k:{"name":"web"}': {
                        "f:image": {},
                        "f:name": {},
                        "f:env": {'k:{"name":"A"}': {"f:name": {}, "f:value": {}}},
                    },
                    'k:{"name":"proxy"}': {"f:image": {}, "f:name": {}},
                }
            }
        },
    }
}


def _live(*more: Object) -> Object:
    live = objects.deployment()
    spec = live["spec"]["template"]["spec"]
    spec["containers"][0]["env"] = [{"name": "A", "value": "1"}]
    spec["containers"].append({"name": "proxy", "image": "p:1"})
    live["spec"] |= {"minReadySeconds": 5, "revisionHistoryLimit": 10}
    live["metadata"]["managedFields"] = [objects.entry("helm", _OWNED, operation="Apply"), *more]
    return live


def _paths(live: Object, types: FieldTypes, by: str | None = "helm") -> list[str]:
    found = compare(objects.declared(), live, types, Applied(by, writers_of(live)))
    return sorted(".".join(step.name for step in one.path) for one in found)


def test_what_the_applier_owns_and_declares_no_more_is_removed(types: FieldTypes) -> None:
    assert _paths(_live(), types) == [
        "spec.minReadySeconds",
        'spec.template.spec.containers.{"name":"proxy"}',
        'spec.template.spec.containers.{"name":"web"}.env.{"name":"A"}',
    ]


@pytest.mark.parametrize("by", [None, "argocd"])
def test_what_somebody_else_owns_stays(types: FieldTypes, by: str | None) -> None:
    assert _paths(_live(), types, by) == []


def test_what_is_owned_by_others_too_stays(types: FieldTypes) -> None:
    other = objects.entry("vpa-updater", {"f:spec": {"f:minReadySeconds": {}}})
    assert "spec.minReadySeconds" not in _paths(_live(other), types)


def test_who_owns_no_more_than_the_emptied_map_around_it_keeps_nothing(types: FieldTypes) -> None:
    containers = {"f:spec": {"f:template": {"f:spec": {"f:containers": {}}}}}
    assert _paths(_live(objects.entry("kubectl-create", containers)), types) == _paths(_live(), types)
