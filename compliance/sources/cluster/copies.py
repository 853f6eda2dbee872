"""Judge once what is the same: which Pods, ReplicaSets and Jobs of a namespace say what made them says.

Copies are counted with their controller, and so are Pods of one controller that all differ from it in the same way,
with the first of them. ReplicaSets without replicas are a Deployment's memory, and run nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.sources.cluster.templates import controller_of, essence, is_limited
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
        self._last: tuple[str, Object] = ("", {})
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
        template, limited = self._template(uid), is_limited(one)
        said = essence(one, template, kind, limited=limited)
        if template and said == essence(template, template, kind, limited=limited):
            return True
        if (uid, said) in self._seen:
            return True
        self._seen.add((uid, said))
        return False

    def _template(self, uid: str) -> Object:
        """The template of a controller, or an empty one; lists put what one controller made side by side."""
        if self._last[0] != uid:
            known = self._templates.get(uid)
            self._last = (uid, {} if known is None else orjson.loads(known))
        return self._last[1]


def _runs_nothing(value: Mapping[str, Any]) -> bool:
    return value.get("kind") == "ReplicaSet" and mapping(value, "spec").get("replicas") == 0
