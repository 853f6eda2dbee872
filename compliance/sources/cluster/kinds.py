"""Which of a cluster's kinds are read: those that some rule applies to, and those that others are joined with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from compliance.sources.kubernetes.entries import is_joined
from compliance.sources.kubernetes.facts import facts_schema
from compliance.sources.kubernetes.joins import group_of

if TYPE_CHECKING:
    from collections.abc import Collection

_RECORDS: Final = frozenset(
    {
        ("", "ComponentStatus"),
        ("", "Endpoints"),
        ("", "Event"),
        ("", "Node"),
        ("apiregistration.k8s.io", "APIService"),
        ("apps", "ControllerRevision"),
        ("certificates.k8s.io", "CertificateSigningRequest"),
        ("certificates.k8s.io", "PodCertificateRequest"),
        ("coordination.k8s.io", "Lease"),
        ("coordination.k8s.io", "LeaseCandidate"),
        ("discovery.k8s.io", "EndpointSlice"),
        ("events.k8s.io", "Event"),
        ("networking.k8s.io", "IPAddress"),
        ("networking.k8s.io", "ServiceCIDR"),
        ("resource.k8s.io", "ResourceSlice"),
        ("storage.k8s.io", "CSINode"),
        ("storage.k8s.io", "CSIStorageCapacity"),
        ("storage.k8s.io", "VolumeAttachment"),
        ("storagemigration.k8s.io", "StorageVersionMigration"),
    }
)
_RECORD_GROUPS: Final = frozenset(
    {
        "aquasecurity.github.io",
        "custom.metrics.k8s.io",
        "external.metrics.k8s.io",
        "internal.apiserver.k8s.io",
        "metrics.k8s.io",
        "openreports.io",
        "reports.kyverno.io",
        "spdx.softwarecomposition.kubescape.io",
        "wgpolicyk8s.io",
    }
)
"""What a cluster and its scanners write down of themselves: nobody declares it, and there is more of it than of all
else together."""

_OF_ALL_NAMESPACES: Final = frozenset(
    {"PodMonitor", "PodMonitoring", "ServiceMonitor", "VMPodScrape", "VMServiceScrape"}
)


_RBAC: Final = "rbac.authorization.k8s.io"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that an API server serves; `resource` is its plural name in paths and in RBAC.

    `names` are the singular and the short ones, which kubectl takes too.
    """

    group: str
    version: str
    kind: str
    resource: str
    namespaced: bool
    names: tuple[str, ...] = field(default=(), compare=False)

    @property
    def api_version(self) -> str:
        """`apps/v1`, or `v1` for the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def schema(self) -> str:
        """The facts schema that its objects are told in."""
        return facts_schema({"apiVersion": self.api_version, "kind": self.kind})

    @property
    def is_joined(self) -> bool:
        """Whether other objects are joined with its objects."""
        return is_joined(self.api_version, self.kind)

    @property
    def group_in_joins(self) -> str | None:
        """What other objects are joined with its objects as."""
        return group_of(self.api_version, self.kind)

    @property
    def is_role(self) -> bool:
        """Whether it is a role or a binding: all that objects without a namespace are joined with."""
        return self.group == _RBAC

    @property
    def is_joined_everywhere(self) -> bool:
        """Whether objects of other namespaces are joined with it too, so that it must be read before them."""
        return self.kind in _OF_ALL_NAMESPACES

    def path(self, namespace: str | None = None) -> str:
        """The path of its list, in one namespace or in all."""
        base = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        return (
            f"{base}/namespaces/{quote(namespace, safe='')}/{self.resource}" if namespace else f"{base}/{self.resource}"
        )

    def object_path(self, namespace: str | None, name: str, version: str | None = None) -> str:
        """The path of one object, perhaps in another version of the API group."""
        kind = self if version is None else replace(self, version=version)
        return f"{kind.path(namespace)}/{quote(name, safe='')}"

    def __str__(self) -> str:
        return f"{self.resource}.{self.group}" if self.group else self.resource


def is_of_records(group: str) -> bool:
    """Whether an API group is of what clusters and scanners write down, and never read."""
    return group in _RECORD_GROUPS


def is_record(kind: Kind) -> bool:
    """Whether its objects are what clusters and scanners write down of themselves."""
    return (kind.group, kind.kind) in _RECORDS or is_of_records(kind.group)


def wanted(kind: Kind, schemas: Collection[str]) -> bool:
    """Whether rules that apply to these facts schemas need it."""
    if is_record(kind):
        return False
    return kind.schema in schemas or (kind.is_joined and (kind.namespaced or kind.is_role))
