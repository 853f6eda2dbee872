"""GitLab's Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.

Waived findings are left out: the format has no word for an accepted risk. Gaps are listed, because an empty report
reads as a pass. A line is required, so an unknown one is 1.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from compliance.model import Origin, Severity
from compliance.output.json_text import dump
from compliance.output.tally import line_of, obstacles, path_of, ranked
from compliance.output.text import one_line

if TYPE_CHECKING:
    from compliance.model import Assessment, Decision, Finding, Gap, Rule

_SEVERITIES: Final = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def render(assessment: Assessment, decision: Decision) -> str:
    """A JSON array, most severe first; fingerprints are unique, as GitLab drops what it has seen before."""
    seen: Counter[str] = Counter()
    entries = [_gap(gap) for gap in obstacles(assessment, decision)]
    still_open = [finding for finding in assessment.findings if finding.waiver is None]
    entries += [_finding(finding, assessment.rules.get(finding.rule)) for finding in ranked(still_open)]
    for entry in entries:
        fingerprint = entry["fingerprint"]
        seen[fingerprint] += 1
        if (number := seen[fingerprint]) > 1:
            entry["fingerprint"] = _digest(fingerprint, str(number))
    return dump(entries)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _entry(description: str, check: str, fingerprint: str, severity: Severity, origin: Origin) -> dict[str, Any]:
    return {
        "description": one_line(description),
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[severity],
        "location": {"path": path_of(origin), "lines": {"begin": line_of(origin) or 1}},
    }


def _finding(finding: Finding, rule: Rule | None) -> dict[str, Any]:
    until = f" before {rule.enforced_from}" if rule and rule.enforced_from else " yet"
    note = "" if finding.enforced else f" (not enforced{until})"
    rendered = f", rendered by {finding.origin.rendered_by}" if finding.origin.rendered_by else ""
    description = f"{finding.subject}: {finding.message}{rendered}{note}"
    return _entry(description, finding.rule, finding.fingerprint, finding.severity, finding.origin)


def _gap(gap: Gap) -> dict[str, Any]:
    description = f"{gap.about} could not be judged: {gap.why}" + (f"; {gap.remedy}" if gap.remedy else "")
    fingerprint = _digest(gap.stage.value, gap.about, gap.rule or "", gap.why)
    check = f"gap.{gap.stage.value}"
    return _entry(description, check, fingerprint, Severity.HIGH, gap.origin or Origin(gap.about))
