"""SARIF 2.1.0 (OASIS, errata 01), with what GitHub code scanning reads of it and within what GitHub accepts.

GitHub refuses more than 25,000 results or rules in a run, and more than 10 MB compressed; of the results it shows
5,000. They stand most severe first, so what is cut is the least of them, and a notification says so. Columns count code
points. What a chart rendered has no region: its lines are not those of a file.
"""

from __future__ import annotations

import re
import zlib
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from compliance.model import Origin, Standing
from compliance.output import history_words, sarif_rules
from compliance.output.json_text import dump
from compliance.output.tally import counted, line_of, obstacles, path_of, ranked
from compliance.output.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from compliance.model import Assessment, Decision, Finding, Gap, Input, Seen, Waiver

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS: Final = 25_000
SHOWN_RESULTS: Final = 5_000
MAX_COMPRESSED: Final = 10_000_000
MAX_NOTIFICATIONS: Final = 1_000
_STANDINGS: Final = {Standing.NEW: "new", Standing.KNOWN: "unchanged"}
_ABSOLUTE: Final = re.compile(r"/|[A-Za-z]:/")


def render(assessment: Assessment, decision: Decision) -> str:
    """One run; waived findings are results with an accepted suppression, gaps are notifications.

    With a history the baseline is the run before (section 3.27.24), and each result says when it was first detected
    (section 3.48.3). What was fixed is left out, and not told as absent: GitHub would show it as open.
    """
    findings = ranked(assessment.findings)
    kept = min(len(findings), MAX_RESULTS)
    text = _log(assessment, decision, findings[:kept])
    while kept and _compressed(text) > MAX_COMPRESSED:
        kept //= 2
        text = _log(assessment, decision, findings[:kept])
    return text


def _compressed(text: str) -> int:
    """An upper bound in bytes: fast compression, and none for what is small enough anyway."""
    return len(text) if len(text) * 4 <= MAX_COMPRESSED else len(zlib.compress(text.encode(), 1))


def _log(assessment: Assessment, decision: Decision, findings: Sequence[Finding]) -> str:
    rules = sarif_rules.descriptors(assessment, findings)
    index = {rule["id"]: position for position, rule in enumerate(rules)}
    driver = {"name": "compliance", "version": assessment.tool_version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(assessment, decision, len(findings))],
        "artifacts": [_artifact(item) for item in assessment.inputs],
        "results": [_result(finding, index) for finding in findings],
        "properties": _properties(assessment, decision),
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _properties(assessment: Assessment, decision: Decision) -> dict[str, Any]:
    baseline = assessment.baseline
    return {
        "clusters": [str(cluster) for cluster in assessment.clusters],
        "decision": {"exitCode": int(decision.exit_code), "reasons": list(decision.reasons)},
        "engine": assessment.engine,
        "fixedFingerprints": list(baseline.fixed) if baseline else None,
        "history": history_words.line(assessment) or None,
        "judged": dict(assessment.judged),
        "passedOver": len(assessment.passed_over),
        "rulesDigest": assessment.rules_digest,
        "scanners": [str(scanner) for scanner in assessment.scanners],
        "subjects": assessment.subjects,
    }


def _artifact(item: Input) -> dict[str, Any]:
    location = _artifact_location(path_of(Origin(item.locator)))
    return {"location": location, "hashes": {"sha-256": item.sha256}}


def _invocation(assessment: Assessment, decision: Decision, kept: int) -> dict[str, Any]:
    gaps = obstacles(assessment, decision)
    notifications = [_gap_notification(gap) for gap in gaps[:MAX_NOTIFICATIONS]]
    notifications += _cuts(len(assessment.findings), kept, len(gaps))
    return {
        "executionSuccessful": not gaps,
        "exitCode": int(decision.exit_code),
        "exitCodeDescription": "; ".join(decision.reasons),
        "endTimeUtc": _utc(assessment.taken_at),
        "toolExecutionNotifications": notifications,
    }


def _gap_notification(gap: Gap) -> dict[str, Any]:
    rule = f" ({gap.rule})" if gap.rule else ""
    remedy = f"; {gap.remedy}" if gap.remedy else ""
    notification: dict[str, Any] = {
        "level": "error",
        "message": {"text": one_line(f"{gap.about} could not be judged{rule}: {gap.why}{remedy}")},
        "properties": {"stage": gap.stage.value},
    }
    if gap.rule:
        notification["associatedRule"] = {"id": gap.rule}
    if gap.origin:
        notification["locations"] = [{"physicalLocation": _place(gap.origin)}]
    return notification


def _cuts(findings: int, kept: int, gaps: int) -> list[dict[str, Any]]:
    said = []
    if kept < findings:
        said.append(
            f"{counted(findings - kept, 'finding')} of {findings} left out, the least severe: GitHub takes no more"
        )
    if kept > SHOWN_RESULTS:
        said.append(f"GitHub shows the first {SHOWN_RESULTS} of these {kept} results; they stand most severe first")
    if gaps > MAX_NOTIFICATIONS:
        said.append(f"{counted(gaps - MAX_NOTIFICATIONS, 'more gap')} left out here")
    return [{"level": "warning", "message": {"text": text}} for text in said]


def _result(finding: Finding, index: Mapping[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": sarif_rules.LEVELS[finding.severity] if finding.enforced else "note",
        "message": {"text": _message(finding)},
        "locations": [_location(finding)],
        "partialFingerprints": {"complianceFingerprint/v1": finding.fingerprint},
        "suppressions": [_suppression(finding.waiver, finding.origin)] if finding.waiver else [],
        "properties": {"severity": finding.severity.label, "owner": finding.owner, "enforced": finding.enforced},
    }
    if finding.standing:
        result["baselineState"] = _STANDINGS[finding.standing]
    if finding.seen:
        result["baselineState"] = "new" if finding.seen.new else "unchanged"
        result["provenance"] = _provenance(finding.seen)
    if finding.expired_waiver:
        result["properties"]["expiredWaiver"] = _acceptance(finding.expired_waiver)
    return result


def _provenance(seen: Seen) -> dict[str, str]:
    return {"firstDetectionTimeUtc": _utc(seen.first), "lastDetectionTimeUtc": _utc(seen.last)}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _message(finding: Finding) -> str:
    """Brackets that would make a link are escaped (section 3.11.6): a name must not lead anybody anywhere."""
    text = one_line(f"{finding.subject}: {finding.message}")
    if finding.origin.rendered_by:
        text += f" (in what {one_line(finding.origin.rendered_by)} renders)"
    return re.sub(r"([\\\[\]])", r"\\\1", text) if "](" in text else text


def _location(finding: Finding) -> dict[str, Any]:
    physical = _place(finding.origin)
    excerpt = finding.excerpt
    if excerpt and "region" in physical:
        physical["contextRegion"] = {
            "startLine": excerpt.first,
            "endLine": excerpt.first + max(len(excerpt.lines), 1) - 1,
            "snippet": {"text": "\n".join(excerpt.lines)},
        }
    name = one_line(f"{finding.subject} {finding.at}".rstrip())
    return {"physicalLocation": physical, "logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}]}


def _place(origin: Origin) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact_location(path_of(origin))}
    span = origin.span
    if span and line_of(origin):
        place["region"] = {"startLine": span.line, "startColumn": span.column}
        if span.end_line:
            place["region"]["endLine"] = max(span.end_line, span.line)
    return place


def _artifact_location(path: str) -> dict[str, Any]:
    """Relative to the repository's root where the path is relative (RFC 3986, percent-encoded)."""
    uri = quote(_bytes(path))
    if _ABSOLUTE.match(path):
        return {"uri": f"file:///{uri.lstrip('/')}".replace("%3A", ":", 1) if path[1:2] == ":" else f"file://{uri}"}
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _bytes(path: str) -> bytes:
    """The bytes of the name on disk; whatever cannot be one is replaced."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "replace")


def _suppression(waiver: Waiver, seen: Origin) -> dict[str, Any]:
    return {
        "kind": "inSource" if waiver.origin.file == seen.file else "external",
        "status": "accepted",
        "justification": one_line(waiver.reason),
        "location": {"physicalLocation": _place(waiver.origin)},
        "properties": _acceptance(waiver),
    }


def _acceptance(waiver: Waiver) -> dict[str, Any]:
    expires = waiver.expires.isoformat() if waiver.expires else None
    return {"approvedBy": waiver.approved_by, "expires": expires, "ticket": waiver.ticket}
