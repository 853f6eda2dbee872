"""Drift on a real API server with controllers: what a hand did is found, and what nobody did is not."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from shops import (
    Object,
    Shop,
    audited,
    autoscaler,
    deployment,
    drift_in,
    drift_of,
    has_settled,
    named,
    push,
    push_index,
)

if TYPE_CHECKING:
    from control_plane import ControlPlane

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("as_admin"), pytest.mark.xdist_group("control-plane")]

_GOOD = Path(__file__).parent.parent.parent / "examples" / "good" / "kubernetes"


# --- what nobody did


def test_a_cluster_that_nobody_touched_has_no_drift(
    control_plane: ControlPlane, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del control_plane
    # What other tests have made here.
    (tmp_path / "compliance.yaml").write_text("drift: {allowed_managers: [tests, kubectl-create]}")

    _, result = audited(capsys)

    ours = ("shop-", "widgets.", "a-shop-", "Widget")
    found = [
        (one["rule"], one["subject"], one["message"])
        for one in result["findings"]
        if one["rule"].startswith("drift.") and not str(one["subject"]["namespace"]).startswith("shop-")
    ]
    assert [one for one in found if not one[1]["name"].startswith(ours)] == []


def test_what_was_deployed_and_left_alone_has_no_drift(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert drift_in(capsys, web) == set()


def test_a_rollout_a_restart_and_another_deployment_are_no_drift(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    web.kubectl("rollout", "restart", "deployment/web")
    web.settled()
    web.deploy(deployment("registry.example/web:1.2.4"))

    assert drift_in(capsys, web, "--against", str(web.file)) == set()


# --- by hand


def test_what_was_edited_is_found_with_its_path_and_time(
    web: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBE_EDITOR", "sed -i s/revisionHistoryLimit:.10/revisionHistoryLimit:\\ 3/")
    web.kubectl("edit", "deployment/web")
    web.kubectl("patch", "deployment/web", "--type=merge", "-p", '{"spec":{"minReadySeconds":1}}')
    web.kubectl("label", "deployment/web", "by=hand")
    web.settled()

    _, result = audited(capsys, "--namespace", web.namespace)

    assert drift_of(result) == {
        ("edited_by_hand", "Deployment web", "fields[spec.revisionHistoryLimit]"),
        ("edited_by_hand", "Deployment web", "fields[spec.minReadySeconds]"),
        ("edited_by_hand", "Deployment web", "fields[metadata.labels.by]"),
    }
    (edited,) = [one for one in result["findings"] if one["at"] == "fields[spec.revisionHistoryLimit]"]
    assert edited["message"].startswith(f"spec.revisionHistoryLimit was written by kubectl-edit, last at {_today()}")


def _today() -> str:
    return time.strftime("%Y-%m-%dT", time.gmtime())


def test_an_image_set_by_hand_is_no_longer_what_was_declared(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    web.kubectl("set", "image", "deployment/web", "web=registry.example/other:1")
    web.settled()

    image = "fields[spec.template.spec.containers[web].image]"
    assert drift_in(capsys, web, "--against", str(web.file)) == {
        ("edited_by_hand", "Deployment web", image),
        ("field_differs", "Deployment web", image),
    }


def test_a_pod_that_was_changed_differs_from_its_template(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    name = web.pods()[0]["metadata"]["name"]
    web.kubectl("set", "image", f"pod/{name}", "web=registry.example/miner:1")

    assert drift_in(capsys, web) == {
        ("differs_from_template", "Deployment web", "fields[containers[web].image]"),
        ("edited_by_hand", f"Pod {name}", "fields[spec.containers[web].image]"),
    }


def test_a_pod_that_was_resized_is_explained_and_the_hand_is_found(
    web: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    pod = web.pods()[0]
    name = pod["metadata"]["name"]
    # Kubelets that can resize say what a container has; kwok does not.
    has = {**pod["status"]["containerStatuses"][0], "resources": pod["spec"]["containers"][0]["resources"]}
    web.report(pod, {"containerStatuses": [has]})
    bigger = {"spec": {"containers": [{"name": "web", "resources": {"limits": {"memory": "128Mi"}}}]}}
    web.kubectl("patch", f"pod/{name}", "--subresource=resize", "-p", json.dumps(bigger))

    found = drift_in(capsys, web)

    assert {rule for rule, _, _ in found} == {"edited_by_hand"}
    assert {subject for _, subject, _ in found} == {f"Pod {name}"}


def test_a_debugging_container_is_found(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    name = web.pods()[0]["metadata"]["name"]
    web.kubectl("debug", name, "--image=registry.example/debug:1", "--attach=false", "--profile=general", "-c=dbg")

    assert ("ephemeral_container", "Deployment web", "ephemeral_containers[dbg]") in drift_in(capsys, web)


def test_a_session_is_found_in_the_audit_log_and_only_with_it(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    name = web.pods()[0]["metadata"]["name"]
    # kwok runs nothing: the session ends at once, and was one.
    with pytest.raises(AssertionError):
        web.kubectl("exec", name, "--", "sh", "-c", "id")

    with_log = drift_in(capsys, web, "--audit-log", str(web.plane.audit_log))

    assert with_log == {("exec_session", "Deployment web", f"exec_sessions[admin {name}]")}
    assert drift_in(capsys, web) == set()


# --- replicas


def test_scaling_by_hand_is_found(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    web.kubectl("scale", "deployment/web", "--replicas=3")
    web.settled()

    _, result = audited(capsys, "--namespace", web.namespace, "--against", str(web.file))

    assert drift_of(result) == {("replicas_differ", "Deployment web", "spec.replicas")}
    (found,) = [one for one in result["findings"] if one["rule"] == "drift.replicas_differ"]
    assert found["message"] == "Deployment web is scaled to 3 instead of 2; kubectl wrote it by hand"


def test_what_an_autoscaler_scaled_is_no_drift_and_out_of_its_bounds_is(
    web: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    web.deploy(deployment(), autoscaler(4, 6))
    path = f"/apis/apps/v1/namespaces/{web.namespace}/deployments/web"
    web.plane.wait_for(path, lambda value: value["spec"]["replicas"] == 4 and has_settled(value))
    assert drift_in(capsys, web, "--against", str(web.file)) == set()

    web.kubectl("scale", "deployment/web", "--replicas=0")  # which turns the autoscaler off
    assert drift_in(capsys, web, "--against", str(web.file)) == {("replicas_differ", "Deployment web", "spec.replicas")}


# --- images


def test_a_tag_that_was_moved_is_found(
    control_plane: ControlPlane, shop: str, docker_registry: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compliance.yaml").write_text("drift: {resolve_tags: true}")
    name = f"{docker_registry}/shop/web"
    runs = push(docker_registry, "v1", b"one")
    web = Shop(control_plane, shop, tmp_path)
    web.deploy(deployment(f"{name}:v1", metadata={"annotations": {"kwok-image-id/web": f"{name}@{runs}"}}))
    assert drift_in(capsys, web) == set()

    push_index(docker_registry, "v1", runs)
    assert drift_in(capsys, web) == set()

    push(docker_registry, "v1", b"two")
    assert drift_in(capsys, web) == {("tag_moved_since_deployment", "Deployment web", "containers[web].image")}


def test_another_image_than_the_trusted_one_is_found(
    control_plane: ControlPlane, shop: str, docker_registry: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"{docker_registry}/shop/web"
    trusted, other = push(docker_registry, "t1", b"trusted"), push(docker_registry, "t2", b"other")
    (tmp_path / "compliance.yaml").write_text(f'drift: {{trusted_digests: {{"{name}:t1": "{trusted}"}}}}')
    web = Shop(control_plane, shop, tmp_path)
    web.deploy(deployment(f"{name}:t1", metadata={"annotations": {"kwok-image-id/web": f"{name}@{trusted}"}}))
    assert drift_in(capsys, web) == set()

    (pod, _) = web.pods()
    status = {**pod["status"]["containerStatuses"][0], "imageID": f"{name}@{other}"}
    web.report(pod, {"containerStatuses": [status]})
    assert drift_in(capsys, web) == {("running_image_differs", "Deployment web", "containers[web].image")}


def test_a_registry_that_does_not_answer_is_a_gap_of_the_rule_that_asks(
    web: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compliance.yaml").write_text("drift: {resolve_tags: true}")
    web.deploy(deployment("127.0.0.1:1/web:1"))

    _, result = audited(capsys, "--namespace", web.namespace)

    assert {(gap["rule"], gap["about"]) for gap in result["gaps"]} == {
        ("drift.tag_moved_since_deployment", f"test/Deployment/{web.namespace}/web")
    }


# --- time


def test_configuration_that_was_changed_in_place_is_found(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web = Shop(control_plane, shop, tmp_path)
    settings = named("v1", "ConfigMap", "settings", data={"mode": "slow"})
    reads = deployment(container={"envFrom": [{"configMapRef": {"name": "settings"}}]})
    web.deploy(settings, reads)
    assert drift_in(capsys, web) == set()

    time.sleep(2)  # the API server's times are seconds
    web.deploy({**settings, "data": {"mode": "fast"}}, reads)
    assert drift_in(capsys, web) == {
        ("configmap_changed_in_place", "Deployment web", "configuration[ConfigMap settings]")
    }


def test_old_pods_are_found(web: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = "drift.instance_too_old"
    (tmp_path / "compliance.yaml").write_text(f"rules: {{{rule}: {{params: {{max_age_days: 7}}}}}}")
    pod = web.pods()[0]
    for days, found in ((6, set()), (8, {("instance_too_old", "Deployment web", "pods")})):
        started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * 86400 - 60))
        web.report(pod, {"startTime": started})
        assert drift_in(capsys, web) == found


def test_a_container_that_restarts_again_and_again_is_found(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web = Shop(control_plane, shop, tmp_path)
    web.file.write_text(yaml.safe_dump(deployment("registry.example/web:1-crash")))
    web.kubectl("apply", "-f", str(web.file))

    def has_restarted(value: Object) -> bool:
        statuses = [status for pod in value["items"] for status in pod["status"].get("containerStatuses", ())]
        return any(status["restartCount"] >= 5 for status in statuses)

    control_plane.wait_for(f"/api/v1/namespaces/{shop}/pods", has_restarted)
    assert drift_in(capsys, web) == {("restarted_often", "Deployment web", "containers[web]")}


def test_the_same_audit_twice_says_the_same(web: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    web.kubectl("label", "deployment/web", "by=hand")
    first, second = (audited(capsys, "--namespace", web.namespace)[1] for _ in range(2))
    assert first["findings"] == second["findings"]
