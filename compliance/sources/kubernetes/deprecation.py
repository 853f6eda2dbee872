"""Which API versions of which kinds Kubernetes has deprecated and stopped to serve, and what took their place.

Source: the "Deprecated API Migration Guide" of the Kubernetes documentation, and the lifecycle marks in the source of
its API. From 1.26 on every removal here is proven against the schemas of the versions on either side of it.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Deprecation(NamedTuple):
    """Minor versions (25 for Kubernetes 1.25) and the API version to use instead; None where nothing is known of it."""

    deprecated_in: int | None
    removed_in: int | None
    replacement: str | None


def deprecation(api_version: str | None, kind: str | None) -> Deprecation | None:
    """What has become of this kind in this API version; None when it is in no list of deprecated ones."""
    return _TABLE.get((api_version, kind))


_ROWS: Final[tuple[tuple[str, str, int | None, int | None, str | None], ...]] = (
    # API version, kinds, deprecated in, removed in, replacement
    ("extensions/v1beta1", "Deployment DaemonSet ReplicaSet", 8, 16, "apps/v1"),
    ("extensions/v1beta1", "NetworkPolicy", 9, 16, "networking.k8s.io/v1"),
    ("extensions/v1beta1", "PodSecurityPolicy", 10, 16, None),
    ("extensions/v1beta1", "Ingress", 14, 22, "networking.k8s.io/v1"),
    ("apps/v1beta1", "Deployment StatefulSet ControllerRevision", 8, 16, "apps/v1"),
    ("apps/v1beta2", "Deployment StatefulSet DaemonSet ReplicaSet ControllerRevision", 9, 16, "apps/v1"),
    (
        "admissionregistration.k8s.io/v1beta1",
        "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
        16,
        22,
        "admissionregistration.k8s.io/v1",
    ),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 16, 22, "apiextensions.k8s.io/v1"),
    ("apiregistration.k8s.io/v1beta1", "APIService", 19, 22, "apiregistration.k8s.io/v1"),
    ("authentication.k8s.io/v1beta1", "TokenReview", 19, 22, "authentication.k8s.io/v1"),
    (
        "authorization.k8s.io/v1beta1",
        "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
        19,
        22,
        "authorization.k8s.io/v1",
    ),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequest", 19, 22, "certificates.k8s.io/v1"),
    ("coordination.k8s.io/v1beta1", "Lease", 19, 22, "coordination.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "Ingress IngressClass", 19, 22, "networking.k8s.io/v1"),
    (
        "rbac.authorization.k8s.io/v1alpha1",
        "ClusterRole ClusterRoleBinding Role RoleBinding",
        17,
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    (
        "rbac.authorization.k8s.io/v1beta1",
        "ClusterRole ClusterRoleBinding Role RoleBinding",
        17,
        22,
        "rbac.authorization.k8s.io/v1",
    ),
    ("scheduling.k8s.io/v1alpha1", "PriorityClass", 14, 17, "scheduling.k8s.io/v1"),
    ("scheduling.k8s.io/v1beta1", "PriorityClass", 14, 22, "scheduling.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "CSIDriver StorageClass VolumeAttachment", 19, 22, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "CSINode", 17, 22, "storage.k8s.io/v1"),
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler", 22, 25, "autoscaling/v2"),
    ("batch/v1beta1", "CronJob", 21, 25, "batch/v1"),
    ("discovery.k8s.io/v1beta1", "EndpointSlice", 21, 25, "discovery.k8s.io/v1"),
    ("events.k8s.io/v1beta1", "Event", 22, 25, "events.k8s.io/v1"),
    ("node.k8s.io/v1beta1", "RuntimeClass", 22, 25, "node.k8s.io/v1"),
    ("policy/v1beta1", "PodDisruptionBudget", 21, 25, "policy/v1"),
    ("policy/v1beta1", "PodSecurityPolicy", 21, 25, None),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 23, 26, "autoscaling/v2"),
    (
        "flowcontrol.apiserver.k8s.io/v1beta1",
        "FlowSchema PriorityLevelConfiguration",
        23,
        26,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    (
        "flowcontrol.apiserver.k8s.io/v1beta2",
        "FlowSchema PriorityLevelConfiguration",
        26,
        29,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    (
        "flowcontrol.apiserver.k8s.io/v1beta3",
        "FlowSchema PriorityLevelConfiguration",
        29,
        32,
        "flowcontrol.apiserver.k8s.io/v1",
    ),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacity", 24, 27, "storage.k8s.io/v1"),
    (
        "admissionregistration.k8s.io/v1alpha1",
        "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
        None,
        32,
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
        31,
        34,
        "admissionregistration.k8s.io/v1",
    ),
    ("networking.k8s.io/v1beta1", "IPAddress ServiceCIDR", 34, 37, "networking.k8s.io/v1"),
    ("storage.k8s.io/v1alpha1", "VolumeAttributesClass", 32, 35, "storage.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "VolumeAttributesClass", 34, 37, "storage.k8s.io/v1"),
    ("storagemigration.k8s.io/v1alpha1", "StorageVersionMigration", None, 35, "storagemigration.k8s.io/v1"),
    ("v1", "ComponentStatus", 19, None, None),
)

_TABLE: Final[dict[tuple[str | None, str | None], Deprecation]] = {
    (api_version, kind): Deprecation(deprecated_in, removed_in, replacement)
    for api_version, kinds, deprecated_in, removed_in, replacement in _ROWS
    for kind in kinds.split()
}
