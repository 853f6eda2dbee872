"""From a live cluster to facts, namespace by namespace.

First what all namespaces are joined with is read (roles, monitors), then each namespace by itself, at the end what
belongs to none. Only what could not be read makes an inventory `partial`; it is a gap each time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.errors import ClusterError
from compliance.model import ClusterReading, Facts, Gap, Input, PassedOver, Stage
from compliance.sources.cluster.copies import Copies
from compliance.sources.cluster.discovery import discover
from compliance.sources.cluster.kinds import Kind, wanted
from compliance.sources.cluster.listing import objects
from compliance.sources.cluster.live_object import is_leaving, live_facts, name_of, packed, uid_of
from compliance.sources.cluster.walk import Failures, Selection, all_namespaces, named_namespaces
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

_NAMESPACES: Final = Kind("", "v1", "Namespace", "namespaces", namespaced=False)


@dataclass(slots=True)
class Told:
    """What is known of a cluster beside the facts, complete when these have been taken."""

    gaps: list[Gap] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    input: Input | None = None
    reading: ClusterReading | None = None


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
        self, client: Client, schemas: Collection[str], selection: Selection, companions: Sequence[Companion] = ()
    ) -> None:
        self._client = client
        self._schemas = schemas
        self._selection = selection
        self._companions = companions
        self._failures = Failures()
        self._sha256 = hashlib.sha256()
        self._inventory = Inventory(0)
        self._shared: list[Entry] = []
        self._bindings: list[Entry] = []
        self._namespaces: dict[str, Object] = {}
        self._read: set[str] = set()
        self._objects = self._copies = self._subjects = self._leaving = 0
        self.told = Told()
        self.done = self.total = 0
        """How many namespaces were read, and how many there are as far as that is known."""

    def facts(self) -> Iterator[Facts]:
        """The facts of everything that is to be judged; what cannot be read is in `told.gaps`."""
        version = None
        try:
            version = self._client.json("/version")
            kinds = wanted_kinds(self._client, self._schemas, self.told.gaps, self._companions, self._failures)
        except ClusterError as error:
            self.told.gaps.append(Gap(Stage.COLLECT, self._client.cluster, error.message, error.remedy))
        else:
            self._inventory = Inventory(_minor(version), complete=True)
            yield from self._of_kinds(kinds)
        self._finish(text((version or {}).get("gitVersion")))

    def _of_kinds(self, kinds: Sequence[Kind]) -> Iterator[Facts]:
        first = [kind for kind in kinds if kind.is_joined and (not kind.namespaced or kind.is_joined_everywhere)]
        later = [kind for kind in kinds if not kind.namespaced and kind not in first and kind != _NAMESPACES]
        early = self._read_first(first)
        self._read_namespaces()
        namespaced = [kind for kind in kinds if kind.namespaced and kind not in first]
        known = {name for name in (*early, *self._namespaces) if name is not None}
        self.total = len(self._selection.namespaces or known)
        for namespace, contents in self._walk(namespaced, known):
            self.done += 1
            if self._is_selected(namespace):
                self._read.add(namespace)
                yield from self._namespace(namespace, early.pop(namespace, []), contents)
        yield from self._cluster_scoped(early.get(None, []), later)
        self._look_for_deleted()

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

    def _read_namespaces(self) -> None:
        selector = {"labelSelector": self._selection.selector} if self._selection.selector else {}
        try:
            for value in objects(self._client, _NAMESPACES, None, **selector):
                self._see(value)
                self._namespaces[name_of(value)] = value
        except ClusterError as error:
            self._failures.add(self._client.cluster, _NAMESPACES, None, error)
            return
        for name in self._selection.namespaces:
            if name not in self._namespaces:
                why = f"there is no namespace {name}"
                self.told.gaps.append(Gap(Stage.COLLECT, f"{self._client.cluster}/{name}", why, "check --namespace"))

    def _walk(self, kinds: Sequence[Kind], known: Collection[str]) -> Iterator[tuple[str, Iterator[Object]]]:
        chosen = self._selection
        if chosen.namespaces:
            return named_namespaces(self._client, kinds, chosen.namespaces, self._failures)
        left = [name for name in known if name not in chosen.excluded]
        return all_namespaces(self._client, kinds, left, chosen.excluded, self._failures)

    def _is_selected(self, namespace: str) -> bool:
        chosen = self._selection
        if namespace in chosen.excluded or (chosen.selector is not None and namespace not in self._namespaces):
            return False
        leaving = is_leaving(self._namespaces.get(namespace, {}))
        if leaving:
            about = f"{self._client.cluster}/{namespace}"
            self.told.passed_over.append(PassedOver(about, "a namespace that is being deleted"))
        return not leaving

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
        complete = not self._failures.spoil(namespace)
        inventory = Inventory(self._inventory.kubernetes_minor, complete=complete)
        inventory.add((*self._shared, *entries))
        self._bindings.extend(entry for entry in entries if entry.kind == "RoleBinding")
        if namespace in self._namespaces and "namespace" in self._schemas:
            kept.append(packed(self._namespaces[namespace]))
        yield from self._told(kept, inventory)
        for companion in self._companions:
            yield from companion.facts(namespace)

    def _cluster_scoped(self, kept: list[bytes], kinds: Sequence[Kind]) -> Iterator[Facts]:
        """What belongs to no namespace; not asked for where namespaces are named."""
        if self._selection.namespaces:
            return
        complete = not any(kind.is_role for kind, _ in self._failures.kinds)
        inventory = Inventory(self._inventory.kubernetes_minor, complete=complete)
        inventory.add((*self._shared, *self._bindings))
        yield from self._told(kept, inventory)
        for kind in kinds:
            yield from self._told((packed(value) for value in self._listed(kind)), inventory)
        for companion in self._companions:
            yield from companion.facts(None)

    def _told(self, kept: Iterable[bytes], inventory: Inventory) -> Iterator[Facts]:
        for one in kept:
            self._sha256.update(one)
            self._subjects += 1
            yield live_facts(orjson.loads(one), inventory, self._client.cluster)

    def _look_for_deleted(self) -> None:
        """Namespaces that were deleted while they were read may have been read in part."""
        before = {name_of(value): uid_of(value) for name, value in self._namespaces.items() if name in self._read}
        if not before:
            return
        try:
            now = {name_of(one): uid_of(one) for one in objects(self._client, _NAMESPACES) if not is_leaving(one)}
        except ClusterError as error:
            self._failures.add(self._client.cluster, _NAMESPACES, None, error)
            return
        for name, uid in before.items():
            if now.get(name) != uid:
                about, why = f"{self._client.cluster}/{name}", f"namespace {name} was deleted while it was read"
                self.told.gaps.append(Gap(Stage.COLLECT, about, why, "run again"))

    def _finish(self, version: str | None) -> None:
        cluster = self._client.cluster
        self.told.gaps.extend(self._failures.gaps)
        for companion in self._companions:
            gaps, passed_over = companion.told()
            self.told.gaps.extend(gaps)
            self.told.passed_over.extend(passed_over)
        if self._leaving:
            self.told.passed_over.append(PassedOver(cluster, f"being deleted: {self._leaving} in all"))
        self.told.input = Input(cluster, "cluster", self._sha256.hexdigest(), self._subjects)
        self.told.reading = ClusterReading(cluster, version, self._client.requests, self._objects, self._copies)


def _minor(version: Object) -> int:
    """34 of `1.34`, which some write as `34+`."""
    digits = "".join(letter for letter in text(version.get("minor")) or "" if letter.isdigit())
    return integer(int(digits or 0)) or 0
