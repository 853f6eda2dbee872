"""Objects in files, asked for as kubectl would ask a cluster."""

import json
from pathlib import Path

import pytest
from shell_rules import namespace, pod, policy

from compliance.errors import ConfigurationError, ReadError
from compliance.interop.kubectl_get import Get
from compliance.interop.object_files import ObjectFiles
from compliance.model import Span, Subject

MANIFESTS = """apiVersion: v1
kind: Pod
metadata:
  name: here
  labels: {app: web}
spec: {nodeName: one}
---
apiVersion: v1
kind: Pod
metadata:
  name: there
  namespace: other
---
apiVersion: v1
kind: Namespace
metadata:
  name: other
---
apiVersion: v1
kind: Secret
metadata:
  name: key
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"data":{"password":"hunter2"}}'
data:
  password: aHVudGVyMg==
"""


def files(folder: Path, *texts: str, current: str = "default") -> ObjectFiles:
    paths = []
    for number, text in enumerate(texts):
        paths.append(folder / f"{number}.yaml")
        paths[-1].write_text(text)
    return ObjectFiles(paths, current)


def names(found: ObjectFiles, get: Get) -> list[str]:
    return [item["metadata"]["name"] for item in found(get)["items"]]


@pytest.mark.parametrize(
    ("get", "expected"),
    [
        (Get("pods"), ["here"]),
        (Get("po", namespace="other"), ["there"]),
        (Get("pod", all_namespaces=True), ["here", "there"]),
        (Get("pods", name="here"), ["here"]),
        (Get("pods", name="there"), []),
        (Get("pods", all_namespaces=True, selector="app=web"), ["here"]),
        (Get("pods", all_namespaces=True, selector="app!=web"), ["there"]),
        (Get("pods", all_namespaces=True, field_selector="spec.nodeName=one"), ["here"]),
        (Get("ns"), ["other"]),
        (Get("ns", namespace="default"), ["other"]),
        (Get("deploy"), []),
    ],
)
def test_a_get_is_answered(tmp_path: Path, get: Get, expected: list[str]) -> None:
    assert names(files(tmp_path, MANIFESTS), get) == expected


def test_the_current_namespace_is_where_manifests_without_one_go(tmp_path: Path) -> None:
    found = files(tmp_path, MANIFESTS, current="other")
    assert names(found, Get("pods")) == ["here", "there"]
    assert [item["metadata"]["namespace"] for item in found(Get("pods"))["items"]] == ["other", "other"]


def test_what_kubectl_printed_is_read(tmp_path: Path) -> None:
    printed = json.dumps({"apiVersion": "v1", "kind": "List", "items": [pod("a"), policy("b"), namespace("b")]})
    raw = json.dumps({"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "raw"}}]})
    found = files(tmp_path, printed, raw)
    assert names(found, Get("pods")) == ["a", "raw"]
    assert names(found, Get("netpol", namespace="b")) == ["default-deny"]
    assert [each.subjects for each in found.inputs] == [3, 1]


def test_values_of_secrets_never_come_out(tmp_path: Path) -> None:
    (secret,) = files(tmp_path, MANIFESTS)(Get("secrets"))["items"]
    assert secret["data"] == {"password": None}
    assert "hunter2" not in json.dumps(secret)


def test_an_object_is_placed_in_its_file(tmp_path: Path) -> None:
    found = files(tmp_path, MANIFESTS)
    assert found.origin(Subject("Pod", "there", "other")).span == Span(8, 1, 12)
    assert found.origin(Subject("Pod", "here", "default")).span == Span(1, 1, 6)
    assert not found.origin(Subject("Pod", "nowhere")).is_file


def test_custom_resources_are_found_by_their_definition_or_their_kind(tmp_path: Path) -> None:
    definition = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: mice.example.com}
spec: {group: example.com, scope: Cluster, names: {kind: Mouse, plural: mice, singular: mouse, shortNames: [mo]}}
---
apiVersion: example.com/v1
kind: Mouse
metadata: {name: m}
---
apiVersion: example.com/v1
kind: Policy
metadata: {name: p}
"""
    found = files(tmp_path, definition)
    assert names(found, Get("mo", namespace="x")) == ["m"]
    assert names(found, Get("policies.example.com")) == ["p"]


def test_an_unknown_resource_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no resource type 'podz'"):
        files(tmp_path, MANIFESTS)(Get("podz"))


def test_an_unsupported_field_is_an_error_even_without_objects(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"field label not supported: spec\.replicas"):
        files(tmp_path, MANIFESTS)(Get("deploy", field_selector="spec.replicas=1"))


def test_what_cannot_be_read_is_a_gap_and_hides_nothing(tmp_path: Path) -> None:
    found = files(tmp_path, "a: [\n---\n" + MANIFESTS, "replicas: 1\n")
    assert names(found, Get("pods")) == ["here"]
    assert [(gap.about.rpartition("/")[2], gap.why) for gap in found.gaps][1:] == [
        ("1.yaml", "is no Kubernetes object")
    ]
    assert len(found.gaps) == 2


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no\.yaml: cannot be read: No such file"):
        ObjectFiles([tmp_path / "no.yaml"])
