"""The loop over live clusters: objects -> facts -> engine -> findings and gaps -> assessment.

Clusters are read one after the other, each as a stream: what was judged is forgotten.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compliance.assessing import Bookkeeping, Run, Tally
from compliance.engine.kept_results import KeptResults
from compliance.errors import UsageError
from compliance.model import Target
from compliance.private_cache import PrivateCache
from compliance.sources.cluster.client import Client
from compliance.sources.cluster.live_objects import LiveObjects
from compliance.sources.cluster.rbac import cluster_role
from compliance.sources.cluster.source import ClusterSource, wanted_kinds
from compliance.sources.cluster.walk import Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from compliance.assessing import Progress
    from compliance.baseline import Coverage
    from compliance.judging import Judge
    from compliance.model import Assessment, Gap, LiveObject
    from compliance.sources.cluster.connection import Access
    from compliance.sources.cluster.extent import Extent
    from compliance.sources.cluster.kinds import Kind
    from compliance.sources.cluster.source import Companion

_EVERYTHING = Selection()
_NOTHING = PrivateCache(None)


def _nobody(_client: Client) -> Sequence[Companion]:
    return ()


@dataclass(frozen=True, slots=True)
class Request:
    """Which clusters to judge, and by what.

    `companions` makes, for each cluster, what looks at it beside us; `kept` holds results from run to run.
    """

    accesses: tuple[Access, ...]
    run: Run
    selection: Selection = _EVERYTHING
    companions: Callable[[Client], Sequence[Companion]] = _nobody
    kept: PrivateCache = _NOTHING


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the reading of one cluster went, and the live objects of which something is said, by `str(subject)`."""

    extent: Extent
    objects: Mapping[str, Sequence[LiveObject]]


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


def scan_clusters(request: Request, progress: Progress = lambda _what, _done, _total: None) -> Audit:
    """Judge what the request names; a cluster that does not answer is a gap.

    Raises:
        UsageError: a context does not exist, or its credentials cannot be had.
        ConfigurationError: waivers or baseline cannot be read.
        EngineError: the engine is of no use as a whole.
    """
    run, tally = request.run, Tally()
    bookkeeping, reached = Bookkeeping(run), dict[str, Reach]()
    with ExitStack() as stack:
        clients = [Client(access) for access in request.accesses]
        for client in clients:
            stack.callback(client.close)
        _check_names(clients)
        pool = stack.enter_context(ThreadPoolExecutor(1))
        prepared = pool.submit(run.prepare)
        progress("connecting", 0, len(clients))
        prepared.result()
        engine = stack.enter_context(closing(run.open_engine()))
        for client in clients:
            kept = KeptResults(engine, request.kept, client.cluster, run.catalogue.digest)
            reached[client.cluster] = _scan(client, request, run.judge(kept), tally, progress)
            kept.save()
    names = [client.cluster for client in clients]
    assessment = bookkeeping.assess(tally, (Target("cluster", name) for name in names))
    whole = request.selection == _EVERYTHING
    return Audit(assessment, bookkeeping.coverage(tally), ", ".join(sorted(names)), whole, reached)


def _check_names(clients: Sequence[Client]) -> None:
    names = [client.cluster for client in clients]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"two contexts are of the cluster {twice[0]}", remedy="name one of them")


def _scan(client: Client, request: Request, judge: Judge, tally: Tally, progress: Progress) -> Reach:
    companions = request.companions(client)
    source = ClusterSource(client, schemas_of(request.run), request.selection, companions)
    objects = LiveObjects()
    for judged in judge.judge(objects.noting(source.facts())):
        tally.take_judged(judged)
        spoken_of = {*(str(finding.subject) for finding in judged.findings), *(gap.about for gap in judged.gaps)}
        objects.settle(judged.subjects, spoken_of)
        progress(client.cluster, source.done, source.total)
    told = source.told
    tally.gaps.extend(told.gaps)
    tally.passed_over.extend(told.passed_over)
    if told.input is not None and told.reading is not None:
        tally.inputs.append(told.input)
        tally.clusters.append(told.reading)
    return Reach(told.extent, objects.kept)


def schemas_of(run: Run) -> frozenset[str]:
    """The facts schemas that the run's rules apply to."""
    return frozenset(schema for rule in run.rules.values() for schema in rule.rule.applies_to)


def needed_rights(request: Request) -> tuple[str, list[Gap]]:
    """The ClusterRole that the request needs in all its clusters, as YAML, and what is not known of them.

    Raises:
        UsageError: as for `scan_clusters`.
        ClusterError: a cluster does not answer.
    """
    kinds: dict[tuple[str, str], Kind] = {}
    gaps: list[Gap] = []
    for access in request.accesses:
        with closing(Client(access)) as client:
            found = wanted_kinds(client, schemas_of(request.run), gaps)
            kinds.update({(kind.group, kind.resource): kind for kind in found})
    return cluster_role(kinds.values()), gaps
