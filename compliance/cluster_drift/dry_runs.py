"""What applying would change, as the API server says it: server-side apply as a dry run.

It is applied as whoever has applied the object before, so that fields which are declared no more are taken away; by
force, since what others wrote is what we look for. Where the server does not let us or refuses, the objects are
compared without it, and why is counted. Secrets are never asked about: the answer would hold their values. Neither are
kinds that another server than Kubernetes' own answers for: one that does not know `dryRun` would do as it is told.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ClusterError
from compliance.sources.cluster.failures import NoAnswer, StatusError
from compliance.sources.drift.managed_fields import writers_of
from compliance.sources.drift.managers import applier_of
from compliance.sources.drift.pairing import identity
from compliance.sources.drift.terms import DryRun
from compliance.sources.kubernetes.fields import mapping, mappings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.sources.cluster.client import Client
    from compliance.sources.cluster.kinds import Kind
    from compliance.sources.drift.managers import ManagerPolicy
    from compliance.sources.drift.pairing import Identity

_MANAGER: Final = "compliance"
_KEPT: Final = ("name", "namespace", "labels", "annotations", "finalizers", "ownerReferences")
_NOT_SERVED: Final = frozenset({404, 405, 415})
_API_SERVICES: Final = "/apis/apiregistration.k8s.io/v1/apiservices"
_OWN_GROUPS: Final = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    }
)
"""Groups that every API server of Kubernetes serves by itself."""


def is_own(group: str) -> bool:
    """Whether Kubernetes' own API server serves a group, wherever it is."""
    return group in _OWN_GROUPS


class DryRuns:
    """Asks one API server; `kinds` are those that it serves, by group and kind."""

    def __init__(self, client: Client, kinds: Mapping[tuple[str, str], Kind], policy: ManagerPolicy) -> None:
        self._client = client
        self._kinds = kinds
        self._policy = policy
        self._closed: set[tuple[Kind, str | None]] = set()
        self._off = False
        self._delegated: frozenset[str] | str | None = None  # groups, or why they are not known
        self.refused: Counter[str] = Counter()
        """Why it was not said, with how many objects."""

    def __call__(self, declared: Mapping[str, Any], live: Mapping[str, Any]) -> DryRun | None:
        """What applying would do; None where the server does not say."""
        found = identity(live)
        kind = self._kinds.get((found.group, found.kind))
        if kind is None or (found.group, found.kind) == ("", "Secret"):
            return None
        if self._off or (kind, found.namespace) in self._closed:
            self.refused[self._why(kind, found.namespace)] += 1
            return None
        if (why := self._keeps_from(kind)) is not None:
            self.refused[why] += 1
            return None
        try:
            return self._run(kind, found, declared, live)
        except ClusterError as error:
            self._note(error, kind, found.namespace)
            return None

    def _keeps_from(self, kind: Kind) -> str | None:
        """Why nothing of a kind may be sent: a server behind an APIService answers for it, or may do so."""
        if is_own(kind.group):
            return None
        if self._delegated is None:
            try:
                answer = self._client.json(_API_SERVICES)
            except ClusterError as error:
                self._delegated = error.message
            else:
                specs = (mapping(one, "spec") for one in mappings(answer.get("items")))
                self._delegated = frozenset(str(spec.get("group")) for spec in specs if spec.get("service") is not None)
        if isinstance(self._delegated, str):
            return f"who answers for {kind} is not known: {self._delegated}"
        return f"{kind} is answered for by another server" if kind.group in self._delegated else None

    def _run(self, kind: Kind, found: Identity, declared: Mapping[str, Any], live: Mapping[str, Any]) -> DryRun:
        version = str(declared.get("apiVersion")).rpartition("/")[2]
        path = kind.object_path(found.namespace, found.name, version)
        after = self._client.dry_run(
            path, _applicable(declared), applier_of(writers_of(live), self._policy) or _MANAGER
        )
        if declared.get("apiVersion") == live.get("apiVersion"):
            return DryRun(live, after)
        nothing = _applicable({**declared, "metadata": {"name": found.name}}, only=("apiVersion", "kind", "metadata"))
        return DryRun(self._client.dry_run(path, nothing, _MANAGER), after)

    def _note(self, error: ClusterError, kind: Kind, namespace: str | None) -> None:
        if isinstance(error, NoAnswer):
            self._off = True
        elif isinstance(error, StatusError) and (error.is_forbidden or error.status in _NOT_SERVED):
            self._closed.add((kind, namespace))
        else:
            self.refused[f"{kind}: {error.message}"] += 1
            return
        self.refused[self._why(kind, namespace)] += 1

    def _why(self, kind: Kind, namespace: str | None) -> str:
        if self._off:
            return "the API server does not answer"
        return f"{kind} may not be patched{f' in {namespace}' if namespace else ''}"


def _applicable(declared: Mapping[str, Any], only: tuple[str, ...] = ()) -> dict[str, Any]:
    """What of a manifest can be applied: what the server keeps itself would be refused."""
    metadata = mapping(declared, "metadata")
    kept = {key: value for key, value in declared.items() if key != "status" and (not only or key in only)}
    return {**kept, "metadata": {key: metadata[key] for key in _KEPT if metadata.get(key) is not None}}
