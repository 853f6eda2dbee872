"""The loop: targets -> sources -> facts -> engine -> findings and gaps -> waivers -> baseline -> assessment.

Nothing here decides or prints; the gate and the outputs do.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from compliance import __version__, baseline, inline_waivers, waivers
from compliance.engine import Engine, open_engine, prepare
from compliance.judging import Judge, Judged
from compliance.judging import Terms as JudgingTerms
from compliance.model import Assessment, Gap, PassedOver, Target
from compliance.owners import open_router
from compliance.sources.discovery import STDIN, Unit, discover, standard_input
from compliance.sources.kubernetes.inventory import Inventory
from compliance.sources.kubernetes.manifests import facts
from compliance.sources.kubernetes.schema import KubernetesSchemas
from compliance.sources.reading import Options, Reading, read, without_parts_of_overlays
from compliance.sources.secret_text import masked
from compliance.workers import Pool, Report, Surroundings, processes_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from compliance.catalogue import Catalogue
    from compliance.config import Config
    from compliance.model import BaselineReport, Facts, Finding, Input, WaiverReport
    from compliance.rule_settings import EffectiveRule
    from compliance.waivers import AcceptedRisk, ReadWaivers

    Progress = Callable[[str, int, int], None]


_PLAIN = Options()


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan and by which rules.

    `stdin` is the text of the target `-`; `options` adds files; `processes` None lets the scan choose.
    """

    paths: tuple[str, ...]
    config: Config
    catalogue: Catalogue
    rules: Mapping[str, EffectiveRule]
    now: datetime
    stdin: bytes | None = None
    options: Options = _PLAIN
    processes: int | None = None
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


def scan(request: Request, progress: Progress = lambda _what, _done, _total: None) -> Assessment:
    """Judge everything that the request names.

    Raises:
        UsageError: a path does not exist, or there are no schemas of the Kubernetes version.
        ConfigurationError: waivers, baseline or CODEOWNERS cannot be read.
        EngineError: the engine is of no use as a whole.
    """
    config = request.config
    accepted, invalid = _waivers_of_file(request)
    known = None if config.baseline is None else baseline.load(config.baseline)
    tally = _Tally(Inventory(KubernetesSchemas(request.config.kubernetes_version).minor))
    units = list(tally.sort_out(_units(request)))
    with ExitStack() as stack:
        if (count := _processes(request, units)) > 1:
            pool = stack.enter_context(Pool.start(count, partial(Labourer, request)))
            reports, judge = pool.read(units), pool.judge
        else:
            labourer = Labourer(request)
            stack.callback(labourer.close)
            reports, judge = (labourer.read((unit,)) for unit in units), labourer.judge
        # After the fork: a thread would not survive it.
        ahead = stack.enter_context(ThreadPoolExecutor(1))
        prepared = ahead.submit(prepare, request.engine, request.catalogue, opa_url=config.opa_url)
        for report in reports:
            tally.take_report(report)
            progress("reading", len(tally.inputs), len(units))
        subjects = sum(found.subjects for found in tally.inputs)
        if subjects:
            prepared.result()
        for judged in judge(Surroundings(tally.inventory, frozenset(tally.modules))):
            tally.take_judged(judged)
            progress("judging", len(tally.subjects), subjects)
    findings, waiver_reports = waivers.apply(tally.findings, [*accepted, *tally.risks], now=request.now)
    compared = None
    if known is not None:
        rules = {id_: rule.rule for id_, rule in request.rules.items()}
        findings, compared = baseline.compare(
            findings, known, baseline.Coverage(Counter(tally.subjects), rules, tally.gaps)
        )
    return tally.assessment(request, findings, (*waiver_reports, *invalid, *tally.waivers), compared)


def _waivers_of_file(request: Request) -> ReadWaivers:
    file = request.config.waivers
    return ((), ()) if file is None else waivers.load_waivers(file, request.waiver_terms)


def _units(request: Request) -> Iterator[Unit | Gap | PassedOver]:
    config = request.config
    paths = [path for path in request.paths if path != STDIN]
    found: list[Unit] = [] if request.stdin is None else [standard_input(request.stdin)]
    for one in discover(paths, config.exclude, config.folder):
        if isinstance(one, Unit):
            found.append(one)
        else:
            yield one
    yield from without_parts_of_overlays(found)


def _processes(request: Request, units: Sequence[Unit]) -> int:
    # A server takes several requests at a time by itself.
    if request.engine == "opa":
        return 1
    return processes_for(len(units), request.processes)


class Labourer:
    """Reads units and judges what they held, in one process."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._schemas = KubernetesSchemas(request.config.kubernetes_version)
        self._root = request.config.folder.resolve()
        self._kept = Reading()
        self._engine: Engine | None = None

    def read(self, units: Sequence[Unit]) -> Report:
        """Read units; keep what is to be judged and report the rest."""
        report = Report()
        for unit in units:
            self._keep(read(unit, self._schemas, self._request.options, self._root), report)
        return report

    def _keep(self, reading: Reading, report: Report) -> None:
        self._kept.manifests.extend(reading.manifests)
        self._kept.facts.extend(reading.facts)
        report.modules.extend(reading.modules)
        report.entries.extend(reading.entries)
        report.inputs.extend(reading.inputs)
        report.gaps.extend(reading.gaps)
        report.passed_over.extend(reading.passed_over)

    def judge(self, surroundings: Surroundings) -> Iterator[Judged]:
        """Judge what was kept; an engine is opened only when there is something to judge."""
        if not self._kept.manifests and not self._kept.facts:
            return
        request, config = self._request, self._request.config
        self._engine = open_engine(
            request.engine,
            request.catalogue,
            opa_url=config.opa_url,
            opa_token=request.opa_token,
            opa_ca_file=request.opa_ca_file,
            deadline=config.deadline,
        )
        terms = JudgingTerms(
            rules=request.rules,
            today=request.now.astimezone(UTC).date(),
            owner=_owner(request),
            inline_waivers=partial(_inline_waivers, terms=request.waiver_terms),
        )
        told = (facts(manifest, surroundings.inventory) for manifest in self._kept.manifests)
        others = (one for path, one in self._kept.facts if path not in surroundings.modules)
        yield from Judge(terms, self._engine).judge(chain(told, others))

    def close(self) -> None:
        """Let go of the engine."""
        if self._engine is not None:
            self._engine.close()


def _owner(request: Request) -> Callable[[str, Facts], str]:
    config = request.config
    router = open_router(config.owners)

    def owner(rule_owner: str, told: Facts) -> str:
        labels, annotations = told.body.get("labels"), told.body.get("annotations")
        file = None
        if config.owners.codeowners is not None:
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
class _Tally:
    """What has come in so far."""

    inventory: Inventory
    modules: set[Path] = field(default_factory=set)
    inputs: list[Input] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    risks: list[AcceptedRisk] = field(default_factory=list)
    waivers: list[WaiverReport] = field(default_factory=list)
    judged: Counter[str] = field(default_factory=Counter)
    subjects: list[tuple[str, str]] = field(default_factory=list)

    def sort_out(self, found: Iterable[Unit | Gap | PassedOver]) -> Iterator[Unit]:
        """Keep what is no unit, and pass the units on."""
        for one in found:
            match one:
                case Gap():
                    self.gaps.append(one)
                case PassedOver():
                    self.passed_over.append(one)
                case _:
                    yield one

    def take_report(self, report: Report) -> None:
        """Take in what reading told."""
        self.inventory.add(report.entries)
        self.modules.update(report.modules)
        self.inputs.extend(report.inputs)
        self.gaps.extend(report.gaps)
        self.passed_over.extend(report.passed_over)

    def take_judged(self, judged: Judged) -> None:
        """Take in what judging told."""
        self.findings.extend(judged.findings)
        self.gaps.extend(judged.gaps)
        self.risks.extend(judged.risks)
        self.waivers.extend(judged.waivers)
        self.judged.update(judged.judged)
        self.subjects.extend(judged.subjects)

    def assessment(
        self,
        request: Request,
        findings: Iterable[Finding],
        waiver_reports: Iterable[WaiverReport],
        compared: BaselineReport | None,
    ) -> Assessment:
        """Put it all together, in an order that does not depend on which process was faster."""
        return Assessment(
            taken_at=request.now,
            tool_version=__version__,
            rules_digest=request.catalogue.digest,
            engine=request.engine,
            targets=tuple(Target("stdin" if path == STDIN else "path", path) for path in request.paths),
            inputs=tuple(sorted(self.inputs, key=lambda found: found.locator)),
            subjects=len(self.subjects),
            judged=dict(sorted(self.judged.items())),
            findings=tuple(sorted(findings, key=_place)),
            gaps=tuple(sorted(map(_shown, self.gaps), key=lambda gap: (gap.about, gap.rule or "", gap.why))),
            passed_over=tuple(sorted(self.passed_over, key=lambda found: found.locator)),
            rules={id_: rule.rule for id_, rule in request.rules.items()},
            waivers=tuple(waiver_reports),
            baseline=compared,
        )


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
