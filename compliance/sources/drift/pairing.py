"""What is declared, what is there, and which of the two an object is.

Only what declarations cover can be unmanaged: their kinds, in the namespaces that they name. What a cluster makes by
itself is ignored: what has an owner, endpoints, leases, events, default service accounts, bundles of CAs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from compliance import globs
from compliance.drift_settings import ObjectPatterns
from compliance.sources.kubernetes.fields import mapping, mappings, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_TOKEN: Final = "kubernetes.io/service-account-token"  # noqa: S105 - a type of Secrets
_TLS: Final = "kubernetes.io/tls"
_CERTIFICATE: Final = "cert-manager.io/certificate-name"
_HOOKS: Final = ("helm.sh/hook", "argocd.argoproj.io/hook")


class Identity(NamedTuple):
    """What tells objects apart; the version of the API does not."""

    group: str
    kind: str
    namespace: str | None
    name: str


def identity(value: Mapping[str, Any], default_namespace: str | None = None) -> Identity:
    """The identity of an object; `default_namespace` is where one lands that names none."""
    metadata = mapping(value, "metadata")
    group = str(value.get("apiVersion")).rpartition("/")[0]
    namespace = text(metadata.get("namespace")) or default_namespace
    return Identity(group, str(value.get("kind")), namespace, str(metadata.get("name")))


@dataclass(frozen=True, slots=True)
class Declared:
    """An object as it is declared, and where: `locator` a file or URL and path, `revision` a commit or release."""

    value: Mapping[str, Any]
    locator: str
    revision: str | None = None


MADE_BY_CLUSTERS: Final = (
    ObjectPatterns("", "ConfigMap", name="kube-root-ca.crt"),
    ObjectPatterns("", "ConfigMap", name="openshift-service-ca.crt"),
    ObjectPatterns("", "ConfigMap", name="istio-ca-root-cert"),
    ObjectPatterns("", "ConfigMap", "kube-system", "extension-apiserver-authentication"),
    ObjectPatterns("", "ConfigMap", "kube-system", "kube-apiserver-legacy-service-account-token-tracking"),
    ObjectPatterns("", "ServiceAccount", name="default"),
    ObjectPatterns("", "ServiceAccount", "kube-system", "*-controller"),
    ObjectPatterns("", "Secret", name="default-token-*"),
    ObjectPatterns("", "ConfigMap", name="sh.helm.release.v1.*"),
    ObjectPatterns("", "Secret", name="sh.helm.release.v1.*"),
    ObjectPatterns("", "Service", "default", "kubernetes"),
    ObjectPatterns("", "Namespace", name="default"),
    ObjectPatterns("", "Namespace", name="kube-*"),
    ObjectPatterns("", "Endpoints"),
    ObjectPatterns("", "Event"),
    ObjectPatterns("events.k8s.io", "Event"),
    ObjectPatterns("discovery.k8s.io", "EndpointSlice"),
    ObjectPatterns("coordination.k8s.io", "Lease"),
    ObjectPatterns("apps", "ControllerRevision"),
    ObjectPatterns("metrics.k8s.io"),
    ObjectPatterns("storage.k8s.io", "CSIStorageCapacity"),
    ObjectPatterns("autoscaling.k8s.io", "VerticalPodAutoscalerCheckpoint"),
    ObjectPatterns("wgpolicyk8s.io"),
    ObjectPatterns("openreports.io"),
    ObjectPatterns("rbac.authorization.k8s.io", name="system:*"),
)
"""What is in every cluster, or written by audits such as this one."""


CLUSTER_SCOPED: Final = frozenset(
    {
        ("", "Namespace"),
        ("", "Node"),
        ("", "PersistentVolume"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        ("certificates.k8s.io", "CertificateSigningRequest"),
        ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
        ("networking.k8s.io", "IngressClass"),
        ("node.k8s.io", "RuntimeClass"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "CSIDriver"),
        ("storage.k8s.io", "StorageClass"),
    }
)
"""Groups and kinds of Kubernetes' own objects that have no namespace."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One object of either side or both; `presence` as in the facts."""

    presence: str
    declared: Declared | None
    live: Mapping[str, Any] | None


def nothing(_live: Mapping[str, Any]) -> bool:
    """No live object is expected."""
    return False


@dataclass(slots=True)
class Declarations:
    """All that is declared, to be asked about one live object after the other; what is left over is missing.

    One that names no namespace lands in the default one, unless its group and kind are `cluster_scoped` (the API's
    discovery says which are, of custom resources too). What is not declared is unmanaged in a namespace into which
    something is declared; Secrets, which many keep out of repositories, and what lives in no namespace, where others of
    their kind are declared. Nothing is where not everything that is declared could be read (`complete`), and nothing
    that is `expected`.
    """

    declared: Iterable[Declared]
    default_namespace: str = "default"
    cluster_scoped: frozenset[tuple[str, str]] = CLUSTER_SCOPED
    ignored: tuple[ObjectPatterns, ...] = MADE_BY_CLUSTERS
    complete: bool = True
    expected: Callable[[Mapping[str, Any]], bool] = nothing
    _left: dict[Identity, Declared] = field(default_factory=dict, init=False)
    _namespaces: set[str] = field(default_factory=set, init=False)
    _kinds: set[tuple[str, str, str | None]] = field(default_factory=set, init=False)
    _generated: list[Declared] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        for one in self.declared:
            key = self._identity(one.value)
            self._kinds.add((key.group, key.kind, key.namespace))
            if key.namespace is not None:
                self._namespaces.add(key.namespace)
            self.ignored = (*self.ignored, *_claims(one.value, key))
            if mapping(one.value, "metadata").get("name") is None:
                self._generated.append(replace(one, value=_placed(one.value, key.namespace)))
            else:
                self._left[key] = replace(one, value=_placed(one.value, key.namespace))

    def _identity(self, value: Mapping[str, Any]) -> Identity:
        key = identity(value)
        if (key.group, key.kind) in self.cluster_scoped:
            return key._replace(namespace=None)
        return key if key.namespace is not None else key._replace(namespace=self.default_namespace)

    def pair(self, live: Mapping[str, Any]) -> Pair:
        """What is declared of a live object; each may be asked about once."""
        key = identity(live)
        found = self._left.pop(key, None)
        if found is not None:
            return Pair("both", found, live)
        if not self.complete or not self._is_covered(key):
            return Pair("not_compared", None, live)
        return Pair("ignored" if self._is_ignored(key, live) else "unmanaged", None, live)

    def _is_covered(self, key: Identity) -> bool:
        if key.namespace is None or (key.group, key.kind) == ("", "Secret"):
            return (key.group, key.kind, key.namespace) in self._kinds
        return key.namespace in self._namespaces

    def missing(self, namespace: str | None) -> Iterator[Pair]:
        """What is declared in a namespace and was never asked about, once; None: all that is left, and nameless ones.

        Ask when all live objects of the namespace have been paired.
        """
        found = [key for key in self._left if namespace in (None, key.namespace)]
        yield from (Pair("missing", self._left.pop(key), None) for key in found)
        if namespace is None:
            yield from (Pair("missing", one, None) for one in self._generated)

    def _is_ignored(self, key: Identity, live: Mapping[str, Any]) -> bool:
        owned = any(True for _ in mappings(mapping(live, "metadata").get("ownerReferences")))
        issued = key.kind == "Secret" and (live.get("type") == _TOKEN or _is_certificate(live))
        return owned or issued or self.expected(live) or any(rule.fits(key) for rule in self.ignored)


def _is_certificate(secret: Mapping[str, Any]) -> bool:
    """Whether cert-manager keeps a certificate in it, which leaves it without an owner by default."""
    return secret.get("type") == _TLS and _CERTIFICATE in mapping(secret, "metadata", "annotations")


def _claims(value: Mapping[str, Any], key: Identity) -> Iterator[ObjectPatterns]:
    """The claims that a StatefulSet makes and leaves without an owner: CLAIM-NAME-0, -1 and so on."""
    if (key.group, key.kind) == ("apps", "StatefulSet"):
        for claim in mappings(mapping(value, "spec").get("volumeClaimTemplates")):
            namespace, name = key.namespace or "*", f"{mapping(claim, 'metadata').get('name')}-{key.name}-*"
            if max(len(namespace), len(name)) <= globs.MAX_LENGTH:  # longer ones no API server takes
                yield ObjectPatterns("", "PersistentVolumeClaim", namespace, name)


def _placed(value: Mapping[str, Any], namespace: str | None) -> dict[str, Any]:
    """The object in the namespace where it lands."""
    metadata = {key: item for key, item in mapping(value, "metadata").items() if key != "namespace"}
    return {**value, "metadata": metadata if namespace is None else {**metadata, "namespace": namespace}}


def is_transient(value: Mapping[str, Any]) -> bool:
    """Whether an object's absence is normal: a hook, a Job that removes itself, an object with a generated name."""
    metadata = mapping(value, "metadata")
    annotations = mapping(metadata, "annotations")
    removes_itself = value.get("kind") == "Job" and mapping(value, "spec").get("ttlSecondsAfterFinished") is not None
    generated = metadata.get("name") is None and metadata.get("generateName") is not None
    return any(hook in annotations for hook in _HOOKS) or removes_itself or generated
