"""What every judging command has in common: by which rules and engine, and from what came in to an assessment.

Commands differ in where facts come from; here they meet waivers, the baseline and each other.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from compliance import __version__, baseline, inline_waivers, waivers
from compliance.engine import Engine, open_engine, prepare
from compliance.judging import Judge, Judged
from compliance.judging import Terms as JudgingTerms
from compliance.model import Assessment
from compliance.owners import open_router
from compliance.rule_reads import reads_of
from compliance.sources.secret_text import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from compliance.catalogue import Catalogue
    from compliance.config import Config
    from compliance.model import (
        ClusterReading,
        Facts,
        Finding,
        Gap,
        Input,
        PassedOver,
        Scanner,
        Target,
        WaiverReport,
    )
    from compliance.rule_settings import EffectiveRule
    from compliance.waivers import AcceptedRisk, ReadWaivers

    Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Run:
    """By what a run judges: configuration, rules, engine, and the moment that it takes for now."""

    config: Config
    catalogue: Catalogue
    rules: Mapping[str, EffectiveRule]
    now: datetime
    opa_token: str | None = field(default=None, repr=False)
    opa_ca_file: Path | None = None

    @property
    def engine(self) -> str:
        """`wasm` or `opa`: what `auto` comes to."""
        config = self.config
        return ("opa" if config.opa_url else "wasm") if config.engine == "auto" else config.engine

    @property
    def waiver_terms(self) -> waivers.Terms:
        """What a waiver must satisfy in this run."""
        config = self.config
        return waivers.Terms(self.catalogue, self.now, config.waiver_max_days, config.inline_waivers)

    def prepare(self) -> None:
        """Do ahead what makes the first opening of the engine slow; raises as `open_engine` does."""
        prepare(self.engine, self.catalogue, opa_url=self.config.opa_url)

    def open_engine(self) -> Engine:
        """Open the engine; raises as `compliance.engine.open_engine` does."""
        config = self.config
        return open_engine(
            self.engine,
            self.catalogue,
            opa_url=config.opa_url,
            opa_token=self.opa_token,
            opa_ca_file=self.opa_ca_file,
            deadline=config.deadline,
        )

    def judge(self, engine: Engine) -> Judge:
        """Make a judge that asks this engine.

        Raises:
            ConfigurationError: CODEOWNERS cannot be read.
        """
        terms = JudgingTerms(
            rules=self.rules,
            today=self.now.astimezone(UTC).date(),
            owner=_owner(self.config),
            inline_waivers=partial(_inline_waivers, terms=self.waiver_terms),
            reads=partial(reads_of, self.catalogue),
        )
        return Judge(terms, engine)


def _owner(config: Config) -> Callable[[str, Facts], str]:
    router = open_router(config.owners)

    def owner(rule_owner: str, told: Facts) -> str:
        labels, annotations = told.body.get("labels"), told.body.get("annotations")
        file = None
        if config.owners.codeowners is not None and told.origin.is_file:
            file = Path(os.path.relpath(told.origin.file, config.folder)).as_posix()
        return router.route(rule_owner, labels or {}, annotations or {}, file)

    return owner


def _inline_waivers(told: Facts, terms: waivers.Terms) -> ReadWaivers:
    annotations = told.body.get("annotations") or {}
    if any(key.startswith(inline_waivers.ANNOTATION_PREFIX) for key in annotations):
        return inline_waivers.from_annotations(
            annotations, told.subject, told.origin, terms, lambda at: told.locate([at])[0]
        )
    first, last = _commented_lines(told)
    lines = (told.lines(number) for number in range(first, last + 1))
    return inline_waivers.from_comments(lines, told.subject, told.origin.file, terms, first=first)


def _commented_lines(told: Facts) -> tuple[int, int]:
    """The lines whose comments are about the subject: none of YAML, which has annotations for that."""
    span = told.origin.span
    block = told.schema == "terraform" and told.body["block"] != "terraform"
    return (span.line, span.end_line or span.line) if span and (block or told.schema == "dockerfile") else (1, 0)


@dataclass(slots=True)
class Tally:
    """What has come in so far."""

    inputs: list[Input] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    risks: list[AcceptedRisk] = field(default_factory=list)
    waivers: list[WaiverReport] = field(default_factory=list)
    judged: Counter[str] = field(default_factory=Counter)
    subjects: list[tuple[str, str]] = field(default_factory=list)
    scanners: list[Scanner] = field(default_factory=list)
    clusters: list[ClusterReading] = field(default_factory=list)

    def take_judged(self, judged: Judged) -> None:
        """Take in what judging told."""
        self.findings.extend(judged.findings)
        self.gaps.extend(judged.gaps)
        self.risks.extend(judged.risks)
        self.waivers.extend(judged.waivers)
        self.judged.update(judged.judged)
        self.subjects.extend(judged.subjects)


class Bookkeeping:
    """Waivers and baseline of a run: read before the work begins, so that a broken file costs nobody a scan."""

    def __init__(self, run: Run) -> None:
        """Read them.

        Raises:
            ConfigurationError: waivers or baseline cannot be read.
        """
        self._run = run
        config = run.config
        self._accepted, self._invalid = (
            ((), ()) if config.waivers is None else waivers.load_waivers(config.waivers, run.waiver_terms)
        )
        self._known = None if config.baseline is None else baseline.load(config.baseline)

    def coverage(self, tally: Tally) -> baseline.Coverage:
        """What the run judged, for whoever compares it with another."""
        rules = {id_: rule.rule for id_, rule in self._run.rules.items()}
        return baseline.Coverage(Counter(tally.subjects), rules, tally.gaps)

    def assess(self, tally: Tally, targets: Iterable[Target]) -> Assessment:
        """Put it all together, in an order that does not depend on which worker was faster."""
        run = self._run
        rules = {id_: rule.rule for id_, rule in run.rules.items()}
        findings, reports = waivers.apply(tally.findings, [*self._accepted, *tally.risks], now=run.now)
        compared = None
        if self._known is not None:
            findings, compared = baseline.compare(findings, self._known, self.coverage(tally))
        return Assessment(
            taken_at=run.now,
            tool_version=__version__,
            rules_digest=run.catalogue.digest,
            engine=run.engine,
            targets=tuple(targets),
            inputs=tuple(sorted(tally.inputs, key=lambda found: found.locator)),
            subjects=_different(tally.subjects),
            judged=dict(sorted(tally.judged.items())),
            findings=tuple(sorted(findings, key=_place)),
            gaps=tuple(sorted(map(_shown, tally.gaps), key=lambda gap: (gap.about, gap.rule or "", gap.why))),
            passed_over=tuple(sorted(tally.passed_over, key=lambda found: found.locator)),
            rules=rules,
            waivers=(*reports, *self._invalid, *tally.waivers),
            baseline=compared,
            scanners=tuple(sorted(set(tally.scanners), key=str)),
            clusters=tuple(tally.clusters),
        )


def _different(subjects: Iterable[tuple[str, str]]) -> int:
    """How many things were judged: one that facts of several schemas tell of is one thing."""
    most: dict[str, int] = {}
    for (subject, _), count in Counter(subjects).items():
        most[subject] = max(count, most.get(subject, 0))
    return sum(most.values())


def _shown(gap: Gap) -> Gap:
    return replace(gap, about=masked(gap.about), why=masked(gap.why))


def _place(finding: Finding) -> tuple[object, ...]:
    span = finding.origin.span
    return (
        finding.origin.file,
        span.line if span else 0,
        str(finding.subject),
        finding.rule,
        finding.at,
        finding.message,
    )
