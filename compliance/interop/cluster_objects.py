"""A live cluster's objects, asked for by the names that kubectl has for them: those that the cluster tells."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson

from compliance.errors import ReadError
from compliance.interop import resources
from compliance.model import ClusterReading, Gap, Input, Origin, Subject, Target
from compliance.sources.cluster.discovery import discover
from compliance.sources.cluster.listing import objects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.interop.kubectl_get import Get
    from compliance.sources.cluster.client import Client
    from compliance.sources.cluster.kinds import Kind


class ClusterObjects:
    """Objects of a cluster; call it with a `Get`, as kubectl would be. Values of Secrets are withheld.

    `namespace` is the current one: where None is given, that of the context or service account.
    """

    def __init__(self, client: Client, namespace: str | None = None) -> None:
        """Ask what the cluster serves.

        Raises:
            ClusterError: it does not answer.
        """
        self._client = client
        self._namespace = namespace or client.namespace
        self._kinds = discover(client).kinds
        version = client.json("/version").get("gitVersion")
        self._version = version if isinstance(version, str) else None
        self._sha256 = hashlib.sha256()
        self._count = 0
        self.gaps: tuple[Gap, ...] = ()
        self.target = Target("cluster", client.cluster)

    @property
    def cluster(self) -> str | None:
        """What the cluster is called in results."""
        return self._client.cluster

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What was read so far."""
        return (Input(self._client.cluster, "cluster", self._sha256.hexdigest(), self._count),)

    @property
    def readings(self) -> tuple[ClusterReading, ...]:
        """What it cost so far."""
        cluster, requests = self._client.cluster, self._client.requests
        return (ClusterReading(cluster, self._version, requests, self._count, copies=0),)

    def __call__(self, get: Get) -> Mapping[str, Any]:
        """Answer as `kubectl get -o json` does.

        Raises:
            ReadError: the cluster serves no such resource.
            ClusterError: it does not give the list.
        """
        kind = self._kind(get.resource)
        where = None if get.all_namespaces or not kind.namespaced else get.namespace or self._namespace
        fields = f"metadata.name={get.name}" if get.name is not None else get.field_selector
        given = {"labelSelector": get.selector, "fieldSelector": fields}
        selectors = {name: text for name, text in given.items() if text}
        told = {"apiVersion": kind.api_version, "kind": kind.kind}
        items = [{**told, **item} for item in objects(self._client, kind, where, **selectors)]
        self._count += len(items)
        self._sha256.update(orjson.dumps(items))
        return {"items": items}

    def origin(self, subject: Subject) -> Origin:
        """Its path in the cluster."""
        parts = (subject.cluster, subject.namespace, subject.kind, subject.name)
        return Origin("/".join(part for part in parts if part), is_file=False)

    def _kind(self, written: str) -> Kind:
        found = next((each for each in self._kinds if resources.find(written, [_resource(each)])), None)
        if found is None:
            remedy = "mend the name: kubectl api-resources lists them"
            raise ReadError(f"the cluster has no resource type {written!r}", remedy=remedy)
        return found


def _resource(kind: Kind) -> resources.Resource:
    return resources.Resource((kind.resource, *kind.names), kind.kind, kind.group, kind.namespaced)
