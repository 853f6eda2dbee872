"""What kubectl calls the kinds of objects: plural, singular and short names, with their groups (Kubernetes 1.37).

A live cluster is asked for its names; these are for objects in files. A kind that is not listed is found by the names
that its CustomResourceDefinition gives it, or by the plural that Kubernetes guesses (`UnsafeGuessKindToResource`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAMESPACED: Final = """
bindings Binding
configmaps,cm ConfigMap
endpoints,ep Endpoints
events,ev Event
limitranges,limits LimitRange
persistentvolumeclaims,pvc PersistentVolumeClaim
pods,po Pod
podtemplates PodTemplate
replicationcontrollers,rc ReplicationController
resourcequotas,quota ResourceQuota
secrets Secret
serviceaccounts,sa ServiceAccount
services,svc Service
controllerrevisions ControllerRevision apps
daemonsets,ds DaemonSet apps
deployments,deploy Deployment apps
replicasets,rs ReplicaSet apps
statefulsets,sts StatefulSet apps
horizontalpodautoscalers,hpa HorizontalPodAutoscaler autoscaling
cronjobs,cj CronJob batch
jobs Job batch
leases Lease coordination.k8s.io
endpointslices EndpointSlice discovery.k8s.io
events,ev Event events.k8s.io
ingresses,ing Ingress networking.k8s.io
networkpolicies,netpol NetworkPolicy networking.k8s.io
poddisruptionbudgets,pdb PodDisruptionBudget policy
rolebindings RoleBinding rbac.authorization.k8s.io
roles Role rbac.authorization.k8s.io
resourceclaims ResourceClaim resource.k8s.io
resourceclaimtemplates ResourceClaimTemplate resource.k8s.io
csistoragecapacities CSIStorageCapacity storage.k8s.io
"""
_CLUSTER: Final = """
componentstatuses,cs ComponentStatus
namespaces,ns Namespace
nodes,no Node
persistentvolumes,pv PersistentVolume
mutatingadmissionpolicies MutatingAdmissionPolicy admissionregistration.k8s.io
mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding admissionregistration.k8s.io
mutatingwebhookconfigurations MutatingWebhookConfiguration admissionregistration.k8s.io
validatingadmissionpolicies ValidatingAdmissionPolicy admissionregistration.k8s.io
validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding admissionregistration.k8s.io
validatingwebhookconfigurations ValidatingWebhookConfiguration admissionregistration.k8s.io
customresourcedefinitions,crd,crds CustomResourceDefinition apiextensions.k8s.io
apiservices APIService apiregistration.k8s.io
certificatesigningrequests,csr CertificateSigningRequest certificates.k8s.io
flowschemas FlowSchema flowcontrol.apiserver.k8s.io
prioritylevelconfigurations PriorityLevelConfiguration flowcontrol.apiserver.k8s.io
ingressclasses IngressClass networking.k8s.io
ipaddresses,ip IPAddress networking.k8s.io
servicecidrs ServiceCIDR networking.k8s.io
runtimeclasses RuntimeClass node.k8s.io
clusterrolebindings ClusterRoleBinding rbac.authorization.k8s.io
clusterroles ClusterRole rbac.authorization.k8s.io
deviceclasses DeviceClass resource.k8s.io
resourceslices ResourceSlice resource.k8s.io
priorityclasses,pc PriorityClass scheduling.k8s.io
csidrivers CSIDriver storage.k8s.io
csinodes CSINode storage.k8s.io
storageclasses,sc StorageClass storage.k8s.io
volumeattachments VolumeAttachment storage.k8s.io
volumeattributesclasses,vac VolumeAttributesClass storage.k8s.io
"""
_VERSION: Final = re.compile(r"v[0-9]+(?:(?:alpha|beta)[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of objects: the names it goes by (the plural first), its kind and group (empty for the core)."""

    names: tuple[str, ...]
    kind: str
    group: str
    namespaced: bool

    def is_called(self, name: str, group: str | None) -> bool:
        """Whether kubectl means it by `name`, or by `name.group`; a version may stand before the group."""
        if name not in {*self.names, self.kind.lower()}:
            return False
        version, _, rest = (group or "").partition(".")
        return group in {None, self.group} or (rest == self.group and _VERSION.fullmatch(version) is not None)


def _listed(text: str, *, namespaced: bool) -> Iterable[Resource]:
    for line in text.strip().splitlines():
        names, kind, *group = line.split(" ")
        yield Resource(tuple(names.split(",")), kind, "".join(group), namespaced)


KNOWN: Final = (*_listed(_NAMESPACED, namespaced=True), *_listed(_CLUSTER, namespaced=False))
"""The kinds that every cluster has, those preferred first where two share a name."""


def find(written: str, known: Iterable[Resource]) -> Resource | None:
    """The resource that kubectl means by a name as it is written in lower case, the first one where two share it."""
    name, _, group = written.partition(".")
    return next((each for each in known if each.is_called(name, group or None)), None)


def of_definition(definition: Mapping[str, Any]) -> Resource | None:
    """The resource that a CustomResourceDefinition defines; None where it does not say."""
    spec = definition.get("spec")
    names = spec.get("names") if isinstance(spec, dict) else None
    if not isinstance(spec, dict) or not isinstance(names, dict):
        return None
    kind, plural, short = names.get("kind"), names.get("plural"), names.get("shortNames")
    if not isinstance(kind, str) or not isinstance(plural, str):
        return None
    called = [plural, names.get("singular"), *(short if isinstance(short, list) else ())]
    texts = tuple(each for each in called if isinstance(each, str) and each)
    return Resource(texts, kind, str(spec.get("group", "")), spec.get("scope") == "Namespaced")


def guessed(group: str, kind: str) -> Resource:
    """What Kubernetes would call a kind that nobody has defined; whether it lives in namespaces is not known."""
    lower = kind.lower()
    if lower.endswith("s"):
        plural = f"{lower}es"
    elif lower.endswith("y"):
        plural = f"{lower[:-1]}ies"
    else:
        plural = f"{lower}s"
    return Resource((plural,), kind, group, namespaced=True)


def group_of(api_version: str) -> str:
    """The group in an `apiVersion`; empty for the core."""
    group, slash, _ = api_version.partition("/")
    return group if slash else ""
