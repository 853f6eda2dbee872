"""Credentials from the files of Docker and Podman, and from their helpers."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from compliance.errors import AccessDenied
from compliance.supply_chain.registry.credentials import Credentials, DockerConfig

if TYPE_CHECKING:
    from pathlib import Path

HIDDEN = "a-secret-that-nobody-may-read"


def _auth(username: str, password: str = HIDDEN) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{username}:{password}".encode()).decode()}


def _config(folder: Path, value: Any) -> DockerConfig:  # noqa: ANN401 - JSON
    file = folder / "config.json"
    file.write_text(json.dumps(value), "utf-8")
    return DockerConfig((file,))


def _helper(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "docker-credential-test"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("key", "registry"),
    [
        ("registry.example", "registry.example"),
        ("registry.example:5000", "registry.example:5000"),
        ("https://registry.example", "registry.example"),
        ("https://registry.example/v1/", "registry.example"),
        ("https://index.docker.io/v1/", "docker.io"),
        ("docker.io", "docker.io"),
    ],
)
def test_keys_are_hosts_or_the_urls_of_old(tmp_path: Path, key: str, registry: str) -> None:
    config = _config(tmp_path, {"auths": {key: _auth("me")}})
    assert config.find(registry, "team/app") == Credentials("me", HIDDEN)


@pytest.mark.parametrize("registry", ["other.example", "registry.example.evil", "registry.example:5001", "example"])
def test_other_hosts_get_nothing(tmp_path: Path, registry: str) -> None:
    config = _config(tmp_path, {"auths": {"registry.example": _auth("me")}, "credHelpers": {}})
    assert config.find(registry, "team/app") is None


def test_the_longest_part_of_the_path_wins(tmp_path: Path) -> None:
    auths = {"r.example": _auth("all"), "r.example/team": _auth("team"), "r.example/team/app": _auth("app")}
    config = _config(tmp_path, {"auths": auths})
    found = [config.find("r.example", name) for name in ("team/app", "team/other", "teams/app")]
    assert [one.username for one in found if one] == ["app", "team", "all"]


def test_a_plain_name_and_password_and_an_identity_token_are_read(tmp_path: Path) -> None:
    plain = _config(tmp_path, {"auths": {"r.example": {"username": "me", "password": HIDDEN}}})
    assert plain.find("r.example", "a") == Credentials("me", HIDDEN)
    token = _config(tmp_path, {"auths": {"r.example": {**_auth("me", ""), "identitytoken": "t"}}})
    assert token.find("r.example", "a") == Credentials("me", "t", is_identity_token=True)


def test_files_are_taken_in_order(tmp_path: Path) -> None:
    (tmp_path / "docker").mkdir()
    (tmp_path / "own.json").write_text(json.dumps({"auths": {"a.example": _auth("own")}}), "utf-8")
    docker = {"auths": {"a.example": _auth("docker"), "b.example": _auth("docker")}}
    (tmp_path / "docker/config.json").write_text(json.dumps(docker), "utf-8")
    environment = {
        "REGISTRY_AUTH_FILE": str(tmp_path / "own.json"),
        "DOCKER_CONFIG": str(tmp_path / "docker"),
        "HOME": str(tmp_path),
    }
    config = DockerConfig.from_environment(environment)
    found = [config.find(registry, "app") for registry in ("a.example", "b.example", "c.example")]
    assert [one and one.username for one in found] == ["own", "docker", None]


def test_a_helper_is_asked_on_standard_input_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = json.dumps({"ServerURL": "x", "Username": "me", "Secret": HIDDEN})
    _helper(tmp_path, monkeypatch, f"cat >> {tmp_path}/asked; echo \"$@\" >> {tmp_path}/asked; echo '{answer}'")
    config = _config(tmp_path, {"credHelpers": {"r.example": "test"}, "auths": {"r.example": {}}})
    assert [config.find("r.example", name) for name in ("a", "b")] == [Credentials("me", HIDDEN)] * 2
    assert (tmp_path / "asked").read_text("utf-8") == "r.exampleget\n"


def test_the_store_is_asked_for_docker_hub_by_its_old_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = json.dumps({"Username": "<token>", "Secret": "t"})
    _helper(tmp_path, monkeypatch, f"cat > {tmp_path}/asked; echo '{answer}'")
    config = _config(tmp_path, {"credsStore": "test"})
    assert config.find("docker.io", "library/nginx") == Credentials("<token>", "t", is_identity_token=True)
    assert (tmp_path / "asked").read_text("utf-8") == "https://index.docker.io/v1/"


def test_a_store_without_an_entry_means_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _helper(tmp_path, monkeypatch, "echo 'credentials not found in native keychain'; exit 1")
    assert _config(tmp_path, {"credsStore": "test"}).find("r.example", "a") is None


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (f"echo {HIDDEN}; exit 1", "exit code 1"),
        (f"echo {HIDDEN}", "no credentials"),
        (f"echo '[\"{HIDDEN}\"]'", "no credentials"),
    ],
)
def test_a_helper_that_fails_is_no_anonymous_access(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, why: str
) -> None:
    _helper(tmp_path, monkeypatch, script)
    with pytest.raises(AccessDenied, match=why) as caught:
        _config(tmp_path, {"credsStore": "test"}).find("r.example", "a")
    assert HIDDEN not in caught.value.message + caught.value.remedy


def test_a_missing_helper_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AccessDenied) as caught:
        _config(tmp_path, {"credsStore": "nowhere"}).find("r.example", "a")
    assert "docker-credential-nowhere" in caught.value.remedy


@pytest.mark.parametrize("name", ["../../bin/sh", "a b", "", "-x"])
def test_a_helper_is_a_name_and_no_path(tmp_path: Path, name: str) -> None:
    config = _config(tmp_path, {"credHelpers": {"r.example": name}})
    with pytest.raises(AccessDenied, match="no name of a credential helper"):
        config.find("r.example", "a")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"auths": []', '{"auths": ["a"]}', "[" * 100_000])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.json"
    file.write_text(text, "utf-8")
    with pytest.raises(AccessDenied, match=r"config\.json"):
        DockerConfig((file,)).find("r.example", "a")


@pytest.mark.parametrize("auth", [HIDDEN, base64.b64encode(HIDDEN.encode()).decode(), "%%%"])
def test_an_entry_that_is_no_base64_of_a_pair_is_named_and_not_shown(tmp_path: Path, auth: str) -> None:
    with pytest.raises(AccessDenied, match=r"auths of r\.example") as caught:
        _config(tmp_path, {"auths": {"r.example": {"auth": auth}}}).find("r.example", "a")
    assert auth not in caught.value.message


def test_secrets_are_in_no_repr() -> None:
    assert HIDDEN not in repr(Credentials("me", HIDDEN))
