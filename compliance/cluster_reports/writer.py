"""Brings the reports of one cluster up to what an audit found.

The reports that the cluster holds are listed first. One whose digest is there already costs no more than that; another
is applied on the server's side. What is left of ours is deleted where the audit can tell that it is over: it read that
namespace, judges that kind, and met neither a result nor a gap. Several requests are in flight at a time; what comes of
them is told in the order of the reports, and each place is tried by one of them first.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from compliance.cluster_reports.held import Held, held
from compliance.errors import ClusterError
from compliance.output.json_text import compact
from compliance.output.report_results import SOURCE
from compliance.output.report_subjects import NOT_JUDGED, Live, Reports
from compliance.sources.cluster.failures import NoAnswer, StatusError
from compliance.sources.cluster.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from compliance.assessing import Progress
    from compliance.cluster_scan import Audit
    from compliance.output.report_objects import Api, Report
    from compliance.output.report_subjects import Limits
    from compliance.sources.cluster.client import Client

_Place: TypeAlias = tuple[str, Kind, str | None]
"""What is tried (as RBAC names it) on what, and in which namespace."""
_Done: TypeAlias = Literal["written", "placeless", "removed"] | None

_IN_FLIGHT: Final = 8
_MOST_TOLD: Final = 20
_OF_RBAC: Final = " cannot "
"""What authorizers say: user U cannot patch resource R. Admission forbids in other words."""
_GRANT: Final = "grant it: `compliance audit --print-rbac --write-reports API` prints the ClusterRole"
_NO_PLACE: Final = ("not found", "is being terminated")
"""What the admission plugin NamespaceLifecycle says of a namespace that is not there, or not for long."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Which objects are to be written, and how many."""

    api: Api
    limits: Limits


@dataclass(slots=True)
class Outcome:
    """What became of the reports of one cluster; `left_out` found no room, `results_left_out` none in their reports.

    `placeless` are of namespaces that are not there. `failures` say what could not be done, and what to do about it;
    `undone` is how much that is, `requests` how many requests it took.
    """

    cluster: str
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    left_out: int = 0
    results_left_out: int = 0
    placeless: int = 0
    failures: list[ClusterError] = field(default_factory=list)
    undone: int = 0
    requests: int = field(default=0, compare=False)


class Writer:
    """Writes the reports of one cluster, once."""

    def __init__(self, client: Client, audit: Audit, writing: Writing) -> None:
        api = writing.api
        self._client = client
        self._extent = audit.reached[client.cluster].extent
        live = Live(client.cluster, audit.reached[client.cluster].objects, audit.coverage, self._extent.named)
        self._reports = Reports(audit.assessment, api, writing.limits, live)
        self._with_gaps = {gap.about for gap in audit.assessment.gaps}
        self._namespaced = Kind(api.group, api.version, api.kind, api.resource, namespaced=True)
        self._wide = Kind(api.group, api.version, api.cluster_kind, api.cluster_resource, namespaced=False)
        self._held: dict[tuple[str | None, str], Held] = {}
        self._outcome = Outcome(client.cluster, left_out=self._reports.left_out)
        self._forbidden: set[_Place] = set()
        self._tried: set[_Place] = set()
        self._gone = False
        self._pool = ThreadPoolExecutor(_IN_FLIGHT, thread_name_prefix="reports")
        self._waiting: deque[tuple[_Place, Future[_Done]]] = deque()

    def write(self, progress: Progress) -> Outcome:
        """Do it; what cannot be done is in the outcome."""
        try:
            if self._list():
                self._write(progress)
            else:
                self._outcome.undone += len(self._reports)
        except BaseException:
            self._client.hurry()
            raise
        finally:
            self._pool.shutdown(cancel_futures=True)
        self._outcome.requests = self._client.requests
        return self._outcome

    def _write(self, progress: Progress) -> None:
        for number, report in enumerate(self._reports, 1):
            self._put(report)
            progress(f"reports of {self._client.cluster}", number, len(self._reports))
        self._settle()
        for one in self._held.values():
            self._remove_if_over(one)
        self._settle()

    def _list(self) -> bool:
        """Note the reports that the cluster holds where the audit looked; whether they are all known."""
        spaces = sorted(self._extent.namespaces) if self._extent.named else [None]
        places = [(self._wide, None), *((self._namespaced, namespace) for namespace in spaces)]
        # All are tried, so that all rights that are missing are told at once.
        for kind, space in places:
            self._ask(("list", kind, space), partial(self._note, kind, space))
        self._settle()
        return self._outcome.undone == 0

    def _note(self, kind: Kind, namespace: str | None) -> None:
        self._held |= {(one.namespace, one.name): one for one in held(self._client, kind, namespace)}

    def _put(self, report: Report) -> None:
        self._outcome.results_left_out += report.left_out
        before = self._held.pop((report.namespace, report.name), None)
        if before is not None and before.digest == report.digest and before.untouched:
            self._outcome.unchanged += 1
            return
        kind = self._wide if report.namespace is None else self._namespaced
        self._ask(("patch", kind, report.namespace), partial(self._apply, kind, report))

    def _apply(self, kind: Kind, report: Report) -> _Done:
        try:
            self._client.apply(f"{kind.path(report.namespace)}/{report.name}", compact(report.body), SOURCE)
        except StatusError as error:
            if not _has_no_place(report, error):
                raise
            return "placeless"
        return "written"

    def _remove_if_over(self, one: Held) -> None:
        if self._is_over(one):
            self._ask(("delete", one.kind, one.namespace), partial(self._delete, one))

    def _delete(self, one: Held) -> _Done:
        try:
            self._client.delete(one.path, one.uid)
        except StatusError as error:
            if not error.is_missing:  # its owner has gone, and it with it
                raise
        return "removed"

    def _is_over(self, one: Held) -> bool:
        """Whether the audit looked at what a report is about, and there is nothing to say of it any more."""
        if one.name == NOT_JUDGED:
            return not self._extent.named
        subject = one.subject_in(self._client.cluster)
        if subject is None or str(subject) in self._with_gaps:
            return False
        return self._extent.covers(subject)

    def _ask(self, place: _Place, call: Callable[[], _Done]) -> None:
        """Do something soon that may fail; what is forbidden is not tried again in the same place.

        Nothing is tried after a failure that was waited for already: ten thousand reports would wait as long each.
        """
        if self._is_hopeless(place):
            self._outcome.undone += 1
            return
        self._waiting.append((place, self._pool.submit(call)))
        self._settle(_IN_FLIGHT - 1 if place in self._tried else 0)
        self._tried.add(place)

    def _is_hopeless(self, place: _Place) -> bool:
        return self._gone or place in self._forbidden

    def _settle(self, left: int = 0) -> None:
        """Take in what came of the oldest requests, until no more than so many are left."""
        while len(self._waiting) > left:
            place, asked = self._waiting.popleft()
            try:
                done = asked.result()
            except ClusterError as error:
                if not self._is_hopeless(place):
                    self._fail(*place, error)
                self._outcome.undone += 1
            else:
                if done is not None:
                    setattr(self._outcome, done, getattr(self._outcome, done) + 1)

    def _fail(self, verb: str, kind: Kind, namespace: str | None, error: ClusterError) -> None:
        place, remedy = f" in namespace {namespace}" if namespace else "", error.remedy
        if isinstance(error, StatusError) and error.is_forbidden:
            self._forbidden.add((verb, kind, namespace))
            remedy = _GRANT if _OF_RBAC in error.message else "see what the API server says: a quota, or a webhook"
        self._gone = isinstance(error, NoAnswer) or (isinstance(error, StatusError) and error.is_temporary)
        if len(self._outcome.failures) < _MOST_TOLD:
            self._outcome.failures.append(ClusterError(f"cannot {verb} {kind}{place}: {error.message}", remedy=remedy))


def _has_no_place(report: Report, error: StatusError) -> bool:
    refused = error.is_missing or error.is_forbidden
    return (
        refused
        and report.namespace is not None
        and any(said in error.message and report.namespace in error.message for said in _NO_PLACE)
    )
