"""The gate: from an assessment and a policy to an exit code with reasons. Pure.

A finding at or above its threshold refuses (1), whatever else happened. Without one, a gap, nothing to judge or a
result that could not be kept is "not judged" (3), never clean. A finding that is waived, or whose rule is not enforced
yet, never refuses.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from compliance.model import Decision, ExitCode, Severity, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compliance.model import Assessment, Finding

_NAMED_RULES: Final = 3


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """When to refuse: at this severity and above, or a pack's own; None is never.

    With `fail_on_new` findings that the baseline knows do not refuse; without a baseline everything is new.
    """

    fail_on: Severity | None = Severity.HIGH
    pack_fail_on: Mapping[str, Severity | None] = field(default_factory=dict)
    fail_on_new: bool = False

    def refuses(self, finding: Finding) -> bool:
        """Whether this finding alone makes the gate refuse."""
        threshold = self.pack_fail_on.get(finding.rule.partition(".")[0], self.fail_on)
        if threshold is None or not finding.counts or finding.severity < threshold:
            return False
        return not (self.fail_on_new and finding.standing is Standing.KNOWN)


def decide(assessment: Assessment, policy: GatePolicy, *, problem: str | None = None) -> Decision:
    """Decide; the reasons are sentences, the deciding one first. `problem` says what the history could not do."""
    refusing = [finding for finding in assessment.findings if policy.refuses(finding)]
    unjudged = [*_unjudged(assessment), *([problem] if problem else [])]
    if refusing:
        code, first = ExitCode.REFUSED, [_refused(refusing, policy), *unjudged]
    elif unjudged:
        code, first = ExitCode.NOT_JUDGED, [*unjudged, _passed(assessment, policy)]
    else:
        code, first = ExitCode.CLEAN, [f"clean: {_passed(assessment, policy)}"]
    return Decision(code, (*first, *_set_aside(assessment.findings, policy)))


def _unjudged(assessment: Assessment) -> list[str]:
    reasons = []
    if assessment.subjects == 0:
        reasons.append("not judged: nothing was found to judge")
    elif not any(assessment.judged.values()):
        reasons.append(f"not judged: no rule judged any of {_counted(assessment.subjects, 'subject')}")
    if assessment.gaps:
        stages = Counter(gap.stage.value for gap in assessment.gaps)
        where = ", ".join(f"{stage} {count}" for stage, count in sorted(stages.items()))
        reasons.append(f"not judged: {_counted(len(assessment.gaps), 'gap')} ({where})")
    return reasons


def _refused(refusing: Sequence[Finding], policy: GatePolicy) -> str:
    what = "new finding" if policy.fail_on_new else "finding"
    return f"refused: {_counted(len(refusing), what)} {_threshold(policy)} ({_by_rule(refusing)})"


def _by_rule(findings: Sequence[Finding]) -> str:
    """Name the rules with the most severe findings, then the most findings, then by name."""
    counts = Counter(finding.rule for finding in findings)
    worst = {finding.rule: finding.severity for finding in sorted(findings, key=lambda finding: finding.severity)}
    rules = sorted(counts, key=lambda rule: (-worst[rule], -counts[rule], rule))
    named = [f"{rule} {counts[rule]}" for rule in rules[:_NAMED_RULES]]
    return ", ".join([*named, *(["…"] if len(rules) > _NAMED_RULES else [])])


def _threshold(policy: GatePolicy) -> str:
    if policy.pack_fail_on or policy.fail_on is None:
        return "at or above the threshold"
    return "at critical" if policy.fail_on is Severity.CRITICAL else f"at {policy.fail_on.label} or above"


def _passed(assessment: Assessment, policy: GatePolicy) -> str:
    counting = [finding for finding in assessment.findings if finding.counts]
    if all(threshold is None for threshold in (policy.fail_on, *policy.pack_fail_on.values())):
        return f"the gate never refuses; {_counted(len(counting), 'finding')}"
    if policy.fail_on_new and any(finding.standing is Standing.KNOWN for finding in counting):
        return f"no new finding {_threshold(policy)}"
    below = f"; {_counted(len(counting), 'finding')} below" if counting else ""
    return f"no finding {_threshold(policy)}{below}"


def _set_aside(findings: Sequence[Finding], policy: GatePolicy) -> list[str]:
    waived = sum(finding.waiver is not None for finding in findings)
    expired = sum(finding.expired_waiver is not None and finding.waiver is None for finding in findings)
    warning = sum(not finding.enforced and finding.waiver is None for finding in findings)
    known = sum(finding.counts and finding.standing is Standing.KNOWN for finding in findings)
    reasons = [
        (waived, f"{_counted(waived, 'finding')} waived"),
        (expired, f"{_counted(expired, 'finding')} no longer waived: the waiver has expired"),
        (warning, f"{_counted(warning, 'finding')} only warned of: the rule is not enforced yet"),
        (known if policy.fail_on_new else 0, f"{_counted(known, 'finding')} known from the baseline"),
    ]
    return [reason for count, reason in reasons if count]


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
