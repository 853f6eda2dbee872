"""The loop over live clusters: objects -> facts -> engine -> findings and gaps -> assessment.

Clusters are read one after the other, each as a stream: what was judged is forgotten.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.assessing import Bookkeeping, Run, Tally
from compliance.engine.kept_results import KeptResults
from compliance.errors import UsageError
from compliance.model import Target
from compliance.private_cache import PrivateCache
from compliance.sources.cluster.client import Client
from compliance.sources.cluster.rbac import cluster_role
from compliance.sources.cluster.source import ClusterSource, wanted_kinds
from compliance.sources.cluster.walk import Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from compliance.assessing import Progress
    from compliance.baseline import Coverage
    from compliance.judging import Judge
    from compliance.model import Assessment, Gap, Input
    from compliance.sources.cluster.companion import Companion
    from compliance.sources.cluster.connection import Access
    from compliance.sources.cluster.kinds import Kind

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
    gaps: tuple[Gap, ...] = ()
    inputs: tuple[Input, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit established, and what it judged; `scope` names its clusters, as a history does.

    `whole`: nothing was left out on purpose, so that what was not met is not there.
    """

    assessment: Assessment
    coverage: Coverage
    scope: str
    whole: bool


def scan_clusters(request: Request, progress: Progress = lambda _what, _done, _total: None) -> Audit:
    """Judge what the request names; a cluster that does not answer is a gap.

    Raises:
        UsageError: a context does not exist, or its credentials cannot be had.
        ConfigurationError: waivers or baseline cannot be read.
        EngineError: the engine is of no use as a whole.
    """
    run, tally = request.run, Tally(inputs=[*request.inputs], gaps=[*request.gaps])
    bookkeeping = Bookkeeping(run)
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
            _scan(client, request, run.judge(kept), tally, progress)
            kept.save()
    names = [client.cluster for client in clients]
    assessment = bookkeeping.assess(tally, (Target("cluster", name) for name in names))
    whole = request.selection == _EVERYTHING
    return Audit(assessment, bookkeeping.coverage(tally), ", ".join(sorted(names)), whole)


def _check_names(clients: Sequence[Client]) -> None:
    names = [client.cluster for client in clients]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"two contexts are of the cluster {twice[0]}", remedy="name one of them")


def _scan(client: Client, request: Request, judge: Judge, tally: Tally, progress: Progress) -> None:
    companions = request.companions(client)
    source = ClusterSource(client, schemas_of(request.run), request.selection, companions)
    for judged in judge.judge(source.facts()):
        tally.take_judged(judged)
        progress(client.cluster, source.done, source.total)
    told = source.told
    tally.gaps.extend(told.gaps)
    tally.passed_over.extend(told.passed_over)
    if told.input is not None and told.reading is not None:
        tally.inputs.append(told.input)
        tally.clusters.append(told.reading)


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
            applied.update(kind for companion in companions for kind in companion.applied())
    return cluster_role(kinds.values(), applied if dry_runs else ()), gaps
