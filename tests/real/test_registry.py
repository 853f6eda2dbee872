"""The client against real registries: Debian's docker-registry, without the referrers API, and one that has it."""

from __future__ import annotations

import base64
import json
import multiprocessing
import os
import time
import tracemalloc
import uuid
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from compliance.errors import AccessDenied, ContentNotFound, ContentUnavailable
from compliance.image_reference import parse
from compliance.supply_chain.content import EMPTY_CONFIG, OCI_INDEX, OCI_MANIFEST, Index, Manifest, fallback_tag
from compliance.supply_chain.layout import write_layout
from compliance.supply_chain.opening import open_image
from compliance.supply_chain.registry import Access, Registries, open_registry
from compliance.supply_chain.registry.credentials import Anonymous, DockerConfig

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registries import ProtectedRegistry, TlsRegistry, TokenRegistry

    from compliance.supply_chain.content import Descriptor
    from compliance.supply_chain.registry.attaching import RegistryRepository

pytestmark = pytest.mark.real

ACCESS = Access(credentials=Anonymous())
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar"
MEGABYTE = 1024 * 1024


@pytest.fixture(params=["docker_registry", "referrers_registry"])
def host(request: pytest.FixtureRequest) -> str:
    """Each of the registries in turn, as `127.0.0.1:PORT`."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def repository(host: str) -> Iterator[RegistryRepository]:
    """A repository of a name that no other test has."""
    with open_registry(parse(f"{host}/test/{uuid.uuid4().hex}"), ACCESS) as opened:
        yield opened


def _entry(one: Descriptor) -> dict[str, Any]:
    return {"mediaType": one.media_type, "digest": one.digest, "size": one.size}


def _manifest(repository: RegistryRepository, *layers: Descriptor, **more: object) -> bytes:
    config = _entry(repository.put_blob(b"{}", EMPTY_CONFIG))
    made = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": [_entry(one) for one in layers]}
    return json.dumps(made | more).encode()


def _push(repository: RegistryRepository, tag: str = "v1", **more: object) -> Descriptor:
    layer = repository.put_blob(b"a layer", LAYER_TYPE)
    return repository.put_manifest(_manifest(repository, layer, **more), OCI_MANIFEST, tag)


def test_what_is_pushed_is_read_back(repository: RegistryRepository) -> None:
    pushed = _push(repository)
    found = repository.resolve("v1")
    manifest = repository.manifest(found.digest)
    assert isinstance(manifest, Manifest)
    assert (found.digest, found.size) == (pushed.digest, pushed.size)
    assert repository.blob(manifest.layers[0], max_size=100) == b"a layer"
    assert [*repository.tags()] == ["v1"]


def test_an_index_is_pushed_and_read_back(repository: RegistryRepository) -> None:
    entry = {**_entry(_push(repository)), "platform": {"os": "linux", "architecture": "amd64"}}
    raw = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry]}).encode()
    pushed = repository.put_manifest(raw, OCI_INDEX, "all")
    index = repository.manifest(repository.resolve("all").digest)
    assert isinstance(index, Index)
    assert index.raw == raw
    assert pushed.digest == index.descriptor.digest


def test_a_blob_goes_up_in_chunks(host: str) -> None:
    data = os.urandom(1_000_003)
    access = Access(credentials=Anonymous(), chunk_size=300_000)
    with open_registry(parse(f"{host}/test/{uuid.uuid4().hex}"), access) as repository:
        pushed = repository.put_blob(data, LAYER_TYPE)
        assert repository.blob(pushed, max_size=len(data)) == data


def test_a_blob_is_mounted_from_another_repository(host: str, repository: RegistryRepository) -> None:
    data = os.urandom(1000)
    repository.put_blob(data, LAYER_TYPE)
    with open_registry(parse(f"{host}/test/{uuid.uuid4().hex}"), ACCESS) as other:
        mounted = other.put_blob(data, LAYER_TYPE, mount_from=repository.name.partition("/")[2])
        assert other.blob(mounted, max_size=1000) == data


def test_what_is_deleted_is_gone(repository: RegistryRepository) -> None:
    pushed = _push(repository)
    repository.delete(pushed.digest)
    with pytest.raises(ContentNotFound):
        repository.resolve("v1")


def test_what_is_not_there_is_not_there(repository: RegistryRepository) -> None:
    for name in ("v1", f"sha256:{'0' * 64}"):
        with pytest.raises(ContentNotFound):
            repository.resolve(name)
    assert repository.referrers(f"sha256:{'0' * 64}") == ()


def test_what_is_attached_is_listed_with_its_type(host: str, repository: RegistryRepository) -> None:
    image = _push(repository)
    raw = _manifest(repository, subject=_entry(image), artifactType="application/x.test", annotations={"a": "b"})
    attached = repository.attach(raw, OCI_MANIFEST)
    assert repository.attach(raw, OCI_MANIFEST) == attached
    (found,) = repository.referrers(image.digest)
    assert (found.digest, found.artifact_type, dict(found.annotations)) == (
        attached.digest,
        "application/x.test",
        {"a": "b"},
    )
    assert host in repository.name


def test_only_where_no_api_is_offered_a_tag_lists_what_was_attached(
    docker_registry: str, referrers_registry: str
) -> None:
    has_tag = []
    for host in (docker_registry, referrers_registry):
        with open_registry(parse(f"{host}/test/{uuid.uuid4().hex}"), ACCESS) as repository:
            image = _push(repository)
            repository.attach(_manifest(repository, subject=_entry(image)), OCI_MANIFEST)
            has_tag.append(fallback_tag(image.digest) in repository.tags())
    assert has_tag == [True, False]


def _attach(name: str, kind: str) -> str:
    with open_registry(parse(name), ACCESS) as repository:
        subject = _entry(repository.resolve("v1"))
        return repository.attach(_manifest(repository, subject=subject, artifactType=kind), OCI_MANIFEST).digest


def test_threads_that_attach_at_the_same_time_lose_nothing(repository: RegistryRepository) -> None:
    image = _push(repository)
    with ThreadPoolExecutor(8) as pool:
        made = {*pool.map(lambda number: _attach(repository.name, f"kind/{number}"), range(16))}
    assert {one.digest for one in repository.referrers(image.digest)} == made


def test_processes_that_attach_at_the_same_time_lose_nothing(repository: RegistryRepository) -> None:
    image = _push(repository)
    context = multiprocessing.get_context("spawn")
    kinds = [f"kind/{number}" for number in range(8)]
    with ProcessPoolExecutor(4, mp_context=context) as pool:
        made = {*pool.map(_attach, [repository.name] * len(kinds), kinds)}
    assert {one.digest for one in repository.referrers(image.digest)} == made


def test_a_large_blob_is_read_in_little_memory(repository: RegistryRepository) -> None:
    pushed = repository.put_blob(bytes(200 * MEGABYTE), LAYER_TYPE)
    tracemalloc.start()
    try:
        with repository.open_blob(pushed, max_size=pushed.size) as stream:
            read = sum(len(chunk) for chunk in iter(lambda: stream.read(MEGABYTE), b""))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == pushed.size
    assert peak < 16 * MEGABYTE


def test_a_hundred_images_are_resolved_within_seconds(host: str, repository: RegistryRepository) -> None:
    for number in range(100):
        _push(repository, f"v{number}", annotations={"number": str(number)})
    reference = parse(repository.name)
    began = time.process_time()
    with Registries(ACCESS) as registries, ThreadPoolExecutor(8) as pool:
        found = {*pool.map(lambda number: registries.open(reference).resolve(f"v{number}").digest, range(100))}
    assert len(found) == 100
    assert time.process_time() - began < 5
    assert host in repository.name


def test_an_image_is_opened_by_its_name_and_becomes_a_layout(repository: RegistryRepository, tmp_path: Path) -> None:
    pushed = _push(repository)
    with open_image(f"{repository.name}:v1", ACCESS, now=datetime.now(UTC)) as opened:
        assert opened.descriptor.digest == pushed.digest
        copy = write_layout(opened.repository, pushed.digest, tmp_path / "copy", max_size=MEGABYTE)
    assert copy.resolve(None).digest == pushed.digest


def _logged_in(folder: Path, registry: ProtectedRegistry | TokenRegistry, password: str) -> Access:
    """What `docker login` leaves behind."""
    auth = base64.b64encode(f"{registry.username}:{password}".encode()).decode()
    file = folder / "config.json"
    file.write_text(json.dumps({"auths": {registry.address: {"auth": auth}}}), "utf-8")
    return Access(credentials=DockerConfig((file,)))


@pytest.mark.parametrize("kind", ["docker_registry_with_auth", "token_registry"])
def test_who_has_logged_in_is_let_in_and_nobody_else(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    registry = request.getfixturevalue(kind)
    reference = parse(f"{registry.address}/test/{uuid.uuid4().hex}")
    with open_registry(reference, _logged_in(tmp_path, registry, registry.password)) as repository:
        pushed = _push(repository)
        repository.attach(_manifest(repository, subject=_entry(pushed)), OCI_MANIFEST)
        assert len(repository.referrers(pushed.digest)) == 1
        repository.delete(pushed.digest)
    for access in (ACCESS, _logged_in(tmp_path, registry, "wrong")):
        with open_registry(reference, access) as repository, pytest.raises(AccessDenied):
            repository.resolve("v1")


def test_tls_is_verified_with_the_authority_that_is_given(tls_registry: TlsRegistry) -> None:
    reference = parse(f"{tls_registry.address}/test/{uuid.uuid4().hex}")
    access = Access(credentials=Anonymous(), ca_file=tls_registry.authority)
    with open_registry(reference, access) as repository:
        pushed = _push(repository)
        assert repository.resolve("v1").digest == pushed.digest
    with open_registry(reference, ACCESS) as repository, pytest.raises(ContentUnavailable, match="not trusted"):
        repository.resolve("v1")
