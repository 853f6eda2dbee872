"""What is there beside an object: which policies, services and budgets select a workload, which configuration it uses.

Sources add one `Entry` an object; once all are in, the joins are answered per namespace. An object without a namespace
lands in whatever namespace it is applied to, so such objects are joined with each other only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.entries import CUSTOM
from compliance.sources.kubernetes.selectors import required_labels, selects

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from compliance.sources.kubernetes.entries import Entry, Place

    Index = dict[tuple[object, ...], list[Entry]]


@dataclass(slots=True)
class Inventory:
    """All entries of a run, by namespace; `complete` when a whole cluster was read.

    `kubernetes_minor` is 34 for Kubernetes 1.34, the version that objects are judged for. `place` is whence one looks:
    files may hold variants and examples side by side, which are never applied together.
    """

    kubernetes_minor: int
    complete: bool = False
    place: Place | None = None
    _by_namespace: Index = field(default_factory=dict)
    _by_kind: Index = field(default_factory=dict)
    _by_name: Index = field(default_factory=dict)
    _by_label: Index = field(default_factory=dict)
    _by_wanted_label: Index = field(default_factory=dict)
    _by_target: Index = field(default_factory=dict)
    _by_role: Index = field(default_factory=dict)
    _by_use: Index = field(default_factory=dict)

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in what one source has read."""
        for entry in entries:
            group = "workload" if entry.pod_labels is not None else entry.kind
            self._by_namespace.setdefault((entry.namespace, group), []).append(entry)
            self._by_kind.setdefault((group,), []).append(entry)
            self._by_name.setdefault((entry.namespace, entry.kind, entry.name), []).append(entry)
            self._index(entry)

    def _index(self, entry: Entry) -> None:
        for label in (entry.pod_labels or {}).items():
            self._by_label.setdefault((entry.namespace, *label), []).append(entry)
        if entry.selector is not None:
            wanted = min(required_labels(entry.selector).items(), default=None)
            self._by_wanted_label.setdefault((entry.namespace, entry.kind, wanted), []).append(entry)
        for use in entry.told.get("uses", ()):
            self._by_use.setdefault((entry.namespace, *use), []).append(entry)
        if "target" in entry.told:
            self._by_target.setdefault((entry.namespace, *entry.told["target"]), []).append(entry)
        if "role" in entry.told:
            self._by_role.setdefault(entry.told["role"], []).append(entry)

    def seen_from(self, place: Place) -> Inventory:
        """The same entries, for telling an object of that place."""
        return replace(self, place=place)

    def together(self, entries: Iterable[Entry], *, in_one_stream: bool = False) -> Iterator[Entry]:
        """Those that are applied together with the object that is being told; surely if in one stream."""
        if self.complete or self.place is None:
            return iter(entries)
        here, part = self.place, 0 if in_one_stream else 1
        return (entry for entry in entries if entry.place is not None and entry.place[part] == here[part])

    def of(self, namespace: str | None, kind: str) -> list[Entry]:
        """The entries of a kind in a namespace; the kind `workload` is all that make Pods."""
        return self._by_namespace.get((namespace, kind), [])

    def everywhere(self, kind: str) -> list[Entry]:
        """The entries of a kind in all namespaces."""
        return self._by_kind.get((kind,), [])

    def named(self, namespace: str | None, kind: str, name: str | None) -> Entry | None:
        """The one object of that kind and name, if it is among what was read."""
        return next(iter(self.all_named(namespace, kind, name)), None)

    def all_named(self, namespace: str | None, kind: str, name: str | None) -> list[Entry]:
        """All objects of that kind and name: files for several clusters may hold more than one."""
        return self._by_name.get((namespace, kind, name or ""), [])

    def selecting(self, namespace: str | None, kind: str, labels: Mapping[str, str]) -> Iterator[Entry]:
        """The policies, services or budgets that select Pods with these labels."""
        for wanted in (None, *labels.items()):
            for entry in self._by_wanted_label.get((namespace, kind, wanted), ()):
                if selects(entry.selector, labels):
                    yield entry

    def selected(self, namespace: str | None, selector: Mapping[str, Any] | None) -> Iterator[Entry]:
        """The workloads whose Pods a selector selects; only those that have the rarest of its labels are tried."""
        found = [self._by_label.get((namespace, *label), []) for label in required_labels(selector).items()]
        fewest = min(found, key=len, default=self.of(namespace, "workload"))
        return (entry for entry in fewest if entry.pod_labels is not None and selects(selector, entry.pod_labels))

    def selects_something(self, namespace: str | None, selected: Collection[Entry]) -> bool | None:
        """Whether a selector that selects these workloads selects any Pod at all.

        None where what was read cannot tell: no workload of the namespace was, or an operator may make Pods there. In
        kube-system some are made by no manifest.
        """
        told = bool(self.of(namespace, "workload")) and namespace != "kube-system"
        known = self.complete or (told and not self.of(namespace, CUSTOM))
        return True if selected else False if known else None

    def knows_services_of(self, namespace: str | None) -> bool:
        """Whether the Services of a namespace are told by what was read: some are, and no operator makes others."""
        told = any(self.together(self.of(namespace, "Service")))
        return self.complete or (told and not self.of(namespace, CUSTOM))

    def scaling(self, namespace: str | None, kind: str, name: str) -> list[Entry]:
        """The autoscalers whose target is that workload."""
        return self._by_target.get((namespace, kind, name), [])

    def users_of(self, namespace: str | None, kind: str, name: str) -> list[str]:
        """The workloads that read a ConfigMap or Secret, such as `Deployment/web`."""
        return sorted({str(entry) for entry in self._by_use.get((namespace, kind, name), ())})

    def binding(self, kind: str, namespace: str | None, name: str | None) -> list[Entry]:
        """The bindings of a Role in its namespace, or of a ClusterRole in the cluster."""
        found = self._by_role.get((kind, str(name)), ())
        return [entry for entry in found if kind == "ClusterRole" or entry.namespace == namespace]

    def unbound_roles(self, namespace: str | None) -> Iterator[str]:
        """The names of a namespace's Roles that nothing binds."""
        roles = self.together(self.of(namespace, "Role"))
        return (entry.name for entry in roles if not self.binding("Role", namespace, entry.name))
