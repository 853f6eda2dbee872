"""From a live cluster to facts, namespace by namespace.

First what all namespaces are joined with is read (roles, monitors), then each namespace by itself, at the end what
belongs to none. What could not be read is a gap, and facts that would tell of it are `unread`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from compliance.errors import ClusterError
from compliance.logs import Log, silent
from compliance.model import ClusterReading, Facts, Gap, Input, PassedOver, Stage
from compliance.sources.cluster.copies import Copies
from compliance.sources.cluster.discovery import discover
from compliance.sources.cluster.extent import Extent
from compliance.sources.cluster.kinds import Kind, wanted
from compliance.sources.cluster.listing import objects
from compliance.sources.cluster.live_object import is_leaving, live_facts, packed
from compliance.sources.cluster.namespaces import Namespaces
from compliance.sources.cluster.walk import (
    NAMESPACES,
    Failures,
    Selection,
    all_namespaces,
    named_namespaces,
)
from compliance.sources.kubernetes.entries import entry_of
from compliance.sources.kubernetes.facts import facts_schema
from compliance.sources.kubernetes.fields import integer, mapping, text
from compliance.sources.kubernetes.inventory import Inventory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from compliance.sources.cluster.client import Client
    from compliance.sources.cluster.companion import Companion
    from compliance.sources.kubernetes.entries import Entry

Object = dict[str, Any]


@dataclass(slots=True)
class Told:
    """What is known of a cluster beside the facts, complete when these have been taken."""

    gaps: list[Gap] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    reading: ClusterReading | None = None
    extent: Extent = field(default_factory=Extent)


def wanted_kinds(
    client: Client,
    schemas: Collection[str],
    gaps: list[Gap],
    companions: Iterable[Companion] = (),
    failures: Failures | None = None,
) -> list[Kind]:
    """The served kinds that rules for these facts schemas or companions need; what is not known becomes a gap.

    Raises:
        ClusterError: the server does not answer.
    """
    found = discover(client)
    gaps.extend(found.gaps)
    noted = Failures() if failures is None else failures
    more = {kind for companion in companions for kind in companion.start(found, noted)}
    return [kind for kind in found.kinds if kind in more or wanted(kind, schemas)]


class ClusterSource:
    """Reads one cluster; `facts` is to be taken once, and `told` is complete then."""

    def __init__(
        self,
        client: Client,
        schemas: Collection[str],
        selection: Selection,
        companions: Sequence[Companion] = (),
        log: Log = silent,
    ) -> None:
        self._client = client
        self._log = log
        self._schemas = schemas
        self._selection = selection
        self._companions = companions
        self._failures = Failures()
        self._sha256 = hashlib.sha256()
        self._inventory = Inventory(0)
        self._shared: list[Entry] = []
        self._bindings: list[Entry] = []
        self._namespaces = Namespaces(client, selection, self._failures)
        self._roles: list[Kind] = []
        self._kinds: frozenset[str] = frozenset()
        self._known = False
        self._objects = self._copies = self._subjects = self._leaving = 0
        self.told = Told()
        self.done = self.total = 0
        """How many namespaces were read, and how many there are as far as that is known."""

    def facts(self) -> Iterator[Facts]:
        """The facts of everything that is to be judged; what cannot be read is in `told.gaps`."""
        version = None
        try:
            version = self._client.json("/version")
            self._log("cluster.connected", cluster=self._client.cluster, version=text(version.get("gitVersion")))
            kinds = wanted_kinds(self._client, self._schemas, self.told.gaps, self._companions, self._failures)
        except ClusterError as error:
            self.told.gaps.append(Gap(Stage.COLLECT, self._client.cluster, error.message, error.remedy))
        else:
            self._inventory = Inventory(_minor(version), complete=True)
            self._kinds = frozenset(kind.kind for kind in kinds if self._companions or kind.schema in self._schemas)
            self._known = not self.told.gaps
            yield from self._of_kinds(kinds)
        self._finish(text((version or {}).get("gitVersion")))

    def _of_kinds(self, kinds: Sequence[Kind]) -> Iterator[Facts]:
        named = bool(self._selection.namespaces)
        first = [kind for kind in kinds if kind.is_joined and _is_read_first(kind, named=named)]
        self._roles = [kind for kind in kinds if named and kind.kind == "ClusterRole" and kind.is_role]
        later = [kind for kind in kinds if not kind.namespaced and kind not in first and kind != NAMESPACES]
        early = self._read_first(first)
        for value in self._namespaces.read():
            self._see(value)
        namespaced = [kind for kind in kinds if kind.namespaced and kind not in first]
        known = {name for name in (*early, *self._namespaces.found) if name is not None}
        self.total = len(self._selection.namespaces or known)
        for namespace, contents in self._walk(namespaced, known):
            self.done += 1
            if self._namespaces.takes(namespace):
                yield from self._namespace(namespace, early.pop(namespace, []), contents)
        yield from self._cluster_scoped(early.get(None, []), later)
        self._namespaces.look_again()

    def _read_first(self, kinds: Sequence[Kind]) -> dict[str | None, list[bytes]]:
        """What every namespace is joined with, by its own namespace."""
        kept: dict[str | None, list[bytes]] = {}
        for kind in kinds:
            for value in self._listed(kind):
                namespace = text(mapping(value, "metadata").get("namespace"))
                if (entry := entry_of(value)) is not None:
                    self._shared.append(entry)
                if kind.schema in self._schemas:
                    kept.setdefault(namespace, []).append(packed(value))
        return kept

    def _listed(self, kind: Kind) -> Iterator[Object]:
        try:
            for value in objects(self._client, kind):
                self._see(value)
                yield value
        except ClusterError as error:
            self._failures.add(self._client.cluster, kind, None, error)

    def _see(self, value: Object) -> None:
        self._objects += 1
        for companion in self._companions:
            companion.see(value)

    def _walk(self, kinds: Sequence[Kind], known: Collection[str]) -> Iterator[tuple[str, Iterator[Object]]]:
        chosen = self._selection
        if chosen.namespaces:
            return named_namespaces(self._client, kinds, chosen.namespaces, self._failures)
        left = [name for name in known if name not in chosen.excluded]
        return all_namespaces(self._client, kinds, left, chosen.excluded, self._failures)

    def _namespace(self, namespace: str, kept: list[bytes], contents: Iterator[Object]) -> Iterator[Facts]:
        """One namespace: what stands in it is joined with each other when all of it has been read."""
        copies = Copies()
        entries: list[Entry] = []
        for value in contents:
            self._see(value)
            if is_leaving(value):
                self._leaving += 1
            elif not copies.is_copy(value):
                if (entry := entry_of(value)) is not None:
                    entries.append(entry)
                if facts_schema(value) in self._schemas:
                    kept.append(packed(value))
        self._copies += copies.counted
        self._read_roles_for(entries)
        inventory = Inventory(self._inventory.kubernetes_minor, complete=True)
        inventory.add((*self._shared, *entries))
        self._bindings.extend(entry for entry in entries if entry.kind == "RoleBinding")
        if namespace in self._namespaces.found and "namespace" in self._schemas:
            kept.append(packed(self._namespaces.found[namespace]))
        yield from self._told(kept, inventory, self._failures.missing(namespace))
        for companion in self._companions:
            yield from companion.facts(namespace)

    def _read_roles_for(self, entries: Iterable[Entry]) -> None:
        """Where namespaces are named, ClusterRoles are asked for only if something there is bound to one."""
        if self._roles and any(entry.told["role"][0] == "ClusterRole" for entry in entries if "role" in entry.told):
            self._read_first(self._roles)
            self._roles = []

    def _cluster_scoped(self, kept: list[bytes], kinds: Sequence[Kind]) -> Iterator[Facts]:
        """What belongs to no namespace; not asked for where namespaces are named."""
        if self._selection.namespaces:
            return
        inventory = Inventory(self._inventory.kubernetes_minor, complete=True)
        inventory.add((*self._shared, *self._bindings))
        missing = self._failures.missing(None)
        yield from self._told(kept, inventory, missing)
        for kind in kinds:
            yield from self._told((packed(value) for value in self._listed(kind)), inventory, missing)
        for companion in self._companions:
            yield from companion.facts(None)

    def _told(self, kept: Iterable[bytes], inventory: Inventory, missing: Collection[str]) -> Iterator[Facts]:
        for one in kept:
            self._sha256.update(one)
            self._subjects += 1
            yield live_facts(orjson.loads(one), inventory, self._client.cluster, missing)

    def _finish(self, version: str | None) -> None:
        cluster = self._client.cluster
        self.told.gaps.extend((*self._failures.gaps, *self._namespaces.gaps))
        self.told.passed_over.extend(self._namespaces.passed_over)
        for companion in self._companions:
            noted = companion.noted()
            self.told.gaps.extend(noted.gaps)
            self.told.passed_over.extend(noted.passed_over)
            self.told.inputs.extend(noted.inputs)
        if self._leaving:
            self.told.passed_over.append(PassedOver(cluster, f"being deleted: {self._leaving} in all"))
        self.told.inputs.append(Input(cluster, "cluster", self._sha256.hexdigest(), self._subjects))
        self.told.reading = ClusterReading(cluster, version, self._client.requests, self._objects, self._copies)
        unread = frozenset((kind.kind, namespace) for kind, namespace in self._failures.kinds)
        named = bool(self._selection.namespaces)
        self.told.extent = Extent(frozenset(self._namespaces.taken), self._kinds, unread, named, self._known)


def _is_read_first(kind: Kind, *, named: bool) -> bool:
    """Whether objects of several namespaces are joined with it; of ClusterRoles see `_read_roles_for`."""
    return kind.is_joined_everywhere if kind.namespaced else not named


def _minor(version: Object) -> int:
    """34 of `1.34`, which some write as `34+`."""
    digits = "".join(letter for letter in text(version.get("minor")) or "" if letter.isdigit())
    return integer(int(digits or 0)) or 0
