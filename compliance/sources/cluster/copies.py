"""Judge once what is the same: which Pods, ReplicaSets and Jobs of a namespace say what made them says.

Copies are counted with their controller, and so are Pods of one controller that all differ from it in the same way,
with the first of them. ReplicaSets without replicas are a Deployment's memory, and run nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.sources.cluster.templates import as_written, controller_of, essence, is_limited
from compliance.sources.kubernetes.fields import mapping, text
from compliance.sources.kubernetes.workloads import pod_template

if TYPE_CHECKING:
    from collections.abc import Mapping

Object = dict[str, Any]

_MADE_BY_OTHERS: Final = frozenset({"Job", "Pod", "ReplicaSet"})


class Copies:
    """Tells copies from what is to be judged, in one namespace; owners come before what they made."""

    def __init__(self) -> None:
        self._templates: dict[str, bytes] = {}  # as JSON: a namespace may hold thousands
        self._seen: set[tuple[str, bytes]] = set()
        self._owner = _Owner("", "", None)
        self.counted = 0
        """How many copies there were."""

    def is_copy(self, value: Object) -> bool:
        """Whether an object was judged already with another; else it may have copies itself."""
        found = pod_template(value)
        if found is None:
            return False
        kind, uid = str(value.get("kind")), text(mapping(value, "metadata").get("uid"))
        owner = controller_of(value) if kind in _MADE_BY_OTHERS else None
        if uid is not None and kind != "Pod":
            self._templates[uid] = orjson.dumps(found.value)
        if owner is None or not (self._says_the_same(found.value, *owner[:2]) or _runs_nothing(value)):
            return False
        self.counted += 1
        return True

    def _says_the_same(self, one: Object, uid: str, kind: str) -> bool:
        if self._owner.uid != uid:  # lists put what one controller made side by side
            self._owner = _Owner(uid, kind, self._templates.get(uid))
        return not self._owner.is_first(one) or self._is_known(one, uid, kind)

    def _is_known(self, one: Object, uid: str, kind: str) -> bool:
        limited = is_limited(one)
        said = essence(one, self._owner.template, kind, limited=limited)
        if said == self._owner.says(limited=limited) or (uid, said) in self._seen:
            return True
        self._seen.add((uid, said))
        return False


class _Owner:
    """A controller and what its template says, where that is known."""

    def __init__(self, uid: str, kind: str, template: bytes | None) -> None:
        self.uid = uid
        self._kind = kind
        self._is_known = template is not None
        self.template: Object = {} if template is None else orjson.loads(template)
        self._says: dict[bool, bytes] = {}
        self._written = {as_written(self.template, self.template)} if self._is_known else set()

    def is_first(self, one: Object) -> bool:
        """Whether nothing before it is known to be written so: most are equal but for their node and token."""
        before = len(self._written)
        self._written.add(as_written(one, self.template))
        return len(self._written) > before

    def says(self, *, limited: bool) -> bytes | None:
        """Its template's essence, as that of Pods into which a LimitRange did, or did not, put resources."""
        if self._is_known and limited not in self._says:
            self._says[limited] = essence(self.template, self.template, self._kind, limited=limited)
        return self._says.get(limited)


def _runs_nothing(value: Mapping[str, Any]) -> bool:
    return value.get("kind") == "ReplicaSet" and mapping(value, "spec").get("replicas") == 0
