"""What references name in registries: each is asked about once, and what is down is not asked again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from compliance.cluster_drift.references import References
from compliance.errors import ContentError, ContentNotFound, ContentUnavailable
from compliance.sources.drift.images import Resolved
from compliance.supply_chain.registry import Access, Registries
from compliance.supply_chain.registry.credentials import Anonymous

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


@contextmanager
def _asking() -> Iterator[References]:
    access = Access(credentials=Anonymous(), deadline=5.0, max_retries=0)
    with Registries(access) as registries, References(registries) as references:
        yield references


def test_a_tag_names_a_manifest_with_its_configuration(registry: Any, scripted: ModuleType) -> None:  # noqa: ANN401 - loaded by its path
    raw = scripted.manifest()
    digest = registry.serve(raw, scripted.OCI_MANIFEST, "v1")
    with _asking() as references:
        references.ahead(f"{registry.host}/app:v1")
        found = [references.resolve(f"{registry.host}/app:v1") for _ in range(5)]
    assert {one.digest for one in found} == {digest}
    assert len(found[0].configurations) == 1
    assert len(registry.calls("GET", "/manifests/")) == 1


def test_an_index_names_its_manifests_and_their_configurations_only_when_asked(
    registry: Any,  # noqa: ANN401 - loaded by its path
    scripted: ModuleType,
) -> None:
    raw = scripted.manifest()
    child = registry.serve(raw)
    index = registry.serve(scripted.index(scripted.descriptor(raw, scripted.OCI_MANIFEST)), scripted.OCI_INDEX, "v1")
    with _asking() as references:
        assert references.resolve(f"{registry.host}/app:v1") == Resolved(index, frozenset({child}))
        assert registry.calls("GET", child) == []
        ((configuration, images),) = references.configurations(f"{registry.host}/app@{index}").items()
    assert configuration.startswith("sha256:")
    assert images == {child}


def test_what_calls_itself_an_artifact_may_run_all_the_same(registry: Any, scripted: ModuleType) -> None:  # noqa: ANN401 - loaded by its path
    entry = {**scripted.descriptor(scripted.manifest(), scripted.OCI_MANIFEST), "artifactType": "text/plain"}
    index = registry.serve(scripted.index(entry), scripted.OCI_INDEX, "v1")
    with _asking() as references:
        assert references.resolve(f"{registry.host}/app:v1") == Resolved(index, frozenset({entry["digest"]}))


def test_what_buildkit_keeps_beside_images_is_no_image(registry: Any, scripted: ModuleType) -> None:  # noqa: ANN401 - loaded by its path
    image, attestations = scripted.manifest(), scripted.manifest(annotations={"of": "another"})
    child = registry.serve(image)
    beside = scripted.descriptor(attestations, scripted.OCI_MANIFEST)
    beside["platform"] = {"os": "unknown", "architecture": "unknown"}
    inside = scripted.index(scripted.descriptor(image, scripted.OCI_MANIFEST), beside)
    index = registry.serve(inside, scripted.OCI_INDEX, "v1")
    with _asking() as references:
        assert references.resolve(f"{registry.host}/app:v1") == Resolved(index, frozenset({child}))
        assert set(references.configurations(f"{registry.host}/app@{index}").values()) == {frozenset({child})}


def test_what_is_not_there_says_nothing_of_the_registry(registry: Any, scripted: ModuleType) -> None:  # noqa: ANN401 - loaded by its path
    registry.serve(scripted.manifest(), scripted.OCI_MANIFEST, "v1")
    with _asking() as references:
        with pytest.raises(ContentNotFound):
            references.resolve(f"{registry.host}/app:gone")
        assert references.resolve(f"{registry.host}/app:v1").digest


def test_a_registry_that_is_down_is_asked_once(registry: Any, scripted: ModuleType) -> None:  # noqa: ANN401 - loaded by its path
    for number in range(20):
        registry.on("GET", f"/v2/app/manifests/v{number}", scripted.Answer(503))
    with _asking() as references:
        for number in range(20):
            with pytest.raises(ContentUnavailable):
                references.resolve(f"{registry.host}/app:v{number}")
    assert len(registry.calls("GET", "/manifests/")) == 1


def test_what_is_no_reference_is_no_crash() -> None:
    with _asking() as references, pytest.raises(ContentError, match="is no image reference"):
        references.resolve("A B")
