"""Reading a kind's objects page by page, each list at one point in time.

The first page names a resourceVersion, and continue tokens keep to it (API concepts, "Retrieving large results sets in
chunks"). A token that has grown too old is answered with one for the rest of the list as it is now, or the list begins
anew behind the last object that was seen. `resourceVersion` is never given: with it a server ignores `limit`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from compliance.errors import ClusterError
from compliance.sources.cluster.client import JSON
from compliance.sources.cluster.failures import AnswerTooLarge, StatusError
from compliance.sources.cluster.secrets import is_release_record, withhold, withhold_release
from compliance.sources.kubernetes.fields import mapping, mappings, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compliance.sources.cluster.client import Client
    from compliance.sources.cluster.kinds import Kind

_PAGE: Final = 500
# Each of these may have a mebibyte.
_PAGE_OF_LARGE: Final = 50
_LARGE: Final = frozenset({"ConfigMap", "Secret", "CustomResourceDefinition"})
_MOST_RESUMES: Final = 100
_METADATA: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

Object = dict[str, Any]


def place_of(value: Mapping[str, Any]) -> str:
    """Where an object stands in its list: `namespace/name`, the order of etcd's keys, or `name`."""
    metadata = mapping(value, "metadata")
    namespace, name = text(metadata.get("namespace")), text(metadata.get("name")) or ""
    return f"{namespace}/{name}" if namespace else name


def objects(client: Client, kind: Kind, namespace: str | None = None, **selectors: str) -> Iterator[Object]:
    """All objects of a kind in a namespace, or everywhere; values of Secrets are withheld.

    `selectors` are `fieldSelector` and `labelSelector` in the API's language.

    Raises:
        ClusterError: the list cannot be read (to its end).
    """
    yield from _Listing(client, kind, namespace, selectors).objects()


def metadata(client: Client, kind: Kind, namespace: str | None = None, **selectors: str) -> Iterator[Object]:
    """Only the metadata of what `objects` gives (API concepts, "Alternate representations of resources"); raises so."""
    yield from _Listing(client, kind, namespace, selectors, _METADATA).objects()


def with_releases(client: Client, kind: Kind, namespace: str | None = None, **selectors: str) -> Iterator[Object]:
    """What `objects` gives, where Helm's records of releases keep their values, and nothing else does; raises so."""
    yield from _Listing(client, kind, namespace, selectors, releases=True).objects()


class _Listing:
    """One list on its way: the token of the next page, how large pages are, and the last object that was seen."""

    def __init__(
        self,
        client: Client,
        kind: Kind,
        namespace: str | None,
        selectors: Mapping[str, str],
        accept: str = JSON,
        *,
        releases: bool = False,
    ) -> None:
        self._client = client
        self._releases = releases
        self._accept = accept
        self._kind = kind
        self._path = kind.path(namespace)
        self._selectors = selectors
        self._limit = _PAGE_OF_LARGE if kind.kind in _LARGE and accept == JSON else _PAGE
        self._token: str | None = None
        self._behind: str | None = None
        self._last = ""
        self._resumes = 0
        self._ended = False

    def objects(self) -> Iterator[Object]:
        """All of them, page by page."""
        while (page := self.next_page()) is not None:
            while page:
                yield page.pop()

    def next_page(self) -> list[Object] | None:
        """The objects of the next page, the last one first; None after the last page."""
        if self._ended:
            return None
        answer = self._answer()
        self._token = text(mapping(answer, "metadata").get("continue")) or None
        self._ended = self._token is None
        page = [self._object(item) for item in mappings(answer.get("items"))]
        if self._behind is not None:
            page = [item for item in page if place_of(item) > self._behind]
        if page:
            self._last = place_of(page[-1])
        page.reverse()
        return page

    def _answer(self) -> Object:
        while True:
            try:
                return self._client.json(f"{self._path}?{self._query()}", self._accept)
            except AnswerTooLarge:
                if self._limit == 1:
                    raise
                self._limit = max(1, self._limit // 8)
            except StatusError as error:
                self._go_on_after(error)

    def _query(self) -> str:
        query = {"limit": str(self._limit), **self._selectors}
        return urlencode({**query, "continue": self._token} if self._token else query)

    def _go_on_after(self, error: StatusError) -> None:
        """Where a token is too old: go on with what the server offers, or from the beginning."""
        self._resumes += 1
        if not error.is_expired or self._token is None or self._resumes > _MOST_RESUMES:
            raise error
        if error.resume == self._token:
            raise ClusterError(f"the list of {self._kind} cannot be continued", remedy="run again")
        if error.resume is None:
            self._behind = self._last
        self._token = error.resume

    def _object(self, item: Object) -> Object:
        """An item of a list names neither its version nor its kind."""
        item["apiVersion"], item["kind"] = self._kind.api_version, self._kind.kind
        is_release = self._kind.group == "" and is_release_record(item)
        if self._releases and is_release:
            return item
        if (self._kind.group, self._kind.kind) == ("", "Secret"):
            withhold(item)
        elif is_release:
            withhold_release(item)
        return item
