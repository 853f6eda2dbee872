"""What the HTML report shows, as values: grouped, counted and cut to a size that a browser can show."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from compliance.model import WaiverState
from compliance.output import html_history
from compliance.output.tally import MOST_SEVERE_FIRST, counted, obstacles, ranked, totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from compliance.model import Assessment, Decision, Finding, Rule, Severity, Target, WaiverReport

MAX_FINDINGS: Final = 2_000
MAX_ROWS: Final = 1_000
_COMMANDS: Final = {"path": "scan", "stdin": "scan", "image": "image", "cluster": "audit"}
_EXAMPLES: Final = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cut(Generic[T]):
    """The first of many, and how many more there are."""

    shown: tuple[T, ...]
    more: int


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The findings of one rule at one severity; `rule` is None when its metadata is not known."""

    id: str
    rule: Rule | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PackGroup:
    """The rules of one pack."""

    name: str
    rules: tuple[RuleGroup, ...]

    @property
    def total(self) -> int:
        """How many findings are shown."""
        return sum(len(rule.findings) for rule in self.rules)


@dataclass(frozen=True, slots=True)
class SeverityGroup:
    """The packs with findings of one severity."""

    severity: Severity
    packs: tuple[PackGroup, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the summary: open findings of a pack by severity."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All severities."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Over:
    """Files passed over for one reason."""

    why: str
    number: int
    examples: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in the evidence: how many subjects it judged, how many findings it has."""

    id: str
    rule: Rule | None
    judged: int
    findings: int


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """One waiver and how long it still holds."""

    report: WaiverReport
    left: str


def context(assessment: Assessment, decision: Decision) -> dict[str, Any]:
    """Everything that the template reads."""
    still_open = ranked(finding for finding in assessment.findings if finding.waiver is None)
    gaps = obstacles(assessment, decision)
    return {
        "assessment": assessment,
        "decision": decision,
        "totals": totals(assessment),
        "severities": MOST_SEVERE_FIRST,
        "summary": _summary(still_open),
        "groups": tuple(_groups(still_open, assessment.rules)),
        "findings_shown": min(len(still_open), MAX_FINDINGS),
        "findings_cut": Counter(finding.rule for finding in still_open[MAX_FINDINGS:]).most_common(),
        "gaps": _cut(gaps),
        "waivers": _cut(_waivers(assessment)),
        "waived": _cut(ranked(finding for finding in assessment.findings if finding.waiver is not None)),
        "passed_over": _cut(_passed_over(assessment)),
        "inputs": _cut(assessment.inputs),
        "rule_rows": _cut(_rule_rows(assessment)),
        "pairs": sum(assessment.judged.values()),
        "rules_used": sum(count > 0 for count in assessment.judged.values()),
        "history": html_history.view(assessment),
        "command": command(assessment.targets),
    }


def _cut(items: Iterable[T]) -> Cut[T]:
    every = tuple(items)
    return Cut(every[:MAX_ROWS], max(len(every) - MAX_ROWS, 0))


def _pack(rule: str) -> str:
    return rule.partition(".")[0]


def _summary(findings: Iterable[Finding]) -> tuple[Row, ...]:
    counts: dict[str, Counter[Severity]] = {}
    for finding in findings:
        counts.setdefault(_pack(finding.rule), Counter())[finding.severity] += 1
    return tuple(Row(pack, tuple(counts[pack][severity] for severity in MOST_SEVERE_FIRST)) for pack in sorted(counts))


def _groups(still_open: list[Finding], rules: Mapping[str, Rule]) -> Iterator[SeverityGroup]:
    for severity, of_severity in groupby(still_open[:MAX_FINDINGS], lambda finding: finding.severity):
        by_rule = groupby(sorted(of_severity, key=lambda finding: finding.rule), lambda finding: finding.rule)
        found = [RuleGroup(key, rules.get(key), tuple(group)) for key, group in by_rule]
        packs = groupby(found, lambda group: _pack(group.id))
        yield SeverityGroup(severity, tuple(PackGroup(name, tuple(group)) for name, group in packs))


def _passed_over(assessment: Assessment) -> Iterator[Over]:
    by_why: dict[str, list[str]] = {}
    for item in assessment.passed_over:
        by_why.setdefault(item.why, []).append(item.locator)
    for why, locators in sorted(by_why.items()):
        more = ", …" if len(locators) > _EXAMPLES else ""
        yield Over(why, len(locators), ", ".join(sorted(locators)[:_EXAMPLES]) + more)


def _rule_rows(assessment: Assessment) -> Iterator[RuleRow]:
    findings = Counter(finding.rule for finding in assessment.findings)
    for key in sorted({*assessment.judged, *findings}):
        yield RuleRow(key, assessment.rules.get(key), assessment.judged.get(key, 0), findings[key])


def _waivers(assessment: Assessment) -> Iterator[WaiverRow]:
    order = (WaiverState.INVALID, WaiverState.EXPIRED, WaiverState.UNUSED, WaiverState.USED)
    today = assessment.taken_at.date()
    for report in sorted(assessment.waivers, key=lambda report: order.index(report.state)):
        yield WaiverRow(report, days_left(report.waiver.expires, today))


def days_left(expires: date | None, today: date) -> str:
    """In words: a waiver holds to the end of the day on which it expires."""
    if expires is None:
        return "does not expire"
    days = (expires - today).days
    if days < 0:
        return f"expired {counted(-days, 'day')} ago"
    return "last day" if days == 0 else f"{counted(days, 'day')} left"


def command(targets: Iterable[Target]) -> str:
    """The command line that does it again, quoted for a POSIX shell."""
    lines = []
    by_kind: dict[str, list[str]] = {}
    for target in targets:
        by_kind.setdefault(_COMMANDS.get(target.kind, "scan"), []).append(shlex.quote(target.locator))
    for name, locators in by_kind.items():
        lines.append(f"compliance {name} {' '.join(locators)}")
    return "\n".join(lines)
