"""Brings the reports of one cluster up to what an audit found.

The reports that the cluster holds are listed first. One whose digest is there already costs no more than that; another
is applied on the server's side. What is left of ours is deleted where the audit can tell that it is over: it read that
namespace, judges that kind, and met neither a result nor a gap.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

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
        self._forbidden: set[tuple[str, Kind, str | None]] = set()
        self._gone = False

    def write(self, progress: Progress) -> Outcome:
        """Do it; what cannot be done is in the outcome."""
        if self._list():
            for number, report in enumerate(self._reports, 1):
                self._put(report)
                progress(f"reports of {self._client.cluster}", number, len(self._reports))
            for one in self._held.values():
                self._remove_if_over(one)
        else:
            self._outcome.undone += len(self._reports)
        self._outcome.requests = self._client.requests
        return self._outcome

    def _list(self) -> bool:
        """Note the reports that the cluster holds where the audit looked; whether they are all known."""
        spaces = sorted(self._extent.namespaces) if self._extent.named else [None]
        places = [(self._wide, None), *((self._namespaced, namespace) for namespace in spaces)]
        # All are tried, so that all rights that are missing are told at once.
        answers = [self._ask("list", kind, space, partial(self._note, kind, space)) for kind, space in places]
        return all(answers)

    def _note(self, kind: Kind, namespace: str | None) -> None:
        self._held |= {(one.namespace, one.name): one for one in held(self._client, kind, namespace)}

    def _put(self, report: Report) -> None:
        self._outcome.results_left_out += report.left_out
        before = self._held.pop((report.namespace, report.name), None)
        if before is not None and before.digest == report.digest and before.untouched:
            self._outcome.unchanged += 1
            return
        kind = self._wide if report.namespace is None else self._namespaced
        self._ask("patch", kind, report.namespace, partial(self._apply, kind, report))

    def _apply(self, kind: Kind, report: Report) -> None:
        try:
            self._client.apply(f"{kind.path(report.namespace)}/{report.name}", compact(report.body), SOURCE)
        except StatusError as error:
            if not _has_no_place(report, error):
                raise
            self._outcome.placeless += 1
        else:
            self._outcome.written += 1

    def _remove_if_over(self, one: Held) -> None:
        if self._is_over(one):
            self._ask("delete", one.kind, one.namespace, partial(self._delete, one))

    def _delete(self, one: Held) -> None:
        try:
            self._client.delete(one.path, one.uid)
        except StatusError as error:
            if not error.is_missing:  # its owner has gone, and it with it
                raise
        self._outcome.removed += 1

    def _is_over(self, one: Held) -> bool:
        """Whether the audit looked at what a report is about, and there is nothing to say of it any more."""
        if one.name == NOT_JUDGED:
            return not self._extent.named
        subject = one.subject_in(self._client.cluster)
        if subject is None or str(subject) in self._with_gaps:
            return False
        return self._extent.covers(subject)

    def _ask(self, verb: str, kind: Kind, namespace: str | None, call: Callable[[], None]) -> bool:
        """Do something that may fail; what is forbidden is not tried again in the same place.

        Nothing is tried after a failure that was waited for already: ten thousand reports would wait as long each.
        """
        if not self._gone and (verb, kind, namespace) not in self._forbidden:
            try:
                call()
            except ClusterError as error:
                self._fail(verb, kind, namespace, error)
            else:
                return True
        self._outcome.undone += 1
        return False

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
