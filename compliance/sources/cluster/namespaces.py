"""The Namespaces of a cluster: which of them an audit reads, and whether they were still there at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from compliance.errors import ClusterError
from compliance.model import Gap, PassedOver, Stage
from compliance.sources.cluster.failures import StatusError
from compliance.sources.cluster.listing import Object, objects
from compliance.sources.cluster.live_object import is_leaving, name_of, uid_of
from compliance.sources.cluster.walk import NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.cluster.client import Client
    from compliance.sources.cluster.walk import Failures, Selection


class Namespaces:
    """What is known of them by name in `found`; `gaps` and `passed_over` are what to tell of them.

    `taken` are the names of those that were judged, in the end without what may have been read in part.
    """

    def __init__(self, client: Client, selection: Selection, failures: Failures) -> None:
        self._client = client
        self._selection = selection
        self._failures = failures
        self.taken: set[str] = set()
        self.found: dict[str, Object] = {}
        self.gaps: list[Gap] = []
        self.passed_over: list[PassedOver] = []

    def read(self) -> Iterator[Object]:
        """Those that are named, or all that fit the selector."""
        for name in self._selection.namespaces:
            yield from self._named(name)
        if self._selection.namespaces:
            return
        selector = {"labelSelector": self._selection.selector} if self._selection.selector else {}
        try:
            for value in objects(self._client, NAMESPACES, None, **selector):
                self.found[name_of(value)] = value
                yield value
        except ClusterError as error:
            self._failures.add(self._client.cluster, NAMESPACES, None, error)

    def takes(self, namespace: str) -> bool:
        """Whether what stands in a namespace is to be judged."""
        chosen = self._selection
        if namespace in chosen.excluded or (chosen.selector is not None and namespace not in self.found):
            return False
        if is_leaving(self.found.get(namespace, {})):
            about = f"{self._client.cluster}/{namespace}"
            self.passed_over.append(PassedOver(about, "a namespace that is being deleted"))
            return False
        self.taken.add(namespace)
        return True

    def look_again(self) -> None:
        """Namespaces that were deleted while they were read may have been read in part."""
        before = {name: uid_of(value) for name, value in self.found.items() if name in self.taken}
        if not before:
            return
        try:
            now = {name_of(one): uid_of(one) for one in self._there_now() if not is_leaving(one)}
        except ClusterError as error:
            self._failures.add(self._client.cluster, NAMESPACES, None, error)
            self.taken.clear()
            return
        for name, uid in before.items():
            if now.get(name) != uid:
                self.taken.discard(name)
                self._miss(name, f"namespace {name} was deleted while it was read", "run again")

    def _named(self, name: str) -> Iterator[Object]:
        try:
            value = namespace_object(self._client, name)
        except ClusterError as error:
            self._failures.add(self._client.cluster, NAMESPACES, name, error)
            return
        if value is None:
            self._miss(name, f"there is no namespace {name}", "check --namespace")
            return
        self.found[name] = value
        yield value

    def _there_now(self) -> Iterator[Object]:
        if not self._selection.namespaces:
            return objects(self._client, NAMESPACES)
        found = (namespace_object(self._client, name) for name in self.found)
        return (value for value in found if value is not None)

    def _miss(self, name: str, why: str, remedy: str) -> None:
        self.gaps.append(Gap(Stage.COLLECT, f"{self._client.cluster}/{name}", why, remedy))


def namespace_object(client: Client, name: str) -> Object | None:
    """A Namespace by its name, or None: listed, or got, which is all that a right in that namespace alone allows.

    Raises:
        ClusterError: it can be read in neither way.
    """
    try:
        return next(objects(client, NAMESPACES, None, fieldSelector=f"metadata.name={name}"), None)
    except StatusError as error:
        if not error.is_forbidden:
            raise
    try:
        return client.json(f"{NAMESPACES.path()}/{quote(name, safe='')}")
    except StatusError as error:
        if error.is_missing:
            return None
        raise
