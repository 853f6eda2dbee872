"""`--against release` with records that the real helm writes, in a real API server."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
import yaml
from commands import attempt, run
from shops import Object, audited, deployment, drift_of, has_settled, named

from compliance.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from control_plane import ControlPlane

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("as_admin"), pytest.mark.xdist_group("control-plane")]

_SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {mode: {{ .Values.mode }}}\n"
_SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: {{ .Values.password }}}\n"  # noqa: S105 - a template
_HOOK = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: of-a-hook, annotations: {helm.sh/hook: post-install}}
"""
_PASSWORD = "hunter2xyz"  # noqa: S105 - made up


class _Release:
    """A chart of a small shop, and the release `web` of it."""

    def __init__(self, plane: ControlPlane, helm: Path, folder: Path, namespace: str, driver: str = "secret") -> None:
        self.plane = plane
        self.namespace = namespace
        self._helm = helm
        self._env = {"HELM_DRIVER": driver, "HELM_CACHE_HOME": str(folder / "helm"), "HELM_DATA_HOME": str(folder)}
        self.chart = folder / "chart"
        templates = self.chart / "templates"
        templates.mkdir(parents=True)
        (self.chart / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
        (self.chart / "values.yaml").write_text(f"mode: slow\npassword: {_PASSWORD}\n")
        service = named("v1", "Service", "web", spec={"selector": {"app": "web"}, "ports": [{"port": 80}]})
        (templates / "web.yaml").write_text(yaml.safe_dump_all([deployment(), service]))
        for name, text in {"settings": _SETTINGS, "db": _SECRET, "hook": _HOOK}.items():
            (templates / f"{name}.yaml").write_text(text)

    def helm(self, *words: str) -> str:
        """Run helm in the namespace; what it prints."""
        return run([self._helm, "--namespace", self.namespace, *words], env=self._env)

    def fails(self, *words: str) -> None:
        """Run helm, which does not succeed."""
        assert attempt([self._helm, "--namespace", self.namespace, *words], env=self._env).returncode

    def settled(self) -> None:
        """Wait until all Pods run."""
        self.plane.wait_for(f"/apis/apps/v1/namespaces/{self.namespace}/deployments/web", has_settled)

    def install(self, *words: str) -> None:
        """Install it."""
        self.helm("install", "web", str(self.chart), *words)
        self.settled()

    def kubectl(self, *words: str) -> None:
        """Do something by hand."""
        self.plane.kubectl("-n", self.namespace, *words)

    def audited(self, capsys: pytest.CaptureFixture[str], *options: str) -> Object:
        """The result of an audit of the namespace."""
        return audited(capsys, "--namespace", self.namespace, "--against", "release", *options)[1]


@pytest.fixture
def web(control_plane: ControlPlane, helm: Path, shop: str, tmp_path: Path) -> _Release:
    return _Release(control_plane, helm, tmp_path, shop)


@pytest.mark.parametrize(("driver", "dry_run"), [("secret", "auto"), ("secret", "never"), ("configmap", "auto")])
def test_what_is_done_by_hand_to_a_release_is_found(
    control_plane: ControlPlane,
    helm: Path,
    shop: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    driver: str,
    dry_run: str,
) -> None:
    (tmp_path / "compliance.yaml").write_text(f"drift: {{dry_run: {dry_run}}}")
    web = _Release(control_plane, helm, tmp_path, shop, driver)
    web.install("--set", "mode=fast")

    untouched = web.audited(capsys)
    assert (drift_of(untouched), untouched["gaps"]) == (set(), [])
    assert untouched["judged"]["drift.missing_in_cluster"] >= 4

    web.kubectl("patch", "configmap/settings", "--type=merge", "-p", '{"data":{"mode":"slow"}}')
    web.kubectl("delete", "service/web")
    web.kubectl("create", "configmap", "by-hand", "--from-literal=a=b")
    web.kubectl("patch", "secret/db", "--type=merge", "-p", '{"stringData":{"password":"another"}}')

    result = web.audited(capsys)

    assert result["gaps"] == []
    compared = {one for one in drift_of(result) if one[0] in {"field_differs", "missing_in_cluster", "unmanaged"}}
    assert compared == {
        ("field_differs", "ConfigMap settings", "fields[data.mode]"),
        ("field_differs", "Secret db", "fields[data.password]"),
        ("missing_in_cluster", "Service web", "metadata.name"),
        ("unmanaged", "ConfigMap by-hand", "metadata.name"),
    }
    said = {one["at"]: one["message"] for one in result["findings"] if one["rule"] == "drift.field_differs"}
    assert said["fields[data.mode]"] == 'data.mode is "slow", and declared as "fast"; kubectl-patch wrote it'
    (missing,) = [one["message"] for one in result["findings"] if one["rule"] == "drift.missing_in_cluster"]
    where = f"helm release {shop}/web revision 1, templates/web.yaml"
    assert missing == f"Service web is declared in {where}, and not in the cluster"
    assert not any(text in json.dumps(result) for text in (_PASSWORD, "aHVudGVyMnh5eg"))


@pytest.mark.parametrize("dry_run", ["auto", "never"])
def test_a_release_is_in_the_cluster_as_its_chart_declares_it(
    web: _Release,
    helm: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    dry_run: str,
) -> None:
    (tmp_path / "compliance.yaml").write_text(f"drift: {{dry_run: {dry_run}}}")
    web.install()
    monkeypatch.setenv("PATH", str(helm.parent), prepend=os.pathsep)
    _, result = audited(capsys, "--namespace", web.namespace, "--against", str(web.chart))
    assert (drift_of(result), result["gaps"]) == (set(), [])


def test_the_revision_that_is_deployed_counts(web: _Release, capsys: pytest.CaptureFixture[str]) -> None:
    web.install("--set", "mode=fast")
    web.helm("upgrade", "web", str(web.chart), "--set", "mode=faster")
    assert drift_of(web.audited(capsys)) == set()

    web.helm("rollback", "web", "1")
    assert drift_of(web.audited(capsys)) == set()

    template = web.chart / "templates" / "web.yaml"
    template.write_text(template.read_text().replace("app: web", "app: other"))  # a selector cannot be changed
    web.fails("upgrade", "web", str(web.chart), "--set", "mode=fast")
    result = web.audited(capsys)
    why = "revision 4 is failed; compared with revision 3, which is deployed"
    assert (f"test: helm release {web.namespace}/web", why) in {
        (one["locator"], one["why"]) for one in result["passed_over"]
    }
    assert result["gaps"] == []

    web.helm("uninstall", "web", "--keep-history")
    code, result = audited(capsys, "--namespace", web.namespace, "--against", "release", "--fail-on", "never")
    assert (code, [gap["why"] for gap in result["gaps"] if gap["rule"] is None]) == (
        3,
        [f"no release is deployed in {web.namespace}, so nothing is declared"],
    )


def test_the_printed_role_is_enough_and_without_it_there_is_a_gap(
    web: _Release, control_plane: ControlPlane, capsys: pytest.CaptureFixture[str]
) -> None:
    web.install()
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "--print-rbac", "--against", "release", "--namespace", web.namespace])
    assert stopped.value.code == 0
    role = capsys.readouterr().out.replace("name: compliance-audit", f"name: {web.namespace}")

    refused = web.audited(capsys, "--as", web.namespace)
    whys = {gap["why"].partition(":")[0] for gap in refused["gaps"] if gap["about"] == "test: helm releases"}
    assert whys == {
        f"may not list {kind} in namespace {web.namespace}, and what releases declare is not known"
        for kind in ("secrets", "configmaps")
    }

    control_plane.kubectl("apply", "-f", "-", stdin=role)
    rbac = "rbac.authorization.k8s.io"
    binding = named(f"{rbac}/v1", "RoleBinding", "audit", subjects=[{"kind": "User", "name": web.namespace}])
    binding["roleRef"] = {"apiGroup": rbac, "kind": "ClusterRole", "name": web.namespace}
    control_plane.apply(f"/apis/{rbac}/v1/namespaces/{web.namespace}/rolebindings", binding, manager="helm")
    allowed = web.audited(capsys, "--as", web.namespace)
    of_releases = [gap["about"] for gap in allowed["gaps"] if "helm" in gap["about"]]
    assert (drift_of(allowed), of_releases) == ({("unmanaged", "RoleBinding audit", "metadata.name")}, [])
    assert "test: helm releases" in {one["locator"] for one in allowed["inputs"]}
