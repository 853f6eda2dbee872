"""What refers to a manifest, where registries offer a list, where they do not, and where they answer nonsense."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any

import pytest

from compliance.errors import AccessDenied, ContentError

if TYPE_CHECKING:
    from types import ModuleType

    from scripted_registry import Answer, Asked, ScriptedRegistry


@pytest.fixture
def image(scripted: ModuleType) -> bytes:
    return bytes(scripted.manifest())


def _entry(scripted: ModuleType, name: str) -> dict[str, Any]:
    return {**scripted.descriptor(name.encode(), scripted.OCI_MANIFEST), "artifactType": name}


def _api(scripted: ModuleType, *names: str, link: str = "") -> Answer:
    headers = {"Content-Type": scripted.OCI_INDEX, **({"Link": link} if link else {})}
    return scripted.Answer(200, headers, scripted.index(*(_entry(scripted, name) for name in names)))


def _tag(digest: str) -> str:
    return digest.replace(":", "-")


def _found(registry: ScriptedRegistry, digest: str) -> list[str | None]:
    with registry.open() as repository:
        return sorted(str(one.artifact_type) for one in repository.referrers(digest))


def test_the_api_and_the_tag_are_put_together(registry: ScriptedRegistry, scripted: ModuleType, image: bytes) -> None:
    digest = registry.serve(image)
    path = f"/v2/app/referrers/{digest}"
    registry.on("GET", path, _api(scripted, "a", "b", link=f'<{path}?page=2>; rel="next"'))
    registry.on("GET", f"{path}?page=2", _api(scripted, "c"))
    registry.serve(scripted.index(*(_entry(scripted, name) for name in "cd")), scripted.OCI_INDEX, _tag(digest))
    assert _found(registry, digest) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("status", [404, 400, 405])
def test_where_no_list_is_offered_the_tag_counts(
    registry: ScriptedRegistry, scripted: ModuleType, image: bytes, status: int
) -> None:
    digest = registry.serve(image)
    registry.on("GET", f"/v2/app/referrers/{digest}", scripted.Answer(status))
    registry.serve(scripted.index(_entry(scripted, "a")), scripted.OCI_INDEX, _tag(digest))
    assert _found(registry, digest) == ["a"]


def test_nothing_there_is_an_empty_list(registry: ScriptedRegistry, image: bytes) -> None:
    assert _found(registry, registry.serve(image)) == []


def test_null_is_an_empty_list(registry: ScriptedRegistry, scripted: ModuleType, image: bytes) -> None:
    digest = registry.serve(image)
    answer = scripted.Answer(200, {"Content-Type": scripted.OCI_INDEX}, b'{"schemaVersion": 2, "manifests": null}')
    registry.on("GET", f"/v2/app/referrers/{digest}", answer)
    assert _found(registry, digest) == []


def test_a_tag_that_answers_with_the_subject_itself_lists_nothing(
    registry: ScriptedRegistry, scripted: ModuleType, image: bytes
) -> None:
    digest = registry.serve(image)
    registry.serve(image, scripted.OCI_MANIFEST, _tag(digest))
    assert _found(registry, digest) == []


def test_an_index_that_stands_under_its_own_tag_lists_no_referrers(
    registry: ScriptedRegistry, scripted: ModuleType
) -> None:
    raw = scripted.index(_entry(scripted, "a platform"))
    digest = registry.serve(raw, scripted.OCI_INDEX)
    registry.serve(raw, scripted.OCI_INDEX, _tag(digest))
    assert _found(registry, digest) == []


def test_a_web_page_is_no_list(registry: ScriptedRegistry, scripted: ModuleType, image: bytes) -> None:
    digest = registry.serve(image)
    registry.on("GET", f"/v2/app/referrers/{digest}", scripted.Answer(200, {"Content-Type": "text/html"}, b"<html>"))
    assert _found(registry, digest) == []


def test_a_list_that_is_denied_is_not_an_empty_one(
    registry: ScriptedRegistry, scripted: ModuleType, image: bytes
) -> None:
    digest = registry.serve(image)
    registry.on("GET", f"/v2/app/referrers/{digest}", scripted.Answer(403))
    with pytest.raises(AccessDenied):
        _found(registry, digest)


def test_a_list_that_breaks_off_is_not_a_shorter_one(
    registry: ScriptedRegistry, scripted: ModuleType, image: bytes
) -> None:
    digest = registry.serve(image)
    path = f"/v2/app/referrers/{digest}"
    registry.on("GET", path, _api(scripted, "a", link=f'<{path}?page=2>; rel="next"'))
    registry.on("GET", f"{path}?page=2", scripted.Answer(404))
    with pytest.raises(ContentError, match="404"):
        _found(registry, digest)


def test_a_list_without_end_is_given_up(registry: ScriptedRegistry, scripted: ModuleType, image: bytes) -> None:
    digest = registry.serve(image)
    path = f"/v2/app/referrers/{digest}"

    def page(asked: Asked) -> Answer:
        number = int(asked.path.partition("=")[2] or 0)
        return _api(scripted, f"a{number}", link=f'<{path}?page={number + 1}>; rel="next"')

    registry.on("GET", path, page)
    with pytest.raises(ContentError, match="more than 200 pages"):
        _found(registry, digest)


class _Kept:
    """Manifests that are put are served from then on, as a registry does that has no list of referrers."""

    def __init__(self, registry: ScriptedRegistry, scripted: ModuleType) -> None:
        self._there: dict[str, tuple[str, bytes]] = {}
        self._lock = Lock()
        self._scripted = scripted
        registry.answer = self._answer

    def _answer(self, asked: Asked) -> Answer:
        at, answer = asked.path, self._scripted.Answer
        with self._lock:
            if asked.method == "PUT":
                kind = asked.headers["content-type"]
                self._there[at] = self._there[f"/v2/app/manifests/{self._scripted.digest_of(asked.body)}"] = (
                    kind,
                    asked.body,
                )
                return answer(201)
            found = self._there.get(at)
        return answer(200, {"Content-Type": found[0]}, found[1]) if found else answer(404)

    def entries(self, digest: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = json.loads(self._there[f"/v2/app/manifests/{_tag(digest)}"][1])["manifests"]
        return entries

    def has_tag(self, digest: str) -> bool:
        return f"/v2/app/manifests/{_tag(digest)}" in self._there


def _attachment(scripted: ModuleType, image: bytes, kind: str) -> bytes:
    subject = scripted.descriptor(image, scripted.OCI_MANIFEST)
    return bytes(scripted.manifest(subject=subject, artifactType=kind, annotations={"made": "here"}))


def test_a_registry_that_lists_by_itself_needs_no_tag(
    registry: ScriptedRegistry, scripted: ModuleType, image: bytes
) -> None:
    raw, digest = _attachment(scripted, image, "a"), scripted.digest_of(image)
    answer = scripted.Answer(201, {"OCI-Subject": digest})
    registry.on("PUT", f"/v2/app/manifests/{scripted.digest_of(raw)}", answer)
    with registry.open() as repository:
        assert repository.attach(raw, scripted.OCI_MANIFEST).artifact_type == "a"
    assert len(registry.asked) == 1


def test_elsewhere_the_tag_lists_what_was_attached_and_keeps_what_others_wrote(
    registry: ScriptedRegistry, scripted: ModuleType, image: bytes
) -> None:
    kept, digest = _Kept(registry, scripted), scripted.digest_of(image)
    with registry.open() as repository:
        first = {**_entry(scripted, "theirs"), "annotations": {"by": "others"}, "unknown": 1}
        repository.put_manifest(scripted.index(first), scripted.OCI_INDEX, _tag(digest))
        ours = repository.attach(_attachment(scripted, image, "ours"), scripted.OCI_MANIFEST)
        repository.attach(_attachment(scripted, image, "ours"), scripted.OCI_MANIFEST)
    assert kept.entries(digest)[0] == first
    assert [one["digest"] for one in kept.entries(digest)] == [first["digest"], ours.digest]
    assert kept.entries(digest)[1]["annotations"] == {"made": "here"}
    assert kept.entries(digest)[1]["artifactType"] == "ours"


def test_what_has_no_subject_is_not_attached(registry: ScriptedRegistry, scripted: ModuleType, image: bytes) -> None:
    with registry.open() as repository, pytest.raises(ContentError, match="must have a subject"):
        repository.attach(image, scripted.OCI_MANIFEST)
    assert registry.asked == []


def test_writers_at_the_same_time_lose_no_entry(registry: ScriptedRegistry, scripted: ModuleType, image: bytes) -> None:
    kept, digest = _Kept(registry, scripted), scripted.digest_of(image)

    def attach(number: int) -> str:
        with registry.open() as repository:
            raw = _attachment(scripted, image, f"kind {number}")
            return str(repository.attach(raw, scripted.OCI_MANIFEST).digest)

    with ThreadPoolExecutor(8) as pool:
        made = {*pool.map(attach, range(8))}
    assert {one["digest"] for one in kept.entries(digest)} == made
