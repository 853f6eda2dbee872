"""`compliance audit` with drift, on a scripted API server: its options, and which rules they let see."""

from __future__ import annotations

import io
import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import helm_records
import live_objects as objects
import pytest
import yaml
from api_server import Answer, ApiServer, serving

from compliance import catalogue
from compliance.cli import main
from compliance.cluster_drift import opening
from compliance.supply_chain import keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Object = dict[str, Any]

pytestmark = pytest.mark.usefixtures("own_cache")

_MISSING = "drift.missing_in_cluster"
_EDITED = "drift.edited_by_hand"
_EXEC = "drift.exec_session"
_DECLARED = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: gone, namespace: shop}\n"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """A shop whose Deployment was edited by hand."""
    with serving(ApiServer()) as server:
        values = objects.shop()
        values[0]["metadata"]["managedFields"].append(objects.entry("kubectl-edit", {"f:spec": {"f:paused": {}}}))
        server.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "uid": "n"}}, *values)
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
        monkeypatch.chdir(tmp_path)
        yield server


def _audit(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Object]:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "-o", "json=-", *options])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), json.loads(printed.out) if printed.out else {"error": printed.err}


def _drift(result: Object) -> set[tuple[str, str]]:
    found = ((one["rule"], one["subject"]["name"]) for one in result["findings"])
    return {(rule, name) for rule, name in found if rule.startswith("drift.")}


def _judged(result: Object) -> set[str]:
    return {rule for rule, count in result["judged"].items() if count and rule.startswith("drift.")}


def test_the_rules_that_need_something_are_rules_of_the_catalogue() -> None:
    known = catalogue.load().rules
    assert set(known) >= opening.NEEDS_DECLARED | opening.NEEDS_LOG | opening.NEEDS_TAGS | opening.NEEDS_SIGNATURES
    assert all(known[id_].applies_to == (opening.SCHEMA,) for id_ in known if id_.startswith("drift."))


def test_drift_is_looked_for_by_itself_and_rules_that_would_see_nothing_do_not_run(
    server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    del server
    _, result = _audit(capsys)

    assert (_EDITED, "web") in _drift(result)
    blind = opening.NEEDS_DECLARED | opening.NEEDS_LOG | opening.NEEDS_TAGS | opening.NEEDS_SIGNATURES
    assert _EDITED in _judged(result)
    assert not blind & set(result["judged"])


_VERIFIED = """\
drift: {verify_signatures: true}
images:
  verification: [{name: release, patterns: [other.example.com/**], keys: [{name: ours, file: ours.pub}]}]
"""


def test_signatures_are_asked_for_where_that_is_turned_on_and_a_policy_covers_what_runs(
    server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del server
    (tmp_path / "compliance.yaml").write_text(_VERIFIED)
    (tmp_path / "ours.pub").write_bytes(keys.public_pem(keys.generate().public))

    _, result = _audit(capsys)

    assert _judged(result) >= opening.NEEDS_SIGNATURES
    assert result["gaps"] == []


def test_a_policy_whose_key_cannot_be_read_ends_the_audit_before_it_begins(
    server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compliance.yaml").write_text(_VERIFIED)
    code, result = _audit(capsys)
    assert (code, server.requests) == (2, [])
    assert "ours.pub" in result["error"]
    assert "cannot be read: No such file" in result["error"]


@pytest.mark.parametrize("setting", ["drift: {enabled: false}", "packs: {drift: {enabled: false}}"])
def test_it_can_be_turned_off(
    server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], setting: str
) -> None:
    del server
    (tmp_path / "compliance.yaml").write_text(setting)

    _, result = _audit(capsys)

    assert (_drift(result), _judged(result)) == (set(), set())


def test_allowed_managers_may_write(server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del server
    (tmp_path / "compliance.yaml").write_text("drift: {allowed_managers: ['kubectl-*']}")

    _, result = _audit(capsys)

    assert _EDITED not in {rule for rule, _ in _drift(result)}


def test_what_is_declared_and_not_there_refuses_and_is_an_input(
    server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del server
    (tmp_path / "deploy.yaml").write_text(_DECLARED)

    code, result = _audit(capsys, "--against", "deploy.yaml")

    assert code == 1
    assert (_MISSING, "gone") in _drift(result)
    assert [(one["locator"], one["subjects"]) for one in result["inputs"] if one["kind"] == "declared"] == [
        ("deploy.yaml", 1)
    ]


def test_what_cannot_be_compared_is_not_judged(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    del server
    code, result = _audit(capsys, "--against", "file:///nowhere@main", "--fail-on", "never")

    assert code == 3
    assert [gap["about"] for gap in result["gaps"]] == ["file:///nowhere@main"]
    assert not opening.NEEDS_DECLARED & set(result["judged"])


def _event(pod: str = "web-h2-aaaaa") -> bytes:
    event = {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "auditID": "1",
        "verb": "get",
        "requestURI": f"/api/v1/namespaces/shop/pods/{pod}/exec?command=sh&container=web",
        "user": {"username": "alice"},
        "objectRef": {"resource": "pods", "namespace": "shop", "name": pod, "subresource": "exec"},
        "responseStatus": {"code": 101},
        "requestReceivedTimestamp": "2026-11-18T16:42:10.123456Z",
    }
    return json.dumps(event).encode() + b"\n"


def test_sessions_come_from_files_and_standard_input(
    server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    del server
    (tmp_path / "audit-1.log").write_bytes(b'{"other": 1}\n')
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(_event())))

    _, result = _audit(capsys, "--audit-log", "audit-1.log", "--audit-log", "-")

    (found,) = [one for one in result["findings"] if one["rule"] == _EXEC]
    assert found["message"] == "alice used exec (sh) in Pod web-h2-aaaaa at 2026-11-18T16:42:10.123456Z"
    logs = [(one["locator"], one["subjects"]) for one in result["inputs"] if one["kind"] == "audit log"]
    assert sorted(logs) == [("audit-1.log", 1), ("standard input", 1)]


def test_an_empty_log_says_nothing_and_that_is_a_gap(
    server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del server
    (tmp_path / "audit.log").touch()

    code, result = _audit(capsys, "--audit-log", "audit.log", "--fail-on", "never")

    assert (code, [gap["rule"] for gap in result["gaps"]]) == (3, [_EXEC])


def test_the_right_to_patch_is_printed_only_when_asked_for(
    server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del server
    (tmp_path / "deploy.yaml").write_text(_DECLARED)
    printed = []
    for options in ([], ["--with-dry-runs"]):
        with pytest.raises(SystemExit):
            main(["audit", "--print-rbac", "--against", "deploy.yaml", *options])
        printed.append(capsys.readouterr().out)

    assert "patch" not in printed[0]
    assert printed[1].endswith('  - apiGroups: [""]\n    resources:\n      - configmaps\n    verbs: [patch]\n')


def test_releases_are_what_each_cluster_records(
    server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compliance.yaml").write_text("drift: {dry_run: never}")
    declared = objects.declared()
    declared["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.example.com/shop/web:v2"
    server.add(helm_records.record(helm_records.release(declared)))
    with serving(ApiServer()) as other:
        other.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "uid": "n"}}, *objects.shop())
        config = json.loads((tmp_path / "kubeconfig").read_text())
        config["clusters"].append({"name": "other", "cluster": {"server": other.address}})
        config["contexts"].append({"name": "other", "context": {"cluster": "other", "user": "somebody"}})
        (tmp_path / "kubeconfig").write_text(json.dumps(config))

        code, result = _audit(capsys, "--against", "release", "--context", "test", "--context", "other")

    assert code == 1
    differing = [one["subject"]["cluster"] for one in result["findings"] if one["rule"] == "drift.field_differs"]
    assert differing == ["unit"]
    assert [(gap["about"], gap["rule"]) for gap in result["gaps"]] == [
        ("other", "drift.field_differs"),
        ("other", "drift.unmanaged"),
        ("other: helm releases", None),
    ]
    assert result["gaps"][-1]["why"] == "no release is deployed, so nothing is declared"
    inputs = [one["locator"] for one in result["inputs"] if one["kind"] == "declared"]
    assert inputs == ["unit: helm releases"]


def test_no_release_in_the_cluster_is_not_judged(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    del server
    code, result = _audit(capsys, "--against", "release", "--fail-on", "never")
    assert (code, [gap["about"] for gap in result["gaps"] if gap["rule"] is None]) == (3, ["unit: helm releases"])


def test_rights_for_releases_are_printed_with_what_is_not_known_of_them(
    server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.add(helm_records.record(helm_records.release(objects.declared())))
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "--print-rbac", "--with-dry-runs", "--against", "release"])
    role = yaml.safe_load(capsys.readouterr().out)
    listed = {one for rule in role["rules"] if rule["verbs"] == ["list"] for one in rule["resources"]}
    patched = [rule["resources"] for rule in role["rules"] if rule["verbs"] == ["patch"]]
    assert (stopped.value.code, listed >= {"secrets", "configmaps"}, patched) == (0, True, [["deployments"]])

    server.fail("/secrets", Answer(403, "no"), times=9)
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "--print-rbac", "--against", "release"])
    printed = capsys.readouterr()
    assert (stopped.value.code, yaml.safe_load(printed.out)["kind"]) == (3, "ClusterRole")
    assert "may not list secrets in all namespaces" in " ".join(printed.err.split())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--against", "release", "--helm-values", "kubeconfig"], "a release has its values"),
        (["--against", "nowhere"], "there is no such path"),
        (["--audit-log", "nowhere.log"], "nowhere.log cannot be read: No such file"),
        (["--audit-log", "."], ". cannot be read: Is a directory"),
        (["--audit-log", "a", "--audit-log", "a"], "names a file twice"),
        (["--audit-log", "a", "--context", "test", "--context", "again"], "an audit log is of one cluster"),
        (["--helm-values", "kubeconfig"], "--helm-values is about the charts of --against"),
        (["--with-dry-runs"], "--with-dry-runs says which rights are printed"),
    ],
)
def test_options_that_make_no_sense_are_errors_of_usage(
    server: ApiServer, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    del server
    code, result = _audit(capsys, *options)
    assert code == 2
    assert said in " ".join(result["error"].split())


def test_nothing_is_compared_where_drift_is_turned_off(
    server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del server
    (tmp_path / "compliance.yaml").write_text("drift: {enabled: false}")
    (tmp_path / "deploy.yaml").write_text(_DECLARED)
    code, result = _audit(capsys, "--against", "deploy.yaml")
    assert code == 2
    assert "which is turned off" in result["error"]


def test_a_wrong_jq_path_is_named_with_its_line(
    server: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("jq")
    del server
    (tmp_path / "compliance.yaml").write_text("drift:\n  ignore_differences:\n  - jq_paths: ['.spec[']\n")
    code, result = _audit(capsys)
    assert code == 2
    assert "compliance.yaml:3:16" in "".join(result["error"].split())
