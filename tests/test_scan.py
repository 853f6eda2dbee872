"""The whole way from files to an assessment, with the shipped rules on the Wasm engine."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from compliance import baseline, catalogue
from compliance.assessing import Run
from compliance.config import Config
from compliance.model import Assessment, Finding, Standing, WaiverState
from compliance.rule_settings import effective_rules
from compliance.scan import Request, scan

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KNOWN = catalogue.load()
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
  annotations: {}
spec:
  selector:
    matchLabels: {app: NAME}
  template:
    metadata:
      labels: {app: NAME}
    spec:
      containers:
        - name: web
          image: registry.example.com/web:latest
"""
FLOATING = "versioned_tags.floating_tag"


def deployment(name: str = "web", annotations: str = "{}") -> str:
    return DEPLOYMENT.replace("NAME", name).replace("annotations: {}", f"annotations: {annotations}")


def run_of(config: Config) -> Run:
    return Run(config, KNOWN, effective_rules(config, KNOWN), NOW)


def scanned(folder: Path, config: Config | None = None, *, stdin: bytes | None = None) -> Assessment:
    config = config or Config(folder=folder)
    paths = (str(folder),) if stdin is None else ("-",)
    return scan(Request(paths, run_of(config), stdin=stdin))


def of_rule(findings: Sequence[Finding], rule: str) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


def test_a_manifest_is_judged_with_places(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(deployment())
    assessment = scanned(tmp_path)
    (finding,) = of_rule(assessment.findings, FLOATING)
    assert (finding.origin.file, finding.origin.span and finding.origin.span.line) == (f"{tmp_path}/web.yaml", 15)
    assert (assessment.subjects, assessment.gaps) == (1, ())
    assert assessment.judged[FLOATING] == 1


def test_standard_input_is_judged_too(tmp_path: Path) -> None:
    assessment = scanned(tmp_path, stdin=deployment().encode())
    assert [finding.origin.file for finding in of_rule(assessment.findings, FLOATING)] == ["-"]


def test_a_policy_in_one_file_isolates_a_workload_in_another(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(deployment())
    before = scanned(tmp_path)
    (tmp_path / "policy.yaml").write_text(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {podSelector: {}}\n"
    )
    after = scanned(tmp_path)
    rule = "network_policies.not_isolated_ingress"
    assert (len(of_rule(before.findings, rule)), len(of_rule(after.findings, rule))) == (1, 0)


def test_several_processes_give_the_very_same_assessment(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number}.yaml").write_text(deployment(f"web-{number}"))
    (tmp_path / "broken.yaml").write_text("kind: Pod\n\tx: [\n")
    (tmp_path / "Dockerfile").write_text("FROM alpine\n")
    (tmp_path / "main.tf").write_text('resource "aws_instance" "web" {\n  ami = "ami-1"\n}\n')
    one, two = (_by_command(tmp_path, jobs) for jobs in ("1", "2"))
    assert one["subjects"] == 103
    assert one | {"taken_at": None} == two | {"taken_at": None}


def _by_command(folder: Path, jobs: str) -> dict[str, object]:
    """A process of its own: the test's has threads, so nothing may be forked from it."""
    command = [sys.executable, "-m", "compliance", "scan", str(folder), "-j", jobs, "-o", "json=-"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)  # noqa: S603 - our own program
    assert done.returncode == 1, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="forks and reads /proc")
def test_no_worker_outlives_a_scan_that_is_killed(tmp_path: Path) -> None:
    for number in range(2000):
        (tmp_path / f"{number}.yaml").write_text(deployment(f"web-{number}"))
    command = [sys.executable, "-m", "compliance", "scan", str(tmp_path), "-j", "2", "-q"]
    with subprocess.Popen(command) as process:  # noqa: S603 - our own program
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        workers = _eventually(lambda: children.read_text().split(), lambda found: len(found) == 2)
        process.kill()
    assert _eventually(lambda: [pid for pid in workers if _alive(pid)], lambda left: not left) == []


def _alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _eventually(look: Callable[[], list[str]], enough: Callable[[list[str]], bool]) -> list[str]:
    until = time.monotonic() + 20
    while not enough(found := look()) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def test_what_has_no_name_is_named_from_the_root_however_its_path_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "web" / "net").mkdir(parents=True)
    (tmp_path / "web" / "Dockerfile").write_text("FROM alpine\n")
    (tmp_path / "web" / "net" / "main.tf").write_text('resource "aws_vpc" "a" {\n  cidr_block = "10.0.0.0/16"\n}\n')
    config = Config(folder=tmp_path)
    prints = []
    for cwd, path in ((tmp_path, "."), (tmp_path / "web", "."), (Path("/"), str(tmp_path))):
        monkeypatch.chdir(cwd)
        found = scan(Request((path,), run_of(config), processes=1)).findings
        prints.append({(str(finding.subject), finding.fingerprint) for finding in found})
    assert prints[0] == prints[1] == prints[2]
    names = {subject for subject, _ in prints[0]}
    assert {"Dockerfile/web/Dockerfile", "terraform/web/net/aws_vpc.a"} <= names
    assert not any(str(tmp_path) in name for name in names)


def test_a_broken_file_is_a_gap_and_the_rest_is_judged(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: [\n")
    (tmp_path / "web.yaml").write_text(deployment())
    assessment = scanned(tmp_path)
    assert [gap.about for gap in assessment.gaps] == [f"{tmp_path}/broken.yaml"]
    assert assessment.subjects == 1


def test_an_unreadable_file_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_bytes(b"\0" * 100)
    (gap,) = scanned(tmp_path).gaps
    assert "binary" in gap.why


def test_an_inline_waiver_covers_its_own_object_only(tmp_path: Path) -> None:
    waiver = f'{{compliance.waiver/{FLOATING}: "demo; approved_by=Ada; expires=2027-01-01"}}'
    (tmp_path / "a.yaml").write_text(deployment("a", waiver))
    (tmp_path / "b.yaml").write_text(deployment("b"))
    assessment = scanned(tmp_path)
    waived = {finding.subject.name: finding.waiver is not None for finding in of_rule(assessment.findings, FLOATING)}
    assert waived == {"a": True, "b": False}
    assert [report.state for report in assessment.waivers] == [WaiverState.USED]


WAIVER = '# compliance: waive RULE reason="demo" approved_by=Ada expires=2027-01-01'


def test_a_comment_in_a_dockerfile_waives_even_below_a_hidden_line(tmp_path: Path) -> None:
    comment = WAIVER.replace("RULE", "dockerfile.missing_user")
    (tmp_path / "Dockerfile").write_text(f"FROM alpine:3.22\nENV API_TOKEN=abc123\n{comment}\nRUN true\n")
    waived = {finding.rule for finding in scanned(tmp_path).findings if finding.waiver is not None}
    assert waived == {"dockerfile.missing_user"}


def test_a_comment_in_a_terraform_block_waives_for_that_block_only(tmp_path: Path) -> None:
    rule = "immutable_network.missing_prevent_destroy"
    network = 'resource "aws_vpc" "NAME" {\n  cidr_block = "10.0.0.0/16"\n  COMMENT\n}\n'
    commented = network.replace("NAME", "a").replace("COMMENT", WAIVER.replace("RULE", rule))
    (tmp_path / "main.tf").write_text(commented + network.replace("NAME", "b").replace("COMMENT", ""))
    assessment = scanned(tmp_path)
    waived = {finding.subject.name: finding.waiver is not None for finding in of_rule(assessment.findings, rule)}
    assert waived == {"aws_vpc.a": True, "aws_vpc.b": False}
    assert [report.state for report in assessment.waivers] == [WaiverState.USED]


def test_inline_waivers_can_be_forbidden(tmp_path: Path) -> None:
    waiver = f'{{compliance.waiver/{FLOATING}: "demo; approved_by=Ada; expires=2027-01-01"}}'
    (tmp_path / "a.yaml").write_text(deployment("a", waiver))
    assessment = scanned(tmp_path, Config(folder=tmp_path, inline_waivers=False))
    assert [finding.waiver for finding in of_rule(assessment.findings, FLOATING)] == [None]
    assert [report.state for report in assessment.waivers] == [WaiverState.INVALID]


def test_a_second_violation_in_the_same_file_is_new_and_a_mended_one_fixed(tmp_path: Path) -> None:
    file, known = tmp_path / "web.yaml", tmp_path / "known.json"
    file.write_text(deployment())
    baseline.write(known, scanned(tmp_path).findings)
    second = "        - name: second\n          image: registry.example.com/second:latest\n"
    file.write_text(deployment() + second)
    config = Config(folder=tmp_path, baseline=known, exclude=("known.json",))
    found = {finding.at: finding.standing for finding in of_rule(scanned(tmp_path, config).findings, FLOATING)}
    assert found == {"containers[web].image": Standing.KNOWN, "containers[second].image": Standing.NEW}
    file.write_text(deployment().replace(":latest", ":v1.2.0"))
    report = scanned(tmp_path, config).baseline
    assert report is not None
    assert len(report.fixed) == 1


def test_a_rule_that_is_off_does_not_run(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(deployment())
    config = Config(folder=tmp_path)
    rules = {id_: rule for id_, rule in effective_rules(config, KNOWN).items() if id_ != FLOATING}
    assessment = scan(Request((str(tmp_path),), Run(config, KNOWN, rules, NOW)))
    assert FLOATING not in assessment.judged
    assert of_rule(assessment.findings, FLOATING) == []


def test_the_parts_of_an_overlay_are_not_judged_by_themselves(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: [web.yaml]\n")
    (tmp_path / "web.yaml").write_text(deployment())
    (tmp_path / "other.yaml").write_text(deployment("other"))
    assessment = scanned(tmp_path)
    passed = [one.locator for one in assessment.passed_over]
    assert f"{tmp_path}/web.yaml" in passed
    assert f"{tmp_path}/other.yaml" not in passed


def test_a_component_that_no_overlay_uses_is_passed_over(tmp_path: Path) -> None:
    component = tmp_path / "component"
    component.mkdir()
    (component / "kustomization.yaml").write_text("kind: Component\npatches: [{path: patch.yaml}]\n")
    (component / "patch.yaml").write_text("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n")
    assessment = scanned(tmp_path)
    assert (assessment.subjects, assessment.gaps) == (0, ())
    assert any("a Kustomize component" in one.why for one in assessment.passed_over)


def test_a_chart_without_helm_is_a_gap_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: web\nversion: 1.0.0\n")
    (tmp_path / "templates" / "web.yaml").write_text(deployment())
    assessment = scanned(tmp_path)
    assert assessment.subjects == 1  # the chart's own file
    assert ["install helm" in gap.remedy for gap in assessment.gaps] == [True]


def test_the_order_of_findings_does_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(deployment("b"))
    (tmp_path / "a.yaml").write_text(deployment("a"))
    files = [finding.origin.file for finding in scanned(tmp_path).findings]
    assert files == sorted(files)
    assert replace(scanned(tmp_path)) == scanned(tmp_path)


def test_a_secret_is_not_told_by_what_could_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM https://me:hunter2-hunter2@registry.example.com/web\n")
    (gap,) = scanned(tmp_path).gaps
    assert "hunter2" not in gap.why
    assert "https://***@registry.example.com" in gap.why
