"""SARIF's rule descriptors (section 3.49): titles, help and the properties by which GitHub ranks and filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compliance.model import Assessment, Finding, Rule

LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
MAX_RULES: Final = 25_000
MAX_TAGS: Final = 20
# GitHub calls a score over 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low.
_SCORES: Final = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.0",
}


def descriptors(assessment: Assessment, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """One descriptor a rule, sorted by id; rules that objected come before others when there are too many.

    A rule's severity may have been changed by configuration; its findings know, so they decide.
    """
    severities: dict[str, Severity] = {}
    for finding in findings:
        severities[finding.rule] = max(finding.severity, severities.get(finding.rule, Severity.INFO))
    silent = sorted(set(assessment.rules) - set(severities))
    chosen = [*sorted(severities), *silent][:MAX_RULES]
    return [_descriptor(key, assessment.rules.get(key), severities.get(key)) for key in sorted(chosen)]


def _descriptor(key: str, rule: Rule | None, severity: Severity | None) -> dict[str, Any]:
    if severity is None:
        severity = rule.severity if rule else Severity.INFO
    descriptor: dict[str, Any] = {
        "id": key,
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"security-severity": _SCORES[severity], "tags": _tags(key, rule)},
    }
    if rule:
        descriptor["shortDescription"] = {"text": rule.title}
        descriptor["fullDescription"] = {"text": rule.description}
        descriptor["help"] = {"text": _help(rule), "markdown": _markdown_help(rule)}
    return descriptor


def _tags(key: str, rule: Rule | None) -> list[str]:
    """GitHub ranks by security-severity only what is tagged `security`; it shows ten tags and takes twenty."""
    tags = ["security", key.partition(".")[0]]
    if rule:
        tags.append(rule.owner)
        tags += [f"{framework}/{control}" for framework, controls in rule.frameworks.items() for control in controls]
    return list(dict.fromkeys(tags))[:MAX_TAGS]


def _help(rule: Rule) -> str:
    return f"{rule.description}\n\n{rule.remediation}".strip()


def _markdown_help(rule: Rule) -> str:
    return f"{rule.description}\n\n**Remedy**\n\n{rule.remediation}".strip()
