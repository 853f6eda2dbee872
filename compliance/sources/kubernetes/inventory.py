"""What is there beside an object: which policies, services and budgets select a workload, which configuration it uses.

Sources add one `Entry` an object; once all are in, the joins are answered per namespace. An object without a namespace
lands in whatever namespace it is applied to, so such objects are joined with each other only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes import entries
from compliance.sources.kubernetes.fields import flag, mapping, mappings, text, text_map, texts
from compliance.sources.kubernetes.workloads import pod_template

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Entry:
    """The little of an object that others are joined with; `told` is what rules see of it there, by its kind."""

    kind: str
    namespace: str | None
    name: str
    pod_labels: Mapping[str, str] | None = None
    selector: Mapping[str, Any] | None = None
    told: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


def entry_of(value: dict[str, Any]) -> Entry | None:
    """The entry of an object, or None when nothing is ever joined with its kind."""
    kind, metadata = str(value.get("kind")), mapping(value, "metadata")
    place = (kind, text(metadata.get("namespace")), text(metadata.get("name")) or "")
    if (template := pod_template(value)) is not None:
        labels = text_map(mapping(template.value, "metadata", "labels"))
        return Entry(*place, pod_labels=labels, told=entries.pod(mapping(template.value, "spec")))
    if kind not in _MONITORS and entries.is_custom(str(value.get("apiVersion"))):
        return Entry(CUSTOM, *place[1:]) if entries.may_make_pods(kind) else None
    if kind not in _TOLD:
        return None
    spec = mapping(value, "spec")
    return Entry(*place, selector=_selector(kind, spec), told=_TOLD[kind](value, spec))


def _policy(_value: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    return {"policy_types": policy_types(spec)}


def _autoscaler(_value: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    target = mapping(spec, "scaleTargetRef")
    return {"target": (str(target.get("kind")), str(target.get("name")))}


def _configuration(value: dict[str, Any], _spec: dict[str, Any]) -> dict[str, Any]:
    return {"immutable": flag(value.get("immutable")) or False}


def _monitor(value: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """The namespaces that a monitor looks into, None for all; its own unless it says (ServiceMonitorSpec)."""
    chosen = mapping(spec, "namespaceSelector")
    own = [text(mapping(value, "metadata").get("namespace"))]
    return {"namespaces": None if chosen.get("any") is True else texts(chosen.get("matchNames")) or own}


def _service_account(value: dict[str, Any], _spec: dict[str, Any]) -> dict[str, Any]:
    return {"automount": flag(value.get("automountServiceAccountToken"))}


def _nothing(_value: dict[str, Any], _spec: dict[str, Any]) -> dict[str, Any]:
    return {}


_TOLD: Final[dict[str, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]]] = {
    "ClusterRole": entries.role,
    "ClusterRoleBinding": entries.binding,
    "ConfigMap": _configuration,
    "HorizontalPodAutoscaler": _autoscaler,
    "LimitRange": _nothing,
    "NetworkPolicy": _policy,
    "PodDisruptionBudget": _nothing,
    "PodMonitor": _monitor,
    "PodMonitoring": _monitor,
    "ResourceQuota": _nothing,
    "Role": entries.role,
    "RoleBinding": entries.binding,
    "Secret": _configuration,
    "Service": entries.service,
    "ServiceAccount": _service_account,
    "ServiceMonitor": _monitor,
    "VMPodScrape": _monitor,
    "VMServiceScrape": _monitor,
}
"""What is told of each kind that others are joined with; makers of Pods are joined by their labels."""

_MONITORS: Final = frozenset(kind for kind, told in _TOLD.items() if told is _monitor)

CUSTOM: Final = "custom"
"""The kind of the entries of custom resources, of which an operator may make Pods and Services."""


def policy_types(spec: dict[str, Any]) -> tuple[str, ...]:
    """The policy's types; when unset, Ingress, and Egress if it has egress rules (API reference, NetworkPolicySpec)."""
    return tuple(texts(spec.get("policyTypes"))) or ("Ingress", *(("Egress",) if spec.get("egress") else ()))


def _selector(kind: str, spec: dict[str, Any]) -> Mapping[str, Any] | None:
    """The label selector of what selects Pods; a Service has a plain map, and one without it selects nothing."""
    match kind:
        case "NetworkPolicy":
            return mapping(spec, "podSelector")
        case _ if kind in _MONITORS:
            return mapping(spec, "selector")
        case "PodDisruptionBudget":
            return mapping(spec, "selector") if isinstance(spec.get("selector"), dict) else None
        case "Service":
            return {"matchLabels": spec["selector"]} if mapping(spec, "selector") else None
        case _:
            return None


def selects(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Label selector semantics (API reference, LabelSelector): an empty one selects everything, None nothing."""
    if selector is None:
        return False
    wanted = mapping(selector.get("matchLabels"))
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _expression(expression, labels) for expression in mappings(selector.get("matchExpressions"))
    )


def _expression(expression: dict[str, Any], labels: Mapping[str, str]) -> bool:
    value, allowed = labels.get(str(expression.get("key"))), texts(expression.get("values"))
    match expression.get("operator"):
        case "In":
            return value in allowed
        case "NotIn":
            return value not in allowed
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case _:
            return False


@dataclass(slots=True)
class Inventory:
    """All entries of a run, by namespace; `complete` when a whole cluster was read.

    `kubernetes_minor` is 34 for Kubernetes 1.34, the version that objects are judged for.
    """

    kubernetes_minor: int
    complete: bool = False
    _by_namespace: dict[tuple[str | None, str], list[Entry]] = field(default_factory=dict)
    _by_kind: dict[str, list[Entry]] = field(default_factory=dict)
    _bound: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)
    _labelled: dict[tuple[str | None, str, str], list[Entry]] = field(default_factory=dict)
    _selecting: dict[tuple[str | None, str, tuple[str, str] | None], list[Entry]] = field(default_factory=dict)

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in what one source has read."""
        for entry in entries:
            group = "workload" if entry.pod_labels is not None else entry.kind
            self._by_namespace.setdefault((entry.namespace, group), []).append(entry)
            self._by_kind.setdefault(group, []).append(entry)
            if "role" in entry.told:
                self._bound.setdefault(entry.told["role"], []).append(entry)
            for label in (entry.pod_labels or {}).items():
                self._labelled.setdefault((entry.namespace, *label), []).append(entry)
            if entry.selector is not None:
                wanted = min(text_map(mapping(entry.selector, "matchLabels")).items(), default=None)
                self._selecting.setdefault((entry.namespace, entry.kind, wanted), []).append(entry)

    def of(self, namespace: str | None, kind: str) -> list[Entry]:
        """The entries of a kind in a namespace; the kind `workload` is all that make Pods."""
        return self._by_namespace.get((namespace, kind), [])

    def everywhere(self, kind: str) -> list[Entry]:
        """The entries of a kind in all namespaces."""
        return self._by_kind.get(kind, [])

    def selecting(self, namespace: str | None, kind: str, labels: Mapping[str, str]) -> Iterator[Entry]:
        """The policies, services or budgets that select Pods with these labels."""
        # Those that ask for a label which the Pods lack are not even looked at.
        candidates = (self._selecting.get((namespace, kind, wanted), ()) for wanted in (None, *labels.items()))
        return (entry for some in candidates for entry in some if selects(entry.selector, labels))

    def selected(self, namespace: str | None, selector: Mapping[str, Any] | None) -> Iterator[Entry]:
        """The workloads whose Pods a selector selects."""
        workloads = self._candidates(namespace, text_map(mapping(selector, "matchLabels")))
        return (entry for entry in workloads if entry.pod_labels is not None and selects(selector, entry.pod_labels))

    def _candidates(self, namespace: str | None, labels: Mapping[str, str]) -> list[Entry]:
        """The workloads that have the rarest of the labels, so that many Services beside many workloads cost little."""
        found = [self._labelled.get((namespace, *label), []) for label in labels.items()]
        return min(found, key=len, default=self.of(namespace, "workload"))

    def named(self, namespace: str | None, kind: str, name: str | None) -> Entry | None:
        """The one object of that kind and name, if it is among what was read."""
        return next((entry for entry in self.of(namespace, kind) if entry.name == name), None)

    def binding(self, kind: str, namespace: str | None, name: str | None) -> list[Entry]:
        """The bindings of a Role in its namespace, or of a ClusterRole in the cluster."""
        found = self._bound.get((kind, str(name)), ())
        return [entry for entry in found if kind == "ClusterRole" or entry.namespace == namespace]

    def unbound_roles(self, namespace: str | None) -> Iterator[str]:
        """The names of a namespace's Roles that nothing binds."""
        return (entry.name for entry in self.of(namespace, "Role") if not self.binding("Role", namespace, entry.name))

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
        return self.complete or (bool(self.of(namespace, "Service")) and not self.of(namespace, CUSTOM))
