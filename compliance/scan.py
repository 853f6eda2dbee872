"""The loop over files: targets -> sources -> facts -> engine -> findings and gaps -> assessment.

Nothing here decides or prints; the gate and the outputs do.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from compliance.assessing import Bookkeeping, Run, Tally
from compliance.model import Gap, PassedOver, Target
from compliance.sources.discovery import STDIN, Unit, discover, standard_input
from compliance.sources.kubernetes.inventory import Inventory
from compliance.sources.kubernetes.manifests import facts
from compliance.sources.kubernetes.schema import KubernetesSchemas
from compliance.sources.reading import Options, Reading, read, without_parts_of_overlays
from compliance.workers import Pool, Report, Surroundings, processes_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from compliance.assessing import Progress
    from compliance.engine import Engine
    from compliance.judging import Judged
    from compliance.model import Assessment


_PLAIN = Options()


@dataclass(frozen=True, slots=True)
class Request:
    """What to scan, and by what.

    `stdin` is the text of the target `-`; `options` adds files; `processes` None lets the scan choose.
    """

    paths: tuple[str, ...]
    run: Run
    stdin: bytes | None = None
    options: Options = _PLAIN
    processes: int | None = None


def scan(request: Request, progress: Progress = lambda _what, _done, _total: None) -> Assessment:
    """Judge everything that the request names.

    Raises:
        UsageError: a path does not exist, or there are no schemas of the Kubernetes version.
        ConfigurationError: waivers, baseline or CODEOWNERS cannot be read.
        EngineError: the engine is of no use as a whole.
    """
    bookkeeping = Bookkeeping(request.run)
    tally = _FileTally(inventory=Inventory(KubernetesSchemas(request.run.config.kubernetes_version).minor))
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
        prepared = ahead.submit(request.run.prepare)
        for report in reports:
            tally.take_report(report)
            progress("reading", len(tally.inputs), len(units))
        subjects = sum(found.subjects for found in tally.inputs)
        if subjects:
            prepared.result()
        for judged in judge(Surroundings(tally.inventory, frozenset(tally.modules))):
            tally.take_judged(judged)
            progress("judging", len(tally.subjects), subjects)
    return bookkeeping.assess(tally, (Target("stdin" if path == STDIN else "path", path) for path in request.paths))


def _units(request: Request) -> Iterator[Unit | Gap | PassedOver]:
    config = request.run.config
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
    if request.run.engine == "opa":
        return 1
    return processes_for(len(units), request.processes)


class Labourer:
    """Reads units and judges what they held, in one process."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._schemas = KubernetesSchemas(request.run.config.kubernetes_version)
        self._root = request.run.config.folder.resolve()
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
        self._engine = self._request.run.open_engine()
        told = (facts(manifest, surroundings.inventory) for manifest in self._kept.manifests)
        others = (one for path, one in self._kept.facts if path not in surroundings.modules)
        yield from self._request.run.judge(self._engine).judge(chain(told, others))

    def close(self) -> None:
        """Let go of the engine."""
        if self._engine is not None:
            self._engine.close()


@dataclass(slots=True, kw_only=True)
class _FileTally(Tally):
    """What has come in of files, which are joined by an inventory."""

    inventory: Inventory
    modules: set[Path] = field(default_factory=set)

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
