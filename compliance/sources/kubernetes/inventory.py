"""What is there beside an object: which policies, services and budgets select a workload, which configuration it uses.

Sources add one `Entry` an object; once all are in, the joins are answered per namespace. An object without a namespace
lands in whatever namespace it is applied to, so such objects are joined with each other only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from compliance.sources.kubernetes import configuration_uses
from compliance.sources.kubernetes.fields import flag, mapping, mappings, text, text_map, texts
from compliance.sources.kubernetes.scaling import autoscaler_told, workload_told
from compliance.sources.kubernetes.workloads import pod_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


class Place(NamedTuple):
    """Where an object was read: its file or rendering, and what is applied at once (that, or the file's folder)."""

    stream: str
    unit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The little of an object that others are joined with; `told` is what rules see of it there, by its kind."""

    kind: str
    namespace: str | None
    name: str
    pod_labels: Mapping[str, str] | None = None
    selector: Mapping[str, Any] | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = None

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


def entry_of(value: dict[str, Any], place: Place | None = None) -> Entry | None:
    """The entry of an object, or None when nothing is ever joined with its kind."""
    kind, metadata = str(value.get("kind")), mapping(value, "metadata")
    identity = (kind, text(metadata.get("namespace")), text(metadata.get("name")) or "")
    if (template := pod_template(value)) is not None:
        labels = text_map(mapping(template.value, "metadata", "labels"))
        told = {
            **workload_told(value, template.value),
            "uses": configuration_uses.names(mapping(template.value, "spec")),
        }
        return Entry(*identity, pod_labels=labels, told=told, place=place)
    if kind not in _TOLD:
        return Entry("custom resource", *identity[1:], place=place) if _is_custom(value) else None
    spec = mapping(value, "spec")
    return Entry(*identity, selector=_selector(kind, spec), told=_TOLD[kind](value, spec), place=place)


def _policy(_value: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    return {"policy_types": policy_types(spec)}


def _is_custom(value: dict[str, Any]) -> bool:
    """A kind that somebody's controller understands, which may make Pods of it that no file shows."""
    group = str(value.get("apiVersion")).rpartition("/")[0]
    return "." in group and not group.endswith(".k8s.io")


def _configuration(value: dict[str, Any], _spec: dict[str, Any]) -> dict[str, Any]:
    keys = [*mapping(value, "data"), *mapping(value, "binaryData"), *mapping(value, "stringData")]
    return {
        "immutable": flag(value.get("immutable")) or False,
        "keys": frozenset(keys),
        "version": text(mapping(value, "metadata", "labels").get("version")),
    }


def _claim(_value: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    return {"access_modes": tuple(texts(spec.get("accessModes"))), "storage_class": text(spec.get("storageClassName"))}


def _service(value: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    metadata = mapping(value, "metadata")
    return {
        "headless": spec.get("clusterIP") == "None",
        "labels": text_map(metadata.get("labels")),
        "annotations": text_map(metadata.get("annotations")),
    }


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
    "ConfigMap": _configuration,
    "HorizontalPodAutoscaler": autoscaler_told,
    "LimitRange": _nothing,
    "NetworkPolicy": _policy,
    "PersistentVolumeClaim": _claim,
    "PodDisruptionBudget": _nothing,
    "ResourceQuota": _nothing,
    "ScaledObject": autoscaler_told,
    "Secret": _configuration,
    "PodMonitor": _monitor,
    "PodMonitoring": _monitor,
    "Service": _service,
    "ServiceAccount": _service_account,
    "ServiceMonitor": _monitor,
    "VMPodScrape": _monitor,
    "VMServiceScrape": _monitor,
}
"""What is told of each kind that others are joined with; makers of Pods are joined by their labels."""


def policy_types(spec: dict[str, Any]) -> tuple[str, ...]:
    """The policy's types; when unset, Ingress, and Egress if it has egress rules (API reference, NetworkPolicySpec)."""
    return tuple(texts(spec.get("policyTypes"))) or ("Ingress", *(("Egress",) if spec.get("egress") else ()))


def _selector(kind: str, spec: dict[str, Any]) -> Mapping[str, Any] | None:
    """The label selector of what selects Pods; a Service has a plain map, and one without it selects nothing."""
    match kind:
        case "NetworkPolicy":
            return mapping(spec, "podSelector")
        case "PodMonitor" | "PodMonitoring" | "ServiceMonitor" | "VMPodScrape" | "VMServiceScrape":
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

    `kubernetes_minor` is 34 for Kubernetes 1.34, the version that objects are judged for. `place` is whence one looks:
    files may hold variants and examples side by side, which are never applied together.
    """

    kubernetes_minor: int
    complete: bool = False
    place: Place | None = None
    _by_namespace: dict[tuple[str | None, str], list[Entry]] = field(default_factory=dict)
    _by_kind: dict[str, list[Entry]] = field(default_factory=dict)
    _by_target: dict[tuple[str | None, str, str], list[Entry]] = field(default_factory=dict)
    _by_label: dict[tuple[str | None, str, str], list[Entry]] = field(default_factory=dict)
    _by_name: dict[tuple[str | None, str, str], list[Entry]] = field(default_factory=dict)
    _users: dict[tuple[str | None, str, str], list[str]] = field(default_factory=dict)

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in what one source has read."""
        for entry in entries:
            group = "workload" if entry.pod_labels is not None else entry.kind
            self._by_namespace.setdefault((entry.namespace, group), []).append(entry)
            self._by_kind.setdefault(group, []).append(entry)
            if "target" in entry.told:
                self._by_target.setdefault((entry.namespace, *entry.told["target"]), []).append(entry)
            for label in (entry.pod_labels or {}).items():
                self._by_label.setdefault((entry.namespace, *label), []).append(entry)
            self._by_name.setdefault((entry.namespace, entry.kind, entry.name), []).append(entry)
            for kind, name in entry.told.get("uses", ()):
                self._users.setdefault((entry.namespace, kind, name), []).append(str(entry))

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
        return self._by_kind.get(kind, [])

    def selecting(self, namespace: str | None, kind: str, labels: Mapping[str, str]) -> Iterator[Entry]:
        """The policies, services or budgets that select Pods with these labels."""
        return (entry for entry in self.of(namespace, kind) if selects(entry.selector, labels))

    def selected(self, namespace: str | None, selector: Mapping[str, Any] | None) -> Iterator[Entry]:
        """The workloads whose Pods a selector selects."""
        workloads = self.of(namespace, "workload")
        return (entry for entry in workloads if entry.pod_labels is not None and selects(selector, entry.pod_labels))

    def named(self, namespace: str | None, kind: str, name: str | None) -> Entry | None:
        """The one object of that kind and name, if it is among what was read."""
        return next(iter(self.all_named(namespace, kind, name)), None)

    def scaling(self, namespace: str | None, kind: str, name: str) -> list[Entry]:
        """The autoscalers whose target is that workload."""
        return self._by_target.get((namespace, kind, name), [])

    def selected_quickly(self, namespace: str | None, selector: Mapping[str, Any]) -> Iterator[Entry]:
        """As `selected`, for selectors as many as there are workloads: only those with its rarest label are tried."""
        wanted = text_map(selector.get("matchLabels")).items()
        candidates = (self._by_label.get((namespace, *label), []) for label in wanted)
        fewest = min(candidates, key=len, default=self.of(namespace, "workload"))
        return (entry for entry in fewest if entry.pod_labels is not None and selects(selector, entry.pod_labels))

    def all_named(self, namespace: str | None, kind: str, name: str | None) -> list[Entry]:
        """All objects of that kind and name: files for several clusters may hold more than one."""
        return self._by_name.get((namespace, kind, name or ""), [])

    def users_of(self, namespace: str | None, kind: str, name: str) -> list[str]:
        """The workloads that read a ConfigMap or Secret, such as `Deployment/web`."""
        return sorted(set(self._users.get((namespace, kind, name), ())))
