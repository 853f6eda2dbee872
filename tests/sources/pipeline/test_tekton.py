"""Tekton's Tasks and Pipelines: objects of a cluster that are pipelines too."""

import json
from typing import Any

from compliance.model import Origin, Span
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.pipeline import read_tekton

_STEP = {"name": "push", "image": "quay.io/buildah/stable:v1", "script": "buildah push a/b:1"}


def facts(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    value = {"apiVersion": "tekton.dev/v1", "kind": kind, "metadata": {"name": "x"}, "spec": spec}
    data = json.dumps(value).encode()
    [document] = kubernetes_yaml.load(data)
    assert isinstance(document, kubernetes_yaml.Document)
    return dict(read_tekton(value, data, document.places, (), Origin("x.yaml")).body)


def task(step: dict[str, Any]) -> dict[str, Any]:
    return dict(facts("Task", {"steps": [step]})["jobs"][0])


def test_a_task_is_one_job_and_never_the_whole_pipeline() -> None:
    found = facts("Task", {"steps": [_STEP]})
    assert (found["complete"], [job["name"] for job in found["jobs"]]) == (False, ["x"])
    assert found["jobs"][0]["steps"][0]["acts"][0]["kind"] == "publish"


def test_tasks_wait_by_run_after_and_by_results_and_finally_comes_last() -> None:
    spec = {
        "tasks": [
            {"name": "a", "taskSpec": {"steps": [_STEP]}},
            {"name": "b", "taskSpec": {"steps": [_STEP]}, "runAfter": ["a"]},
            {"name": "c", "taskSpec": {}, "params": [{"name": "x", "value": "$(tasks.b.results.y)"}]},
        ],
        "finally": [{"name": "d", "taskRef": {"name": "clean"}}],
    }
    found = facts("Pipeline", spec)
    assert [job["after"] for job in found["jobs"]] == [[], ["a"], ["a", "b"], ["a", "b", "c"]]
    assert found["complete"] is False
    assert facts("Pipeline", {"tasks": spec["tasks"]})["complete"] is True


def test_other_languages_are_no_shell() -> None:
    step = {**_STEP, "script": "#!/usr/bin/env python\nprint('docker push a')\n"}
    assert task(step)["steps"][0]["commands"] == []


def test_the_program_of_an_image_is_told_from_its_name() -> None:
    step = {"image": "aquasec/trivy:0.67.0", "args": ["image", "--exit-code", "1", "a/b:1"]}
    (act,) = task(step)["steps"][0]["acts"]
    assert (act["kind"], act["gates"]) == ("scan", True)


def test_a_privileged_sidecar_is_told() -> None:
    sidecar = {"image": "docker:29-dind", "securityContext": {"privileged": True}}
    found = facts("Task", {"steps": [], "sidecars": [sidecar]})["jobs"][0]["images"]
    assert [(one["role"], one["privileged"]) for one in found] == [("service", True)]


def test_a_step_has_its_place_in_the_manifests_it_came_with() -> None:
    text = b"a: 1\n---\napiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - script: docker push a\n"
    value = {"apiVersion": "tekton.dev/v1", "kind": "Task", "spec": {"steps": [{"script": "docker push a"}]}}
    _, document = kubernetes_yaml.load(text)
    assert isinstance(document, kubernetes_yaml.Document)
    found = read_tekton(value, text, document.places, (), Origin("x.yaml"))
    assert found.locate([found.body["jobs"][0]["steps"][0]["at"]]) == [Span(7, 7, 7)]
