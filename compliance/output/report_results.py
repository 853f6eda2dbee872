"""Findings and gaps of one subject as the results of a report: what both report APIs have in common.

The fields are those of PolicyReportResult (wgpolicyk8s.io/v1alpha2) and of ReportResult (openreports.io/v1alpha1): they
have the same names, results and severities. The time is left to the report, which knows what is new in it.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from compliance.output.text import first_sentence, one_line, without_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compliance.model import Finding, Gap, Rule, Waiver

SOURCE: Final = "immutable-compliance"
"""What results, labels and the field manager name as theirs."""

RESULTS: Final = ("error", "fail", "pass", "skip", "warn")
"""What a summary counts."""

_LONGEST: Final = 1000
_CATEGORY_OF_GAPS: Final = "not judged"

Result = dict[str, Any]

_first_sentence = lru_cache(1024)(first_sentence)
"""A rule has thousands of findings."""


def of_finding(finding: Finding, rule: Rule | None) -> Result:
    """A finding: `fail`; `skip` where it is waived, `warn` where its rule is not enforced yet."""
    pack, _, name = finding.rule.partition(".")
    waiver = finding.waiver
    what = "skip" if waiver is not None else "fail" if finding.enforced else "warn"
    properties = {
        "at": finding.at,
        "fingerprint": finding.fingerprint,
        "owner": finding.owner,
        "remedy": "" if rule is None else _first_sentence(rule.remediation),
        **({} if waiver is None else _accepted(waiver)),
    }
    return {
        "source": SOURCE,
        "category": clipped(pack),
        "policy": clipped(finding.rule),
        "rule": clipped(name or finding.rule),
        "result": what,
        "scored": what != "warn",
        "severity": finding.severity.label,
        "message": clipped(finding.message),
        "properties": {key: clipped(value) for key, value in properties.items() if value},
    }


def _accepted(waiver: Waiver) -> dict[str, str]:
    return {
        "waived_because": waiver.reason,
        "waived_by": waiver.approved_by,
        "waived_until": "" if waiver.expires is None else waiver.expires.isoformat(),
        "ticket": waiver.ticket or "",
    }


def of_gap(gap: Gap, rule: Rule | None) -> Result:
    """What could not be judged: `error`, of the rule that met it, or of the stage where judging stopped."""
    pack, _, name = (gap.rule or "").partition(".")
    said = {
        "source": SOURCE,
        "category": clipped(pack) or _CATEGORY_OF_GAPS,
        "policy": clipped(gap.rule or gap.stage.value),
        "rule": clipped(name or gap.rule or gap.stage.value),
        "result": "error",
        "scored": True,
        "message": clipped(f"could not be judged: {gap.why}"),
        "properties": {"about": clipped(gap.about), **({"remedy": clipped(gap.remedy)} if gap.remedy else {})},
    }
    return said if rule is None else {**said, "severity": rule.severity.label}


def clipped(text: str) -> str:
    """Text on one line, of a length that bounds a report, as JSON in UTF-8 can hold it."""
    line = without_surrogates(one_line(text[: 4 * _LONGEST]))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def summary(results: Iterable[Mapping[str, Any]], passed: int | None) -> dict[str, int]:
    """How many results there are of each kind; `passed` is how many rules had no objection, None where not known."""
    counts = Counter(str(one["result"]) for one in results)
    told = {key: counts[key] for key in RESULTS if key != "pass"}
    return told if passed is None else {**told, "pass": passed}
