"""One repository of a registry; writing (OCI distribution specification 1.1, "Pushing" and "Content Management")."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from compliance.errors import ContentError
from compliance.supply_chain.content import Descriptor, Manifest, digest_of, is_digest, parse_manifest
from compliance.supply_chain.registry.referrers import ReferringRepository
from compliance.supply_chain.registry.repository import own_digest

if TYPE_CHECKING:
    import httpx

_OCTETS: Final = "application/octet-stream"
_PUSH: Final = "pull,push"


class WrittenRepository(ReferringRepository):
    """A repository that takes content, and does not yet say what refers to what."""

    def put_blob(self, data: bytes, media_type: str, *, mount_from: str | None = None) -> Descriptor:
        """Store a blob unless it is there; `mount_from` is a repository of the same registry that may have it."""
        descriptor = Descriptor(media_type, digest_of(data), len(data))
        if not self._has_blob(descriptor.digest):
            self._upload(data, descriptor.digest, mount_from)
        return descriptor

    def _has_blob(self, digest: str) -> bool:
        what, deadline = f"the blob {digest} of {self.name}", self._deadline()
        with self._session.open(self._ask("HEAD", f"blobs/{digest}", what, actions=_PUSH), deadline) as response:
            self._expect(response, what, deadline, HTTPStatus.OK, HTTPStatus.NOT_FOUND)
            return response.status_code == HTTPStatus.OK

    def _upload(self, data: bytes, digest: str, mount_from: str | None) -> None:
        what = f"the upload of {digest} to {self.name}"
        location = self._begin_upload(digest, mount_from, what)
        if location is None:
            return
        if len(data) > self._session.access.chunk_size:
            location = self._upload_chunks(data, location, what)
            data = b""
        deadline = time.monotonic() + self._session.access.transfer_deadline
        target = f"{location}{'&' if '?' in location else '?'}digest={quote(digest, safe='')}"
        ask = self._ask(
            "PUT",
            target,
            what,
            headers={"Content-Type": _OCTETS},
            actions=_PUSH,
            content=data,
            repeatable=False,
        )
        with self._session.open(ask, deadline) as response:
            self._expect(response, what, deadline, HTTPStatus.CREATED)

    def _begin_upload(self, digest: str, mount_from: str | None, what: str) -> str | None:
        """Where to upload to; None where the registry has mounted the blob from the other repository."""
        query = f"?mount={quote(digest, safe='')}&from={quote(mount_from, safe='')}" if mount_from else ""
        deadline = self._deadline()
        others = (f"repository:{mount_from}:pull",) if mount_from else ()
        ask = self._ask("POST", f"blobs/uploads/{query}", what, actions=_PUSH, more_scopes=others, content=b"")
        with self._session.open(ask, deadline) as response:
            self._expect(response, what, deadline, HTTPStatus.ACCEPTED, HTTPStatus.CREATED)
            return None if response.status_code == HTTPStatus.CREATED else self._location(response, what)

    def _upload_chunks(self, data: bytes, location: str, what: str) -> str:
        size = self._session.access.chunk_size
        for start in range(0, len(data), size):
            chunk = data[start : start + size]
            headers = {"Content-Type": _OCTETS, "Content-Range": f"{start}-{start + len(chunk) - 1}"}
            deadline = time.monotonic() + self._session.access.transfer_deadline
            ask = self._ask("PATCH", location, what, headers=headers, actions=_PUSH, content=chunk, repeatable=False)
            with self._session.open(ask, deadline) as response:
                self._expect(response, what, deadline, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT)
                location = self._location(response, what)
        return location

    def _location(self, response: httpx.Response, what: str) -> str:
        """Where an upload goes on: relative or absolute, on this host or another."""
        location = response.headers.get("Location")
        if not location:
            raise ContentError(f"{what}: {self._session.registry} does not say where to")
        return self._session.follow(response, location)

    def put_manifest(self, raw: bytes, media_type: str, tag: str | None = None) -> Descriptor:
        """Store a manifest or index under its digest, and under a tag where one is given."""
        return self._store_manifest(raw, media_type, tag)[0]

    def _store_manifest(self, raw: bytes, media_type: str, tag: str | None) -> tuple[Descriptor, str | None]:
        manifest = parse_manifest(raw, media_type)
        digest = digest_of(raw)
        what, deadline = f"{self.name}{f':{tag}' if tag else f'@{digest}'}", self._deadline()
        headers = {"Content-Type": media_type}
        ask = self._ask("PUT", f"manifests/{tag or digest}", what, headers=headers, actions=_PUSH, content=raw)
        with self._session.open(ask, deadline) as response:
            self._expect(response, what, deadline, HTTPStatus.CREATED, HTTPStatus.OK)
            own_digest(raw, response, what)
            listed = response.headers.get("OCI-Subject")
        kind = manifest.artifact_type if isinstance(manifest, Manifest) else manifest.descriptor.artifact_type
        return Descriptor(media_type, digest, len(raw), manifest.annotations, kind), listed

    def delete(self, digest: str) -> None:
        """Delete a manifest."""
        if not is_digest(digest):
            raise ContentError(f"{digest[:140]!r} is no digest; only by digest is it sure what is deleted")
        what, deadline = f"{self.name}@{digest}", self._deadline()
        ask = self._ask("DELETE", f"manifests/{digest}", what, actions="delete,pull,push")
        with self._session.open(ask, deadline) as response:
            if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                raise ContentError(
                    f"{self._session.registry} does not allow to delete", remedy="ask who runs it to allow it"
                )
            self._expect(response, what, deadline, HTTPStatus.ACCEPTED, HTTPStatus.OK, HTTPStatus.NO_CONTENT)
        self._kept.drop(digest)
