"""The reports that a cluster holds already: whose they are, what they say (as a digest), and who has written them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.model import Subject
from compliance.output.report_objects import HASH, MANAGED_BY, SUBJECT
from compliance.output.report_results import SOURCE
from compliance.sources.cluster.listing import metadata
from compliance.sources.kubernetes.fields import mapping, mappings, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compliance.sources.cluster.client import Client
    from compliance.sources.cluster.kinds import Kind
    from compliance.sources.cluster.listing import Object


@dataclass(frozen=True, slots=True)
class Held:
    """One of our reports; `subject` is as `label_of` says it. `untouched`: nobody else has written what it says."""

    kind: Kind
    namespace: str | None
    name: str
    uid: str
    digest: str
    subject: str
    untouched: bool

    @property
    def path(self) -> str:
        """Where it is."""
        return f"{self.kind.path(self.namespace)}/{self.name}"

    def subject_in(self, cluster: str) -> Subject | None:
        """What it is about; None where the label is none of ours."""
        match self.subject.split("/"):
            case [kind, name]:
                return Subject(kind, name, None, cluster)
            case [kind, namespace, name]:
                return Subject(kind, name, namespace, cluster)
            case _:
                return None


def held(client: Client, kind: Kind, namespace: str | None) -> Iterator[Held]:
    """Our reports of a kind in a namespace, or in all; of each no more is read than its metadata.

    Raises:
        ClusterError: the list cannot be read (to its end).
    """
    for value in metadata(client, kind, namespace, labelSelector=f"{MANAGED_BY}={SOURCE}"):
        yield _held(kind, value)


def _held(kind: Kind, value: Object) -> Held:
    said = mapping(value, "metadata")
    annotations = mapping(said, "annotations")
    return Held(
        kind,
        text(said.get("namespace")),
        text(said.get("name")) or "",
        text(said.get("uid")) or "",
        text(annotations.get(HASH)) or "",
        text(annotations.get(SUBJECT)) or "",
        all(_is_ours(entry) for entry in mappings(said.get("managedFields"))),
    )


def _is_ours(entry: Mapping[str, object]) -> bool:
    """Whether a field manager is us, or has written nothing but metadata (as the garbage collector may)."""
    if (entry.get("manager"), entry.get("operation")) == (SOURCE, "Apply"):
        return True
    return set(mapping(entry, "fieldsV1")) <= {"f:metadata"}
