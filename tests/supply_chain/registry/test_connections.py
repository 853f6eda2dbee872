"""TLS, plain http and proxies: what is tried, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compliance.errors import ConfigurationError, ContentUnavailable
from compliance.supply_chain.registry import Access
from compliance.supply_chain.registry.credentials import Anonymous

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from scripted_registry import Asked, ScriptedRegistry

_ELSEWHERE = "192.0.2.1"
"""An address for documentation (RFC 5737), at which nobody answers."""


def test_tls_on_loopback_is_found_and_verified_with_the_given_authority(
    secure_registry: ScriptedRegistry, scripted: ModuleType, tls: tuple[Any, Path]
) -> None:
    digest = secure_registry.serve(scripted.manifest(), scripted.OCI_MANIFEST, "v1")
    with secure_registry.open(ca_file=tls[1]) as repository:
        assert repository.resolve("v1").digest == digest


def test_a_certificate_that_nobody_vouches_for_is_refused_also_on_loopback(secure_registry: ScriptedRegistry) -> None:
    with (
        secure_registry.open(max_retries=0) as repository,
        pytest.raises(ContentUnavailable, match="not trusted") as caught,
    ):
        repository.resolve("v1")
    assert "--ca-file" in caught.value.remedy
    assert secure_registry.asked == []


def test_a_certificate_of_another_name_is_refused(
    secure_registry: ScriptedRegistry, tls: tuple[Any, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = secure_registry.host.rpartition(":")[2]
    monkeypatch.setattr(type(secure_registry), "host", f"localhost:{port}")
    with (
        secure_registry.open(ca_file=tls[1], max_retries=0) as repository,
        pytest.raises(ContentUnavailable, match="not trusted"),
    ):
        repository.resolve("v1")


def test_a_file_that_is_no_authority_is_a_mistake_of_the_configuration(
    registry: ScriptedRegistry, tmp_path: Path
) -> None:
    for name, text in (("missing.pem", None), ("empty.pem", ""), ("text.pem", "no certificate")):
        if text is not None:
            (tmp_path / name).write_text(text, "utf-8")
        with pytest.raises(ConfigurationError, match=name):
            registry.open(ca_file=tmp_path / name)


@pytest.mark.parametrize(
    ("host", "port", "allowed"),
    [
        ("localhost", 5000, True),
        ("127.0.0.1", 5000, True),
        ("127.3.2.1", None, True),
        ("::1", 5000, True),
        ("registry.localhost", 5000, True),
        ("registry.example", 5000, True),
        ("plain.example", None, True),
        ("plain.example", 80, True),
        ("registry.example", 5001, False),
        ("registry.example", None, False),
        ("10.0.0.1", 5000, False),
        ("localhost.example", 5000, False),
        ("127.0.0.1.example", 5000, False),
        ("registry.local", 5000, False),
    ],
)
def test_plain_http_is_for_this_machine_and_what_the_user_names(host: str, port: int | None, allowed: bool) -> None:  # noqa: FBT001 - a row
    access = Access(frozenset({"registry.example:5000", "plain.example"}), credentials=Anonymous())
    assert access.allows_plain_http(host, port) is allowed


def test_a_registry_that_does_not_run_says_so(scripted: ModuleType) -> None:
    gone = scripted.ScriptedRegistry()
    gone.close()
    with gone.open(max_retries=0) as repository, pytest.raises(ContentUnavailable, match="cannot be reached") as caught:
        repository.resolve("v1")
    assert gone.host in caught.value.message


def test_a_proxy_of_the_environment_is_used(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", other.url)
    monkeypatch.setattr(type(registry), "host", _ELSEWHERE)
    other.serve(scripted.manifest(), scripted.OCI_MANIFEST, "v1")
    raw, start = other.answer, f"http://{_ELSEWHERE}"
    other.answer = lambda asked: raw(type(asked)(asked.method, asked.path.removeprefix(start), *_rest(asked)))
    with registry.open(insecure_registries=frozenset({_ELSEWHERE}), connect_timeout=0.2) as repository:
        repository.resolve("v1")
    assert [one.path for one in other.asked] == ["/v2/app/manifests/v1"]


def _rest(asked: Asked) -> tuple[Any, bytes]:
    return asked.headers, asked.body


def test_a_proxy_is_passed_by_where_the_environment_says_so(
    registry: ScriptedRegistry, other: ScriptedRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", other.url)
    monkeypatch.setenv("no_proxy", _ELSEWHERE)
    monkeypatch.setattr(type(registry), "host", _ELSEWHERE)
    access = {"insecure_registries": frozenset({_ELSEWHERE}), "connect_timeout": 0.2, "max_retries": 0}
    with registry.open(**access) as repository, pytest.raises(ContentUnavailable, match="cannot be reached"):
        repository.resolve("v1")
    assert other.asked == []


def test_a_registry_on_this_machine_is_asked_without_a_proxy(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", other.url)
    registry.serve(scripted.manifest(), scripted.OCI_MANIFEST, "v1")
    with registry.open() as repository:
        repository.resolve("v1")
    assert other.asked == []
