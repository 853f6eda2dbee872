"""Manifests, blobs and tags from a registry that may lie about all of them."""

from __future__ import annotations

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from compliance.errors import ContentError, ContentNotFound, ContentUnavailable
from compliance.image_reference import ImageReference
from compliance.supply_chain.content import MAX_MANIFEST, Descriptor, Manifest
from compliance.supply_chain.registry import Access, Registries, open_registry
from compliance.supply_chain.registry.credentials import Anonymous

if TYPE_CHECKING:
    from types import ModuleType

    from scripted_registry import Answer, ScriptedRegistry

NOWHERE = f"sha256:{'0' * 64}"


def _blob(scripted: ModuleType, data: bytes) -> Descriptor:
    return Descriptor("application/octet-stream", scripted.digest_of(data), len(data))


def test_a_tag_is_resolved_with_one_request_and_its_manifest_is_at_hand(
    registry: ScriptedRegistry, scripted: ModuleType
) -> None:
    digest = registry.serve(scripted.manifest(), scripted.OCI_MANIFEST, "v1")
    with registry.open() as repository:
        found = repository.resolve("v1")
        assert isinstance(repository.manifest(found.digest), Manifest)
    assert found == Descriptor(scripted.OCI_MANIFEST, digest, len(scripted.manifest()))
    assert [one.path for one in registry.asked] == ["/v2/app/manifests/v1"]
    assert "application/vnd.docker.distribution.manifest.list.v2+json" in registry.asked[0].headers["accept"]


def test_without_a_tag_it_is_latest(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    digest = registry.serve(scripted.manifest(), scripted.OCI_MANIFEST, "latest")
    with registry.open() as repository:
        assert repository.resolve(None).digest == digest


def test_a_tag_whose_content_differs_from_the_digest_header_is_refused(
    registry: ScriptedRegistry, scripted: ModuleType
) -> None:
    headers = {"Content-Type": scripted.OCI_MANIFEST, "Docker-Content-Digest": NOWHERE}
    registry.on("GET", "/v2/app/manifests/v1", scripted.Answer(200, headers, scripted.manifest()))
    with registry.open() as repository, pytest.raises(ContentError, match="not what its digest names"):
        repository.resolve("v1")


def test_a_manifest_that_differs_from_its_digest_is_refused(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    headers = {"Content-Type": scripted.OCI_MANIFEST}
    registry.on("GET", f"/v2/app/manifests/{NOWHERE}", scripted.Answer(200, headers, scripted.manifest()))
    with registry.open() as repository, pytest.raises(ContentError, match="not what its digest names"):
        repository.manifest(NOWHERE)


def test_a_huge_manifest_is_not_read_to_its_end(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    huge = scripted.Answer(200, {}, b" " * (MAX_MANIFEST + 1), length=10**12)
    registry.on("GET", "/v2/app/manifests/v1", huge)
    with registry.open() as repository, pytest.raises(ContentError, match=f"larger than {MAX_MANIFEST} bytes"):
        repository.resolve("v1")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b'{"schemaVersion": 2, "layers": [], "layers": []}', "the key 'layers' twice"),
        (b"<html>", "no JSON"),
        (b'{"mediaType": "application/vnd.docker.distribution.manifest.v1+json"}', "no kind of manifest"),
        (b"[" * 100_000, "nests too deep"),
    ],
)
def test_what_is_no_manifest_is_refused_by_name(
    registry: ScriptedRegistry, scripted: ModuleType, raw: bytes, why: str
) -> None:
    registry.on("GET", "/v2/app/manifests/v1", scripted.Answer(200, {}, raw))
    with registry.open() as repository, pytest.raises(ContentError, match=why) as caught:
        repository.resolve("v1")
    assert f"{registry.host}/app:v1" in caught.value.message


def test_a_manifest_that_was_announced_as_something_else_is_refused(
    registry: ScriptedRegistry, scripted: ModuleType
) -> None:
    registry.serve(scripted.manifest(), scripted.OCI_INDEX, "v1")
    with registry.open() as repository, pytest.raises(ContentError, match="announced as"):
        repository.resolve("v1")


@pytest.mark.parametrize("reference", ["../../etc", "a/b", "", "sha256:abc", "x" * 129, "a?b", "v1\r\nHost: x"])
def test_a_reference_that_is_none_is_never_sent(registry: ScriptedRegistry, reference: str) -> None:
    with registry.open() as repository, pytest.raises(ContentError):
        repository.resolve(reference or "/")
    assert registry.asked == []


def test_what_is_not_there_is_said_so(registry: ScriptedRegistry) -> None:
    with registry.open() as repository, pytest.raises(ContentNotFound, match=f"{registry.host}/app:v1 is not there"):
        repository.resolve("v1")


def test_a_blob_is_read_whole_and_as_a_stream(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    data = bytes(range(256)) * 1000
    registry.on("GET", f"/v2/app/blobs/{scripted.digest_of(data)}", scripted.Answer(200, {}, data))
    with registry.open() as repository:
        assert repository.blob(_blob(scripted, data), max_size=len(data)) == data
        with repository.open_blob(_blob(scripted, data), max_size=len(data)) as stream:
            assert b"".join(iter(lambda: stream.read(7777), b"")) == data


def test_a_changed_blob_is_refused_before_its_last_bytes_are_handed_out(
    registry: ScriptedRegistry, scripted: ModuleType
) -> None:
    wanted = _blob(scripted, b"a" * 100_000)
    registry.on("GET", f"/v2/app/blobs/{wanted.digest}", scripted.Answer(200, {}, b"a" * 99_999 + b"b"))
    seen: list[int] = []
    with (
        registry.open() as repository,
        pytest.raises(ContentError, match="not what its digest names"),
        repository.open_blob(wanted, max_size=10**6) as stream,
    ):
        seen.extend(map(len, iter(lambda: stream.read(1000), b"")))
    assert 0 < sum(seen) < 100_000


def test_a_blob_of_another_size_is_refused_before_it_is_read(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    wanted = _blob(scripted, b"abc")
    registry.on("GET", f"/v2/app/blobs/{wanted.digest}", scripted.Answer(200, {}, b"abcd"))
    with registry.open() as repository, pytest.raises(ContentError, match="4 bytes there, and 3"):
        repository.blob(wanted, max_size=10)


def test_a_blob_over_the_limit_is_not_asked_for(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    with registry.open() as repository, pytest.raises(ContentError, match="11 bytes, and 10 are allowed"):
        repository.blob(_blob(scripted, b"a" * 11), max_size=10)
    assert registry.asked == []


def test_a_blob_that_breaks_off_is_unavailable(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    wanted = _blob(scripted, b"abcdef")
    registry.on("GET", f"/v2/app/blobs/{wanted.digest}", scripted.Answer(200, {}, b"abc", length=6))
    with registry.open() as repository, pytest.raises(ContentUnavailable, match="broke off"):
        repository.blob(wanted, max_size=10)


def test_a_blob_that_drips_is_given_up(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    wanted = _blob(scripted, b"a" * 1000)
    registry.on("GET", f"/v2/app/blobs/{wanted.digest}", scripted.Answer(200, {}, b"a" * 1000, pause=0.05))
    with (
        registry.open(transfer_deadline=0.4) as repository,
        pytest.raises(ContentUnavailable, match="in time"),
    ):
        repository.blob(wanted, max_size=10_000)


def test_a_manifest_that_drips_is_given_up(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    registry.on("GET", "/v2/app/manifests/v1", scripted.Answer(200, {}, scripted.manifest(), pause=0.05))
    with registry.open(deadline=0.5) as repository, pytest.raises(ContentUnavailable, match="in time"):
        repository.resolve("v1")


def test_a_silent_registry_is_given_up(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    silent = threading.Event()

    def wait(_: object) -> Answer:
        silent.wait(10)
        return scripted.Answer(404)

    registry.on("GET", "/v2/app/manifests/v1", wait)
    try:
        with registry.open(read_timeout=0.3, max_retries=0) as repository, pytest.raises(ContentUnavailable):
            repository.resolve("v1")
    finally:
        silent.set()


def test_an_empty_blob_is_read(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    registry.on("GET", f"/v2/app/blobs/{scripted.digest_of(b'')}", scripted.Answer(200))
    with registry.open() as repository:
        assert repository.blob(_blob(scripted, b""), max_size=0) == b""


def test_tags_are_listed_over_all_pages(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    def page(tags: list[str] | None, link: str = "") -> Answer:
        headers = {"Content-Type": "application/json", **({"Link": link} if link else {})}
        return scripted.Answer(200, headers, json.dumps({"name": "app", "tags": tags}).encode())

    registry.on("GET", "/v2/app/tags/list", page(["a", "b"], '</v2/app/tags/list?last=b>; rel="next"'))
    registry.on("GET", "/v2/app/tags/list?last=b", page(["c"], f"<{registry.url}/v2/app/tags/list?last=c>; rel=next"))
    registry.on("GET", "/v2/app/tags/list?last=c", page(None))
    with registry.open() as repository:
        assert [*repository.tags()] == ["a", "b", "c"]


def test_tags_that_go_on_at_another_host_are_refused(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType
) -> None:
    link = {"Link": f'<{other.url}/v2/app/tags/list>; rel="next"'}
    registry.on("GET", "/v2/app/tags/list", scripted.Answer(200, link, b'{"tags": ["a"]}'))
    with registry.open() as repository, pytest.raises(ContentError, match="another host"):
        [*repository.tags()]
    assert other.asked == []


def test_a_list_of_tags_that_goes_round_ends(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    link = {"Link": '</v2/app/tags/list?again>; rel="next"'}
    registry.on("GET", "/v2/app/tags/list", scripted.Answer(200, link, b'{"tags": ["a"]}'))
    with registry.open() as repository:
        assert [*repository.tags()] == ["a", "a"]


def test_many_threads_read_through_one_repository(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    digests = [registry.serve(scripted.manifest(annotations={"n": str(number)})) for number in range(40)]
    with registry.open() as repository, ThreadPoolExecutor(8) as pool:
        found = [*pool.map(repository.manifest, digests)]
    assert [one.descriptor.digest for one in found] == digests


@pytest.mark.parametrize("endless", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: ", b"a"])
def test_a_head_that_never_ends_is_given_up(endless: bytes) -> None:
    """A server that always has one more byte to send, so that no read ever times out."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        dripping = threading.Thread(target=_drip, args=(server, endless), daemon=True)
        dripping.start()
        reference = ImageReference(f"127.0.0.1:{server.getsockname()[1]}", "app", None, None)
        access = Access(credentials=Anonymous(), deadline=1.0, max_retries=0)
        began = time.monotonic()
        with open_registry(reference, access) as repository, pytest.raises(ContentUnavailable):
            repository.resolve("v1")
        assert time.monotonic() - began < 5
        dripping.join()


def _drip(server: socket.socket, data: bytes) -> None:
    with suppress(OSError):
        server.accept()[0].close()  # asked whether TLS is spoken here
        with server.accept()[0] as connection:
            connection.recv(10_000)
            for _ in range(100):
                connection.sendall(data)
                time.sleep(0.1)
                data = data if data.startswith(b"HTTP/1.1 100") else b"a"


def test_a_registry_that_is_down_is_not_asked_anew_for_each_image(scripted: ModuleType) -> None:
    gone = scripted.ScriptedRegistry()
    gone.close()
    with Registries(Access(credentials=Anonymous(), max_retries=1)) as registries:
        began = time.monotonic()
        for number in range(20):
            with pytest.raises(ContentUnavailable, match="cannot be reached"):
                registries.open(ImageReference(gone.host, f"app{number}", None, None)).resolve("v1")
    assert time.monotonic() - began < 5
