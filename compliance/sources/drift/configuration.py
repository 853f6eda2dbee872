"""ConfigMaps and Secrets that were changed in place after Pods that read them had started.

When data was written is told by managedFields: the newest entry that owns any of it. That an entry changed does not say
that the data did, so a writer that owns data and changes a label counts as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ReadError
from compliance.sources.drift.managed_fields import Writer, writers_of
from compliance.sources.drift.moments import count, moment
from compliance.sources.drift.steps import field
from compliance.sources.kubernetes import configuration_uses
from compliance.sources.kubernetes.fields import mapping, mappings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compliance.sources.drift.pods import PodsOf

_DATA: Final = ("data", "binaryData")
_BUNDLES: Final = frozenset({"kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"})
_MARKS: Final = (
    "cert-manager.io/",
    "config.openshift.io/inject-trusted-cabundle",
    "external-secrets.io/",
    "reconcile.external-secrets.io/",
    "secrets-store.csi.k8s.io/",
    "trust.cert-manager.io/",
)
"""Labels and annotations of what keeps certificates, bundles and secrets current."""


def told(pods: PodsOf, configuration: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The facts `configuration_changed`; `configuration` are the ConfigMaps and Secrets of the Pods' namespace.

    Raises:
        ReadError: managedFields cannot be read.
    """
    there = {(str(one.get("kind")), str(mapping(one, "metadata").get("name"))): one for one in configuration}
    running = [made for made in pods.current if made.running and there]
    uses = [(made, configuration_uses.names(mapping(made.pod, "spec"))) for made in running]
    found = []
    for kind, name in sorted({use for _, names in uses for use in names} & there.keys()):
        writer = _changed_by(there[kind, name])
        changed = None if writer is None else moment(writer.time)
        if writer is None or changed is None:
            continue
        before = sum(
            made.started is not None and made.started < changed for made, names in uses if (kind, name) in names
        )
        if before:
            fact = {"kind": kind, "name": name, "changed_at": writer.time, "manager": writer.manager or None}
            found.append({**fact, "pods": count(before), "maintained": is_maintained(there[kind, name])})
    return found


def may_have_changed(value: Mapping[str, Any]) -> bool:
    """Whether its data was changed after it had been made, or nobody can tell."""
    try:
        return _changed_by(value) is not None
    except ReadError:
        return True


def _changed_by(value: Mapping[str, Any]) -> Writer | None:
    """Who changed the data last, after it had been made; None where nobody is on record."""
    created = moment(mapping(value, "metadata").get("creationTimestamp"))
    owners = [one for one in writers_of(value) if any(one.fields.covers((field(name),)) for name in _DATA)]
    newest = max(owners, key=lambda one: one.time or "", default=None)
    changed = None if newest is None else moment(newest.time)
    return None if changed is None or (created is not None and changed <= created) else newest


def is_maintained(value: Mapping[str, Any]) -> bool:
    """Whether a controller keeps it current."""
    metadata = mapping(value, "metadata")
    if metadata.get("name") in _BUNDLES or value.get("type") == "kubernetes.io/service-account-token":
        return True
    if any(reference.get("controller") is True for reference in mappings(metadata.get("ownerReferences"))):
        return True
    marks = (*mapping(metadata, "labels"), *mapping(metadata, "annotations"))
    return any(mark.startswith(_MARKS) for mark in marks)
