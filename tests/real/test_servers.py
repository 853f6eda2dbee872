"""That each server of the tests serves the real clients, and refuses whom it should."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from commands import attempt, run
from oci_layouts import File, Image, build_oci_layout

if TYPE_CHECKING:
    from pathlib import Path

    from keyless_services import Keyless
    from registries import ProtectedRegistry, TlsRegistry, TokenRegistry

pytestmark = pytest.mark.real

_PASSWORD = {"COSIGN_PASSWORD": "of a key that lives as long as a test"}


@pytest.fixture
def layout(tmp_path: Path) -> tuple[str, str]:
    """An image as skopeo names it, and its digest."""
    folder = tmp_path / "layout"
    digest = build_oci_layout(folder, Image([[File("srv/app", "1")]], {"User": "1000"}))
    return f"oci:{folder}:latest", digest


@pytest.fixture(params=["docker_registry", "referrers_registry"])
def registry(request: pytest.FixtureRequest) -> str:
    address: str = request.getfixturevalue(request.param)
    return address


@pytest.fixture
def pushed(skopeo: Path, registry: str, layout: tuple[str, str], request: pytest.FixtureRequest) -> str:
    """The image in a registry, in a repository of its own: REPOSITORY@DIGEST."""
    source, digest = layout
    repository = f"{registry}/{request.node.originalname.replace('_', '-')}"
    run([skopeo, "copy", "--dest-tls-verify=false", source, f"docker://{repository}:1"])
    return f"{repository}@{digest}"


@pytest.fixture
def key(cosign3: Path, tmp_path: Path) -> Path:
    """A key pair without its suffixes."""
    prefix = tmp_path / "cosign"
    run([cosign3, "generate-key-pair", "--output-key-prefix", prefix], env=_PASSWORD)
    return prefix


def _login(folder: Path, registry: ProtectedRegistry | TokenRegistry) -> Path:
    """Write a password as `docker login` does (containers-auth.json(5))."""
    auth = base64.b64encode(f"{registry.username}:{registry.password}".encode()).decode()
    file = folder / "auth.json"
    file.write_text(json.dumps({"auths": {registry.address: {"auth": auth}}}))
    return file


def test_a_registry_gives_back_the_digest_that_went_in(skopeo: Path, pushed: str, layout: tuple[str, str]) -> None:
    shown = json.loads(run([skopeo, "inspect", "--tls-verify=false", f"docker://{pushed}"]))

    assert shown["Digest"] == layout[1]


@pytest.mark.parametrize(("server", "status"), [("docker_registry", 404), ("referrers_registry", 200)])
def test_only_one_of_the_registries_has_the_referrers_api(
    server: str, status: int, skopeo: Path, layout: tuple[str, str], request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue(server)
    run([skopeo, "copy", "--dest-tls-verify=false", layout[0], f"docker://{address}/referred:1"])

    assert httpx.get(f"http://{address}/v2/referred/referrers/{layout[1]}").status_code == status


def test_the_registry_deletes_a_manifest(docker_registry: str, skopeo: Path, layout: tuple[str, str]) -> None:
    repository = f"docker://{docker_registry}/deleted"
    run([skopeo, "copy", "--dest-tls-verify=false", layout[0], f"{repository}:1"])

    run([skopeo, "delete", "--tls-verify=false", f"{repository}:1"])

    assert attempt([skopeo, "inspect", "--tls-verify=false", f"{repository}:1"]).returncode


def test_basic_authentication_lets_in_whom_knows_the_password(
    docker_registry_with_auth: ProtectedRegistry, skopeo: Path, layout: tuple[str, str], tmp_path: Path
) -> None:
    copy = [skopeo, "copy", "--dest-tls-verify=false", layout[0], f"docker://{docker_registry_with_auth.address}/app:1"]
    login = _login(tmp_path, docker_registry_with_auth)

    assert "authentication required" in attempt(copy).stderr
    run([*copy, "--dest-authfile", login])


def test_a_token_is_given_to_whom_knows_the_password_for_the_scopes_that_are_needed(
    token_registry: TokenRegistry, skopeo: Path, layout: tuple[str, str], tmp_path: Path
) -> None:
    copy = [skopeo, "copy", "--dest-tls-verify=false", layout[0], f"docker://{token_registry.address}/app:1"]
    login = _login(tmp_path, token_registry)

    assert "wrong password" in attempt(copy).stderr
    run([*copy, "--dest-authfile", login])
    assert "repository:app:pull,push" in token_registry.tokens.asked


def test_the_tls_registry_is_trusted_by_its_authority_only(
    tls_registry: TlsRegistry, skopeo: Path, layout: tuple[str, str], tmp_path: Path
) -> None:
    copy = [skopeo, "copy", layout[0], f"docker://{tls_registry.address}/app:1"]
    (tmp_path / "ca.crt").write_bytes(tls_registry.authority.read_bytes())

    assert "unknown authority" in attempt(copy).stderr
    run([*copy, "--dest-cert-dir", tmp_path])


def test_cosign_2_signs_and_verifies_with_a_key(cosign2: Path, pushed: str, key: Path) -> None:
    verify = [cosign2, "verify", "--insecure-ignore-tlog=true", "--key", f"{key}.pub", pushed]

    assert attempt(verify).returncode
    run([cosign2, "sign", "--yes", "--tlog-upload=false", "--key", f"{key}.key", pushed], env=_PASSWORD)
    assert pushed.rpartition("@")[2] in run(verify)


def test_cosign_3_signs_and_verifies_with_a_key(cosign3: Path, pushed: str, key: Path, tmp_path: Path) -> None:
    no_services, no_roots = tmp_path / "signing-config.json", tmp_path / "trusted-root.json"
    run([cosign3, "signing-config", "create", "--out", no_services])
    run([cosign3, "trusted-root", "create", "--out", no_roots])
    trust = ["--trusted-root", no_roots]
    verify = [cosign3, "verify", "--insecure-ignore-tlog", *trust, "--key", f"{key}.pub", pushed]

    assert attempt(verify).returncode
    run(
        [cosign3, "sign", "--yes", "--signing-config", no_services, *trust, "--key", f"{key}.key", pushed],
        env=_PASSWORD,
    )
    assert pushed.rpartition("@")[2] in run(verify)


def test_cosign_3_signs_and_verifies_with_an_identity(cosign3: Path, pushed: str, keyless: Keyless) -> None:
    subject, issuer = "https://ci.example.invalid/release", "https://issuer.example.invalid"
    trust = ["--trusted-root", keyless.trusted_root]
    token = ["--identity-token", keyless.token(subject, issuer)]
    verify = [cosign3, "verify", *trust, "--certificate-oidc-issuer", issuer, pushed, "--certificate-identity"]

    run([cosign3, "sign", "--yes", "--signing-config", keyless.signing_config, *trust, *token, pushed])

    assert pushed.rpartition("@")[2] in run([*verify, subject])
    assert attempt([*verify, f"{subject}-of-another"]).returncode
