"""The reports of an assessment: one for each resource, and one for what could not be judged and is no resource.

A resource without a finding and without a gap has no report: an absent report says that all is well, and there are a
hundred times fewer objects. The most severe come first, so that a cap on reports cuts the least.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from compliance.cluster_reports_settings import DEFAULT_MAX_REPORTS, DEFAULT_MAX_RESULTS
from compliance.model import Severity
from compliance.output import report_results as results
from compliance.output.report_objects import About, name_of, report
from compliance.output.tally import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compliance.baseline import Coverage
    from compliance.model import Assessment, Finding, Gap, LiveObject, Subject
    from compliance.output.report_objects import Api, Report
    from compliance.output.report_results import Result

NOT_JUDGED: Final = "compliance-not-judged"
"""The name of the report of gaps that are about no resource, such as a kind that may not be listed."""

_NOTHING_COUNTS: Final = -1


@dataclass(frozen=True, slots=True)
class Limits:
    """How many results a report may have, and how many reports one cluster; None is as many as there are."""

    results: int = DEFAULT_MAX_RESULTS
    reports: int | None = DEFAULT_MAX_REPORTS


@dataclass(frozen=True, slots=True)
class Live:
    """The cluster that reports are for, and what is known of it beside the assessment.

    `objects` are the live objects by `str(subject)`; `named`: only namespaces that were named were looked at.
    """

    cluster: str
    objects: Mapping[str, Sequence[LiveObject]]
    coverage: Coverage
    named: bool


@dataclass(slots=True)
class _Said:
    """All that is said of one subject."""

    findings: list[Finding] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def rank(self) -> int:
        """How much it matters: as the worst finding that counts, where a gap is as bad as a high one."""
        counted = max((int(finding.severity) for finding in self.findings if finding.counts), default=_NOTHING_COUNTS)
        return max(counted, int(Severity.HIGH)) if self.gaps else counted


class Reports:
    """The reports of an assessment, made one by one; `left_out` is how many find no room."""

    def __init__(self, assessment: Assessment, api: Api, limits: Limits, live: Live | None = None) -> None:
        """`live` None: of all subjects, for whatever cluster they are applied to."""
        self._assessment = assessment
        self._api = api
        self._limits = limits
        self._live = live
        subjects, self._homeless = self._sorted_out()
        by_name = sorted(subjects.items(), key=lambda item: str(item[0]))
        ordered = sorted(by_name, key=lambda item: -item[1].rank())
        room = None if limits.reports is None else max(0, limits.reports - bool(self._homeless))
        self._chosen = ordered[:room]
        self.left_out = len(ordered) - len(self._chosen)

    def __len__(self) -> int:
        """How many there are, those that find no room apart."""
        return len(self._chosen) + bool(self._homeless)

    def __iter__(self) -> Iterator[Report]:
        if self._homeless:
            yield self._report(About(NOT_JUDGED), [self._of_gap(gap) for gap in self._homeless], None)
        for subject, said in self._chosen:
            yield self._of(subject, said)

    def _sorted_out(self) -> tuple[dict[Subject, _Said], list[Gap]]:
        """What is said of each subject, and the gaps that are about none."""
        found: defaultdict[Subject, _Said] = defaultdict(_Said)
        for finding in self._assessment.findings:
            if self._live is None or finding.subject.cluster == self._live.cluster:
                found[finding.subject].findings.append(finding)
        subjects = {str(subject): subject for subject in found}
        if self._live is not None:
            subjects |= {text: objects[0].subject for text, objects in self._live.objects.items()}
        homeless = []
        for gap in self._assessment.gaps:
            if (subject := subjects.get(gap.about)) is not None:
                found[subject].gaps.append(gap)
            elif self._is_told_here(gap):
                homeless.append(gap)
        return found, homeless

    def _is_told_here(self, gap: Gap) -> bool:
        """Whether a gap that is about no resource has a place: it has none where it is another cluster's.

        Who looked at one namespace knows too little to write, or to remove, what is said of all.
        """
        if self._live is None:
            return True
        others = {cluster.name for cluster in self._assessment.clusters} - {self._live.cluster}
        return not self._live.named and gap.about.partition("/")[0] not in others

    def _of(self, subject: Subject, said: _Said) -> Report:
        rules = self._assessment.rules
        found = [results.of_finding(one, rules.get(one.rule)) for one in ranked(said.findings)]
        owners = self._live.objects.get(str(subject), ()) if self._live else ()
        # What is applied to no cluster in particular may hold two clusters' objects of one name.
        apart = (subject.cluster or "") if self._live is None and len(self._assessment.clusters) > 1 else ""
        about = About(name_of(subject, apart), subject, owners)
        # What is cut is the least severe, at the end, and a gap is never that.
        return self._report(about, [*map(self._of_gap, said.gaps), *found], self._passed(subject, said))

    def _of_gap(self, gap: Gap) -> Result:
        return results.of_gap(gap, self._assessment.rules.get(gap.rule or ""))

    def _report(self, about: About, said: Sequence[Result], passed: int | None) -> Report:
        return report(self._api, about, said, passed, self._limits.results, self._assessment.taken_at)

    def _passed(self, subject: Subject, said: _Said) -> int | None:
        """How many rules judged the subject and have nothing to object; None where nobody counted."""
        if self._live is None:
            return None
        return self._live.coverage.passed(str(subject), {one.rule for one in said.findings})
