"""Which values the API server fills in, and which it drops because they say what their absence says.

Source: Kubernetes, pkg/apis/*/v*/defaults.go (1.37), and the types of k8s.io/api: what is `omitempty` and no pointer is
dropped when it is zero. This is needed where more than the declared fields counts: inside of lists that are replaced as
a whole, for the keys of items, for a Pod and its template, and for what was declared once and is no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance import image_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from compliance.sources.drift.field_types import FieldType

_ANY: Final = object()
_RBAC: Final = "rbac.authorization.k8s.io"


def _pull_policy(container: Mapping[str, Any]) -> str:
    image = container.get("image", container.get("reference"))
    try:
        reference = image_reference.parse(image if isinstance(image, str) else "")
    except ValueError:
        return "IfNotPresent"
    tag = reference.tag or ("" if reference.digest else "latest")
    return "Always" if tag == "latest" else "IfNotPresent"


def _subject_group(subject: Mapping[str, Any]) -> str:
    return _RBAC if subject.get("kind") in {"User", "Group"} else ""


def _most(item: Mapping[str, Any]) -> object:
    """What a LimitRange gives where it says no default: its maximum."""
    return item.get("max") if item.get("type") == "Container" else None


def _asked(item: Mapping[str, Any]) -> object:
    """And asks for where it says no default request: its default, else its minimum."""
    if item.get("type") != "Container":
        return None
    return {**(item.get("min") or {}), **(item.get("default") or item.get("max") or {})}


def _same(name: str) -> Callable[[Mapping[str, Any]], object]:
    return lambda value: value.get(name)


_TABLE: Final[dict[tuple[str, str], object]] = {
    ("Container", "imagePullPolicy"): _pull_policy,
    ("Container", "terminationMessagePath"): "/dev/termination-log",
    ("Container", "terminationMessagePolicy"): "File",
    ("ContainerPort", "protocol"): "TCP",
    ("ContainerPort", "hostPort"): _same("containerPort"),  # on the host's network
    ("ImageVolumeSource", "pullPolicy"): _pull_policy,
    ("Probe", "timeoutSeconds"): 1,
    ("Probe", "periodSeconds"): 10,
    ("Probe", "successThreshold"): 1,
    ("Probe", "failureThreshold"): 3,
    ("HTTPGetAction", "path"): "/",
    ("HTTPGetAction", "scheme"): "HTTP",
    ("HTTPGetAction", "protocol"): "HTTP1",
    ("GRPCAction", "service"): "",
    ("ContainerResizePolicy", "restartPolicy"): "NotRequired",
    ("PodSpec", "dnsPolicy"): "ClusterFirst",
    ("PodSpec", "restartPolicy"): "Always",
    ("PodSpec", "schedulerName"): "default-scheduler",
    ("PodSpec", "terminationGracePeriodSeconds"): 30,
    ("PodSpec", "serviceAccount"): _same("serviceAccountName"),
    ("PodSpec", "enableServiceLinks"): True,
    ("ObjectFieldSelector", "apiVersion"): "v1",
    ("SecretVolumeSource", "defaultMode"): 0o644,
    ("ConfigMapVolumeSource", "defaultMode"): 0o644,
    ("DownwardAPIVolumeSource", "defaultMode"): 0o644,
    ("ProjectedVolumeSource", "defaultMode"): 0o644,
    ("ServiceAccountTokenProjection", "expirationSeconds"): 3600,
    ("HostPathVolumeSource", "type"): "",
    ("ISCSIVolumeSource", "iscsiInterface"): "default",
    ("RBDVolumeSource", "pool"): "rbd",
    ("RBDVolumeSource", "user"): "admin",
    ("RBDVolumeSource", "keyring"): "/etc/ceph/keyring",
    ("AzureDiskVolumeSource", "cachingMode"): "ReadWrite",
    ("AzureDiskVolumeSource", "fsType"): "ext4",
    ("AzureDiskVolumeSource", "kind"): "Shared",
    ("AzureDiskVolumeSource", "readOnly"): False,
    ("TopologySpreadConstraint", "nodeAffinityPolicy"): "Honor",
    ("TopologySpreadConstraint", "nodeTaintsPolicy"): "Ignore",
    ("LimitRangeItem", "default"): _most,
    ("LimitRangeItem", "defaultRequest"): _asked,
    ("PersistentVolumeClaim", "apiVersion"): "v1",
    ("PersistentVolumeClaim", "kind"): "PersistentVolumeClaim",
    ("PersistentVolumeClaim", "status"): _ANY,
    ("PersistentVolumeClaimSpec", "volumeMode"): "Filesystem",
    ("ServicePort", "protocol"): "TCP",
    ("ServicePort", "targetPort"): _same("port"),
    ("EndpointPort", "protocol"): "TCP",
    ("NetworkPolicyPort", "protocol"): "TCP",
    ("HTTPIngressPath", "pathType"): "ImplementationSpecific",
    ("Subject", "apiGroup"): _subject_group,
    ("RoleRef", "apiGroup"): _RBAC,
    ("RuleWithOperations", "scope"): "*",
    ("NamedRuleWithOperations", "scope"): "*",
    ("ServiceReference", "port"): 443,
    ("MatchResources", "matchPolicy"): "Equivalent",
    ("PodFailurePolicyOnPodConditionsPattern", "status"): "True",
    ("CustomResourceDefinitionNames", "listKind"): _ANY,
    ("CustomResourceDefinitionNames", "singular"): _ANY,
    ("DeploymentSpec", "progressDeadlineSeconds"): 600,
    ("DeploymentSpec", "revisionHistoryLimit"): 10,
    ("DeploymentStrategy", "type"): "RollingUpdate",
    ("RollingUpdateDeployment", "maxSurge"): "25%",
    ("RollingUpdateDeployment", "maxUnavailable"): "25%",
    ("DaemonSetSpec", "revisionHistoryLimit"): 10,
    ("DaemonSetUpdateStrategy", "type"): "RollingUpdate",
    ("RollingUpdateDaemonSet", "maxSurge"): 0,
    ("RollingUpdateDaemonSet", "maxUnavailable"): 1,
    ("StatefulSetSpec", "podManagementPolicy"): "OrderedReady",
    ("StatefulSetSpec", "revisionHistoryLimit"): 10,
    ("StatefulSetUpdateStrategy", "type"): "RollingUpdate",
    ("RollingUpdateStatefulSetStrategy", "partition"): 0,
    ("StatefulSetPersistentVolumeClaimRetentionPolicy", "whenDeleted"): "Retain",
    ("StatefulSetPersistentVolumeClaimRetentionPolicy", "whenScaled"): "Retain",
    ("JobSpec", "backoffLimit"): 6,
    ("JobSpec", "completionMode"): "NonIndexed",
    ("JobSpec", "completions"): 1,
    ("JobSpec", "manualSelector"): False,
    ("JobSpec", "parallelism"): 1,
    ("JobSpec", "podReplacementPolicy"): "TerminatingOrFailed",
    ("JobSpec", "suspend"): False,
    ("CronJobSpec", "concurrencyPolicy"): "Allow",
    ("CronJobSpec", "failedJobsHistoryLimit"): 1,
    ("CronJobSpec", "successfulJobsHistoryLimit"): 3,
    ("CronJobSpec", "suspend"): False,
    ("ServiceSpec", "externalTrafficPolicy"): "Cluster",
    ("ServiceSpec", "internalTrafficPolicy"): "Cluster",
    ("ServiceSpec", "sessionAffinity"): "None",
    ("ServiceSpec", "type"): "ClusterIP",
    ("HorizontalPodAutoscalerSpec", "minReplicas"): 1,
    ("PersistentVolumeSpec", "persistentVolumeReclaimPolicy"): "Retain",
    ("PersistentVolumeSpec", "volumeMode"): "Filesystem",
    ("StorageClass", "reclaimPolicy"): "Delete",
    ("StorageClass", "volumeBindingMode"): "Immediate",
    ("Secret", "type"): "Opaque",
    ("PriorityClass", "preemptionPolicy"): "PreemptLowerPriority",
    ("MutatingWebhook", "failurePolicy"): "Fail",
    ("MutatingWebhook", "matchPolicy"): "Equivalent",
    ("MutatingWebhook", "reinvocationPolicy"): "Never",
    ("MutatingWebhook", "timeoutSeconds"): 10,
    ("ValidatingWebhook", "failurePolicy"): "Fail",
    ("ValidatingWebhook", "matchPolicy"): "Equivalent",
    ("ValidatingWebhook", "timeoutSeconds"): 10,
    ("ScaleIOVolumeSource", "fsType"): "xfs",
    ("ScaleIOVolumeSource", "storageMode"): "ThinProvisioned",
    ("DeviceToleration", "operator"): "Equal",
    ("DeviceSubRequest", "count"): 1,
    ("ObjectMeta", "creationTimestamp"): _ANY,
}
_CONTAINERS: Final = frozenset({"EphemeralContainer"})
_ZERO_IS_ABSENT: Final = frozenset(
    {
        "globalDefault",
        "minReadySeconds",
        "paused",
        "readOnly",
        "chapAuthDiscovery",
        "chapAuthSession",
        "sslEnabled",
        "hostPort",
        "initialDelaySeconds",
        "stdin",
        "stdinOnce",
        "tty",
        "hostNetwork",
        "hostPID",
        "hostIPC",
        "healthCheckNodePort",
        "publishNotReadyAddresses",
        "nodePort",
        "unschedulable",
    }
)
"""Booleans and numbers of the API that are no pointers: false and 0 are dropped."""

_EMPTY_TEXT_SAYS_MORE: Final = frozenset({"storageClassName", "volumeAttributesClassName"})
_EMPTY_STRUCT_IS_ABSENT: Final = frozenset(
    {"metadata", "resources", "securityContext", "spec", "status", "strategy", "updateStrategy"}
)


def default_of(holder: FieldType, name: str, beside: Mapping[str, Any]) -> object:
    """What the API server fills in for a field of `holder` beside these others; None where it fills in nothing."""
    short = "Container" if holder.short in _CONTAINERS else holder.short
    found = _TABLE.get((short, name))
    return found(beside) if callable(found) else found


def is_filled_in(holder: FieldType, name: str, value: object, beside: Mapping[str, Any]) -> bool:
    """Whether a value that nobody declared is only what the API server fills in, or nothing."""
    default = default_of(holder, name, beside)
    if default is _ANY or (default is not None and default == value and type(default) is type(value)):
        return True
    own = holder.field(name)
    if says_nothing(own, name, value):
        return True
    if not own.known or own.is_map or not isinstance(value, dict) or not value:
        return False
    return all(is_filled_in(own, key, below, value) for key, below in value.items())


def says_nothing(own: FieldType, name: str, value: object) -> bool:
    """Whether the API server drops a value of this type because it says what its absence says."""
    if value is None or not own.known:
        return value is None
    match value:
        case bool() | int() | float():
            dropped = name in _ZERO_IS_ABSENT
        case str():
            dropped = name not in _EMPTY_TEXT_SAYS_MORE
        case dict():
            dropped = own.is_map or name in _EMPTY_STRUCT_IS_ABSENT
        case _:
            dropped = True
    return dropped and not value
