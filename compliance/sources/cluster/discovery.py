"""Which kinds an API server serves: aggregated discovery (stable since Kubernetes 1.30), or the older way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance.model import Gap, Stage
from compliance.sources.cluster.failures import StatusError
from compliance.sources.cluster.kinds import Kind, is_of_records
from compliance.sources.kubernetes.fields import mapping, mappings, sequence, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compliance.sources.cluster.client import Client

_AGGREGATED: Final = ",".join(
    (
        *(f"application/json;g=apidiscovery.k8s.io;v={v};as=APIGroupDiscoveryList" for v in ("v2", "v2beta1")),
        "application/json",
    )
)
_REMEDY: Final = "look at `kubectl get apiservices`: the server behind it is down"


@dataclass(slots=True)
class Discovered:
    """The kinds that can be listed, each once and in the version that the server prefers, and what does not answer."""

    kinds: list[Kind] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def add(self, kinds: Iterable[Kind]) -> None:
        """Take in kinds of one group, the preferred version first."""
        known = {(kind.group, kind.resource) for kind in self.kinds}
        for kind in kinds:
            if (kind.group, kind.resource) not in known:
                known.add((kind.group, kind.resource))
                self.kinds.append(kind)


def discover(client: Client) -> Discovered:
    """Ask what is served: two requests where discovery is aggregated, else one more for each version of each group.

    Raises:
        ClusterError: the server does not answer.
    """
    found = Discovered()
    for root in ("/api", "/apis"):
        answer = client.json(root, _AGGREGATED)
        if answer.get("kind") == "APIGroupDiscoveryList":
            for group in mappings(answer.get("items")):
                found.add(_aggregated(group, client.cluster, found.gaps))
        else:
            _one_by_one(root, answer, client, found)
    return found


def _aggregated(group: dict[str, Any], cluster: str, gaps: list[Gap]) -> Iterator[Kind]:
    name = text(mapping(group, "metadata").get("name")) or ""
    for version in mappings(group.get("versions")):
        if version.get("freshness") == "Stale" and not is_of_records(name):
            gaps.append(_gap(cluster, f"{name}/{version.get('version')}", "its server does not answer"))
        for resource in mappings(version.get("resources")):
            said = mapping(resource, "responseKind")
            if "list" in texts(resource.get("verbs")) and text(said.get("kind")):
                yield Kind(
                    name,
                    text(version.get("version")) or "",
                    str(said["kind"]),
                    text(resource.get("resource")) or "",
                    resource.get("scope") == "Namespaced",
                    _names(resource.get("singularResource"), resource),
                )


def _one_by_one(root: str, answer: dict[str, Any], client: Client, found: Discovered) -> None:
    if root == "/api":
        groups = [("", texts(answer.get("versions")))]
    else:
        groups = [(str(group.get("name")), _versions(group)) for group in mappings(answer.get("groups"))]
    for group, versions in groups:
        for version in versions:
            path = f"{root}/{group}/{version}" if group else f"{root}/{version}"
            try:
                found.add(_listed(client.json(path), group, version))
            except StatusError as error:
                found.gaps.append(_gap(client.cluster, f"{group}/{version}", error.message))


def _versions(group: dict[str, Any]) -> list[str]:
    """The preferred version first."""
    first = text(mapping(group, "preferredVersion").get("version"))
    others = [text(version.get("version")) for version in mappings(group.get("versions"))]
    return list(dict.fromkeys(version for version in (first, *others) if version))


def _listed(answer: dict[str, Any], group: str, version: str) -> Iterator[Kind]:
    for resource in mappings(answer.get("resources")):
        name = text(resource.get("name")) or ""
        if "/" not in name and "list" in sequence(resource.get("verbs")):
            names = _names(resource.get("singularName"), resource)
            yield Kind(group, version, str(resource.get("kind")), name, resource.get("namespaced") is True, names)


def _names(singular: object, resource: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in (text(singular), *texts(resource.get("shortNames"))) if name)


def _gap(cluster: str, version: str, why: str) -> Gap:
    return Gap(Stage.COLLECT, f"{cluster}/{version}", f"what API version {version} serves is not known: {why}", _REMEDY)
