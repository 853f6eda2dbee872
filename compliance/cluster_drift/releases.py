"""What a cluster's own release records declare for it: Helm's, in Secrets and in ConfigMaps.

First the records' metadata is read, whose labels say what is deployed; then those records alone that say what is
declared. The newest revision that is deployed counts, whatever was tried after it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from compliance.cluster_drift.declared import DeclaredObjects, ambiguous, input_of
from compliance.errors import ClusterError, ReadError
from compliance.model import Gap, PassedOver, Stage
from compliance.sources.cluster.failures import StatusError
from compliance.sources.cluster.kinds import Kind
from compliance.sources.cluster.listing import metadata, with_releases
from compliance.sources.cluster.secrets import RELEASE_PREFIX, RELEASE_TYPE
from compliance.sources.drift.helm_release import declared, decode, release_namespace
from compliance.sources.drift.pairing import Declared, identity
from compliance.sources.kubernetes.fields import mapping, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from compliance.sources.cluster.client import Client
    from compliance.sources.drift.helm_release import HelmRelease
    from compliance.sources.drift.pairing import Identity

_SECRETS: Final = Kind("", "v1", "Secret", "secrets", namespaced=True)
_DRIVERS: Final = (_SECRETS, Kind("", "v1", "ConfigMap", "configmaps", namespaced=True))
_NUMBER: Final = re.compile("[0-9]{1,9}")
_MOST_RECORDS: Final = 100_000
_MOST_OBJECTS: Final = 100_000
_UNDECLARED: Final = frozenset({("", "Namespace"), ("apiextensions.k8s.io", "CustomResourceDefinition")})
"""What Helm makes beside a manifest: a namespace with --create-namespace, and what stands in `crds/` of charts."""

_TOO_MANY: Final = "audit in parts: --namespace"
_NONE: Final = "name the namespaces of releases, or give the path or commit that is deployed: --against PATH"
_NOT_DEPLOYED: Final = "deploy it again, roll it back, or end it: helm upgrade, rollback or uninstall"
_TWICE: Final = "let one release have it"


def read_releases(client: Client, namespaces: Sequence[str] = ()) -> DeclaredObjects:
    """What the releases of a cluster declare, of those namespaces or of all; what cannot be read is a gap."""
    found = _Found(client.cluster, tuple(namespaces))
    for kind in _DRIVERS:
        for namespace in namespaces or (None,):
            try:
                _read(client, kind, namespace, found)
            except ClusterError as error:
                found.miss("helm releases", _unlisted(kind, namespace, error), error.remedy)
    return found.told()


class _Revision(NamedTuple):
    """One record, as its labels have it."""

    namespace: str
    release: str
    number: int
    status: str
    record: str

    @property
    def owner(self) -> str:
        return f"helm release {self.namespace}/{self.release}"

    def __str__(self) -> str:
        return f"{self.owner} revision {self.number}"


@dataclass(slots=True)
class _Found:
    """What was found in one cluster so far."""

    cluster: str
    namespaces: tuple[str, ...]
    objects: list[Declared] = field(default_factory=list)
    hooks: set[Identity] = field(default_factory=set)
    gaps: list[Gap] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    releases: int = 0

    def miss(self, what: str, why: str, remedy: str) -> None:
        """Note that something could not be read."""
        self.gaps.append(Gap(Stage.COLLECT, f"{self.cluster}: {what}", why, remedy))

    def pass_over(self, what: str, why: str) -> None:
        """Note what does not count."""
        self.passed_over.append(PassedOver(f"{self.cluster}: {what}", why))

    def take(self, release: HelmRelease) -> None:
        """Take in what a release declares."""
        self.releases += 1
        for one in declared(release):
            if isinstance(one, ReadError):
                self.miss(str(release), one.message, one.remedy)
            else:
                self.objects.append(one)
        self.hooks.update(release.hooks, (hook._replace(namespace=None) for hook in release.hooks))

    def told(self) -> DeclaredObjects:
        """All of it."""
        if not self.releases and not self.gaps:
            where = f" in {', '.join(self.namespaces)}" if self.namespaces else ""
            self.miss("helm releases", f"no release is deployed{where}, so nothing is declared", _NONE)
        name = f"{self.cluster}: helm releases"
        self.gaps.extend(ambiguous(self.objects, name, _TWICE))
        inputs = (input_of(name, self.objects),) if self.releases else ()
        return DeclaredObjects(
            tuple(self.objects),
            complete=not self.gaps,
            expected=_Expected(frozenset(self.hooks), frozenset(self.namespaces)),
            gaps=tuple(self.gaps),
            passed_over=tuple(self.passed_over),
            inputs=inputs,
        )


@dataclass(frozen=True, slots=True)
class _Expected:
    """Live objects that may be there undeclared: of hooks, by Helm itself, and of releases that were not looked at."""

    hooks: frozenset[Identity]
    namespaces: frozenset[str]

    def __call__(self, live: Mapping[str, Any]) -> bool:
        key, namespace = identity(live), release_namespace(live)
        elsewhere = bool(self.namespaces) and namespace is not None and namespace not in self.namespaces
        return elsewhere or key in self.hooks or (key.group, key.kind) in _UNDECLARED


def _read(client: Client, kind: Kind, namespace: str | None, found: _Found) -> None:
    """Read the releases that one driver keeps in one place; raises as `metadata`."""
    by_release: dict[tuple[str, str], list[_Revision]] = defaultdict(list)
    for one in _revisions(client, kind, namespace, found):
        by_release[one.namespace, one.release].append(one)
    deployed = (_deployed(group, found) for group in by_release.values())
    wanted = {(one.namespace, one.record): one for one in deployed if one is not None}
    for value in _records(client, kind, namespace) if wanted else ():
        if len(found.objects) > _MOST_OBJECTS:
            found.miss("helm releases", f"more than {_MOST_OBJECTS} objects are declared", _TOO_MANY)
            return
        key = str(mapping(value, "metadata").get("namespace")), str(mapping(value, "metadata").get("name"))
        if (revision := wanted.pop(key, None)) is not None:
            _take(value, revision, found)
    for revision in wanted.values():
        found.miss(str(revision), "its record has changed while the cluster was read", "run again")


def _revisions(client: Client, kind: Kind, namespace: str | None, found: _Found) -> Iterator[_Revision]:
    for number, value in enumerate(metadata(client, kind, namespace, **_selectors(kind, "owner=helm"))):
        if number == _MOST_RECORDS:
            found.miss("helm releases", f"there are more than {_MOST_RECORDS} records of releases", _TOO_MANY)
            return
        name, labels = str(mapping(value, "metadata").get("name")), mapping(value, "metadata", "labels")
        place = str(mapping(value, "metadata").get("namespace"))
        release, version, status = (text(labels.get(key)) for key in ("name", "version", "status"))
        if not name.startswith(RELEASE_PREFIX):
            continue
        if release and status and version and _NUMBER.fullmatch(version):
            yield _Revision(place, release, int(version), status, name)
        else:
            why = f"the labels of {kind.kind} {name} name no release, version and status"
            found.miss(f"{place}/{name}", why, "look at `helm list`, and deploy the release again")


def _records(client: Client, kind: Kind, namespace: str | None) -> Iterator[dict[str, Any]]:
    return with_releases(client, kind, namespace, **_selectors(kind, "owner=helm,status=deployed"))


def _selectors(kind: Kind, labels: str) -> dict[str, str]:
    selectors = {"labelSelector": labels}
    return {"fieldSelector": f"type={RELEASE_TYPE}", **selectors} if kind == _SECRETS else selectors


def _deployed(revisions: Collection[_Revision], found: _Found) -> _Revision | None:
    """The revision of a release that counts; None where none is deployed."""
    newest = max(revisions, key=lambda one: one.number)
    deployed = [one for one in revisions if one.status == "deployed"]
    if newest.status == "uninstalled":
        return None
    if not deployed or newest.status == "uninstalling":
        why = f"revision {newest.number} is {newest.status}{'' if deployed else ', and none is deployed'}"
        found.miss(newest.owner, f"{why}: what the release declares is not known", _NOT_DEPLOYED)
        return None
    last = max(deployed, key=lambda one: one.number)
    if last.number < newest.number:
        why = f"revision {newest.number} is {newest.status}; compared with revision {last.number}, which is deployed"
        found.pass_over(newest.owner, why)
    return last


def _take(value: Mapping[str, Any], revision: _Revision, found: _Found) -> None:
    try:
        release = _release(value, revision)
    except ReadError as error:
        found.miss(str(revision), f"its record cannot be read: {error.message}", error.remedy)
    else:
        found.take(release)


def _release(value: Mapping[str, Any], revision: _Revision) -> HelmRelease:
    release = decode(_payload(value))
    said = (release.namespace, release.name, release.revision, release.status)
    if said != (revision.namespace, revision.release, revision.number, revision.status):
        raise ReadError(f"it says that it is {release}, {release.status}", remedy=_NOT_DEPLOYED)
    return release


def _payload(value: Mapping[str, Any]) -> str:
    payload = text(mapping(value, "data").get("release"))
    if payload is None:
        raise ReadError("it holds no release", remedy=_NOT_DEPLOYED)
    if value.get("kind") != _SECRETS.kind:
        return payload
    try:
        return base64.b64decode(payload).decode("ascii")
    except (binascii.Error, ValueError):
        raise ReadError("it is no base64", remedy=_NOT_DEPLOYED) from None


def _unlisted(kind: Kind, namespace: str | None, error: ClusterError) -> str:
    place = f"namespace {namespace}" if namespace else "all namespaces"
    can = "may not" if isinstance(error, StatusError) and error.is_forbidden else "cannot"
    return f"{can} list {kind} in {place}, and what releases declare is not known: {error.message}"
