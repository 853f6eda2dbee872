"""One report as an object of a cluster: its name, whose it is, what it says, and what found no room in it.

PolicyReport (wgpolicyk8s.io/v1alpha2) and Report (openreports.io/v1alpha1) hold the same thing under two names: both
are made here, and an `Api` says what differs. An object in etcd may have 1.5 MiB, so a report has room for so many
results and bytes; what is cut is the least severe, and the report says how much that is.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance.model import Subject
from compliance.output import report_results as results
from compliance.output.json_text import compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from compliance.model import LiveObject
    from compliance.output.report_results import Result

MAX_BYTES: Final = 1024 * 1024
"""Of one report's results; the rest of it takes a few kilobytes, and an etcd refuses more than 1.5 MiB."""

MANAGED_BY: Final = "app.kubernetes.io/managed-by"
HASH: Final = "compliance.report/hash"
"""An annotation: the digest of all that a report says, times apart. Equal digests are equal reports."""
SUBJECT: Final = "compliance.report/subject"
"""An annotation: whose report it is, as `Kind/namespace/name` or `Kind/name`."""
LEFT_OUT: Final = "compliance.report/left-out"
"""An annotation: how many results found no room."""

_NAME_DIGITS: Final = 12
_NAME_LETTERS: Final = 40
_LABEL: Final = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")
_NO_NAME: Final = re.compile(r"[^a-z0-9]+")
_TIMESTAMP_ROOM: Final = len(',"timestamp":{"nanos":999999999,"seconds":253402300799}')


@dataclass(frozen=True, slots=True)
class Api:
    """One of the APIs: what its objects are called, and whether a report may name its source and limits itself.

    `home` is where its CustomResourceDefinitions are published.
    """

    name: str
    group: str
    version: str
    kind: str
    resource: str
    cluster_kind: str
    cluster_resource: str
    names_source: bool
    home: str

    @property
    def api_version(self) -> str:
        """As in manifests."""
        return f"{self.group}/{self.version}"


@dataclass(frozen=True, slots=True)
class About:
    """Whose a report is: None for what is about no resource. `owners` are the live objects of that name, if any are."""

    name: str
    subject: Subject | None = None
    owners: Sequence[LiveObject] = ()

    @property
    def namespace(self) -> str | None:
        """Where the report is to be; what is in no namespace, or in none that can be, is reported for the cluster."""
        name = None if self.subject is None else self.subject.namespace
        return name if name is not None and _LABEL.fullmatch(name) else None


@dataclass(frozen=True, slots=True)
class Report:
    """One object to be in a cluster. `digest` stands in its annotations too; `left_out` counts results without room."""

    name: str
    namespace: str | None
    body: Mapping[str, Any] = field(repr=False)
    digest: str
    left_out: int


def name_of(subject: Subject, apart: str = "") -> str:
    """A name of RFC 1123 of at most 65 characters, the same in every run; `apart` is what else makes a difference."""
    parts = (subject.kind, subject.namespace or "", subject.name, apart)
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:_NAME_DIGITS]
    readable = _NO_NAME.sub("-", f"{subject.kind}-{subject.name}".lower())[:_NAME_LETTERS].strip("-")
    return "-".join(part for part in ("compliance", readable, digest) if part)


def label_of(subject: Subject) -> str:
    """A subject as `SUBJECT` says it: without the cluster, which each kubeconfig calls by a name of its own."""
    return results.clipped(str(Subject(subject.kind, subject.name, subject.namespace)))


def report(api: Api, about: About, said: Sequence[Result], passed: int | None, most: int, now: datetime) -> Report:
    """One object that says as much of `said` as has room, the first of it; `passed` is None where nobody counted.

    `now` is when the results were found; it is no part of the digest.
    """
    kept = within(said, most)
    left_out = len(said) - len(kept)
    metadata = _metadata(about, left_out)
    body = {
        "apiVersion": api.api_version,
        "kind": api.cluster_kind if about.namespace is None else api.kind,
        "metadata": metadata,
        **_head(api, about, most),
        "results": kept,
        "summary": results.summary(said, passed),
    }
    digest = hashlib.sha256(compact(body)).hexdigest()[:32]
    metadata["annotations"][HASH] = digest
    body["results"] = [{**one, "timestamp": _timestamp(now)} for one in kept]
    return Report(about.name, about.namespace, body, digest, left_out)


def within(said: Sequence[Result], most: int) -> list[Result]:
    """The first results: as many as may be, and have room."""
    kept: list[Result] = []
    size = 0
    for one in said[:most]:
        size += len(compact(one)) + _TIMESTAMP_ROOM + 1
        if size > MAX_BYTES:
            break
        kept.append(one)
    return kept


def _metadata(about: About, left_out: int) -> dict[str, Any]:
    annotations = {SUBJECT: "" if about.subject is None else label_of(about.subject)}
    if left_out:
        annotations[LEFT_OUT] = str(left_out)
    metadata: dict[str, Any] = {
        "name": about.name,
        "labels": {MANAGED_BY: results.SOURCE},
        "annotations": annotations,
    }
    if about.namespace is not None:
        metadata["namespace"] = about.namespace
    if about.owners:
        metadata["ownerReferences"] = [_reference(owner) for owner in about.owners]
    return metadata


def _reference(owner: LiveObject) -> dict[str, str]:
    """An owner by whose end the report ends; it is no controller, and its end waits for no report's."""
    return {"apiVersion": owner.api_version, "kind": owner.subject.kind, "name": owner.subject.name, "uid": owner.uid}


def _head(api: Api, about: About, most: int) -> dict[str, Any]:
    """What the results are about; and what OpenReports lets a report say of itself."""
    head: dict[str, Any] = {}
    if about.subject is not None:
        head["scope"] = _scope(about.subject, about.owners)
    if api.names_source:
        head |= {"source": results.SOURCE, "configuration": {"limits": {"maxResults": most}}}
    return head


def _scope(subject: Subject, owners: Sequence[LiveObject]) -> dict[str, str]:
    said = {"kind": subject.kind, "name": subject.name, "namespace": subject.namespace or ""}
    if owners:
        said |= {"apiVersion": owners[0].api_version, "uid": owners[0].uid}
    return {key: results.clipped(value) for key, value in said.items() if value}


def _timestamp(moment: datetime) -> dict[str, int]:
    return {"seconds": int(moment.timestamp()), "nanos": moment.microsecond * 1000}
