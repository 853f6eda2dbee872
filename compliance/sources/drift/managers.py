"""Which writers of an object may write it, and what those have written that may not.

The names of kubectl's commands are those of its `--field-manager` defaults (kubectl reference); others take theirs from
their program. A name is what the writer says that it is: who means to hide takes another's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from compliance import globs
from compliance.sources.drift.moments import days_between, moment
from compliance.sources.drift.steps import written
from compliance.sources.kubernetes.fields import mapping, mappings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from compliance.sources.drift.managed_fields import Writer
    from compliance.sources.drift.steps import Path

DEPLOYERS: Final = (
    "kubectl-client-side-apply",
    "before-first-apply",  # what the API server names the owner of fields from before it kept account
    "helm",
    "Helm",
    "argocd*",
    "argo-cd*",
    "rollouts-controller",
    "flux*",
    "kustomize-controller",
    "helm-controller",
    "source-controller",
    "Terraform",
    "HashiCorp",
    "pulumi*",
    "kapp*",
    "fleet*",
    "compliance",
)
"""Managers that deploy what is declared."""

CONTROLLERS: Final = (
    "kube-controller-manager",
    "kube-scheduler",
    "kube-apiserver",
    "api-priority-and-fairness-*",
    "clusterrole-aggregation-controller",
    "kubelet",
    "kubeadm",
    "cloud-controller-manager",
    "kube-proxy",
    "cluster-autoscaler",
    "keda*",
    "vpa-*",
    "recommender",
    "admission-controller",
    "cert-manager*",
    "cainjector",
    "external-secrets*",
    "sealed-secrets*",
    "secrets-store*",
    "trust-manager",
    "istiod",
    "pilot-discovery",
    "linkerd*",
    "cilium*",
    "calico*",
    "coredns",
    "metrics-server",
    "csi-*",
    "snapshot-controller",
    "aws-*",
    "eks*",
    "gke-*",
    "aks*",
)
"""Managers that are part of clusters."""

SCALERS: Final = ("kube-controller-manager", "keda*", "rollouts-controller", "vpa-*")
"""Managers that write a number of replicas because something measured says so."""

TOLD_APART: Final = frozenset({"scale", "ephemeralcontainers"})
"""Subresources that have facts of their own: `replicas` and `ephemeral_containers`."""

_HANDS: Final = re.compile(r"kubectl|kubectl-.*|k9s|Lens|OpenLens|Headlamp|dashboard|Mozilla|curl")
_CHANGES: Final = re.compile(r"kubectl-(?:annotate|cordon|edit|label|patch|rollout|scale|set|taint)")
_MAX_FIELDS: Final = 50
_RESTARTED: Final = "kubectl.kubernetes.io/restartedAt"


@dataclass(frozen=True)
class ManagerPolicy:
    """Who may write: patterns over managers' names (`*`, `?`), which replace the built-in lists or add to them."""

    allowed: tuple[str, ...] = (*DEPLOYERS, *CONTROLLERS)
    scalers: tuple[str, ...] = SCALERS

    def with_allowed(self, more: Iterable[str]) -> ManagerPolicy:
        """The same, with further managers that may write.

        Raises:
            ValueError: a pattern is longer than 512 characters (on first use).
        """
        return ManagerPolicy((*self.allowed, *more), self.scalers)

    @cached_property
    def _allowed(self) -> tuple[re.Pattern[str], ...]:
        return tuple(globs.over_text(pattern) for pattern in self.allowed)

    @cached_property
    def _scalers(self) -> tuple[re.Pattern[str], ...]:
        return tuple(globs.over_text(pattern) for pattern in (*self.scalers, *self.allowed))

    def allows(self, writer: Writer) -> bool:
        """Whether it may write; `kubectl apply --server-side` calls itself kubectl, as other commands of it do."""
        if writer.manager == "kubectl" and writer.operation == "Apply":
            return True
        return any(pattern.fullmatch(writer.manager) for pattern in self._allowed)

    def scales_by_hand(self, writer: Writer) -> bool:
        """Whether a number of replicas that it wrote is neither deployed nor an autoscaler's."""
        return not (self.allows(writer) or any(pattern.fullmatch(writer.manager) for pattern in self._scalers))


def applier_of(writers: Iterable[Writer], policy: ManagerPolicy) -> str | None:
    """Who deploys an object by server-side apply; None where nobody does, or several do."""
    found = {
        writer.manager
        for writer in writers
        if writer.operation == "Apply" and not writer.subresource and policy.allows(writer)
    }
    return found.pop() if len(found) == 1 else None


def is_hand(manager: str, operation: str) -> bool:
    """Whether a manager's name is that of a tool in somebody's hand, and no deployment."""
    if operation == "Apply" or manager == "kubectl-client-side-apply":
        return False
    return _HANDS.fullmatch(manager) is not None


def told(
    value: Mapping[str, Any], writers: Iterable[Writer], policy: ManagerPolicy, now: datetime
) -> list[dict[str, Any]]:
    """The facts `managers`: subresources' entries only where a hand wrote them, and no other facts tell of them.

    What a controller has made it may write, whatever it is called.
    """
    owned = any(one.get("controller") is True for one in mappings(mapping(value, "metadata").get("ownerReferences")))
    created = moment(mapping(value, "metadata").get("creationTimestamp"))
    return [
        {
            "name": writer.manager,
            "operation": "Apply" if writer.operation == "Apply" else "Update",
            "subresource": writer.subresource or None,
            "allowed": policy.allows(writer) or (owned and not is_hand(writer.manager, writer.operation)),
            "time": writer.time,
            "age_days": days_between(moment(writer.time), now),
            "fields": _fields(value, writer, whole=created is not None and _has_made(writer, created)),
        }
        for writer in writers
        if _counts(writer)
    ]


def _counts(writer: Writer) -> bool:
    if writer.subresource in TOLD_APART:
        return False
    return writer.subresource == "" or is_hand(writer.manager, writer.operation)


def _has_made(writer: Writer, created: datetime) -> bool:
    """Whether it wrote when the object was made; times are seconds, and some commands change only what is there."""
    return moment(writer.time) == created and _CHANGES.fullmatch(writer.manager) is None


def _fields(value: Mapping[str, Any], writer: Writer, *, whole: bool) -> list[str]:
    """The paths, sorted; of the one that made the object, what lies at its top."""
    paths: Iterable[Path] = ((step,) for step in writer.fields.children) if whole else writer.fields.leaves()
    return sorted({written(path, value) for path in paths if path[-1].name != _RESTARTED})[:_MAX_FIELDS]
