"""A live cluster's objects, asked for by the names that kubectl has for them.

What a cluster serves and lists comes in through callables, so that this knows names and namespaces only. A cluster
tells plural names; singular and short ones are those of Kubernetes itself (`resources`), and the kind in lower case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from compliance.errors import ReadError
from compliance.interop import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from compliance.interop.kubectl_get import Get


class ServedKind(Protocol):
    """A kind that a cluster serves; `resource` is its plural name."""

    @property
    def group(self) -> str:
        """Empty for the core."""
        ...

    @property
    def version(self) -> str:
        """The version that is read."""
        ...

    @property
    def kind(self) -> str:
        """Its kind."""
        ...

    @property
    def resource(self) -> str:
        """Its plural name in paths."""
        ...

    @property
    def namespaced(self) -> bool:
        """Whether its objects live in namespaces."""
        ...


@dataclass(frozen=True, slots=True)
class ClusterObjects:
    """Answers a `Get`: `kinds` are those served, the preferred version first; `namespace` is the current one.

    `lister(kind, namespace, selectors)` gives the objects of a namespace or, for None, of all; `selectors` are
    `labelSelector` and `fieldSelector` as the API takes them. It raises a ComplianceError where it cannot.
    """

    kinds: Sequence[ServedKind]
    lister: Callable[[ServedKind, str | None, Mapping[str, str]], Iterable[dict[str, Any]]] = field(repr=False)
    namespace: str = "default"

    def __call__(self, get: Get) -> Mapping[str, Any]:
        """Answer as `kubectl get -o json` does.

        Raises:
            ReadError: the cluster serves no such resource.
            ComplianceError: what the lister raises.
        """
        kind = self._kind(get.resource)
        where = None if get.all_namespaces or not kind.namespaced else get.namespace or self.namespace
        fields = f"metadata.name={get.name}" if get.name is not None else get.field_selector
        given = {"labelSelector": get.selector, "fieldSelector": fields}
        selectors = {name: text for name, text in given.items() if text}
        told = {"apiVersion": f"{kind.group}/{kind.version}" if kind.group else kind.version, "kind": kind.kind}
        return {"items": [{**told, **item} for item in self.lister(kind, where, selectors)]}

    def _kind(self, written: str) -> ServedKind:
        found = next((each for each in self.kinds if resources.find(written, [_resource(each)])), None)
        if found is None:
            remedy = "mend the name; a custom resource is known by its plural name, as kubectl api-resources lists it"
            raise ReadError(f"the cluster has no resource type {written!r}", remedy=remedy)
        return found


def _resource(kind: ServedKind) -> resources.Resource:
    same = (each.names[1:] for each in resources.KNOWN if (each.kind, each.group) == (kind.kind, kind.group))
    return resources.Resource((kind.resource, *next(same, ())), kind.kind, kind.group, kind.namespaced)
