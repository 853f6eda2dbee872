"""keys, sign, attest and verify: what they print, how they end, and what they never show."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tarfile
from typing import TYPE_CHECKING

import pytest
from signed_images import SignedImage, attach, make_image

from compliance.cli import main
from compliance.supply_chain import keys

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

pytestmark = pytest.mark.usefixtures("own_cache")

PASSWORD = "of a key that lives as long as a test"  # noqa: S105 - it protects nothing


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of its own as working folder, no terminal, and an environment without secrets."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("COSIGN_PASSWORD", PASSWORD)
    for name in ("SIGSTORE_ID_TOKEN", "COSIGN_PRIVATE_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return tmp_path


@pytest.fixture
def image(place: Path) -> SignedImage:
    return make_image(place / "app")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[keys.PrivateKey, Path]:
    """A key, and the folder of its files; encrypting them takes a fifth of a second."""
    made, folder = keys.generate(), tmp_path_factory.mktemp("keys")
    keys.write_pair(folder / "cosign", made, PASSWORD.encode())
    return made, folder


@pytest.fixture
def key(place: Path, pair: tuple[keys.PrivateKey, Path]) -> keys.PrivateKey:
    """`cosign.key` and `cosign.pub`."""
    made, folder = pair
    shutil.copytree(folder, place, dirs_exist_ok=True)
    return made


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return int(end.value.code or 0)


def test_keys_are_encrypted_and_for_their_owner_alone(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("keys", "generate", "--output-key-prefix", "release") == 0
    written = place / "release.key"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    private = keys.load_private(written.read_bytes(), PASSWORD.encode)
    printed = capsys.readouterr().out
    assert printed == f"release.key\nrelease.pub\nfingerprint {private.fingerprint}\n"
    assert run("keys", "generate", "--output-key-prefix", "release") == 2
    assert run("keys", "generate", "--output-key-prefix", "release", "--overwrite") == 0


def test_a_password_may_lie_in_a_file_and_is_asked_for_nowhere_else(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COSIGN_PASSWORD")
    assert run("keys", "generate") == 2
    assert "set COSIGN_PASSWORD" in capsys.readouterr().err
    (place / "password").write_text("from a file\n")
    assert run("keys", "generate", "--password-file", "password") == 0
    assert keys.load_private((place / "cosign.key").read_bytes(), lambda: b"from a file")


def test_signing_shows_the_digest_and_verifying_what_counts(
    image: SignedImage, key: keys.PrivateKey, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("verify", "./app", "--key", "cosign.pub") == 1
    assert run("sign", "./app", "--key", "cosign.key", "-a", "stage=release") == 0
    printed = capsys.readouterr().out
    assert f"signing app@{image.digest} as {key.fingerprint}" in printed
    assert run("verify", "./app", "--key", "cosign.pub", "-a", "stage=release") == 0
    assert run("verify", "./app", "--key", "cosign.pub", "-a", "stage=test") == 1


def test_what_verify_prints(
    image: SignedImage,
    key: keys.PrivateKey,
    place: Path,
    capsys: pytest.CaptureFixture[str],
    snapshot: SnapshotAssertion,
) -> None:
    other = keys.generate()
    keys.write_pair(place / "other", other, PASSWORD.encode())
    image.sign(key)
    image.sign(other)
    image.attest(key, "test-result", {"result": "FAILED", "configuration": []})
    attach(image, "application/vnd.cncf.notary.signature", {"application/jose+json": b"{}"})
    (place / "compliance.yaml").write_text("""
images:
  verification:
  - name: release
    patterns: ["**"]
    keys: [{name: release key, file: cosign.pub}]
    attestations: [{type: test-result}, {type: slsaprovenance1}]
""")
    assert run("verify", "./app") == 1
    text = capsys.readouterr().out
    assert run("verify", "./app", "--key", "cosign.pub", "--key", "other.pub") == 0
    text += "\n" + capsys.readouterr().out
    lines = sorted(text.replace(other.fingerprint, "OTHER").splitlines())
    assert lines == snapshot


def test_json_says_the_same(image: SignedImage, key: keys.PrivateKey, place: Path) -> None:
    image.sign(key)
    assert run("verify", "./app", "--key", "cosign.pub", "-o", "json=out/answer.json") == 0
    said = json.loads((place / "out" / "answer.json").read_bytes())
    assert (said["schema"], said["satisfied"], said["digests"]) == (
        "compliance/verification/v1",
        True,
        [image.digest],
    )
    assert {one["signer"]["text"] for one in said["signatures"]} == {"cosign.pub"}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["verify", "./app"], "no verification policy covers ./app"),
        (["verify", "./app", "--certificate-identity", "a@b.test"], "one identity and one issuer"),
        (["verify", "./app", "--key", "nowhere.pub"], "cannot be read: No such file"),
        (["verify", "./app", "--key", "cosign.pub", "--type", "provenance"], "is no predicate type"),
        (["verify", "./app", "--key", "cosign.pub", "-o", "sarif=x"], "is no json=FILE"),
        (["verify", "./app", "--key", "cosign.key"], "this is a private key"),
        (["sign", "./app"], "it is not clear who signs"),
        (["sign", "./app", "--key", "cosign.key", "--key-command", "true"], "it is not clear who signs"),
        (["sign", "./app", "--key", "cosign.key", "--identity-token-file", "cosign.pub"], "it is not clear who signs"),
        (["sign", "./app", "--key-command", "true"], "--key-command needs --public-key"),
        (["sign", "./app", "--key", "cosign.key", "--layout", "new"], "there is no layout 'new'"),
        (["sign", "./app", "--key", "cosign.key", "-a", "stage"], "is no KEY=VALUE"),
        (["sign", "./app", "--key", "cosign.pub"], "which is no private key"),
        (["sign", "./app", "--key", "env://NOT_SET"], "the environment variable NOT_SET is not set"),
        (["attest", "./app", "--key", "cosign.key", "--type", "vuln"], "it is not clear what is attested as vuln"),
        (["attest", "./app", "--key", "cosign.key", "--type", "slsaprovenance1"], "provenance needs --builder-id"),
    ],
)
@pytest.mark.usefixtures("image", "key")
def test_what_is_asked_wrongly_says_how_to_ask(
    arguments: list[str], why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    assert run(*arguments) == 2
    assert why in capsys.readouterr().err


@pytest.mark.parametrize("reference", ["./nowhere", "127.0.0.1:1/app:1"])
@pytest.mark.usefixtures("key")
def test_what_cannot_be_looked_at_is_not_judged(reference: str) -> None:
    assert run("verify", reference, "--key", "cosign.pub") == 3
    assert run("sign", reference, "--key", "cosign.key") == 3


@pytest.mark.usefixtures("image", "key")
def test_a_wrong_password_shows_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COSIGN_PASSWORD", "a wrong secret")
    assert run("sign", "./app", "--key", "cosign.key") == 2
    printed = capsys.readouterr()
    assert "the password is wrong" in printed.err
    assert "a wrong secret" not in printed.err + printed.out


@pytest.mark.usefixtures("image")
def test_a_token_that_is_none_is_never_shown(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "trust.json").write_text("{}")
    monkeypatch.setenv("SIGSTORE_ID_TOKEN", "ey.the-secret.x")
    assert run("sign", "./app", "--trust-config", "trust.json") == 3
    printed = capsys.readouterr()
    assert "keyless signing" in printed.err
    assert "the-secret" not in printed.err + printed.out


@pytest.mark.usefixtures("image", "key")
def test_a_key_may_come_from_the_environment(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSIGN_PRIVATE_KEY", (place / "cosign.key").read_text())
    assert run("sign", "./app", "--key", "env://COSIGN_PRIVATE_KEY", "--layout", "bundle") == 0
    assert run("sign", "./app") == 0
    assert run("verify", "./app", "--key", "cosign.pub") == 0


@pytest.mark.usefixtures("image", "key")
def test_what_a_pipeline_found_is_attested_and_demanded(place: Path) -> None:
    (place / "junit.xml").write_text('<testsuite><testcase name="a"/></testsuite>')
    (place / "bom.json").write_text('{"bomFormat": "CycloneDX", "specVersion": "1.6"}')
    who = ["--builder-id", "https://ci.example.com", "--source", "https://git.example.com/web", "--revision", "9fceb"]
    for type_, *what in (
        ["test-result", "--predicate", "junit.xml"],
        ["cyclonedx", "--predicate", "bom.json"],
        ["slsaprovenance1", *who],
    ):
        assert run("verify", "./app", "--key", "cosign.pub", "--type", type_) == 1
        assert run("attest", "./app", "--type", type_, *what, "--key", "cosign.key") == 0
        assert run("verify", "./app", "--key", "cosign.pub", "--type", type_) == 0


@pytest.mark.usefixtures("image", "key")
def test_a_saved_result_is_attested_as_the_decision_that_it_is(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "good").mkdir()
    (place / "good" / "service.yaml").write_text(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n", encoding="utf-8"
    )
    run("scan", "good", "--fail-on", "never", "-o", "json=passed.json", "-q")
    (place / "broken.yaml").write_text("a: [\n", encoding="utf-8")
    assert run("scan", "broken.yaml", "-o", "json=failed.json", "-q") == 3
    for result, code in (("passed.json", 0), ("failed.json", 1)):
        assert run("attest", "./app", "--type", "vsa", "--predicate", result, "--key", "cosign.key") == 0
        assert run("verify", "./app", "--key", "cosign.pub", "--type", "vsa") == code
    assert "says that it failed" in capsys.readouterr().out


@pytest.mark.usefixtures("key")
def test_an_archive_takes_no_signature(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_image(place / "app")
    with tarfile.open(place / "app.tar", "w") as archive:
        archive.add(place / "app", ".")
    assert run("sign", "app.tar", "--key", "cosign.key") == 2
    assert "push the image to a registry" in capsys.readouterr().err


@pytest.mark.usefixtures("image", "key")
def test_a_result_that_failed_is_replaced_by_one_that_passed() -> None:
    attest = ["attest", "./app", "--type", "test-result", "--key", "cosign.key", "--result"]
    verify = ["verify", "./app", "--key", "cosign.pub", "--type", "test-result"]
    assert run(*attest, "FAILED") == 0
    assert run(*attest, "PASSED") == 0
    assert run(*verify) == 1
    assert run(*attest, "PASSED", "--replace") == 0
    assert run(*verify) == 0
