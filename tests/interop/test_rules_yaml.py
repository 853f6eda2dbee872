"""The rules file: what is read, and what is refused with file, line and key."""

import pytest
import shell_rules

from compliance.errors import ConfigurationError
from compliance.interop import rules_yaml
from compliance.interop.jq_running import Limits
from compliance.interop.kubectl_get import Get
from compliance.model import Origin, Severity, Span

RULE = """rules:
  - name: a
    description: d
    query: kubectl get pods -o json | jq .items
    remediation: r
    severity: low
"""


def parse(text: str) -> tuple[rules_yaml.ShellRule, ...]:
    return rules_yaml.parse(text.encode(), "rules.yaml")


def test_the_seeds_rules_are_read_as_they_are() -> None:
    scanning, policies, limits = parse(shell_rules.SEED_RULES)
    assert [each.id for each in (scanning, policies, limits)] == [
        "rules_yaml.ensure-image-scanning",
        "rules_yaml.ensure-network-policies",
        "rules_yaml.ensure-resource-limits",
    ]
    assert [each.severity for each in (scanning, policies, limits)] == [
        Severity.CRITICAL,
        Severity.HIGH,
        Severity.MEDIUM,
    ]
    assert [each.query.gets for each in (scanning, policies, limits)] == [(Get("pods"),), (Get("ns"),), (Get("pods"),)]
    assert [join.get for join in policies.query.joins] == [Get("netpol", all_namespaces=True)]
    assert scanning.remediation == "Run 'trivy image <image>' to scan the image and add the annotation"
    assert limits.origin == Origin("rules.yaml", Span(18, 5))
    rules_yaml.check((scanning, policies, limits), Limits())


def test_a_rule_is_one_of_ours() -> None:
    (found,) = parse(RULE)
    rule = found.as_rule()
    assert (rule.id, rule.pack, rule.aliases, rule.builtin, rule.remediation) == (
        "rules_yaml.a",
        "rules_yaml",
        ("a",),
        False,
        "r",
    )


@pytest.mark.parametrize(
    ("old", "new", "place", "why"),
    [
        ("    severity: low\n", "    severity: urgent\n", "rules.yaml:6:5", "rules[0].severity must be one of"),
        ("    severity: low\n", "    severity: Low\n", "rules.yaml:6:5", "rules[0].severity must be one of"),
        ("    severity: low\n", "", "rules.yaml:2:5", "rules[0].severity is missing"),
        ("    remediation: r\n", "    remediation: []\n", "rules.yaml:5:5", "rules[0].remediation must be text"),
        ("    remediation: r\n", "    remedation: r\n", "rules.yaml:2:5", "did you mean 'remediation'?"),
        ("  - name: a\n", "  - name: 'a b'\n", "rules.yaml:2:5", "rules[0].name does not fit"),
        ("  - name: a\n", "  - name: 7\n", "rules.yaml:2:5", "rules[0].name must be text"),
        ("rules:\n", "rule:\n", "rules.yaml:1:1", "rule is no known key"),
        (RULE, "rules: []\n", "rules.yaml:1:1", "rules [] has less than 1 item"),
        (RULE, "[]\n", "rules.yaml:1:1", "must be a mapping"),
        (RULE, "", "rules.yaml", "must be a mapping"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_line_and_key(old: str, new: str, place: str, why: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse(RULE.replace(old, new))
    assert str(refused.value).startswith(f"{place}: ")
    assert why in str(refused.value)


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(
        ConfigurationError, match=r"rules\.yaml:7:5: rules\[1\]\.name 'A' is the name of rules\[0\] too"
    ):
        parse(RULE + RULE.removeprefix("rules:\n").replace("name: a", "name: A"))


@pytest.mark.parametrize(
    ("query", "line", "why"),
    [
        ("kubectl get pods -o json | jq '.items[]'; ls", 5, "; runs a second command"),
        ("kubectl get pods -o json |\njq '.items[]' |\nwc -l", 7, "'wc' is not run"),
        ("kubectl get pods -o json | jq '\n  .items[]\n  | env'", 7, "env is not allowed"),
        ("\n\nkubectl get pods -o yaml | jq .a", 7, "-o json"),
        ("kubectl get pods -o json", 5, "has no jq"),
        ("kubectl get pods -o json | jq '.items[]\n| [kubectl get pods -o json | jq .]'", 6, "names no namespace"),
    ],
)
def test_a_query_that_needs_a_shell_is_refused_with_its_line(query: str, line: int, why: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse(shell_rules.rule(query))
    assert refused.value.origin is not None
    assert refused.value.origin.span is not None
    assert refused.value.origin.span.line == line
    assert refused.value.message.startswith("rules[0].query ")
    assert why in refused.value.message
    assert refused.value.remedy


def test_all_refused_queries_are_told() -> None:
    broken = shell_rules.rule("ls", "one") + shell_rules.rule("id", "two").removeprefix("rules:\n")
    with pytest.raises(ConfigurationError) as refused:
        parse(broken)
    assert str(refused.value).splitlines() == [
        "rules.yaml:5:1: rules[0].query the program 'ls' is not run",
        "rules.yaml:11:1: rules[1].query the program 'id' is not run",
    ]


@pytest.mark.parametrize(
    ("query", "line", "why"),
    [
        ("kubectl get pods -o json | jq '.items[] |'", 5, "unexpected end of file"),
        ("kubectl get pods -o json | jq '.items[]\n| nosuch'", 6, "nosuch/0 is not defined"),
        ("kubectl get pods -o json |\njq .a | jq '$x'", 6, "$x is not defined"),
        ("kubectl get ns -o json | jq '[kubectl get po -n $ns -o json | jq .]'", 5, "$ns is not defined"),
        (
            "kubectl get ns -o json | jq '.a as $ns | .b as $x | [kubectl get po -n $ns -o json | jq \".[\\$x]\"]'",
            5,
            "$x is not defined",
        ),
    ],
)
def test_a_filter_that_jq_cannot_compile_is_refused_with_its_line(query: str, line: int, why: str) -> None:
    rules = parse(shell_rules.rule(query))
    with pytest.raises(ConfigurationError) as refused:
        rules_yaml.check(rules, Limits())
    assert refused.value.origin is not None
    assert refused.value.origin.span == Span(line)
    assert why in refused.value.message


@pytest.mark.parametrize(
    "written",
    [
        "query: |-\n      kubectl get pods -o json | ls",
        "query: | # a pipeline\n      kubectl get pods -o json | ls",
        "query: |2-\n      kubectl get pods -o json | ls",
        '"query": |\n      kubectl get pods -o json | ls',
    ],
)
def test_lines_of_a_literal_block_are_counted(written: str) -> None:
    with pytest.raises(ConfigurationError, match=r"rules\.yaml:5:1"):
        parse(RULE.replace("query: kubectl get pods -o json | jq .items", written))


def test_a_query_in_another_form_is_placed_at_its_key() -> None:
    folded = "query: >\n      kubectl get pods -o json\n      | ls"
    with pytest.raises(ConfigurationError, match=r"rules\.yaml:4:5"):
        parse(RULE.replace("query: kubectl get pods -o json | jq .items", folded))
