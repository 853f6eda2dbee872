"""Signatures and attestations in both directions: what this tool writes cosign believes, and the other way round.

cosign 2 knows the legacy layout, cosign 3 both; one registry lists referrers and the other has the fallback tag.
"""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commands import attempt, run
from oci_layouts import File, Image, build_oci_layout

from compliance.cli import main
from compliance.supply_chain.content import fallback_tag
from compliance.supply_chain.keys import generate, write_pair
from compliance.supply_chain.legacy_layout import as_json
from compliance.supply_chain.opening import open_image
from compliance.supply_chain.registry import Access

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyless_services import Keyless

pytestmark = pytest.mark.real

PASSWORD = {"COSIGN_PASSWORD": "of a key that lives as long as a test"}
SETTINGS = [
    ("cosign2", "legacy", "docker_registry"),
    ("cosign3", "legacy", "referrers_registry"),
    ("cosign3", "bundle", "docker_registry"),
    ("cosign3", "bundle", "referrers_registry"),
]
"""Which cosign, which layout, and which registry."""
both_registries = pytest.mark.parametrize("setting", SETTINGS[2:], indirect=True, ids="-".join)
one_registry = pytest.mark.parametrize("setting", SETTINGS[:1], indirect=True, ids="-".join)
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"


@dataclass(frozen=True)
class Cosign:
    """One cosign and one layout; without any service."""

    program: Path
    layout: str
    folder: Path

    @property
    def _signing(self) -> list[str | Path]:
        if self.program.name == "cosign2":
            return ["--tlog-upload=false"]
        if self.layout == "legacy":
            return ["--use-signing-config=false", "--tlog-upload=false", "--new-bundle-format=false", *self._root()]
        services = self.folder / "signing-config.json"
        run([self.program, "signing-config", "create", "--out", services])
        return ["--signing-config", services, *self._root()]

    @property
    def _verifying(self) -> list[str | Path]:
        if self.program.name == "cosign2":
            return ["--insecure-ignore-tlog=true"]
        return ["--insecure-ignore-tlog", f"--new-bundle-format={str(self.layout == 'bundle').lower()}", *self._root()]

    def _root(self) -> list[str | Path]:
        root = self.folder / "trusted-root.json"
        run([self.program, "trusted-root", "create", "--out", root])
        return ["--trusted-root", root]

    def sign(self, key: Path, image: str, *more: str | Path) -> str:
        """Sign with a key."""
        return run([self.program, "sign", "--yes", *self._signing, "--key", f"{key}.key", *more, image], env=PASSWORD)

    def verify(self, key: Path, image: str, *more: str | Path) -> subprocess.CompletedProcess[str]:
        """Verify a signature with a key."""
        return attempt([self.program, "verify", *self._verifying, "--key", f"{key}.pub", *more, image])

    def attest(self, key: Path, image: str, type_: str, predicate: Path) -> str:
        """Attest with a key."""
        what = ["--type", type_, "--predicate", predicate]
        return run([self.program, "attest", "--yes", *self._signing, "--key", f"{key}.key", *what, image], env=PASSWORD)

    def verify_attestation(self, key: Path, image: str, type_: str) -> subprocess.CompletedProcess[str]:
        """Verify an attestation with a key."""
        asked = ["--key", f"{key}.pub", "--type", type_]
        return attempt([self.program, "verify-attestation", *self._verifying, *asked, image])


def separately(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command of ours in a process of its own."""
    return attempt([sys.executable, "-m", "compliance", *arguments], env=PASSWORD)


def compliance(*arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of ours in this process, which starts in no time."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in {**PASSWORD, **(env or {})}.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
    return subprocess.CompletedProcess([*arguments], int(end.value.code or 0), out.getvalue(), err.getvalue())


def done(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def refused(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(params=SETTINGS, ids="-".join)
def setting(request: pytest.FixtureRequest) -> tuple[str, str, str]:
    chosen: tuple[str, str, str] = request.param
    return chosen


@pytest.fixture
def registry(setting: tuple[str, str, str], request: pytest.FixtureRequest) -> str:
    address: str = request.getfixturevalue(setting[2])
    return address


@pytest.fixture
def push(skopeo: Path, registry: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Push an image that differs by a text, into a repository of the test's own: REPOSITORY@DIGEST."""
    repository = f"{registry}/{request.node.originalname.replace('_', '-').lower()}-{os.getpid()}"

    def pushed(content: str) -> str:
        folder = tmp_path / "images" / content
        digest = build_oci_layout(folder, Image([[File("srv/app", content)]], {"User": "1000"}))
        run([skopeo, "copy", "--dest-tls-verify=false", f"oci:{folder}:latest", f"docker://{repository}:{content}"])
        return f"{repository}@{digest}"

    return pushed


@pytest.fixture
def image(push: Callable[[str], str], request: pytest.FixtureRequest) -> str:
    return push(f"of-{abs(hash(request.node.name))}")


@pytest.fixture
def keys(tmp_path: Path) -> Callable[[str], Path]:
    """Make a key pair of ours; its path without suffix."""

    def made(name: str, kind: str = "ecdsa-p256") -> Path:
        write_pair(tmp_path / name, generate(kind), PASSWORD["COSIGN_PASSWORD"].encode())
        return tmp_path / name

    return made


@pytest.fixture
def cosign(setting: tuple[str, str, str], request: pytest.FixtureRequest, tmp_path: Path) -> Cosign:
    return Cosign(request.getfixturevalue(setting[0]), setting[1], tmp_path)


def test_cosign_believes_what_we_sign(cosign: Cosign, image: str, keys: Callable[..., Path]) -> None:
    ours, other = keys("ours"), keys("other")
    assert cosign.verify(ours, image).returncode
    shown = done(compliance("sign", image, "--key", f"{ours}.key"))
    assert image in shown
    assert image.rpartition("@")[2] in done(cosign.verify(ours, image))
    assert cosign.verify(other, image).returncode


def test_we_believe_what_cosign_signs(cosign: Cosign, image: str, keys: Callable[..., Path]) -> None:
    theirs, other = keys("theirs"), keys("other")
    assert "0 signers of the 1" in refused(compliance("verify", image, "--key", f"{theirs}.pub"))
    cosign.sign(theirs, image)
    shown = done(compliance("verify", image, "--key", f"{theirs}.pub"))
    assert f"counts: signature, {cosign.layout} layout by {theirs}.pub" in shown
    assert "no key at hand fits" in refused(compliance("verify", image, "--key", f"{other}.pub"))


@pytest.mark.parametrize("program", ["cosign2", "cosign3"])
@one_registry
def test_keys_are_read_both_ways(program: str, image: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    cosign, theirs, ours = request.getfixturevalue(program), tmp_path / "theirs", tmp_path / "ours"
    run([cosign, "generate-key-pair", "--output-key-prefix", theirs], env=PASSWORD)
    done(compliance("sign", image, "--key", f"{theirs}.key"))
    done(compliance("verify", image, "--key", f"{theirs}.pub"))
    done(compliance("keys", "generate", "--output-key-prefix", ours))
    shown = run([cosign, "public-key", "--key", f"{ours}.key"], env=PASSWORD)
    assert shown.strip() == Path(f"{ours}.pub").read_text().strip()


@pytest.mark.parametrize("kind", ["ecdsa-p384", "rsa-3072"])
@pytest.mark.parametrize("setting", [SETTINGS[0], SETTINGS[2]], indirect=True, ids="-".join)
def test_cosign_believes_every_kind_of_key(cosign: Cosign, kind: str, image: str, keys: Callable[..., Path]) -> None:
    key = keys("key", kind)
    done(compliance("sign", image, "--key", f"{key}.key"))
    done(cosign.verify(key, image))


@one_registry
def test_signatures_of_several_signers_stay(
    cosign2: Path, image: str, keys: Callable[..., Path], tmp_path: Path
) -> None:
    first, second, third = keys("first"), keys("second"), keys("third")
    cosign = Cosign(cosign2, "legacy", tmp_path)
    cosign.sign(first, image)
    done(compliance("sign", image, "--key", f"{second}.key"))
    cosign.sign(third, image)
    for key in (first, second, third):
        done(cosign.verify(key, image))
        done(compliance("verify", image, "--key", f"{key}.pub"))


@both_registries
def test_signing_twice_adds_nothing_to_the_legacy_tag(image: str, keys: Callable[..., Path]) -> None:
    key = keys("key")
    for _ in range(2):
        done(compliance("sign", image, "--key", f"{key}.key", "--layout", "legacy"))
    assert len(layers_under(image, ".sig")) == 1


@both_registries
def test_nobody_is_lost_when_all_sign_at_once(image: str, keys: Callable[..., Path]) -> None:
    made = [keys(f"key{number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda key: separately("sign", image, "--key", f"{key}.key"), made))
    assert [result.returncode for result in results] == [0] * 4, [result.stderr for result in results]
    assert len(layers_under(image, ".sig")) == 4
    for key in made:
        shown = done(compliance("verify", image, "--key", f"{key}.pub"))
        assert shown.count(f"by {key}.pub") == 2


def test_annotations_are_signed_both_ways(cosign: Cosign, image: str, keys: Callable[..., Path]) -> None:
    ours, theirs = keys("ours"), keys("theirs")
    done(compliance("sign", image, "--key", f"{ours}.key", "-a", "stage=release"))
    done(cosign.verify(ours, image, "-a", "stage=release"))
    assert cosign.verify(ours, image, "-a", "stage=test").returncode
    cosign.sign(theirs, image, "-a", "stage=release")
    done(compliance("verify", image, "--key", f"{theirs}.pub", "-a", "stage=release"))
    shown = refused(compliance("verify", image, "--key", f"{theirs}.pub", "-a", "stage=test"))
    assert "not signed with the annotation stage=test" in shown


def test_attestations_are_believed_both_ways_by_their_type(
    cosign: Cosign, image: str, keys: Callable[..., Path], tmp_path: Path
) -> None:
    ours, theirs, predicate = keys("ours"), keys("theirs"), tmp_path / "predicate.json"
    predicate.write_text('{"result": "PASSED", "configuration": []}')
    what = ["--type", "test-result", "--predicate", predicate]
    done(compliance("attest", image, *what, "--key", f"{ours}.key"))
    done(cosign.verify_attestation(ours, image, TEST_RESULT))
    assert cosign.verify_attestation(ours, image, "slsaprovenance1").returncode

    cosign.attest(theirs, image, TEST_RESULT, predicate)
    shown = done(compliance("verify", image, "--key", f"{theirs}.pub", "--type", "test-result"))
    assert f"counts: attestation test-result, {cosign.layout} layout by {theirs}.pub" in shown
    shown = refused(compliance("verify", image, "--key", f"{theirs}.pub", "--type", "slsaprovenance1"))
    assert "no trusted attestation of type slsaprovenance1" in shown


def test_an_attestation_is_no_signature(cosign: Cosign, image: str, keys: Callable[..., Path], tmp_path: Path) -> None:
    key, predicate = keys("key"), tmp_path / "predicate.json"
    predicate.write_text('{"result": "FAILED", "configuration": []}')
    cosign.attest(key, image, TEST_RESULT, predicate)
    assert "0 signers of the 1" in refused(compliance("verify", image, "--key", f"{key}.pub"))
    shown = refused(compliance("verify", image, "--key", f"{key}.pub", "--type", "test-result"))
    assert "says that it failed" in shown


@both_registries
def test_an_attestation_that_is_replaced_is_gone_for_cosign_too(
    cosign: Cosign, image: str, keys: Callable[..., Path]
) -> None:
    key = keys("key")
    attest = ["attest", image, "--type", "test-result", "--key", f"{key}.key", "--result"]
    done(compliance(*attest, "FAILED"))
    refused(compliance("verify", image, "--key", f"{key}.pub", "--type", "test-result"))
    done(compliance(*attest, "PASSED", "--replace"))
    shown = done(compliance("verify", image, "--key", f"{key}.pub", "--type", "test-result"))
    assert shown.count("attestation test-result") == 2
    envelopes = [json.loads(line) for line in done(cosign.verify_attestation(key, image, TEST_RESULT)).splitlines()]
    results = [json.loads(base64.b64decode(each["payload"]))["predicate"]["result"] for each in envelopes]
    assert results == ["PASSED"]


@both_registries
def test_a_signature_that_was_moved_to_another_image_does_not_count(
    push: Callable[[str], str], keys: Callable[..., Path]
) -> None:
    key, signed, other = keys("key"), push("signed"), push("other")
    done(compliance("sign", signed, "--key", f"{key}.key"))
    move_signatures(signed, other)
    shown = refused(compliance("verify", other, "--key", f"{key}.pub"))
    assert shown.count(f"it speaks of {signed.rpartition('@')[2]}, and not of this image") == 2


@both_registries
def test_a_payload_that_was_changed_does_not_count(push: Callable[[str], str], keys: Callable[..., Path]) -> None:
    key, signed, other = keys("key"), push("signed"), push("other")
    done(compliance("sign", signed, "--key", f"{key}.key"))
    old, new = (each.rpartition("@")[2] for each in (signed, other))
    move_signatures(signed, other, change=lambda payload: payload.replace(old.encode(), new.encode()))
    shown = refused(compliance("verify", other, "--key", f"{key}.pub"))
    assert "counts: signature" not in shown.replace("does not count: signature", "")


@both_registries
def test_identities_are_believed_both_ways(cosign3: Path, keyless: Keyless, image: str, tmp_path: Path) -> None:
    subject, issuer = "https://ci.example.invalid/release", "https://issuer.example.invalid"
    root = ["--trusted-root", keyless.trusted_root]
    who = ["--certificate-identity", subject, "--certificate-oidc-issuer", issuer]
    stranger = ["--certificate-identity", f"{subject}s", "--certificate-oidc-issuer", issuer]
    token = tmp_path / "token"
    token.write_text(keyless.token(subject, issuer))

    signed = compliance("sign", image, "--identity-token-file", token, "--trust-config", keyless.trust_config)
    assert keyless.token(subject, issuer) not in done(signed)
    for new in ("true", "false"):
        run([cosign3, "verify", *root, *who, f"--new-bundle-format={new}", image])
        assert attempt([cosign3, "verify", *root, *stranger, f"--new-bundle-format={new}", image]).returncode
    shown = done(compliance("verify", image, *who, *root))
    assert shown.count(f"by {subject} ({issuer}), logged") == 2
    assert "does not name" in refused(compliance("verify", image, *stranger, *root))


@both_registries
def test_we_believe_what_an_identity_signed_with_cosign(
    cosign3: Path, keyless: Keyless, image: str, tmp_path: Path
) -> None:
    subject, issuer = "https://ci.example.invalid/release", "https://issuer.example.invalid"
    root = ["--trusted-root", keyless.trusted_root]
    predicate = tmp_path / "predicate.json"
    predicate.write_text('{"result": "PASSED", "configuration": []}')
    services = ["--signing-config", keyless.signing_config, *root, "--identity-token", keyless.token(subject, issuer)]
    run([cosign3, "sign", "--yes", *services, image])
    run([cosign3, "attest", "--yes", *services, "--type", TEST_RESULT, "--predicate", predicate, image])
    who = ["--certificate-identity-regexp", "https://ci\\..*/release", "--certificate-oidc-issuer", issuer]
    done(compliance("verify", image, *who, *root))
    done(compliance("verify", image, *who, *root, "--type", "test-result"))
    refused(compliance("verify", image, *who, *root, "--type", "vuln"))


@both_registries
def test_a_command_signs_in_place_of_a_key(cosign: Cosign, image: str, tmp_path: Path) -> None:
    private, public = tmp_path / "kept.pem", tmp_path / "kept.pub"
    run(["openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", private])
    run(["openssl", "ec", "-in", private, "-pubout", "-out", public])
    command = f"openssl pkeyutl -sign -inkey {private} -pkeyopt digest:sha256"
    done(compliance("sign", image, "--key-command", command, "--public-key", public))
    done(cosign.verify(public.with_suffix(""), image))


@pytest.mark.usefixtures("tool_path")
@one_registry
def test_a_policy_of_the_configuration_asks_for_signers_and_a_condition(
    image: str, keys: Callable[..., Path], tmp_path: Path
) -> None:
    first, second = keys("first"), keys("second")
    registry, repository = image.partition("@")[0].split("/")
    (tmp_path / "compliance.yaml").write_text(f"""
images:
  verification:
  - name: release
    patterns: ["{registry}/{repository}"]
    keys: [{{name: build, file: first.pub}}, {{name: review, file: second.pub}}]
    required: 2
    attestations: [{{type: test-result, conditions: ["count(input.predicate.passedTests) >= 2"]}}]
""")
    (tmp_path / "few.xml").write_text('<testsuite><testcase name="a"/></testsuite>')
    (tmp_path / "many.xml").write_text('<testsuite><testcase name="a"/><testcase name="b"/></testsuite>')
    asked = ["verify", image, "--config", tmp_path / "compliance.yaml"]

    def attest(report: str) -> None:
        what = ["--type", "test-result", "--predicate", tmp_path / report]
        done(compliance("attest", image, *what, "--key", f"{first}.key", "--layout", "bundle"))

    done(compliance("sign", image, "--key", f"{first}.key"))
    attest("few.xml")
    shown = refused(compliance(*asked))
    assert "missing: 1 signer of the 2 that are required signed it" in shown
    assert "does not meet: count(input.predicate.passedTests) >= 2" in shown
    done(compliance("sign", image, "--key", f"{second}.key"))
    attest("many.xml")
    result = tmp_path / "verification.json"
    assert "verified by the policy release" in done(compliance(*asked, "-o", f"json={result}"))
    assert json.loads(result.read_bytes())["signers"] == 2


@one_registry
def test_without_opa_a_condition_is_not_judged(image: str, keys: Callable[..., Path], tmp_path: Path) -> None:
    key = keys("key")
    (tmp_path / "compliance.yaml").write_text("""
images:
  verification:
  - name: release
    patterns: ["**"]
    keys: [{name: build, file: key.pub}]
    attestations: [{type: test-result, conditions: ["input.predicate.result == \\"PASSED\\""]}]
""")
    done(compliance("sign", image, "--key", f"{key}.key"))
    done(compliance("attest", image, "--type", "test-result", "--result", "PASSED", "--key", f"{key}.key"))
    alone = {"PATH": "/nonexistent", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    result = compliance("verify", image, "--config", tmp_path / "compliance.yaml", env=alone)
    assert result.returncode == 3
    assert "not judged: the condition" in result.stdout
    assert "install opa" in result.stdout


def test_a_registry_that_does_not_answer_is_not_judged(keys: Callable[..., Path]) -> None:
    result = compliance("verify", "127.0.0.1:1/app:1", "--key", f"{keys('key')}.pub")
    assert result.returncode == 3
    assert "cannot be reached" in result.stderr


def layers_under(image: str, suffix: str) -> list[object]:
    with open_image(image, Access(), now=datetime.now(UTC)) as opened:
        tag = fallback_tag(opened.descriptor.digest) + suffix
        manifest = opened.repository.manifest(opened.repository.resolve(tag).digest)
        return [as_json(layer) for layer in manifest.layers]  # type: ignore[union-attr] # an index would fail here too


def move_signatures(signed: str, other: str, change: Callable[[bytes], bytes] = bytes) -> None:
    """Put one image's legacy signature and bundle beside another image, as whoever may push can."""
    with (
        open_image(signed, Access(), now=datetime.now(UTC)) as one,
        open_image(other, Access(), now=datetime.now(UTC)) as two,
    ):
        source, target = one.repository, two.repository
        found = source.manifest(source.resolve(fallback_tag(one.descriptor.digest) + ".sig").digest)
        put(target, found, two.descriptor, change, tag=fallback_tag(two.descriptor.digest) + ".sig")
        for referrer in source.referrers(one.descriptor.digest):
            put(target, source.manifest(referrer.digest), two.descriptor, change)


def put(repository, found, subject, change, tag=None) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    said = json.loads(found.raw)
    for layer, described in zip(found.layers, said["layers"], strict=True):
        stored = repository.put_blob(change(repository.blob(layer, max_size=1 << 20)), layer.media_type)
        described |= {"digest": stored.digest, "size": stored.size}
    if tag is not None:
        repository.put_manifest(json.dumps(said).encode(), found.descriptor.media_type, tag)
        return
    said["subject"] = {"mediaType": subject.media_type, "digest": subject.digest, "size": subject.size}
    repository.attach(json.dumps(said).encode(), found.descriptor.media_type)
