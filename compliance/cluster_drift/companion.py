"""Drift beside the reading of one cluster: what is read for it, what could not be, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from compliance.cluster_drift.asking_ahead import ask_about_signatures, ask_about_tags
from compliance.cluster_drift.dry_runs import DryRuns, is_own
from compliance.errors import ClusterError
from compliance.model import Gap, PassedOver, Stage
from compliance.sources.cluster.companion import Noted
from compliance.sources.cluster.kinds import is_record
from compliance.sources.cluster.secrets import differing_keys
from compliance.sources.drift.companion import DriftCompanion
from compliance.sources.drift.pairing import CLUSTER_SCOPED, MADE_BY_CLUSTERS, Declarations, identity
from compliance.sources.kubernetes.fields import mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from compliance.cluster_drift.declared import DeclaredObjects
    from compliance.cluster_drift.references import References
    from compliance.cluster_drift.signatures import Signatures
    from compliance.drift_settings import ObjectPatterns
    from compliance.model import Facts
    from compliance.sources.cluster.client import Client
    from compliance.sources.cluster.discovery import Discovered
    from compliance.sources.cluster.kinds import Kind
    from compliance.sources.cluster.walk import Failures, Selection
    from compliance.sources.drift.audit_log import Session
    from compliance.sources.drift.pairing import Identity
    from compliance.sources.drift.terms import Terms

_SHOWN: Final = 20
_BLINDED: Final = ("drift.field_differs", "drift.unmanaged")
"""Rules whose silence means nothing of an object that may be declared in what could not be read."""


@dataclass(frozen=True, slots=True)
class Material:
    """What drift is told by and compared with, for every cluster of a run; `terms` lack what asks an API server.

    `declared` says what is declared for a cluster (None: nothing is compared).
    """

    terms: Terms
    selection: Selection
    declared: Callable[[Client], DeclaredObjects] | None = None
    sessions: Sequence[Session] | None = None
    ignored: tuple[ObjectPatterns, ...] = ()
    references: References | None = None
    signatures: Signatures | None = None
    dry_run: bool = True


@dataclass(slots=True)
class ClusterDrift:
    """The companion of one cluster's reading (`sources.cluster.companion`)."""

    client: Client
    material: Material
    _declared: DeclaredObjects | None = None
    _kinds: dict[tuple[str, str], Kind] = field(default_factory=dict)
    _unknown: tuple[str, ...] = ()
    _failures: Failures | None = None
    _asked: set[str] = field(default_factory=set)
    _leaving: set[str] = field(default_factory=set)
    _dry_runs: DryRuns | None = None
    _drift: DriftCompanion | None = None

    def start(self, served: Discovered, failures: Failures) -> Collection[Kind]:
        """Everything is read but what clusters write down of themselves; of that, what is declared."""
        self._failures = failures
        self._kinds = {(kind.group, kind.kind): kind for kind in reversed(served.kinds)}
        self._unknown = tuple(gap.about for gap in served.gaps)
        self._declared = None if self.material.declared is None else self.material.declared(self.client)
        self._drift = self._started()
        wanted = set(self._declares())
        if self._dry_runs is not None and not all(is_own(group) for group, _ in wanted):
            wanted.add(("apiregistration.k8s.io", "APIService"))
        return {kind for kind in served.kinds if not is_record(kind) or (kind.group, kind.kind) in wanted}

    def _started(self) -> DriftCompanion:
        material, terms = self.material, self.material.terms
        declarations = self._declarations()
        if declarations is not None:
            terms = replace(terms, unlike_keys=self._unlike_keys)
        if declarations is not None and material.dry_run:
            self._dry_runs = DryRuns(self.client, self._kinds, terms.managers)
            terms = replace(terms, dry_run=self._dry_runs)
        return DriftCompanion(terms, self.client.cluster, declarations, material.sessions, self._was_read)

    def _declares(self) -> frozenset[tuple[str, str]]:
        """The groups and kinds of what is declared."""
        found = (identity(one.value) for one in (self._declared.objects if self._declared else ()))
        return frozenset((one.group, one.kind) for one in found)

    def _declarations(self) -> Declarations | None:
        declared = self._declared
        if declared is None:
            return None
        named = self.material.selection.namespaces
        scoped = frozenset(key for key, kind in self._kinds.items() if not kind.namespaced)
        return Declarations(
            declared.objects,
            named[0] if len(named) == 1 else self.client.namespace,
            CLUSTER_SCOPED | scoped,
            (*MADE_BY_CLUSTERS, *self.material.ignored),
            complete=declared.complete,
            expected=declared.expected,
        )

    def applied(self) -> Collection[Kind]:
        """The kinds of what is declared, apart from Secrets."""
        kinds = (self._kinds.get(key) for key in self._declares() if key != ("", "Secret"))
        return [] if self._dry_runs is None else [kind for kind in kinds if kind is not None]

    def see(self, value: dict[str, Any]) -> None:
        """Keep an object, and ask ahead about the images of a Pod."""
        if value.get("kind") == "Namespace" and mapping(value, "metadata").get("deletionTimestamp") is not None:
            self._leaving.add(str(value["metadata"].get("name")))
        material = self.material
        if value.get("kind") == "Pod" and material.references is not None and material.terms.resolve_tags:
            ask_about_tags(value, material.references)
        if value.get("kind") == "Pod" and material.signatures is not None:
            ask_about_signatures(value, material.signatures, material.terms.trusted)
        if self._drift is not None:
            self._drift.see(value)

    def facts(self, namespace: str | None) -> Iterable[Facts]:
        """As `DriftCompanion.facts`."""
        if namespace is not None:
            self._asked.add(namespace)
        return () if self._drift is None else self._drift.facts(namespace)

    def noted(self) -> Noted:
        """What was declared, what of it could not be compared, and where the API server said nothing of applying it."""
        declared = self._declared
        gaps = [] if self._drift is None else self._drift.gaps
        refused = {} if self._dry_runs is None else dict(self._dry_runs.refused.most_common(_SHOWN))
        about = f"{self.client.cluster}: dry runs"
        offline = [PassedOver(about, _offline(why, count)) for why, count in refused.items()]
        if declared is None:
            return Noted(gaps, offline)
        blind = () if declared.complete else (_blind(self.client.cluster, rule) for rule in _BLINDED)
        return Noted((*declared.gaps, *blind, *gaps), (*declared.passed_over, *offline), declared.inputs)

    def _unlike_keys(self, declared: Mapping[str, Any], live: Mapping[str, Any]) -> frozenset[str] | None:
        kind = self._kinds.get(("", "Secret"))
        if kind is None:
            return None
        try:
            return differing_keys(self.client, kind, declared, live)
        except ClusterError:
            return None  # that they were not compared is told with the Secret

    def _was_read(self, found: Identity) -> bool | None:
        if found.namespace is not None and self._is_left_out(found.namespace):
            return None
        kind = self._kinds.get((found.group, found.kind))
        if kind is None:
            return not any(about.startswith(f"{self.client.cluster}/{found.group}/") for about in self._unknown)
        unread = set() if self._failures is None else self._failures.kinds
        return (kind, None) not in unread and (kind, found.namespace) not in unread

    def _is_left_out(self, namespace: str) -> bool:
        chosen = self.material.selection
        if namespace in chosen.excluded or namespace in self._leaving:
            return True
        return (bool(chosen.namespaces) or chosen.selector is not None) and namespace not in self._asked


def _blind(cluster: str, rule: str) -> Gap:
    why = "not all that is declared could be read, so whether other objects are declared, and how, is not known"
    return Gap(Stage.COLLECT, cluster, why, "see what could not be read of it, and why", rule=rule)


def _offline(why: str, count: int) -> str:
    return f"{why}; compared offline: {count} object{'' if count == 1 else 's'}"
