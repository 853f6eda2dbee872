"""What policies make of running images, with images and signatures that a registry serves."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pytest
import signed_images
from signed_images import holding, make_image, named

from compliance.cluster_drift.references import References
from compliance.cluster_drift.signatures import Signatures
from compliance.errors import AccessDenied, ContentError, ContentNotFound, ContentUnavailable
from compliance.sources.drift.images import ImageId
from compliance.sources.drift.signatures import RunningImage, Verdict, running_image
from compliance.supply_chain import keys
from compliance.supply_chain.content import OCI_INDEX
from compliance.supply_chain.registry import Access, Registries
from compliance.supply_chain.registry.credentials import Anonymous
from compliance.verification_settings import RequiredAttestation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from compliance.supply_chain.trust import ReadyPolicy

_KEY = keys.generate()
_STRANGER = keys.generate()
_UNSIGNED = "by the policy release, 0 signers of the 1 that are required signed it"


@dataclass
class Served:
    """A registry with what a layout has, all of it in the repository `app`."""

    registry: Any
    scripted: ModuleType
    folder: Path

    @property
    def repository(self) -> str:
        """Registry and repository."""
        return f"{self.registry.host}/app"

    def serve(self, *, damaged: bool = False) -> None:
        """Serve manifests and blobs as they are now, or blobs that are something else."""
        layout = json.loads((self.folder / "index.json").read_bytes())
        for blob in (self.folder / "blobs" / "sha256").iterdir():
            content = b"something else" if damaged else blob.read_bytes()
            self.registry.on("GET", f"/v2/app/blobs/sha256:{blob.name}", self.scripted.Answer(200, {}, content))
        for entry in layout["manifests"]:
            raw = (self.folder / "blobs" / "sha256" / entry["digest"].partition(":")[2]).read_bytes()
            tag = entry.get("annotations", {}).get("org.opencontainers.image.ref.name")
            self.registry.serve(raw, entry["mediaType"], *([tag] if tag else []))

    def running(
        self, digest: str, tag: str = "v1", form: Literal["manifest", "configuration"] = "manifest"
    ) -> RunningImage:
        """What runs under a tag."""
        found = running_image(f"{self.repository}:{tag}", ImageId(form, digest), None)
        assert found is not None
        return found


@pytest.fixture
def served(registry: Any, scripted: ModuleType, tmp_path: Path) -> Served:  # noqa: ANN401 - loaded by its path
    return Served(registry, scripted, tmp_path / "layout")


@contextmanager
def _verifying(policy: ReadyPolicy | None = None) -> Iterator[Signatures]:
    policy = policy or signed_images.policy(named(_KEY, "ours"))
    access = Access(credentials=Anonymous(), deadline=5.0, max_retries=0)
    with Registries(access) as registries, References(registries) as references:
        policies = {True: policy, False: None}
        covered = Signatures(registries, references, lambda name: policies[name.endswith("/app")], holding)
        with covered as signatures:
            yield signatures


def test_an_image_that_a_trusted_key_signed_is_vouched_for_and_asked_about_once(served: Served) -> None:
    image = make_image(served.folder)
    image.sign(_KEY)
    served.serve()
    with _verifying() as signatures:
        signatures.ahead(served.running(image.digest))
        found = [signatures.vouched(served.running(image.digest, tag)) for tag in ("v1", "v1", "v2")]
    assert found == [Verdict(signed=True)] * 3
    assert len(served.registry.calls("GET", f"{image.digest.replace(':', '-')}.sig")) == 1


def test_an_image_that_nobody_signed_or_a_stranger_is_refused(served: Served) -> None:
    unsigned, strange = make_image(served.folder, "unsigned"), make_image(served.folder, "strange")
    strange.sign(_STRANGER)
    served.serve()
    served.registry.serve(served.scripted.manifest(), served.scripted.OCI_MANIFEST, "v1")
    with _verifying() as signatures:
        found = [signatures.vouched(served.running(one.digest)) for one in (unsigned, strange)]
    assert found == [Verdict(signed=False, why=_UNSIGNED)] * 2


def test_a_signed_index_vouches_for_the_images_in_it(served: Served) -> None:
    image = make_image(served.folder)
    child = {"mediaType": image.descriptor.media_type, "digest": image.digest, "size": image.descriptor.size}
    child["platform"] = {"os": "linux", "architecture": "amd64"}
    value = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [child]}
    index = image.repository.put_manifest(json.dumps(value).encode(), OCI_INDEX, "v1")
    signed_images.SignedImage(image.repository, index).sign(_KEY)
    served.serve()
    configuration = json.loads((served.folder / "blobs/sha256" / image.digest.partition(":")[2]).read_bytes())["config"]
    with _verifying() as signatures:
        for running in (index.digest, image.digest):
            assert signatures.vouched(served.running(running)) == Verdict(signed=True)
        loaded = served.running(configuration["digest"], form="configuration")
        assert signatures.vouched(loaded) == Verdict(signed=True)


def test_what_no_policy_covers_is_not_asked_about(served: Served) -> None:
    with _verifying() as signatures:
        other = RunningImage(f"{served.registry.host}/other", ImageId("manifest", f"sha256:{'a' * 64}"), ())
        signatures.ahead(other)
        assert signatures.vouched(other) is None
    assert served.registry.asked == []


def test_attestations_that_the_policy_asks_for_are_needed(served: Served) -> None:
    image = make_image(served.folder)
    image.sign(_KEY)
    image.attest(_KEY, "test-result", {"result": "PASSED"})
    served.serve()
    for condition, signed in (("holds", True), ("not this", False), ("judged?", None)):
        asked = RequiredAttestation("test-result", (condition,))
        with _verifying(signed_images.policy(named(_KEY, "ours"), attestations=(asked,))) as signatures:
            verdict = signatures.vouched(served.running(image.digest))
        assert verdict is not None
        assert verdict.signed is signed
        if signed is None:
            assert verdict.why == "by the policy release, the condition judged? cannot be judged: no engine"


def test_what_lies_beside_an_image_and_cannot_be_read_may_be_its_signature(served: Served) -> None:
    image = make_image(served.folder)
    image.sign(_KEY)
    served.serve(damaged=True)
    with _verifying() as signatures:
        verdict = signatures.vouched(served.running(image.digest))
    assert verdict is not None
    assert verdict.signed is None
    assert "cannot be read" in (verdict.why or "")


@pytest.mark.parametrize(
    ("status", "error", "asked"), [(503, ContentUnavailable, 1), (403, AccessDenied, 2), (404, ContentNotFound, 2)]
)
def test_what_a_registry_does_not_say_is_no_answer_and_who_is_silent_is_asked_no_more(
    served: Served, status: int, error: type[ContentError], asked: int
) -> None:
    digests = [f"sha256:{letter * 64}" for letter in "ab"]
    for digest in digests:
        for path in (f"{digest.replace(':', '-')}.sig", digest):
            served.registry.on("GET", f"/v2/app/manifests/{path}", served.scripted.Answer(status))
    repository = served.repository
    with _verifying() as signatures:
        for digest in digests:
            with pytest.raises(error):
                signatures.vouched(RunningImage(repository, ImageId("manifest", digest), ()))
    assert len(served.registry.calls("GET", ".sig")) == asked


def test_who_stops_waits_for_nothing_that_has_not_begun(served: Served) -> None:
    begun, answered = threading.Event(), threading.Event()

    def slowly(_asked: object) -> Any:  # noqa: ANN401 - of a module that is loaded by its path
        begun.set()
        answered.wait(10)
        return served.scripted.Answer(404)

    digests = [f"sha256:{number:064x}" for number in range(40)]
    for digest in digests:
        served.registry.on("GET", f"/v2/app/manifests/{digest.replace(':', '-')}.sig", slowly)
    with _verifying() as signatures:
        for digest in digests:
            signatures.ahead(RunningImage(served.repository, ImageId("manifest", digest), ()))
        begun.wait(10)
        threading.Timer(0.1, answered.set).start()
    assert len(served.registry.calls("GET", ".sig")) < len(digests)


def test_a_registry_that_did_not_resolve_is_not_asked_for_signatures(served: Served) -> None:
    served.registry.on("GET", "/v2/app/manifests/v1", served.scripted.Answer(503))
    with _verifying() as signatures, pytest.raises(ContentUnavailable):
        signatures.vouched(served.running(f"sha256:{'a' * 64}"))
    assert served.registry.calls("GET", ".sig") == []
