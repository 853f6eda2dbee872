"""`compliance-scanner` against an API server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import shell_rules
from api_server import Answer, ApiServer, serving
from shell_rules import namespace, pod, policy

from compliance.cli.scanner import main
from compliance.output import json_result


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return int(stop.value.code or 0)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text(shell_rules.SEED_RULES)
    with serving(ApiServer()) as server:
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
        yield server


def test_the_seeds_command_line_judges_the_cluster(server: ApiServer, tmp_path: Path) -> None:
    server.add(namespace("default"), namespace("quiet"), policy("default"))
    server.add(pod("good"), pod("unscanned", scanned=False), pod("unlimited", limits=False), pod("other", "quiet"))
    assert run("--config=rules.yaml", "--output=report.json") == 1
    assessment, _ = json_result.read((tmp_path / "report.json").read_text())
    assert sorted((finding.rule, str(finding.subject)) for finding in assessment.findings) == [
        ("rules_yaml.ensure-image-scanning", "unit/Pod/default/unscanned"),
        ("rules_yaml.ensure-network-policies", "unit/Namespace/quiet"),
        ("rules_yaml.ensure-resource-limits", "unit/Pod/default/unlimited"),
    ]
    assert (assessment.targets[0].locator, assessment.subjects, assessment.gaps) == ("unit", 5, ())
    assert server.paths().count("/api/v1/namespaces/default/pods") == 1


def test_the_contexts_namespace_is_the_current_one(server: ApiServer, tmp_path: Path) -> None:
    server.add(namespace("team"), policy("team"), pod("good"), pod("bad", "team", scanned=False))
    assert run("--config=rules.yaml", "-q") == 0
    kubeconfig = json.loads((tmp_path / "kubeconfig").read_text())
    kubeconfig["contexts"][0]["context"]["namespace"] = "team"
    (tmp_path / "kubeconfig").write_text(json.dumps(kubeconfig))
    assert run("--config=rules.yaml", "-q") == 1
    assert run("--config=rules.yaml", "-q", "--namespace=default") == 0


def test_what_is_forbidden_is_a_gap_of_its_rules(server: ApiServer, tmp_path: Path) -> None:
    server.add(namespace("default"), pod("good"))
    server.fail("/networkpolicies", Answer(403, 'networkpolicies is forbidden: User "x" cannot list'))
    assert run("--config=rules.yaml", "--output=report.json") == 3
    found = json.loads((tmp_path / "report.json").read_text())
    assert [gap["rule"] for gap in found["gaps"]] == ["rules_yaml.ensure-network-policies"]
    assert "forbidden" in found["gaps"][0]["why"]


def test_a_cluster_that_does_not_exist_is_an_error(server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--config=rules.yaml", "--context=nowhere") == 2
    assert "no context 'nowhere'" in capsys.readouterr().err
    assert run("--config=rules.yaml", "--context=test", "--objects=a.yaml") == 2
    assert server.requests == []
