"""Rules as shell pipelines against the real shell and the real jq, with a kubectl that prints what is in a file."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shell_rules
from shell_rules import namespace, pod, policy

from compliance.interop.object_files import ObjectFiles
from compliance.interop.rules_yaml import ShellRule, parse
from compliance.interop.rules_yaml_judging import Terms, judge

pytestmark = pytest.mark.real

OBJECTS = (
    pod("good"),
    pod("unscanned", scanned=False),
    pod("unlimited", limits=False),
    pod("elsewhere", "team", scanned=False, limits=False),
    *map(namespace, ("kube-system", "kube-public", "default", "team", "quiet")),
    policy("default"),
    policy("default"),
    policy("team"),
)
# Knows `kubectl get RESOURCE [-n NAMESPACE] -o json`, for what the rules ask for.
KUBECTL = """kubectl() {
  case $2 in pods) kind=Pod ;; ns) kind=Namespace ;; netpol) kind=NetworkPolicy ;; *) return 1 ;; esac
  if [ "$3" = -n ]; then space=$4; else space=default; fi
  "$JQ" --arg kind "$kind" --arg space "$space" '{apiVersion: "v1", kind: "List", items:
    [.items[] | select(.kind == $kind and (.metadata.namespace == null or .metadata.namespace == $space))]}' all.json
}
jq() { "$JQ" "$@"; }
"""


@pytest.fixture
def objects(tmp_path: Path) -> ObjectFiles:
    (tmp_path / "all.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": OBJECTS}))
    return ObjectFiles([tmp_path / "all.json"])


def in_a_shell(script: str, jq: Path, folder: Path) -> list[Any]:
    """What a script prints: JSON values one after another."""
    done = subprocess.run(  # noqa: S603 - the real shell, on scripts of this file
        ["/bin/sh", "-ec", KUBECTL + script], capture_output=True, check=True, cwd=folder, env={"JQ": str(jq)}
    )
    slurped = subprocess.run(  # noqa: S603 - the real jq
        [jq, "-s", "."], input=done.stdout, capture_output=True, check=True
    )
    values: list[Any] = json.loads(slurped.stdout)
    return values


def names(values: list[Any]) -> list[str]:
    return list(dict.fromkeys(str(value["metadata"]["name"]) for value in values))


def judged(rule: ShellRule, objects: ObjectFiles) -> list[str]:
    found = judge(rule, Terms(objects, datetime(2026, 6, 1, tzinfo=UTC)))
    assert found.gaps == []
    return [finding.subject.name for finding in found.findings]


@pytest.mark.parametrize("number", [0, 2])
def test_the_seeds_rules_answer_as_in_a_shell(number: int, jq: Path, objects: ObjectFiles, tmp_path: Path) -> None:
    rule = parse(shell_rules.SEED_RULES.encode(), "rules.yaml")[number]
    expected = names(in_a_shell(rule.text, jq, tmp_path))
    assert expected
    assert judged(rule, objects) == expected


def test_a_kubectl_inside_jq_runs_nowhere(jq: Path, objects: ObjectFiles, tmp_path: Path) -> None:
    rule = parse(shell_rules.SEED_RULES.encode(), "rules.yaml")[1]
    with pytest.raises(subprocess.CalledProcessError) as failed:
        in_a_shell(rule.text, jq, tmp_path)
    assert b"syntax error" in failed.value.stderr
    assert judged(rule, objects) == ["quiet"]


def test_the_join_counts_what_a_loop_in_a_shell_counts(jq: Path, objects: ObjectFiles, tmp_path: Path) -> None:
    rule = parse(shell_rules.SEED_RULES.encode(), "rules.yaml")[1]
    loop = """kubectl get ns -o json | jq -r '.items[].metadata.name' | while read -r ns; do
      case $ns in kube-system | kube-public) continue ;; esac
      count=$(kubectl get netpol -n "$ns" -o json | jq ".items | length")
      if [ "$count" = 0 ]; then printf '{"metadata": {"name": "%s"}}' "$ns"; fi
    done"""
    assert judged(rule, objects) == names(in_a_shell(loop, jq, tmp_path))


@pytest.mark.parametrize(
    "query",
    [
        "kubectl get pods -o json | jq '.items[] | select(.spec.containers | any(.resources.limits == null))'",
        "kubectl get pods -o json | jq -c '[.items[] | select(.metadata.annotations[\"security.scan/status\"])] | .[]'",
        "kubectl get pods -o json | jq '.items[]' | jq -s 'sort_by(.metadata.name) | reverse | .[]'",
        'kubectl get ns -o json | jq ".items[] | select(.metadata.name | test(\\"^kube-\\"))"',
        "kubectl get ns -o json |\n  jq '.items[]\n    | select(.metadata.name # the name\n      | startswith(\"t\"))'",
        "kubectl get pods -n team -o json | jq --arg key kind '.items[] | select(.[$key] == \"Pod\")'",
        "kubectl get pods -o json | jq 'reduce .items[] as $p ({}; .[$p.metadata.name] = $p) | to_entries[].value'",
        "kubectl get ns -o json | jq 'def n: .metadata.name; .items[] | select(n as $n | [\"team\"] | index($n))'",
    ],
)
def test_other_queries_answer_as_in_a_shell(query: str, jq: Path, objects: ObjectFiles, tmp_path: Path) -> None:
    (rule,) = parse(shell_rules.rule(query).encode(), "rules.yaml")
    expected = names(in_a_shell(query, jq, tmp_path))
    assert expected
    assert judged(rule, objects) == expected
