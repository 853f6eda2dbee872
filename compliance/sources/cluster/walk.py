"""A cluster's namespaced objects, namespace by namespace, so that memory does not grow with the cluster.

API servers list in the order of etcd's keys (`namespace/name`), every kind alike. So one list a kind over all
namespaces is read, and the lists are merged as sorted files are: a few requests for each kind, however many namespaces
there are, and one page of each in memory. Where namespaces are named, each is listed by itself, which needs no rights
in others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from compliance.errors import ClusterError
from compliance.model import Gap, Stage
from compliance.sources.cluster.failures import StatusError
from compliance.sources.cluster.kinds import Kind
from compliance.sources.cluster.listing import Object, objects
from compliance.sources.kubernetes.fields import mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compliance.sources.cluster.client import Client

NAMESPACES: Final = Kind("", "v1", "Namespace", "namespaces", namespaced=False)
# What is made comes after what makes it.
_MADE: Final = {"ReplicaSet": 1, "Job": 1, "Pod": 2}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which namespaces: those named, else all but the excluded ones whose labels fit `selector` (API syntax)."""

    namespaces: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    selector: str | None = None


@dataclass(slots=True)
class Failures:
    """What could not be read: a gap each, and the kinds with the namespace (None: from some point on, all)."""

    gaps: list[Gap] = field(default_factory=list)
    kinds: set[tuple[Kind, str | None]] = field(default_factory=set)

    def add(self, cluster: str, kind: Kind, namespace: str | None, error: ClusterError) -> None:
        """Note that a list could not be read, or not to its end."""
        place = (
            f"in namespace {namespace}" if namespace else "in all namespaces" if kind.namespaced else "of the cluster"
        )
        forbidden = isinstance(error, StatusError) and error.is_forbidden
        what = f"may not list {kind} {place}" if forbidden else f"cannot list {kind} {place}"
        about = "/".join(part for part in (cluster, namespace, str(kind)) if part)
        self.gaps.append(Gap(Stage.COLLECT, about, f"{what}: {error.message}", error.remedy))
        self.kinds.add((kind, namespace))

    def missing(self, namespace: str | None) -> frozenset[str]:
        """What objects of a namespace are joined with in vain, as `joins.group_of` has it; None is the cluster."""
        places = {None, namespace}
        found = {kind.group_in_joins for kind, where in self.kinds if namespace is None or where in places}
        return frozenset(group for group in found if group is not None)


def in_order(kinds: Sequence[Kind]) -> list[Kind]:
    """What makes others first: a Deployment before its ReplicaSets, and these before their Pods."""
    return sorted(kinds, key=lambda kind: (_MADE.get(kind.kind, 0), str(kind)))


def named_namespaces(
    client: Client, kinds: Sequence[Kind], names: Sequence[str], failures: Failures
) -> Iterator[tuple[str, Iterator[Object]]]:
    """The objects of each of these namespaces."""

    def contents(namespace: str) -> Iterator[Object]:
        for kind in in_order(kinds):
            try:
                yield from objects(client, kind, namespace)
            except ClusterError as error:
                failures.add(client.cluster, kind, namespace, error)

    return ((name, contents(name)) for name in names)


def all_namespaces(
    client: Client, kinds: Sequence[Kind], known: Sequence[str], excluded: Sequence[str], failures: Failures
) -> Iterator[tuple[str, Iterator[Object]]]:
    """The objects of every namespace that has some, or is known, in the API server's order; each to be read at once."""
    selectors = {"fieldSelector": ",".join(f"metadata.namespace!={name}" for name in excluded)} if excluded else {}
    streams = [_Stream(client, kind, failures, selectors) for kind in in_order(kinds)]
    left = sorted(set(known), key=_key)
    while True:
        waiting = [stream.namespace for stream in streams if stream.namespace is not None]
        namespace = min([*waiting, *left[:1]], key=_key, default=None)
        if namespace is None:
            return
        left = left[1:] if left[:1] == [namespace] else left
        contents = (value for stream in streams for value in stream.of(namespace))
        yield namespace, contents
        for _ in contents:
            pass


def _key(namespace: str) -> str:
    """How etcd orders namespaces: the key goes on behind the name with a slash, which is greater than - and dot."""
    return f"{namespace}/"


class _Stream:
    """One kind's list over all namespaces; `namespace` is that of the next object, None at the end."""

    def __init__(self, client: Client, kind: Kind, failures: Failures, selectors: dict[str, str]) -> None:
        self._cluster = client.cluster
        self._kind = kind
        self._failures = failures
        self._objects = objects(client, kind, None, **selectors)
        self._next: Object | None = None
        self.namespace: str | None = ""
        self._advance()

    def of(self, namespace: str) -> Iterator[Object]:
        """The objects of a namespace, which must not stand before the one that was last asked for."""
        while self.namespace == namespace and self._next is not None:
            value = self._next
            self._advance()
            yield value

    def _advance(self) -> None:
        before = self.namespace or ""
        try:
            self._next = next(self._objects, None)
        except ClusterError as error:
            self._end(error)
            return
        self.namespace = None if self._next is None else text(mapping(self._next, "metadata").get("namespace")) or ""
        if self.namespace is not None and before and _key(self.namespace) < _key(before):
            self._end(ClusterError("the list is not in the order of namespaces", remedy="name them: --namespace"))

    def _end(self, error: ClusterError) -> None:
        self._next = self.namespace = None
        self._failures.add(self._cluster, self._kind, None, error)
