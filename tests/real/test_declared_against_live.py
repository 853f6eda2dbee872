"""What is declared against what a real API server holds, by dry run and without."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from repositories import Repository
from shops import (
    Found,
    Object,
    Shop,
    audited,
    autoscaler,
    deployment,
    drift_in,
    drift_of,
    has_settled,
    named,
)

from compliance.cli import main

if TYPE_CHECKING:
    from control_plane import ControlPlane

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("as_admin"), pytest.mark.xdist_group("control-plane")]

_GOOD = Path(__file__).parent.parent.parent / "examples" / "good" / "kubernetes"


def _typical(namespace: str) -> list[Object]:
    """One of each kind that people declare, as they write it."""
    secret = named("v1", "Secret", "db", stringData={"password": "hunter2xyz"}, type="Opaque")
    template = deployment(container={"ports": [{"containerPort": 8080}]})["spec"]["template"]
    claim = {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}
    claim["spec"]["resources"] = {"requests": {"storage": "1Gi"}}  # type: ignore[index] # JSON
    service = {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]}
    path = {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"number": 80}}}}
    peer = {"podSelector": {"matchLabels": {"app": "web"}}}
    rule = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
    job = {"spec": {"template": {"spec": {**template["spec"], "restartPolicy": "Never"}}}}
    selector = {"matchLabels": {"app": "web"}}
    rbac = "rbac.authorization.k8s.io"
    subject = {"kind": "ServiceAccount", "name": "web", "namespace": namespace}
    found = [
        named("v1", "ServiceAccount", "web"),
        secret,
        named("v1", "ConfigMap", "settings", data={"mode": "fast"}, binaryData={"x": "AAEC\nAwQ="}),
        deployment(volumes=[{"name": "tmp", "emptyDir": {"sizeLimit": "0.5Gi"}}]),
        named("v1", "Service", "web", spec=service),
        named("v1", "Service", "headless", spec={**service, "clusterIP": "None"}),
        named(
            "apps/v1",
            "StatefulSet",
            "db",
            spec={
                "serviceName": "headless",
                "selector": selector,
                "template": template,
                "replicas": 1,
                "volumeClaimTemplates": [claim],
            },
        ),
        named("apps/v1", "DaemonSet", "agent", spec={"selector": selector, "template": template}),
        named("batch/v1", "CronJob", "nightly", spec={"schedule": "@daily", "jobTemplate": job}),
        named("policy/v1", "PodDisruptionBudget", "web", spec={"minAvailable": "50%", "selector": selector}),
        autoscaler(1, 3),
        named(
            "networking.k8s.io/v1",
            "Ingress",
            "web",
            spec={"rules": [{"host": "web.example.com", "http": {"paths": [path]}}]},
        ),
        named(
            "networking.k8s.io/v1",
            "NetworkPolicy",
            "web",
            spec={"podSelector": {}, "ingress": [{"from": [peer], "ports": [{"port": 8080}]}]},
        ),
        named("v1", "PersistentVolumeClaim", "data", spec=claim["spec"]),
        named(f"{rbac}/v1", "Role", "reader", rules=[rule]),
        named(
            f"{rbac}/v1",
            "RoleBinding",
            "reader",
            roleRef={"apiGroup": rbac, "kind": "Role", "name": "reader"},
            subjects=[subject],
        ),
        named("v1", "LimitRange", "limits", spec={"limits": [{"type": "Container", "max": {"cpu": "2"}}]}),
        named("v1", "ResourceQuota", "quota", spec={"hard": {"pods": "100", "requests.cpu": "10000m"}}),
    ]
    for value in found:
        value["metadata"]["labels"] = {"app": "web"}
    return found


@pytest.mark.parametrize("server_side", [False, True], ids=["client side", "server side"])
@pytest.mark.parametrize("dry_run", ["auto", "never"])
def test_what_was_applied_unchanged_does_not_differ(
    control_plane: ControlPlane,
    shop: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    server_side: bool,
    dry_run: str,
) -> None:
    (tmp_path / "compliance.yaml").write_text(f"drift: {{dry_run: {dry_run}}}")
    web = Shop(control_plane, shop, tmp_path)
    web.deploy(*_typical(shop), server_side=server_side)

    _, result = audited(capsys, "--namespace", shop, "--against", str(web.file))

    found = [
        one["message"] for one in result["findings"] if one["rule"].startswith("drift.") and one["severity"] != "info"
    ]
    assert (found, result["gaps"]) == ([], [])
    judged = result["judged"]
    assert judged["drift.field_differs"] >= len(_typical(shop))
    assert not any("dry runs" in one["locator"] for one in result["passed_over"])


@pytest.mark.parametrize("dry_run", ["auto", "never"])
def test_the_good_example_is_in_the_cluster_as_it_is_declared(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], dry_run: str
) -> None:
    (tmp_path / "compliance.yaml").write_text(f"drift: {{dry_run: {dry_run}}}")
    deploy = tmp_path / "deploy"
    deploy.mkdir()
    for file in _GOOD.glob("*.yaml"):
        text = file.read_text().replace("namespace: shop\n", f"namespace: {shop}\n")
        (deploy / file.name).write_text(text.replace("\n  name: shop\n", f"\n  name: {shop}\n"))
    control_plane.kubectl("apply", "-f", str(deploy / "namespace.yaml"))
    control_plane.kubectl("apply", "-f", str(deploy))
    control_plane.wait_for(f"/apis/apps/v1/namespaces/{shop}/deployments/app", has_settled)

    _, result = audited(capsys, "--namespace", shop, "--against", str(deploy))

    found = [
        one["message"] for one in result["findings"] if one["rule"].startswith("drift.") and one["severity"] != "info"
    ]
    assert (found, result["gaps"]) == ([], [])


def _messed_up(web: Shop) -> None:
    """Change, remove and add by hand."""
    web.deploy(*_typical(web.namespace))
    web.kubectl("patch", "service/web", "--type=merge", "-p", '{"metadata":{"annotations":{"by":"hand"}}}')
    web.kubectl("patch", "deployment/web", "--type=merge", "-p", '{"spec":{"paused":true}}')
    declared = list(yaml.safe_load_all(web.file.read_text()))
    declared[2]["data"]["mode"] = "slow"
    declared[1]["stringData"]["password"] = "correct horse"  # noqa: S105 - made up
    declared[3]["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["cpu"] = "200m"
    web.file.write_text(yaml.safe_dump_all(declared))
    web.kubectl("delete", "networkpolicy/web")
    web.kubectl("create", "configmap", "by-hand", "--from-literal=a=b")


_MESS = {
    ("field_differs", "ConfigMap settings", "fields[data.mode]"),
    ("field_differs", "Secret db", "fields[data.password]"),
    ("field_differs", "Deployment web", "fields[spec.template.spec.containers[web].resources.limits.cpu]"),
    ("missing_in_cluster", "NetworkPolicy web", "metadata.name"),
    ("unmanaged", "ConfigMap by-hand", "metadata.name"),
}


def _compared(found: Found) -> Found:
    return {one for one in found if one[0] in {"field_differs", "missing_in_cluster", "unmanaged"}}


@pytest.mark.parametrize("dry_run", ["auto", "never"])
def test_missing_unmanaged_and_differing_are_the_same_by_dry_run_and_without(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], dry_run: str
) -> None:
    (tmp_path / "compliance.yaml").write_text(f"drift: {{dry_run: {dry_run}}}")
    web = Shop(control_plane, shop, tmp_path)
    _messed_up(web)

    code, result = audited(capsys, "--namespace", shop, "--against", str(web.file))

    assert (code, result["gaps"]) == (1, [])
    assert _compared(drift_of(result)) == _MESS
    differing = {one["at"]: one["message"] for one in result["findings"] if one["rule"] == "drift.field_differs"}
    assert differing["fields[data.mode]"] == (
        'data.mode is "fast", and declared as "slow"; kubectl-client-side-apply wrote it'
    )
    for text in ("hunter2xyz", "aHVudGVyMnh5eg", "correct horse"):
        assert text not in json.dumps(result)


def test_who_may_not_patch_compares_offline(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web = Shop(control_plane, shop, tmp_path)
    _messed_up(web)
    with pytest.raises(SystemExit):
        main(["audit", "--print-rbac", "--against", str(web.file)])
    role = capsys.readouterr().out.replace("name: compliance-audit", f"name: {shop}")
    assert "patch" not in role
    control_plane.kubectl("apply", "-f", "-", stdin=role)
    control_plane.kubectl("create", "clusterrolebinding", f"a-{shop}", f"--clusterrole={shop}", f"--user={shop}")

    _, result = audited(capsys, "--as", shop, "--namespace", shop, "--against", str(web.file))

    assert (_compared(drift_of(result)), result["gaps"]) == (_MESS, [])
    said = [one["why"] for one in result["passed_over"] if one["locator"] == "test: dry runs"]
    assert f"deployments.apps may not be patched in {shop}; compared offline: 1 object" in said


def test_the_printed_role_with_dry_runs_is_enough_for_them(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    web = Shop(control_plane, shop, tmp_path)
    web.deploy(deployment(), named("v1", "ConfigMap", "settings", data={"mode": "fast"}))
    with pytest.raises(SystemExit):
        main(["audit", "--print-rbac", "--with-dry-runs", "--against", str(web.file)])
    role = capsys.readouterr().out.replace("name: compliance-audit", f"name: {shop}")
    control_plane.kubectl("apply", "-f", "-", stdin=role)
    control_plane.kubectl("create", "clusterrolebinding", f"a-{shop}", f"--clusterrole={shop}", f"--user={shop}")
    before = control_plane.call("GET", f"/apis/apps/v1/namespaces/{shop}/deployments/web")

    _, result = audited(capsys, "--as", shop, "--namespace", shop, "--against", str(web.file))

    assert (result["gaps"], [one for one in result["passed_over"] if "dry" in one["locator"]]) == ([], [])
    after = control_plane.call("GET", f"/apis/apps/v1/namespaces/{shop}/deployments/web")
    assert after["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]


def test_a_commit_is_compared_with_the_cluster(web: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository = Repository(tmp_path / "repository")
    commit = repository.commit({"prod/web.yaml": web.file.read_text()})
    repository.git("tag", "v1")
    repository.commit({"prod/web.yaml": web.file.read_text().replace("1.2.3", "1.2.4")})

    assert drift_in(capsys, web, "--against", f"{repository.path}//prod@v1") == set()
    assert drift_in(capsys, web, "--against", f"{repository.path}//prod@{commit}") == set()
    assert drift_in(capsys, web, "--against", f"file://{repository.path}@main") == {
        ("field_differs", "Deployment web", "fields[spec.template.spec.containers[web].image]")
    }


def test_an_overlay_is_compared_as_it_renders(
    web: Shop, kustomize: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(kustomize.parent), prepend=os.pathsep)
    overlay = tmp_path / "prod"
    overlay.mkdir()
    (tmp_path / "deploy" / "kustomization.yaml").write_text("resources: [web.yaml]\n")
    images = [{"name": "registry.example/web", "newTag": "2.0.0"}]
    kustomization = {"resources": ["../deploy"], "images": images}
    (overlay / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
    image = ("field_differs", "Deployment web", "fields[spec.template.spec.containers[web].image]")
    assert drift_in(capsys, web, "--against", str(overlay)) == {image}

    web.kubectl("apply", "-k", str(overlay))
    web.settled()
    assert drift_in(capsys, web, "--against", str(overlay)) == set()


def test_a_chart_is_compared_with_its_values(
    web: Shop, helm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(helm.parent), prepend=os.pathsep)
    chart, values = tmp_path / "chart", tmp_path / "prod.yaml"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    (chart / "values.yaml").write_text("mode: slow\n")
    values.write_text("mode: fast\n")
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {mode: {{ .Values.mode }}}\n"
    (chart / "templates" / "settings.yaml").write_text(template)
    web.plane.kubectl("apply", "-n", web.namespace, "-f", "-", stdin=template.replace("{{ .Values.mode }}", "fast"))

    by_hand = ("unmanaged", "Deployment web", "metadata.name")
    assert drift_in(capsys, web, "--against", str(chart), "--helm-values", str(values)) == {by_hand}
    assert drift_in(capsys, web, "--against", str(chart)) == {
        by_hand,
        ("field_differs", "ConfigMap settings", "fields[data.mode]"),
    }


@pytest.mark.parametrize(
    "ignored",
    [
        "{json_pointers: [/spec/template/spec/containers/0/image]}",
        "{kind: Deployment, jq_paths: ['.spec.template.spec.containers[] | select(.name == \"web\") | .image']}",
        "{group: apps, managers: ['kubectl-*']}",
    ],
)
def test_what_is_ignored_does_not_differ(
    web: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str], ignored: str
) -> None:
    allowed = "allowed_managers: ['kubectl-set']"
    (tmp_path / "compliance.yaml").write_text(f"drift: {{{allowed}, ignore_differences: [{ignored}]}}")
    web.kubectl("set", "image", "deployment/web", "web=registry.example/other:1")
    web.settled()

    assert drift_in(capsys, web, "--against", str(web.file)) == set()


@pytest.mark.parametrize("dry_run", ["auto", "never"])
def test_what_is_declared_no_more_would_be_removed(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], dry_run: str
) -> None:
    (tmp_path / "compliance.yaml").write_text(f"drift: {{dry_run: {dry_run}}}")
    web = Shop(control_plane, shop, tmp_path)
    for server_side in (False, True):
        before = deployment(container={"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]})
        web.deploy(before, server_side=server_side)
        web.file.write_text(yaml.safe_dump(deployment(container={"env": [{"name": "A", "value": "1"}]})))
        assert drift_in(capsys, web, "--against", str(web.file)) == {
            ("field_differs", "Deployment web", "fields[spec.template.spec.containers[web].env[B]]")
        }, f"server side: {server_side}"
        web.kubectl("delete", "deployment/web", "--wait")


def test_custom_resources_are_compared_in_the_version_that_they_are_declared_in(
    control_plane: ControlPlane, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    group = f"{shop}.example"
    schema = {
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "properties": {"size": {"type": "integer"}, "colour": {"type": "string", "default": "blue"}},
            }
        },
    }
    versions = [
        {"name": name, "served": True, "storage": name == "v2", "schema": {"openAPIV3Schema": schema}}
        for name in ("v1", "v2")
    ]
    names = {"kind": "Widget", "plural": "widgets", "singular": "widget"}
    definition = named("apiextensions.k8s.io/v1", "CustomResourceDefinition", f"widgets.{group}")
    definition["spec"] = {"group": group, "scope": "Namespaced", "names": names, "versions": versions}
    definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    control_plane.apply(definitions, definition, manager="helm")
    control_plane.wait_for(f"/apis/{group}/v2/widgets", lambda _: True)
    control_plane.wait_for("/apis", lambda found: group in {one["name"] for one in found["groups"]})
    web = Shop(control_plane, shop, tmp_path)
    try:
        for version in ("v1", "v2"):
            widget = named(f"{group}/{version}", "Widget", "w", spec={"size": 1})
            web.deploy(widget)
            assert drift_in(capsys, web, "--against", str(web.file)) == set()
            web.file.write_text(yaml.safe_dump({**widget, "spec": {"size": 2}}))
            assert drift_in(capsys, web, "--against", str(web.file)) == {
                ("field_differs", "Widget w", "fields[spec.size]")
            }
    finally:
        control_plane.call("DELETE", f"{definitions}/widgets.{group}")
