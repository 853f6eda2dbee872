"""One repository of a registry, as the OCI distribution specification 1.1 defines it; reading."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError
from compliance.supply_chain import strict_json
from compliance.supply_chain.checked import CheckedStream, buffered, check, check_size
from compliance.supply_chain.content import (
    DOCKER_INDEX,
    DOCKER_MANIFEST,
    MAX_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    digest_of,
    is_digest,
    parse_manifest,
)
from compliance.supply_chain.registry import answers
from compliance.supply_chain.registry.kept import Kept
from compliance.supply_chain.registry.session import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, Self

    import httpx

    from compliance.supply_chain.content import Descriptor, Index, Manifest
    from compliance.supply_chain.registry.session import Session

_ACCEPT: Final = f"{OCI_INDEX}, {OCI_MANIFEST}, {DOCKER_INDEX}, {DOCKER_MANIFEST}"
_UNSPECIFIC: Final = frozenset({"", "application/json", "application/octet-stream", "text/plain"})
_TAG: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_NEXT: Final = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?', re.IGNORECASE)
_MAX_PAGES: Final = 200
_PAGE: Final = 1000


class ReadableRepository:
    """A repository that is read; safe in any thread."""

    source: Final = "registry"

    def __init__(self, session: Session, repository: str) -> None:
        self._session = session
        self._repository = repository
        self._owns_session = False
        self._kept = Kept()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def owning_session(self) -> Self:
        """Take over the session: nobody else uses it, so `close` closes it."""
        self._owns_session = True
        return self

    def close(self) -> None:
        """Close the connections, unless other repositories use them."""
        if self._owns_session:
            self._session.close()

    @property
    def name(self) -> str:
        """`registry/repository`."""
        return f"{self._session.registry}/{self._repository}"

    def resolve(self, reference: str | None) -> Descriptor:
        """Find what a tag or digest names; None is the tag `latest`.

        The manifest itself is read: a digest that a HEAD request claims is nobody's word but the registry's.
        """
        reference = reference or "latest"
        if is_digest(reference):
            return self.manifest(reference).descriptor
        if not _TAG.fullmatch(reference):
            raise ContentError(f"{reference[:140]!r} is neither a tag nor a digest that can be checked")
        found = self._fetch_manifest(reference)
        self._kept.put(found.descriptor.digest, found)
        return found.descriptor

    def manifest(self, digest: str) -> Manifest | Index:
        """Read a manifest or index, held against its digest."""
        if not is_digest(digest):
            raise ContentError(f"{digest[:140]!r} is no digest that can be checked")
        found = self._kept.get(digest)
        if found is None:
            found = self._fetch_manifest(digest)
            self._kept.put(digest, found)
        return found

    def _fetch_manifest(self, reference: str) -> Manifest | Index:
        what = f"{self.name}{'@' if is_digest(reference) else ':'}{reference}"
        deadline = self._deadline()
        ask = self._ask("GET", f"manifests/{reference}", what, headers={"Accept": _ACCEPT})
        with self._session.open(ask, deadline) as response:
            self._expect(response, what, deadline, HTTPStatus.OK)
            raw = answers.body(response, MAX_MANIFEST, deadline, what)
            media_type = _media_type(response)
            claimed = response.headers.get("Docker-Content-Digest")
        for digest in (reference, claimed):
            if is_digest(digest):
                check(raw, str(digest), what)
        try:
            found = parse_manifest(raw, media_type)
        except ContentError as error:
            raise ContentError(f"{what}: {error.message}", remedy=error.remedy) from None
        if not is_digest(reference):
            return found
        return replace(found, descriptor=replace(found.descriptor, digest=reference))

    def blob(self, descriptor: Descriptor, *, max_size: int) -> bytes:
        """Read a small blob whole."""
        with self.open_blob(descriptor, max_size=max_size) as stream:
            return stream.read()

    @contextmanager
    def open_blob(self, descriptor: Descriptor, *, max_size: int) -> Iterator[BinaryIO]:
        """Read a blob as a stream; the read that reaches its end raises ContentError where the digest differs."""
        what = f"the blob {descriptor.digest} of {self.name}"
        check_size(descriptor, max_size, what)
        if not is_digest(descriptor.digest):
            raise ContentError(f"{what} has no digest that can be checked")
        deadline = time.monotonic() + self._session.access.transfer_deadline
        with self._session.open(self._ask("GET", f"blobs/{descriptor.digest}", what), self._deadline()) as response:
            self._expect(response, what, deadline, HTTPStatus.OK)
            length = response.headers.get("Content-Length", "")
            if length.isdigit() and int(length) != descriptor.size:
                raise ContentError(f"{what} has {length} bytes there, and {descriptor.size} by its descriptor")
            pull = _Puller(answers.raw_chunks(response, deadline, what))
            with buffered(CheckedStream(pull, descriptor, what)) as stream:
                yield stream

    def tags(self) -> Iterator[str]:
        """List the tags, page by page."""
        what = f"the list of tags of {self.name}"
        for page in self._pages(f"tags/list?n={_PAGE}", what, {}):
            value = strict_json.loads(page[1], what)
            tags = value.get("tags") if isinstance(value, dict) else None
            yield from (tag for tag in tags or () if isinstance(tag, str) and _TAG.fullmatch(tag))

    def _pages(
        self, target: str, what: str, headers: dict[str, str], none: frozenset[HTTPStatus] = frozenset()
    ) -> Iterator[tuple[str, bytes]]:
        """Yield media type and body of each page of a list; the next one is where `Link` says (RFC 8288).

        An answer in `none` to the first request says that there is no such list.
        """
        seen: set[str] = set()
        while target not in seen:
            if len(seen) >= _MAX_PAGES:
                raise ContentError(f"{what} has more than {_MAX_PAGES} pages")
            seen.add(target)
            deadline = self._deadline()
            with self._session.open(self._ask("GET", target, what, headers=headers), deadline) as response:
                if len(seen) == 1 and response.status_code in none:
                    return
                self._expect(response, what, deadline, HTTPStatus.OK)
                page = answers.body(response, MAX_MANIFEST, deadline, what)
                following = _NEXT.search(response.headers.get("Link", ""))
                target = self._session.follow(response, following[1]) if following else target
            yield _media_type(response) or "", page
            if following and not self._session.is_own(target):
                raise ContentError(f"{what} goes on at another host: refused")

    def _ask(
        self,
        method: str,
        target: str,
        what: str,
        *,
        headers: dict[str, str] | None = None,
        actions: str = "pull",
        more_scopes: tuple[str, ...] = (),
        **rest: Any,  # noqa: ANN401 - the other fields of Ask
    ) -> Ask:
        """A request under this repository's path, or at the address that the registry gave."""
        path = target if "://" in target else f"/v2/{self._repository}/{target}"
        scopes = (f"repository:{self._repository}:{actions}", *more_scopes)
        return Ask(method, path, what, self._repository, scopes, headers or {}, **rest)

    def _deadline(self) -> float:
        return time.monotonic() + self._session.access.deadline

    def _expect(self, response: httpx.Response, what: str, deadline: float, *statuses: int) -> None:
        if response.status_code not in statuses:
            raise self._session.refusal(response, what, deadline)


class _Puller:
    """The next bytes of chunks, at most as many as are asked for."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def __call__(self, size: int) -> bytes:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = memoryview(chunk)
        given, self._rest = self._rest[:size], self._rest[size:]
        return bytes(given)


def own_digest(raw: bytes, response: httpx.Response, what: str) -> str:
    """The digest of what was just stored, which the registry must have understood likewise."""
    claimed = response.headers.get("Docker-Content-Digest")
    if is_digest(claimed):
        check(raw, str(claimed), what)
    return digest_of(raw)


def _media_type(response: httpx.Response) -> str | None:
    """What the answer calls itself, where that says something."""
    named = str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    return None if named in _UNSPECIFIC else named
