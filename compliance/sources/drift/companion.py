"""Drift beside a reading of a cluster: sees every object once, and tells namespace by namespace.

Objects of one namespace are kept as JSON until it has been told, so memory does not grow with the cluster. What a
controller made (Pods, ReplicaSets, Jobs) is told with the topmost one that was seen, and by itself only where a hand
wrote it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from compliance.model import Gap, Stage
from compliance.sources.drift.configuration import may_have_changed
from compliance.sources.drift.facts import tell
from compliance.sources.drift.managers import TOLD_APART, is_hand
from compliance.sources.drift.pairing import Declarations, Identity, Pair, identity
from compliance.sources.drift.pods import owner_uid
from compliance.sources.drift.template import RESIZE
from compliance.sources.drift.workload import Neighbours
from compliance.sources.kubernetes.fields import mapping, mappings, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from compliance.model import Facts
    from compliance.sources.drift.audit_log import Session
    from compliance.sources.drift.terms import Terms

_MADE: Final = frozenset({"Pod", "ReplicaSet", "Job"})
_CONFIGURATION: Final = frozenset({"ConfigMap", "Secret"})
_SCALERS: Final = frozenset({"HorizontalPodAutoscaler", "ScaledObject"})
_BATCH: Final = 100
_UNREAD: Final = "let the audit read these objects: `compliance audit --print-rbac` says what it needs"


def _all_was_read(_identity: Identity) -> bool | None:
    return True


@dataclass(slots=True)
class DriftCompanion:
    """Takes the objects of one cluster (`see`), and gives their facts by namespace (`facts`).

    `declarations` are what is compared with (None: nothing is), `sessions` those of an audit log (None: there is none).
    `was_read` says whether objects such as a declared one were read at all, so that what was forbidden is no drift;
    None: they were left out on purpose. Gaps are in `gaps` as they are found.
    """

    terms: Terms
    cluster: str | None = None
    declarations: Declarations | None = None
    sessions: Iterable[Session] | None = None
    was_read: Callable[[Identity], bool | None] = _all_was_read
    gaps: list[Gap] = field(default_factory=list)
    _kept: dict[str | None, _Namespace] = field(default_factory=dict, init=False)
    _by_namespace: dict[str, list[Session]] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if self.sessions is not None:
            self._by_namespace = {}
            for session in self.sessions:
                self._by_namespace.setdefault(session.namespace, []).append(session)

    def see(self, value: Mapping[str, Any]) -> None:
        """Keep an object until its namespace is told; the caller may change it afterwards."""
        namespace = text(mapping(value, "metadata").get("namespace"))
        if (space := self._kept.get(namespace)) is None:
            space = self._kept[namespace] = _Namespace(self._sessions_in(namespace))
        space.keep(value)

    def facts(self, namespace: str | None) -> Iterator[Facts]:
        """The facts of what was seen and what is missing in a namespace; None: of what belongs to none, and the rest.

        The rest are declared objects in namespaces that were never asked about.
        """
        space = self._kept.pop(namespace, None) or _Namespace(self._sessions_in(namespace))
        values = space.to_be_told()
        while pairs := [self._pair(value) for value in islice(values, _BATCH)]:
            self._ask_ahead(pairs)
            for pair in pairs:
                if pair.live is not None and mapping(pair.live, "metadata").get("deletionTimestamp") is None:
                    yield from self._told(pair, space.around(pair.live))
        yield from self._missing(namespace)

    def _sessions_in(self, namespace: str | None) -> tuple[Session, ...] | None:
        return None if self._by_namespace is None else tuple(self._by_namespace.get(namespace or "", ()))

    def _pair(self, value: Mapping[str, Any]) -> Pair:
        return Pair("not_compared", None, value) if self.declarations is None else self.declarations.pair(value)

    def _ask_ahead(self, pairs: Iterable[Pair]) -> None:
        """A process that answers for many objects is no slower than for one."""
        if self.terms.jq_ahead is not None:
            self.terms.jq_ahead(
                (expression, value)
                for pair in pairs
                if pair.live is not None and pair.declared is not None
                for rule in self.terms.ignored
                if rule.jq_paths and rule.objects.fits(identity(pair.live))
                for expression in rule.jq_paths
                for value in (pair.declared.value, pair.live)
            )

    def _missing(self, namespace: str | None) -> Iterator[Facts]:
        for pair in self.declarations.missing(namespace) if self.declarations is not None else ():
            found = identity(pair.declared.value if pair.declared else {})
            was_read = self.was_read(found)
            if was_read:
                yield from self._told(pair, Neighbours())
            elif was_read is False:
                about = "/".join(part for part in (self.cluster, found.kind, found.namespace, found.name) if part)
                why = f"{found.kind} {found.name} is declared, and such objects were not read"
                self.gaps.append(Gap(Stage.COLLECT, about, why, _UNREAD, rule="drift.missing_in_cluster"))

    def _told(self, pair: Pair, around: Neighbours) -> Iterator[Facts]:
        told = tell(pair, around, self.terms, self.cluster)
        self.gaps.extend(told.gaps)
        yield told.facts


class _Made(NamedTuple):
    """An object that a controller made, as JSON; `handled`: a hand wrote it, too."""

    maker: str
    raw: bytes
    handled: bool


class _Namespace:
    """The objects of one namespace, kept as JSON, and what each has around it."""

    def __init__(self, sessions: tuple[Session, ...] | None) -> None:
        self._sessions = sessions
        self._objects: list[bytes] = []
        self._uids: set[str] = set()
        self._made: list[_Made] = []
        self._made_by: dict[str, list[bytes]] = {}
        self._configuration: list[Mapping[str, Any]] = []
        self._scalers: list[Mapping[str, Any]] = []

    def keep(self, value: Mapping[str, Any]) -> None:
        """Keep an object; what made it mostly came before."""
        kind, uid = value.get("kind"), text(mapping(value, "metadata").get("uid"))
        if kind in _SCALERS:
            self._scalers.append(copy.deepcopy(value))
        elif kind in _CONFIGURATION and may_have_changed(value):
            self._configuration.append(copy.deepcopy(_without_data(value)))
        if kind in _MADE and (maker := owner_uid(value)) is not None:
            self._keep_made(maker, value)
        else:
            self._objects.append(orjson.dumps(value))
        if uid is not None:
            self._uids.add(uid)

    def _keep_made(self, maker: str, value: Mapping[str, Any]) -> None:
        handled = _is_handled(value)
        is_told = handled or maker not in self._uids
        raw = orjson.dumps(value if is_told else _without_writers(value))
        self._made.append(_Made(maker, raw, handled))
        self._made_by.setdefault(maker, []).append(raw)

    def to_be_told(self) -> Iterator[dict[str, Any]]:
        """What nothing that was seen has made, and what was made and then written by a hand."""
        yield from (orjson.loads(one) for one in self._objects)
        for one in self._made:
            if one.handled or one.maker not in self._uids:
                yield orjson.loads(one.raw)

    def around(self, value: Mapping[str, Any]) -> Neighbours:
        """What a live object has made, and what it is joined with."""
        uid, owner = text(mapping(value, "metadata").get("uid")), owner_uid(value)
        scalers, configuration = tuple(self._scalers), tuple(self._configuration)
        if owner is not None and owner in self._uids:
            return Neighbours(scalers=scalers, elsewhere=True)
        if value.get("kind") == "Pod":
            return Neighbours((), (value,), configuration, scalers, self._sessions)
        made = [orjson.loads(one) for one in self._made_by.get(uid or "", ())]
        controllers = tuple(one for one in made if one.get("kind") != "Pod")
        pods = [one for one in made if one.get("kind") == "Pod"]
        for one in controllers:
            below = self._made_by.get(str(mapping(one, "metadata").get("uid")), ())
            pods.extend(orjson.loads(pod) for pod in below)
        return Neighbours(controllers, tuple(pods), configuration, scalers, self._sessions)


def _is_handled(value: Mapping[str, Any]) -> bool:
    entries = mappings(mapping(value, "metadata").get("managedFields"))
    return any(
        is_hand(text(one.get("manager")) or "", text(one.get("operation")) or "")
        for one in entries
        if one.get("subresource") not in TOLD_APART
    )


def _without_writers(value: Mapping[str, Any]) -> dict[str, Any]:
    """What is told with its maker, without most of its managedFields, which are half of it: only a resize counts."""
    metadata = mapping(value, "metadata")
    entries = [one for one in mappings(metadata.get("managedFields")) if one.get("subresource") == RESIZE]
    return {**value, "metadata": {**metadata, "managedFields": entries}}


def _without_data(value: Mapping[str, Any]) -> dict[str, Any]:
    """A ConfigMap or Secret as far as `configuration` looks at it."""
    return {key: item for key, item in value.items() if key not in {"data", "binaryData", "stringData"}}
