"""Metrics of one run for Prometheus, as text (format 0.0.4): for node_exporter's textfile collector or a push gateway.

Every metric is a gauge with the label `scope`, what was judged, so that files of several audits stand beside each
other. No label holds the name of a subject or a team: how many series there are depends on clusters and packs alone.
Severities and packs without findings are there with 0, so that an alert can tell "none" from "not measured".
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Final

from compliance.errors import UsageError
from compliance.model import Severity, Stage
from compliance.output.text import one_line, without_surrogates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prometheus_client import CollectorRegistry

    from compliance.model import Assessment, Decision

LONGEST_LABEL: Final = 253
_PREFIX: Final = "compliance_"


def render(assessment: Assessment, decision: Decision) -> str:
    """The metrics as text.

    Raises:
        UsageError: prometheus-client is not installed.
    """
    try:
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 - heavy, an extra
    except ModuleNotFoundError as error:
        remedy = "pip install 'immutable-compliance[audit]'"
        raise UsageError("the output prometheus needs prometheus-client", remedy=remedy) from error
    registry = CollectorRegistry()
    page = _Page(registry, scope_of(assessment))
    _findings(page, assessment)
    _coverage(page, assessment)
    _run(page, assessment, decision)
    return generate_latest(registry).decode()


def scope_of(assessment: Assessment) -> str:
    """What was judged, as one text: the names of its targets, as a history names a scope."""
    return _label(", ".join(sorted(target.locator for target in assessment.targets)))


class _Page:
    """Gauges of one scope."""

    def __init__(self, registry: CollectorRegistry, scope: str) -> None:
        self._registry = registry
        self._scope = scope

    def value(self, name: str, about: str, value: float) -> None:
        """Add a gauge with one value."""
        self.values(name, about, (), {(): value})

    def values(self, name: str, about: str, labels: Iterable[str], values: Mapping[tuple[str, ...], float]) -> None:
        """Add a gauge with a value for each set of labels' values."""
        from prometheus_client import Gauge  # noqa: PLC0415 - imported already

        gauge = Gauge(_PREFIX + name, about, ("scope", *labels), registry=self._registry)
        for set_of, value in sorted(values.items()):
            gauge.labels(self._scope, *set_of).set(value)


def _findings(page: _Page, assessment: Assessment) -> None:
    found: Counter[tuple[str, ...]] = Counter()
    waived: Counter[tuple[str, ...]] = Counter()
    for finding in assessment.findings:
        cluster = _label(finding.subject.cluster or "")
        if finding.waiver is None:
            found[cluster, _label(finding.rule.partition(".")[0]), finding.severity.label] += 1
        else:
            waived[(cluster,)] += 1
    clusters = {_label(reading.name) for reading in assessment.clusters} or {""}
    packs = {_label(rule.pack) for rule in assessment.rules.values()}
    possible = product(sorted(clusters), sorted(packs), (severity.label for severity in Severity))
    zeros: dict[tuple[str, ...], float] = dict.fromkeys(possible, 0)
    about = "Findings of the last run without a waiver."
    page.values("findings", about, ("cluster", "pack", "severity"), zeros | found)
    none: dict[tuple[str, ...], float] = {(cluster,): 0 for cluster in sorted(clusters)}
    page.values("waived_findings", "Findings of the last run with a waiver.", ("cluster",), none | waived)


def _coverage(page: _Page, assessment: Assessment) -> None:
    gaps = Counter(gap.stage.value for gap in assessment.gaps)
    page.values(
        "gaps",
        "What the last run could not judge, by the stage in which that showed.",
        ("stage",),
        {(stage.value,): gaps[stage.value] for stage in Stage},
    )
    page.value("subjects", "Subjects that the last run judged.", assessment.subjects)
    rules = sum(count > 0 for count in assessment.judged.values())
    page.value("rules", "Rules that judged at least one subject in the last run.", rules)
    for name, about in (("objects", "Objects that the last run read."), ("api_requests", "Requests that it made.")):
        read: dict[tuple[str, ...], float] = {
            (_label(reading.name),): reading.objects if name == "objects" else reading.requests
            for reading in assessment.clusters
        }
        if read:
            page.values(f"last_run_{name}", about, ("cluster",), read)


def _run(page: _Page, assessment: Assessment, decision: Decision) -> None:
    taken_at = assessment.taken_at.timestamp()
    page.value("last_run_timestamp_seconds", "When the last run began, in seconds since 1970.", taken_at)
    about = "Exit code of the last run: 0 clean, 1 refused, 3 not all judged."
    page.value("last_run_exit_code", about, int(decision.exit_code))
    build: dict[tuple[str, ...], float] = {
        (_label(assessment.tool_version), assessment.rules_digest, _label(assessment.engine)): 1
    }
    labels = ("version", "rules_digest", "engine")
    page.values("build_info", "The version, rules and engine of the last run; always 1.", labels, build)


def _label(text: str) -> str:
    return without_surrogates(one_line(text))[:LONGEST_LABEL]
