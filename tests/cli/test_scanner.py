"""`compliance-scanner` as a CronJob calls it."""

import json
from pathlib import Path
from typing import Any

import pytest
import shell_rules
from shell_rules import namespace, pod, policy

from compliance.cli.scanner import main
from compliance.output import json_result


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return int(stop.value.code or 0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text(shell_rules.SEED_RULES)
    return tmp_path


def objects(folder: Path, *items: dict[str, Any]) -> str:
    (folder / "all.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=1))
    return "--objects=all.json"


GOOD = (pod("a"), namespace("default"), policy("default"))


@pytest.mark.parametrize(
    ("items", "code", "rules"),
    [
        (GOOD, 0, []),
        ((*GOOD, pod("b", limits=False)), 0, ["rules_yaml.ensure-resource-limits"]),
        ((*GOOD, pod("b", scanned=False)), 1, ["rules_yaml.ensure-image-scanning"]),
        ((*GOOD, namespace("b")), 1, ["rules_yaml.ensure-network-policies"]),
        ((), 3, []),
    ],
    ids=["clean", "below the threshold", "critical", "high", "nothing to judge"],
)
def test_the_seeds_command_line_writes_our_result(
    folder: Path, items: tuple[dict[str, Any], ...], code: int, rules: list[str]
) -> None:
    assert run("--config=rules.yaml", "--output=out/report.json", objects(folder, *items)) == code
    text = (folder / "out" / "report.json").read_text()
    assessment, decision = json_result.read(text)
    assert (decision.exit_code, [finding.rule for finding in assessment.findings]) == (code, rules)
    assert sorted(assessment.rules) == [
        "rules_yaml.ensure-image-scanning",
        "rules_yaml.ensure-network-policies",
        "rules_yaml.ensure-resource-limits",
    ]
    assert (assessment.engine, assessment.subjects) == (
        "jq",
        len([each for each in items if "spec" not in each]) + len([each for each in items if each["kind"] == "Pod"]),
    )


def test_the_table_names_place_reason_and_remedy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("--config=rules.yaml", objects(folder, pod("b", scanned=False)))
    out = capsys.readouterr().out
    for part in ("all.json:5:", "All images must be scanned", "Run 'trivy image <image>'", "refused"):
        assert part in out


@pytest.mark.parametrize("name", ["sarif", "junit", "gitlab", "github", "html"])
def test_other_formats_are_written(folder: Path, name: str) -> None:
    told = objects(folder, pod("b", scanned=False))
    assert run("--config=rules.yaml", "-q", f"--output={name}=report", "-o", "report.json", told) == 1
    assert "ensure-image-scanning" in (folder / "report").read_text()
    assert json.loads((folder / "report.json").read_text())["decision"]["exit_code"] == 1


def test_a_waiver_covers_a_finding_as_for_any_rule(folder: Path) -> None:
    (folder / "compliance-waivers.yaml").write_text(
        "- {rule: ensure-image-scanning, subject: Pod/default/b, reason: r, approved_by: me, expires: '2999-01-01'}\n"
    )
    assert run("--config=rules.yaml", "--output=r.json", objects(folder, *GOOD, pod("b", scanned=False))) == 0
    found = json.loads((folder / "r.json").read_text())
    assert [each["waiver"]["reason"] for each in found["findings"]] == ["r"]
    assert [each["state"] for each in found["waivers"]] == ["used"]


def annotated(name: str, rule: str) -> dict[str, Any]:
    made = pod(name, scanned=False)
    made["metadata"]["annotations"] = {
        f"compliance.waiver/{rule}": "scanned by hand; approved_by=Ada; expires=2999-01-01"
    }
    return made


@pytest.mark.parametrize("rule", ["ensure-image-scanning", "rules_yaml.ensure-image-scanning"])
def test_an_annotation_waives_a_finding_as_for_any_rule(folder: Path, rule: str) -> None:
    assert run("--config=rules.yaml", "--output=r.json", objects(folder, *GOOD, annotated("b", rule))) == 0
    found = json.loads((folder / "r.json").read_text())
    assert [each["waiver"]["reason"] for each in found["findings"]] == ["scanned by hand"]
    assert [(each["state"], each["matched"]) for each in found["waivers"]] == [("used", 1)]


def test_an_annotation_about_another_rule_is_nobodys_business_here(folder: Path) -> None:
    told = objects(folder, *GOOD, annotated("b", "probes.missing_readiness"))
    assert run("--config=rules.yaml", "--output=r.json", told) == 1
    assert json.loads((folder / "r.json").read_text())["waivers"] == []


def test_annotations_waive_nothing_where_that_is_forbidden(folder: Path) -> None:
    (folder / "compliance.yaml").write_text("inline_waivers: false\n")
    told = objects(folder, *GOOD, annotated("b", "ensure-image-scanning"))
    assert run("--config=rules.yaml", "--output=r.json", told) == 1
    (reported,) = json.loads((folder / "r.json").read_text())["waivers"]
    assert (reported["state"], reported["why"]) == ("invalid", "inline waivers are forbidden here")


def test_the_configuration_sets_severity_and_turns_rules_off(folder: Path) -> None:
    (folder / "compliance.yaml").write_text(
        "rules:\n  rules_yaml.ensure-image-scanning: {severity: low}\n  ensure-network-policies: off\n"
    )
    told = objects(folder, pod("b", scanned=False), namespace("b"))
    assert run("--config=rules.yaml", "--output=r.json", told) == 0
    found = json.loads((folder / "r.json").read_text())
    assert [(each["rule"], each["severity"]) for each in found["findings"]] == [
        ("rules_yaml.ensure-image-scanning", "low")
    ]
    assert "rules_yaml.ensure-network-policies" not in found["rules"]


def test_a_baseline_tells_new_from_known_and_fixed(folder: Path) -> None:
    bad = pod("b", scanned=False)
    assert run("--config=rules.yaml", "--write-baseline=base.json", objects(folder, *GOOD, bad)) == 0
    options = ("--config=rules.yaml", "--baseline=base.json", "--fail-on-new", "--output=r.json")
    assert run(*options, objects(folder, *GOOD, bad)) == 0
    assert run(*options, objects(folder, *GOOD, bad, pod("c", scanned=False))) == 1
    assert run(*options, objects(folder, *GOOD, pod("b"))) == 0
    assert len(json.loads((folder / "r.json").read_text())["baseline"]["fixed"]) == 1


def test_a_rule_that_fails_proves_nothing_fixed(folder: Path) -> None:
    told = objects(folder, *GOOD, pod("b", scanned=False))
    (folder / "rules.yaml").write_text(shell_rules.rule("kubectl get pods -o json | jq '.items[]'"))
    assert run("--config=rules.yaml", "--write-baseline=base.json", told) == 0
    (folder / "rules.yaml").write_text(shell_rules.rule("kubectl get pods -o json | jq 'error(\"x\")'"))
    assert run("--config=rules.yaml", "--baseline=base.json", "--output=r.json", told) == 3
    assert json.loads((folder / "r.json").read_text())["baseline"]["fixed"] == []


def test_what_the_current_namespace_leaves_out_is_said(folder: Path) -> None:
    run("--config=rules.yaml", "--output=r.json", objects(folder, *GOOD, pod("b", "other", scanned=False)))
    found = json.loads((folder / "r.json").read_text())
    assert found["findings"] == []
    assert {each["why"] for each in found["passed_over"]} == {
        "kubectl get pods looks at the current namespace only; -A looks at all"
    }
    assert run("--config=rules.yaml", "-n", "other", "--objects=all.json") == 1


def test_one_rule_that_loops_leaves_the_others_their_say(folder: Path) -> None:
    others = shell_rules.SEED_RULES.removeprefix("rules:\n")
    (folder / "rules.yaml").write_text(shell_rules.rule("kubectl get pods -o json | jq 'error'") + others)
    told = objects(folder, *GOOD, pod("b", scanned=False))
    assert run("--config=rules.yaml", "--output=r.json", told) == 1
    found = json.loads((folder / "r.json").read_text())
    assert [each["rule"] for each in found["gaps"]] == ["rules_yaml.example"]
    assert [each["rule"] for each in found["findings"]] == ["rules_yaml.ensure-image-scanning"]


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (shell_rules.rule("kubectl get pods -o json | grep x"), "rules.yaml:5:1: rules[0].query the program 'grep'"),
        (shell_rules.rule("kubectl get pods -o json | jq '.['"), "rules.yaml:5:1: rules[0].query is no jq"),
        (shell_rules.rule("kubectl get pods -o json | jq 'nosuch'"), "nosuch/0 is not defined"),
        ("rules: 1\n", "rules.yaml:1:1: rules must be a list"),
    ],
)
def test_a_file_that_cannot_be_run_ends_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, rules: str, why: str
) -> None:
    monkeypatch.setenv("COMPLIANCE_LOG_FORMAT", "none")
    (folder / "rules.yaml").write_text(rules)
    assert run("--config=rules.yaml", "--output=r.json", objects(folder, *GOOD)) == 2
    assert why in capsys.readouterr().err
    assert not (folder / "r.json").exists()


def test_a_broken_document_among_the_objects_is_not_judged(folder: Path) -> None:
    told = objects(folder, *GOOD)
    (folder / "broken.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: [\n")
    assert run("--config=rules.yaml", told, "--objects=broken.yaml") == 3


def test_a_missing_rules_file_ends_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--config=no.yaml", "--log-format=none") == 2
    assert "no.yaml: cannot be read" in capsys.readouterr().err
    assert run() == 2
    assert folder.exists()
