"""What the answers to queries mean, and what happens when they cannot be had."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shell_rules
from shell_rules import namespace, pod, policy

from compliance.errors import ContentError
from compliance.interop.jq_running import Limits
from compliance.interop.kubectl_get import Get, Objects
from compliance.interop.rules_yaml import ShellRule, parse
from compliance.interop.rules_yaml_judging import Terms, judge
from compliance.judging import Judged
from compliance.model import Severity, Stage

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PODS = "kubectl get pods -o json | jq"
AT_ONCE = Limits(deadline=20)


def has(**resources: list[dict[str, Any]]) -> Objects:
    def objects(get: Get) -> Mapping[str, Any]:
        items = resources[get.resource]
        return {"items": [each for each in items if get.name in (None, each["metadata"]["name"])]}

    return objects


def only(query: str) -> ShellRule:
    (rule,) = parse(shell_rules.rule(query).encode(), "rules.yaml")
    return rule


def judged(query: str, objects: Objects, limits: Limits = AT_ONCE) -> Judged:
    return judge(only(query), Terms(objects, NOW, limits))


def about(found: Judged) -> list[str]:
    assert found.gaps == []
    return [str(finding.subject) for finding in found.findings]


@pytest.mark.parametrize(
    ("number", "objects", "expected"),
    [
        (0, has(pods=[pod("a"), pod("b")]), []),
        (0, has(pods=[pod("a"), pod("b", scanned=False)]), ["Pod/default/b"]),
        (1, has(ns=[namespace("a")], netpol=[policy("a")]), []),
        (1, has(ns=[namespace("a"), namespace("b")], netpol=[policy("b")]), ["Namespace/a"]),
        (1, has(ns=[namespace("a")], netpol=[]), ["Namespace/a"]),
        (1, has(ns=[namespace("kube-system"), namespace("kube-public")], netpol=[]), []),
        (2, has(pods=[pod("a")]), []),
        (2, has(pods=[pod("a", limits=False), pod("b")]), ["Pod/default/a"]),
    ],
)
def test_the_seeds_rules_find_what_their_author_meant(number: int, objects: Objects, expected: list[str]) -> None:
    rule = parse(shell_rules.SEED_RULES.encode(), "rules.yaml")[number]
    assert about(judge(rule, Terms(objects, NOW))) == expected


def test_a_finding_says_what_the_rule_says() -> None:
    rule = parse(shell_rules.SEED_RULES.encode(), "rules.yaml")[0]
    found = judge(rule, Terms(has(pods=[pod("a", scanned=False), pod("b")]), NOW))
    (finding,) = found.findings
    assert (finding.rule, finding.severity, finding.message, finding.at) == (
        "rules_yaml.ensure-image-scanning",
        Severity.CRITICAL,
        "All images must be scanned for vulnerabilities",
        "",
    )
    assert (found.judged, found.subjects) == ({rule.id: 2}, [("Pod/default/a", rule.id), ("Pod/default/b", rule.id)])


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (".items[]", ["Pod/default/a", "Pod/x/b"]),
        (".items", ["Pod/default/a", "Pod/x/b"]),
        (".items[], .items[]", ["Pod/default/a", "Pod/x/b"]),
        (".items[] | {name: .metadata.name, namespace: .metadata.namespace}", ["Pod/default/a", "Pod/x/b"]),
        (".items[] | {metadata}", ["Pod/default/a", "Pod/x/b"]),
        (".items[].metadata.name", ["Pod/default/a", "Pod/x/b"]),
        ('.items[] | "\\(.metadata.namespace)/\\(.metadata.name)"', ["Pod/default/a", "Pod/x/b"]),
        ('{kind: "Node", metadata: {name: "n"}}', ["Node/n"]),
        ('"two are bad"', ["Query/example"]),
        ("{count: 2}", ["Query/example"]),
        (".items | length", ["Query/example"]),
        ("0 - 1", ["Query/example"]),
        ("0", []),
        ("[.items[] | select(false)] | length", []),
        ("empty", []),
        ("null", []),
        ('""', []),
        ("[]", []),
        ("{}", []),
        ("[[null], []]", []),
    ],
)
def test_what_a_filter_gives_is_an_objection(program: str, expected: list[str]) -> None:
    assert about(judged(f"{PODS} '{program}'", has(pods=[pod("a"), pod("b", "x")]))) == expected


def test_a_name_that_two_objects_have_is_text() -> None:
    found = judged(f"{PODS} '.items[].metadata.name'", has(pods=[pod("a"), pod("a", "x")]))
    assert [(str(each.subject), each.message, each.at) for each in found.findings] == [
        ("Query/example", "all must be well: a", "a")
    ]


@pytest.mark.parametrize("program", ["true", "false", "any(.items[]; false)", "all(.items[]; true)"])
def test_nobody_can_tell_what_a_boolean_means(program: str) -> None:
    found = judged(f"{PODS} '{program}'", has(pods=[pod("a")]))
    (gap,) = found.gaps
    assert (found.findings, found.judged, gap.stage, gap.rule) == ([], {}, Stage.EVALUATE, "rules_yaml.example")
    assert "does not tell what is wrong" in gap.why


def test_findings_beside_a_gap_are_kept() -> None:
    found = judged(f"{PODS} '.items[0], true'", has(pods=[pod("a")]))
    assert (len(found.findings), len(found.gaps), found.judged) == (1, 1, {})


def test_filters_follow_each_other_and_slurp() -> None:
    query = f"{PODS} '.items[]' | jq -s 'sort_by(.metadata.name)' | jq '.[0]'"
    assert about(judged(query, has(pods=[pod("b"), pod("a")]))) == ["Pod/default/a"]


def test_variables_reach_their_filter() -> None:
    query = f"{PODS} --arg name b --argjson no false '.items[] | select(.metadata.name == $name or $no)'"
    assert about(judged(query, has(pods=[pod("a"), pod("b")]))) == ["Pod/default/b"]


def test_now_is_the_moment_of_the_run() -> None:
    query = f"{PODS} -r 'now | todate'"
    assert judged(query, has(pods=[])).findings[0].message == "all must be well: 2026-06-01T00:00:00Z"


def test_several_resources_come_as_one_list() -> None:
    query = "kubectl get ns,netpol -o json | jq '.items[]'"
    assert about(judged(query, has(ns=[namespace("a")], netpol=[policy("a")]))) == [
        "Namespace/a",
        "NetworkPolicy/a/default-deny",
    ]


def test_a_name_gives_the_object_itself() -> None:
    query = "kubectl get pod b -o json | jq 'select(.items == null)'"
    assert about(judged(query, has(pod=[pod("a"), pod("b")]))) == ["Pod/default/b"]
    (gap,) = judged(query, has(pod=[pod("a")])).gaps
    assert (gap.stage, gap.why) == (Stage.COLLECT, "kubectl get pod b: there is no such object")


def test_managed_fields_are_left_out_unless_wanted() -> None:
    managed = pod("a")
    managed["metadata"]["managedFields"] = [{"manager": "kubectl"}]
    program = "jq '.items[] | select(.metadata.managedFields)'"
    assert about(judged(f"kubectl get pods -o json | {program}", has(pods=[managed]))) == []
    query = f"kubectl get pods --show-managed-fields -o json | {program}"
    assert about(judged(query, has(pods=[managed]))) == ["Pod/default/a"]


def test_a_join_on_what_lives_in_no_namespace_is_a_gap() -> None:
    query = "kubectl get ns -o json | jq '.items[].metadata.name as $ns | [kubectl get no -n $ns -o json | jq .]'"
    (gap,) = judged(query, has(ns=[namespace("a")], no=[namespace("n")])).gaps
    assert "do not live in namespaces" in gap.why


def test_objects_that_cannot_be_had_are_a_gap() -> None:
    def forbidden(get: Get) -> Mapping[str, Any]:
        raise ContentError(f"{get}: forbidden", remedy="grant list on pods")

    found = judged(f"{PODS} .", forbidden)
    (gap,) = found.gaps
    assert (gap.stage, gap.why, gap.remedy) == (Stage.COLLECT, "kubectl get pods: forbidden", "grant list on pods")
    assert (found.subjects, found.judged) == ([], {})


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ('error("boo")', "boo"),
        ("error(null)", "null"),
        (".items[] | .metadata.name.x", "Cannot index string"),
        (".items[0], error", "jq stopped with an error"),
        ('"x" * 10000000000', "too long"),
    ],
)
def test_a_filter_that_fails_is_a_gap_and_nothing_before_it_counts(program: str, why: str) -> None:
    found = judged(f"{PODS} '{program}'", has(pods=[pod("a")]))
    (gap,) = found.gaps
    assert why in gap.why
    assert (found.findings, found.judged) == ([], {})


@pytest.mark.parametrize("program", ["def f: f; f", "last(range(1e15))", "[.items[] | until(false; .)]"])
def test_a_filter_that_loops_is_ended_in_time(program: str) -> None:
    started = time.monotonic()
    (gap,) = judged(f"{PODS} '{program}'", has(pods=[pod("a")]), Limits(deadline=1)).gaps
    assert gap.why == "jq ran longer than 1 s and was ended"
    assert time.monotonic() - started < 10


def test_a_filter_that_gives_too_much_is_ended() -> None:
    (gap,) = judged(f"{PODS} 'range(1e9)'", has(pods=[]), Limits(results=1000)).gaps
    assert gap.why == "jq gave more than 1000 results and was ended"


def test_a_filter_that_eats_memory_is_ended() -> None:
    (gap,) = judged(f"""{PODS} '"x" * 500000000'""", has(pods=[]), Limits(memory=256 * 1024 * 1024)).gaps
    assert gap.why == "jq used more than 256 MiB of memory and was ended"


def test_a_users_own_jq_library_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".jq").write_text("def select(f): empty;")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert about(judged(f"{PODS} '.items[] | select(true)'", has(pods=[pod("a")]))) == ["Pod/default/a"]


def test_secrets_in_what_a_filter_says_are_masked() -> None:
    token = "ghp_" + "a1B2" * 9
    found = judged(f"""{PODS} '"token: {token}"'""", has(pods=[]))
    assert token not in found.findings[0].message + found.findings[0].at


def test_objects_that_are_no_json_are_a_gap() -> None:
    (gap,) = judged(f"{PODS} .", has(pods=[pod("\ud800")])).gaps
    assert "the objects are no JSON" in gap.why
