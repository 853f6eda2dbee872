"""Uploads of blobs and manifests, in one piece and in several, and what a registry says to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance.errors import ContentError
from compliance.supply_chain.registry.credentials import Credentials

if TYPE_CHECKING:
    from types import ModuleType

    from scripted_registry import Answer, Asked, ScriptedRegistry

DATA = b"abcdefghij"
UPLOADS = "/v2/app/blobs/uploads/"


def _accept(registry: ScriptedRegistry, scripted: ModuleType, location: str) -> None:
    registry.on("POST", UPLOADS, scripted.Answer(202, {"Location": location}))


def test_a_blob_that_is_there_is_not_sent(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    registry.on("HEAD", f"/v2/app/blobs/{scripted.digest_of(DATA)}", scripted.Answer(200))
    with registry.open() as repository:
        assert repository.put_blob(DATA, "text/plain").digest == scripted.digest_of(DATA)
    assert [one.method for one in registry.asked] == ["HEAD"]


@pytest.mark.parametrize("location", ["/upload/1?state=a%2Fb", "{url}/upload/1?state=a%2Fb"])
def test_a_blob_is_sent_where_the_registry_says(
    registry: ScriptedRegistry, scripted: ModuleType, location: str
) -> None:
    _accept(registry, scripted, location.format(url=registry.url))
    registry.on("PUT", "/upload/1", scripted.Answer(201))
    with registry.open() as repository:
        repository.put_blob(DATA, "text/plain")
    (put,) = registry.calls("PUT")
    digest = scripted.digest_of(DATA).replace(":", "%3A")
    assert (put.path, put.body) == (f"/upload/1?state=a%2Fb&digest={digest}", DATA)


def test_a_large_blob_is_sent_in_chunks(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    _accept(registry, scripted, "/upload/0")
    for number in range(3):
        registry.on("PATCH", f"/upload/{number}", scripted.Answer(202, {"Location": f"/upload/{number + 1}"}))
    registry.on("PUT", "/upload/3", scripted.Answer(201))
    with registry.open(chunk_size=4) as repository:
        repository.put_blob(DATA, "text/plain")
    sent = [(one.headers["content-range"], one.body) for one in registry.calls("PATCH")]
    assert sent == [("0-3", b"abcd"), ("4-7", b"efgh"), ("8-9", b"ij")]
    assert registry.calls("PUT")[0].body == b""


def test_a_blob_may_be_mounted_from_another_repository(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    registry.on("POST", UPLOADS, scripted.Answer(201))
    with registry.open() as repository:
        repository.put_blob(DATA, "text/plain", mount_from="team/base")
    assert [one.method for one in registry.asked] == ["HEAD", "POST"]
    assert registry.asked[1].path.endswith("&from=team%2Fbase")


def test_an_upload_to_another_host_carries_no_password(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType
) -> None:
    def guarded(asked: Asked) -> Answer:
        if asked.authorization is None:
            return scripted.Answer(401, {"WWW-Authenticate": "Basic realm=x"})
        return scripted.Answer(202, {"Location": f"{other.url}/upload"})

    registry.on("POST", UPLOADS, guarded)
    other.on("PUT", "/upload", scripted.Answer(201))
    with registry.open(credentials=scripted.Known(Credentials("me", "secret"))) as repository:
        repository.put_blob(DATA, "text/plain")
    assert [one.authorization for one in other.asked] == [None]


@pytest.mark.parametrize("location", ["", "ftp://x/", "http://192.0.2.1/upload"])
def test_an_upload_to_nowhere_is_refused(registry: ScriptedRegistry, scripted: ModuleType, location: str) -> None:
    _accept(registry, scripted, location)
    with registry.open() as repository, pytest.raises(ContentError):
        repository.put_blob(DATA, "text/plain")


def test_a_chunk_is_not_sent_twice(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    _accept(registry, scripted, "/upload/0")
    registry.on("PATCH", "/upload/0", scripted.Answer(502))
    with registry.open(chunk_size=4) as repository, pytest.raises(ContentError, match="502"):
        repository.put_blob(DATA, "text/plain")
    assert len(registry.calls("PATCH")) == 1


def test_a_manifest_is_stored_under_its_digest_or_tag(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    raw = scripted.manifest()
    digest = scripted.digest_of(raw)
    for reference in (digest, "v1"):
        registry.on("PUT", f"/v2/app/manifests/{reference}", scripted.Answer(201))
    with registry.open() as repository:
        for tag in (None, "v1"):
            assert repository.put_manifest(raw, scripted.OCI_MANIFEST, tag).digest == digest
    assert [(one.body, one.headers["content-type"]) for one in registry.asked] == [(raw, scripted.OCI_MANIFEST)] * 2


def test_a_registry_that_understood_something_else_is_found_out(
    registry: ScriptedRegistry, scripted: ModuleType
) -> None:
    claimed = {"Docker-Content-Digest": f"sha256:{'0' * 64}"}
    registry.on("PUT", "/v2/app/manifests/v1", scripted.Answer(201, claimed))
    with registry.open() as repository, pytest.raises(ContentError, match="not what its digest names"):
        repository.put_manifest(scripted.manifest(), scripted.OCI_MANIFEST, "v1")


def test_deleting_goes_by_digest(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    digest = registry.serve(scripted.manifest())
    registry.on("DELETE", f"/v2/app/manifests/{digest}", scripted.Answer(202))
    with registry.open() as repository:
        repository.delete(digest)
        with pytest.raises(ContentError, match="only by digest"):
            repository.delete("v1")
    assert len(registry.asked) == 1


def test_a_registry_that_does_not_delete_says_so(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    digest = registry.serve(scripted.manifest())
    registry.on("DELETE", f"/v2/app/manifests/{digest}", scripted.Answer(405))
    with registry.open() as repository, pytest.raises(ContentError, match="does not allow to delete"):
        repository.delete(digest)
