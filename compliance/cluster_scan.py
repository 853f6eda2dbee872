"""The loop over live clusters: objects -> facts -> engine -> findings and gaps -> assessment.

Clusters are read one after the other, each as a stream: what was judged is forgotten.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compliance.assessing import Bookkeeping, Run, Tally
from compliance.engine.kept_results import KeptResults
from compliance.errors import UsageError
from compliance.logs import Log, silent
from compliance.model import Target
from compliance.private_cache import PrivateCache
from compliance.sources.cluster import clock
from compliance.sources.cluster.client import Client
from compliance.sources.cluster.live_objects import LiveObjects
from compliance.sources.cluster.rbac import OF_NAMED, cluster_role
from compliance.sources.cluster.source import ClusterSource, wanted_kinds
from compliance.sources.cluster.walk import Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from compliance.assessing import Progress
    from compliance.baseline import Coverage
    from compliance.model import Assessment, Gap, Input, LiveObject, Subject
    from compliance.sources.cluster.companion import Companion
    from compliance.sources.cluster.connection import Access
    from compliance.sources.cluster.extent import Extent
    from compliance.sources.cluster.kinds import Kind
    from compliance.sources.cluster.source import Told

_EVERYTHING = Selection()
_NOTHING = PrivateCache(None)


def _nobody(_client: Client) -> Sequence[Companion]:
    return ()


@dataclass(frozen=True, slots=True)
class Request:
    """Which clusters to judge, and by what.

    `companions` makes, for each cluster, what looks at it beside us; `kept` holds results from run to run. `gaps` and
    `inputs` are of what was read before any cluster.
    """

    accesses: tuple[Access, ...]
    run: Run
    selection: Selection = _EVERYTHING
    companions: Callable[[Client], Sequence[Companion]] = _nobody
    kept: PrivateCache = _NOTHING
    log: Log = silent
    gaps: tuple[Gap, ...] = ()
    inputs: tuple[Input, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the reading of one cluster went, and the live objects of which something is said, by `str(subject)`.

    `clock` is what the server's clock said when the run began; None where it said nothing.
    """

    extent: Extent
    objects: Mapping[str, Sequence[LiveObject]]
    clock: datetime | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit established, and what it judged; `scope` names its clusters, as a history does.

    `whole`: nothing was left out on purpose, so that what was not met is not there. `reached` is by cluster.
    """

    assessment: Assessment
    coverage: Coverage
    scope: str
    whole: bool
    reached: Mapping[str, Reach] = field(default_factory=dict)

    def looked_for(self, subject: Subject) -> bool:
        """Whether a subject would have been met if it were there."""
        reach = self.reached.get(subject.cluster or "")
        return reach is not None and reach.extent.covers(subject)


def scan_clusters(
    request: Request,
    progress: Progress = lambda _what, _done, _total: None,
    begin: Callable[[str], object] = lambda _scope: None,
) -> Audit:
    """Judge what the request names; a cluster that does not answer is a gap.

    `begin` is told the scope before anything is asked of a cluster, and what it raises ends the audit.

    Raises:
        UsageError: a context does not exist, or its credentials cannot be had.
        ConfigurationError: waivers or baseline cannot be read.
        EngineError: the engine is of no use as a whole.
    """
    run, tally = request.run, Tally(inputs=[*request.inputs], gaps=[*request.gaps])
    bookkeeping, reached = Bookkeeping(run), dict[str, Reach]()
    with ExitStack() as stack:
        clients = [Client(access, log=request.log) for access in request.accesses]
        for client in clients:
            stack.callback(client.close)
        begin(_scope(clients))
        pool = stack.enter_context(ThreadPoolExecutor(1))
        prepared = pool.submit(run.prepare)
        progress("connecting", 0, len(clients))
        prepared.result()
        engine = stack.enter_context(closing(run.open_engine()))
        for client in clients:
            with KeptResults(engine, request.kept, client.cluster, run.catalogue.digest) as kept:
                reached[client.cluster] = _scan(client, request, kept, tally, progress)
    names = [client.cluster for client in clients]
    assessment = bookkeeping.assess(tally, (Target("cluster", name) for name in names))
    whole = request.selection == _EVERYTHING
    return Audit(assessment, bookkeeping.coverage(tally), _scope(clients), whole, reached)


def _scope(clients: Sequence[Client]) -> str:
    names = sorted(client.cluster for client in clients)
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"two contexts are of the cluster {twice[0]}", remedy="name one of them")
    return ", ".join(names)


def _scan(client: Client, request: Request, kept: KeptResults, tally: Tally, progress: Progress) -> Reach:
    began, objects = time.monotonic(), LiveObjects()
    source = ClusterSource(client, schemas_of(request.run), request.selection, request.companions(client), request.log)
    try:
        for judged in request.run.judge(kept).judge(objects.noting(source.facts())):
            tally.take_judged(judged)
            spoken_of = {*(str(finding.subject) for finding in judged.findings), *(gap.about for gap in judged.gaps)}
            objects.settle(judged.subjects, spoken_of)
            kept.save_sometimes()
            progress(client.cluster, source.done, source.total)
    except SystemExit:
        request.log("cluster.stopped", level="warning", cluster=client.cluster, judged=kept.judged, reused=kept.reused)
        raise
    told = source.told
    tally.gaps.extend((*told.gaps, *clock.gaps(client.cluster, request.run.now, client.clock)))
    tally.passed_over.extend(told.passed_over)
    tally.inputs.extend(told.inputs)
    if told.reading is not None:
        tally.clusters.append(told.reading)
    _log_reading(client, told, kept, time.monotonic() - began, request.log)
    return Reach(told.extent, objects.kept, client.clock)


def _log_reading(client: Client, told: Told, kept: KeptResults, seconds: float, log: Log) -> None:
    """What reading and judging a cluster took; `reused` results are an earlier run's, `judged` ones are not."""
    log(
        "cluster.read",
        cluster=client.cluster,
        objects=told.reading.objects if told.reading else 0,
        copies=told.reading.copies if told.reading else 0,
        judged=kept.judged,
        reused=kept.reused,
        gaps=len(told.gaps),
        requests=client.requests,
        repeated=client.repeated,
        seconds=round(seconds, 3),
    )


def schemas_of(run: Run) -> frozenset[str]:
    """The facts schemas that the run's rules apply to."""
    return frozenset(schema for rule in run.rules.values() for schema in rule.rule.applies_to)


def needed_rights(request: Request, *, dry_runs: bool = False) -> tuple[str, list[Gap]]:
    """The ClusterRole that the request needs in all its clusters, as YAML, and what is not known of them.

    `dry_runs`: with the right to ask what applying would change.

    Raises:
        UsageError: as for `scan_clusters`.
        ClusterError: a cluster does not answer.
    """
    kinds: dict[tuple[str, str], Kind] = {}
    applied: set[Kind] = set()
    gaps: list[Gap] = []
    for access in request.accesses:
        with closing(Client(access)) as client:
            companions = request.companions(client)
            found = wanted_kinds(client, schemas_of(request.run), gaps, companions)
            kinds.update({(kind.group, kind.resource): kind for kind in found})
            for companion in companions:
                applied.update(companion.applied())
                gaps.extend(companion.noted().gaps)
    role = cluster_role(kinds.values(), applied if dry_runs else ())
    return role + (OF_NAMED if request.selection.namespaces else ""), gaps
