"""The little of an object that others are joined with, by its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from compliance.sources.kubernetes import configuration_uses
from compliance.sources.kubernetes.fields import flag, integer, mapping, mappings, sequence, text, text_map, texts
from compliance.sources.kubernetes.permissions import grants, reads_only, rules_of
from compliance.sources.kubernetes.scaling import autoscaler_told, workload_told
from compliance.sources.kubernetes.selectors import selector_of
from compliance.sources.kubernetes.workloads import PodTemplate, pod_template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CUSTOM: Final = "custom resource"
"""The kind of the entries of custom resources, of which an operator may make Pods and Services."""

_OWN_GROUPS: Final = frozenset({"", "apps", "autoscaling", "batch", "extensions", "policy"})
_KUBERNETES_GROUP: Final = re.compile(r"[a-z]+(?:\.(?:authorization|apiserver))?\.k8s\.io")
_WITHOUT_PODS: Final = frozenset(
    {
        "Certificate",
        "ClusterIssuer",
        "DestinationRule",
        "ExternalSecret",
        "HTTPRoute",
        "Issuer",
        "PrometheusRule",
        "SealedSecret",
        "VirtualService",
    }
)
"""Widespread custom resources of which no operator makes Pods."""


class Place(NamedTuple):
    """Where an object was read: its file or rendering, and what is applied at once (that, or the file's folder)."""

    stream: str
    unit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What others are joined with; `told` is what rules see of it there, by its kind."""

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
    namespace, name = text(metadata.get("namespace")), text(metadata.get("name")) or ""
    if (template := pod_template(value)) is not None:
        labels = text_map(mapping(template.value, "metadata", "labels"))
        return Entry(kind, namespace, name, pod_labels=labels, told=_workload(value, template), place=place)
    custom = _is_custom(str(value.get("apiVersion")))
    if kind in _TOLD and (not custom or kind in _CUSTOM_TOLD):
        spec = mapping(value, "spec")
        return Entry(
            kind, namespace, name, selector=selector_of(kind, spec), told=_TOLD[kind](value, spec), place=place
        )
    return Entry(CUSTOM, namespace, name, place=place) if custom and kind not in _WITHOUT_PODS else None


def is_joined(api_version: str, kind: str) -> bool:
    """Whether objects of this kind have an entry."""
    if pod_template({"apiVersion": api_version, "kind": kind}) is not None:
        return True
    custom = _is_custom(api_version)
    if kind in _TOLD and (not custom or kind in _CUSTOM_TOLD):
        return True
    return custom and kind not in _WITHOUT_PODS


def policy_types(spec: dict[str, Any]) -> tuple[str, ...]:
    """The policy's types; when unset, Ingress, and Egress if it has egress rules (API reference, NetworkPolicySpec)."""
    return tuple(texts(spec.get("policyTypes"))) or ("Ingress", *(("Egress",) if spec.get("egress") else ()))


def _is_custom(api_version: str) -> bool:
    """Whether the group is somebody's own; `networking.k8s.io` is Kubernetes', `gateway.networking.k8s.io` is not."""
    group = api_version.rpartition("/")[0]
    return group not in _OWN_GROUPS and not _KUBERNETES_GROUP.fullmatch(group)


def _workload(value: dict[str, Any], template: PodTemplate) -> dict[str, Any]:
    spec = mapping(template.value, "spec")
    listed = [container for key in ("containers", "initContainers") for container in mappings(spec.get(key))]
    ports = (port for container in listed for port in sequence(container.get("ports")))
    return {
        **workload_told(value, template.value),
        "host_network": flag(spec.get("hostNetwork")) or False,
        "ports": frozenset(name for port in ports if (name := text(mapping(port).get("name"))) is not None),
        "uses": configuration_uses.names(spec),
    }


def _policy(_value: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    return {"policy_types": policy_types(spec)}


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
    """Its ports go by all that a controller may look them up by (ingress-nginx also takes targetPort)."""
    metadata = mapping(value, "metadata")
    written = [port.get(key) for port in mappings(spec.get("ports")) for key in ("port", "name", "targetPort")]
    found = (text(one) if isinstance(one, str) else integer(one) for one in written)
    return {
        "headless": spec.get("clusterIP") == "None",
        "ports": frozenset(one for one in found if one is not None),
        "labels": text_map(metadata.get("labels")),
        "annotations": text_map(metadata.get("annotations")),
    }


def _role(value: dict[str, Any], _spec: dict[str, Any]) -> dict[str, Any]:
    """What it allows that matters; what an aggregated one allows is not written in it."""
    rules = rules_of(value)
    told = grants(rules, cluster=value.get("kind") == "ClusterRole")
    aggregated = bool(mapping(value, "aggregationRule"))
    return {
        "grants": sorted({grant.name for grant in told}),
        "reads_only": None if aggregated else reads_only(rules),
    }


def _binding(value: dict[str, Any], _spec: dict[str, Any]) -> dict[str, Any]:
    reference = mapping(value, "roleRef")
    return {"role": (str(reference.get("kind")), str(reference.get("name")))}


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
    "ClusterRole": _role,
    "ClusterRoleBinding": _binding,
    "ConfigMap": _configuration,
    "HorizontalPodAutoscaler": autoscaler_told,
    "LimitRange": _nothing,
    "NetworkPolicy": _policy,
    "PersistentVolumeClaim": _claim,
    "PodDisruptionBudget": _nothing,
    "PodMonitor": _monitor,
    "PodMonitoring": _monitor,
    "ResourceQuota": _nothing,
    "Role": _role,
    "RoleBinding": _binding,
    "ScaledObject": autoscaler_told,
    "Secret": _configuration,
    "Service": _service,
    "ServiceAccount": _service_account,
    "ServiceMonitor": _monitor,
    "VMPodScrape": _monitor,
    "VMServiceScrape": _monitor,
}
"""What is told of each kind that others are joined with; makers of Pods are joined by their labels."""

_CUSTOM_TOLD: Final = frozenset(
    {"PodMonitor", "PodMonitoring", "ScaledObject", "ServiceMonitor", "VMPodScrape", "VMServiceScrape"}
)
"""Those of them that are custom resources; another's Service (Knative has one) is none of Kubernetes'."""
