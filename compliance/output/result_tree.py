"""The nouns of the model as JSON trees, and back: what `compliance/assessment/v1` is made of, without the history.

The readers expect a tree that fits the published schema; what that cannot say (a date in the year 0) is a ValueError.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TypeAlias

from compliance.model import (
    Assessment,
    BaselineReport,
    ClusterReading,
    Decision,
    Excerpt,
    ExitCode,
    Finding,
    Gap,
    Input,
    Origin,
    PassedOver,
    Rule,
    Scanner,
    Severity,
    Span,
    Stage,
    Standing,
    Subject,
    Target,
    Waiver,
    WaiverReport,
    WaiverState,
)

Tree: TypeAlias = dict[str, Any]


def assessment(taken: Assessment) -> Tree:
    """Everything but the decision and what only a history tells: so this is what a history keeps.

    `findings` is an iterator: there may be very many.
    """
    return {
        "taken_at": taken.taken_at.isoformat(),
        "tool_version": taken.tool_version,
        "rules_digest": taken.rules_digest,
        "engine": taken.engine,
        "targets": [{"kind": target.kind, "locator": target.locator} for target in taken.targets],
        "inputs": [_input(item) for item in taken.inputs],
        "subjects": taken.subjects,
        "judged": dict(taken.judged),
        "findings": map(finding, taken.findings),
        "gaps": [_gap(gap) for gap in taken.gaps],
        "passed_over": [{"locator": item.locator, "why": item.why} for item in taken.passed_over],
        "rules": {key: _rule(rule) for key, rule in taken.rules.items()},
        "waivers": [_waiver_report(report) for report in taken.waivers],
        "baseline": _baseline(taken.baseline),
        "scanners": [_scanner(scanner) for scanner in taken.scanners],
        "clusters": [asdict(cluster) for cluster in taken.clusters],
    }


def decision(decided: Decision) -> Tree:
    """The gate's answer."""
    return {"exit_code": int(decided.exit_code), "reasons": list(decided.reasons)}


def read_assessment(tree: Tree) -> Assessment:
    """The inverse of `assessment`."""
    return Assessment(
        taken_at=datetime.fromisoformat(tree["taken_at"]),
        tool_version=tree["tool_version"],
        rules_digest=tree["rules_digest"],
        engine=tree["engine"],
        targets=tuple(Target(**target) for target in tree["targets"]),
        inputs=tuple(Input(**item) for item in tree["inputs"]),
        subjects=tree["subjects"],
        judged=tree["judged"],
        findings=tuple(read_finding(finding) for finding in tree["findings"]),
        gaps=tuple(_read_gap(gap) for gap in tree["gaps"]),
        passed_over=tuple(PassedOver(**item) for item in tree["passed_over"]),
        rules={key: _read_rule(rule) for key, rule in tree["rules"].items()},
        waivers=tuple(_read_waiver_report(report) for report in tree["waivers"]),
        baseline=_read_baseline(tree["baseline"]),
        scanners=tuple(_read_scanner(scanner) for scanner in tree["scanners"]),
        clusters=tuple(ClusterReading(**cluster) for cluster in tree["clusters"]),
    )


def read_decision(tree: Tree) -> Decision:
    """The inverse of `decision`."""
    return Decision(ExitCode(tree["exit_code"]), tuple(tree["reasons"]))


def _input(item: Input) -> Tree:
    return {"locator": item.locator, "kind": item.kind, "sha256": item.sha256, "subjects": item.subjects}


def _scanner(scanner: Scanner) -> Tree:
    built_at = scanner.database_built_at
    return {
        "name": scanner.name,
        "version": scanner.version,
        "database_built_at": built_at.isoformat() if built_at else None,
        "database_age_days": scanner.database_age_days,
    }


def _read_scanner(tree: Tree) -> Scanner:
    built_at = tree["database_built_at"]
    return Scanner(**{**tree, "database_built_at": datetime.fromisoformat(built_at) if built_at else None})


def _origin(origin: Origin) -> Tree:
    span = origin.span
    place = {"line": span.line, "column": span.column, "end_line": span.end_line} if span else None
    return {"file": origin.file, "span": place, "rendered_by": origin.rendered_by, "is_file": origin.is_file}


def _read_origin(tree: Tree) -> Origin:
    span = Span(**tree["span"]) if tree["span"] else None
    return Origin(tree["file"], span, tree["rendered_by"], tree["is_file"])


def _subject(subject: Subject) -> Tree:
    return {"kind": subject.kind, "name": subject.name, "namespace": subject.namespace, "cluster": subject.cluster}


def _waiver(waiver: Waiver) -> Tree:
    return {
        "rule": waiver.rule,
        "subject": waiver.subject,
        "reason": waiver.reason,
        "approved_by": waiver.approved_by,
        "expires": waiver.expires.isoformat() if waiver.expires else None,
        "ticket": waiver.ticket,
        "origin": _origin(waiver.origin),
    }


def _read_waiver(tree: Tree) -> Waiver:
    expires = date.fromisoformat(tree["expires"]) if tree["expires"] else None
    return Waiver(**{**tree, "expires": expires, "origin": _read_origin(tree["origin"])})


def _waiver_report(report: WaiverReport) -> Tree:
    waiver = _waiver(report.waiver)
    return {"waiver": waiver, "state": report.state.value, "matched": report.matched, "why": report.why}


def _read_waiver_report(tree: Tree) -> WaiverReport:
    return WaiverReport(_read_waiver(tree["waiver"]), WaiverState(tree["state"]), tree["matched"], tree["why"])


def finding(finding: Finding) -> Tree:
    """One of the findings of `assessment`."""
    excerpt = finding.excerpt
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "severity": finding.severity.label,
        "subject": _subject(finding.subject),
        "message": finding.message,
        "at": finding.at,
        "origin": _origin(finding.origin),
        "owner": finding.owner,
        "excerpt": {"first": excerpt.first, "marked": excerpt.marked, "lines": excerpt.lines} if excerpt else None,
        "waiver": _waiver(finding.waiver) if finding.waiver else None,
        "expired_waiver": _waiver(finding.expired_waiver) if finding.expired_waiver else None,
        "standing": finding.standing.value if finding.standing else None,
        "enforced": finding.enforced,
    }


def read_finding(tree: Tree) -> Finding:
    """Read one of the findings of `assessment`."""
    excerpt = tree["excerpt"]
    return Finding(
        rule=tree["rule"],
        severity=Severity.parse(tree["severity"]),
        subject=Subject(**tree["subject"]),
        message=tree["message"],
        at=tree["at"],
        origin=_read_origin(tree["origin"]),
        owner=tree["owner"],
        excerpt=Excerpt(excerpt["first"], excerpt["marked"], tuple(excerpt["lines"])) if excerpt else None,
        waiver=_read_waiver(tree["waiver"]) if tree["waiver"] else None,
        expired_waiver=_read_waiver(tree["expired_waiver"]) if tree["expired_waiver"] else None,
        standing=Standing(tree["standing"]) if tree["standing"] else None,
        enforced=tree["enforced"],
    )


def _gap(gap: Gap) -> Tree:
    return {
        "stage": gap.stage.value,
        "about": gap.about,
        "why": gap.why,
        "remedy": gap.remedy,
        "rule": gap.rule,
        "origin": _origin(gap.origin) if gap.origin else None,
    }


def _read_gap(tree: Tree) -> Gap:
    origin = _read_origin(tree["origin"]) if tree["origin"] else None
    return Gap(**{**tree, "stage": Stage(tree["stage"]), "origin": origin})


def _rule(rule: Rule) -> Tree:
    return {
        "id": rule.id,
        "title": rule.title,
        "description": rule.description,
        "severity": rule.severity.label,
        "applies_to": rule.applies_to,
        "remediation": rule.remediation,
        "owner": rule.owner,
        "frameworks": dict(rule.frameworks),
        "aliases": rule.aliases,
        "params": dict(rule.params),
        "enforced_from": rule.enforced_from.isoformat() if rule.enforced_from else None,
        "builtin": rule.builtin,
    }


def _read_rule(tree: Tree) -> Rule:
    enforced_from = date.fromisoformat(tree["enforced_from"]) if tree["enforced_from"] else None
    changed = {
        "severity": Severity.parse(tree["severity"]),
        "applies_to": tuple(tree["applies_to"]),
        "frameworks": {name: tuple(controls) for name, controls in tree["frameworks"].items()},
        "aliases": tuple(tree["aliases"]),
        "enforced_from": enforced_from,
    }
    return Rule(**{**tree, **changed})


def _baseline(report: BaselineReport | None) -> Tree | None:
    return {"new": report.new, "known": report.known, "fixed": report.fixed} if report else None


def _read_baseline(tree: Tree | None) -> BaselineReport | None:
    return BaselineReport(tree["new"], tree["known"], tuple(tree["fixed"])) if tree else None
