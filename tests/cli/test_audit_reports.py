"""`compliance audit --write-reports` on a scripted API server: what is written, left, removed, and said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from api_server import REPORTS, USUAL, Answer, ApiServer, Request, serving
from audits import deployment

from compliance.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Object = dict[str, Any]

pytestmark = pytest.mark.usefixtures("own_cache")

_REPORTS = "/apis/wgpolicyk8s.io/v1alpha2/namespaces/shop/policyreports"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """A cluster with two privileged Deployments in `shop`, one in `bank`, and both APIs of reports."""
    with serving(ApiServer((*USUAL, *REPORTS))) as server:
        for namespace in ("shop", "bank"):
            server.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "uid": namespace}})
            server.add(deployment("web", namespace))
        server.add(deployment("api", "shop"))
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
        monkeypatch.chdir(tmp_path)
        yield server


def _audit(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "-o", "json=-", "--log-format", "none", *options])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out, printed.err


def _write(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code, _, told = _audit(capsys, "--write-reports", "policyreport", *options)
    return code, told


def _held(server: ApiServer) -> dict[str, Object]:
    """The reports by whose they are."""
    reports = server.held("wgpolicyk8s.io", "policyreports")
    return {one["metadata"]["annotations"]["compliance.report/subject"]: one for one in reports}


def test_each_resource_with_findings_gets_a_report_that_it_owns(
    server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = _write(capsys)

    assert code == 1
    held = _held(server)
    assert {"Deployment/shop/web", "Deployment/shop/api", "Deployment/bank/web"} <= held.keys()
    (owner,) = held["Deployment/shop/web"]["metadata"]["ownerReferences"]
    assert (owner["apiVersion"], owner["uid"]) == ("apps/v1", "shop-web")
    wide = len(server.held("wgpolicyk8s.io", "clusterpolicyreports"))
    count = len(held) + wide
    assert told == f"reports: {count} written, 0 unchanged, 0 removed (cluster unit, {count + 2} API requests)\n"


def test_every_finding_of_the_result_is_in_a_report(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    _, printed, _ = _audit(capsys, "--write-reports", "policyreport")

    kinds = ("policyreports", "clusterpolicyreports")
    reports = [one for kind in kinds for one in server.held("wgpolicyk8s.io", kind)]
    said = sorted(result["properties"]["fingerprint"] for one in reports for result in one["results"])
    assert said == sorted(one["fingerprint"] for one in json.loads(printed)["findings"])


def test_a_second_run_writes_nothing(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    _write(capsys)
    count = len(server.writes())

    _, told = _write(capsys)

    assert len(server.writes()) == count
    assert told == f"reports: 0 written, {count} unchanged, 0 removed (cluster unit, 2 API requests)\n"


def test_what_could_not_be_read_keeps_its_report_and_is_told(
    server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(capsys)
    server.fail("/apis/apps/v1/deployments", Answer(403, "no"), times=99)

    _write(capsys)

    assert "Deployment/shop/web" in _held(server)
    wide = {one["metadata"]["name"]: one for one in server.held("wgpolicyk8s.io", "clusterpolicyreports")}
    (result,) = wide["compliance-not-judged"]["results"]
    assert result["properties"]["about"] == "unit/deployments.apps"


def test_caps_are_kept_and_said(server: ApiServer, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "compliance.yaml").write_text(
        "cluster_reports: {api: policyreport, max_results: 2, max_reports: 2}\n", encoding="utf-8"
    )

    _, _, told = _audit(capsys)

    reports = _held(server).values()
    assert [len(one["results"]) for one in reports] == [2, 2]
    assert all(int(one["metadata"]["annotations"]["compliance.report/left-out"]) > 0 for one in reports)
    assert "left out, the least severe: cluster_reports.max_reports is reached" in told
    assert "results left out, the least severe, as their reports say" in told


def test_none_writes_nothing_whatever_is_configured(
    server: ApiServer, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "compliance.yaml").write_text("cluster_reports: {api: policyreport}\n", encoding="utf-8")

    _, _, told = _audit(capsys, "--write-reports", "none")

    assert (server.writes(), told) == ([], "")


def test_an_api_that_is_not_there_ends_the_audit_before_it_begins(
    server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.kinds = USUAL

    code, told = _write(capsys)

    assert code == 3
    assert "has no clusterpolicyreports.wgpolicyk8s.io/v1alpha2 and policyreports" in told
    assert "install the CustomResourceDefinitions" in told
    assert server.paths() == ["/apis/wgpolicyk8s.io/v1alpha2"]


def test_an_unknown_api_is_refused(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, told = _audit(capsys, "--write-reports", "gatekeeper")

    assert (code, server.requests) == (2, [])
    assert "use policyreport, openreports or none" in " ".join(told.split())


def _forbid(server: ApiServer, method: str) -> None:
    def fault(request: Request) -> Answer | None:
        return Answer(403, '"u" cannot do it') if request.method == method and "report" in request.path else None

    server.faults.append(fault)


def test_missing_rights_are_told_once_for_each_place(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    _forbid(server, "PATCH")

    code, told = _write(capsys, "--fail-on", "never")

    assert code == 3
    assert (
        'cannot patch policyreports.wgpolicyk8s.io in namespace shop: the API server answers 403: "u" cannot do it'
        in told
    )
    assert "--print-rbac --write-reports" in told
    tried = [path for method, path in server.writes() if method == "PATCH" and path.startswith(_REPORTS)]
    assert len(tried) == 1


def test_a_refused_audit_stays_refused_when_a_report_cannot_be_written(
    server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _forbid(server, "PATCH")

    assert _write(capsys)[0] == 1


def test_the_printed_cluster_role_has_what_reports_need_only_when_asked(
    server: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    del server
    _, without, _ = _audit(capsys, "--print-rbac")
    _, role, _ = _audit(capsys, "--print-rbac", "--write-reports", "policyreport")

    assert "wgpolicyk8s.io" not in without
    assert role.removeprefix(without) == (
        '  - apiGroups: ["wgpolicyk8s.io"]\n'
        "    resources:\n"
        "      - clusterpolicyreports\n"
        "      - policyreports\n"
        "    verbs: [create, delete, list, patch]\n"
    )


@pytest.mark.usefixtures("server")
def test_reports_are_never_judged_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    _, before, _ = _audit(capsys)
    _write(capsys)

    _, after, _ = _audit(capsys)

    told = [(json.loads(one)["clusters"][0]["objects"], json.loads(one)["subjects"]) for one in (before, after)]
    assert told[0] == told[1]
