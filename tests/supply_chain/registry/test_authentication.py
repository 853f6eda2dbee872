"""Who gets the password and the token, and who does not."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from compliance.errors import AccessDenied, ContentError, ContentNotFound, ContentUnavailable
from compliance.image_reference import parse
from compliance.supply_chain.registry import Access, Registries
from compliance.supply_chain.registry.credentials import Credentials

if TYPE_CHECKING:
    from types import ModuleType

    from scripted_registry import Answer, Asked, Known, ScriptedRegistry

HIDDEN = "a-secret-that-nobody-may-read"
BASIC = "Basic " + base64.b64encode(f"me:{HIDDEN}".encode()).decode()


def _guarded(registry: ScriptedRegistry, scripted: ModuleType, wanted: str, challenge: str, tag: str = "v1") -> str:
    """Serve a manifest to who brings `wanted`; everybody else is challenged."""
    raw = scripted.manifest(annotations={"tag": tag})

    def answer(asked: Asked) -> Answer:
        if asked.authorization == wanted:
            return scripted.Answer(200, {"Content-Type": scripted.OCI_MANIFEST}, raw)
        return scripted.Answer(401, {"WWW-Authenticate": challenge})

    registry.on("GET", f"/v2/app/manifests/{tag}", answer)
    return str(scripted.digest_of(raw))


def _token(scripted: ModuleType, **more: object) -> Answer:
    return scripted.Answer(200, {}, json.dumps({"token": "opaque", "expires_in": 300, **more}).encode())


def _bearer(endpoint: ScriptedRegistry) -> str:
    return f'Bearer realm="{endpoint.url}/token",service="the registry",scope="repository:app:pull"'


def _me(scripted: ModuleType) -> Known:
    return scripted.Known(Credentials("me", HIDDEN))


def test_basic_is_answered_once_and_remembered(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    for tag in ("v1", "v2"):
        _guarded(registry, scripted, BASIC, 'Basic realm="x"', tag)
    with registry.open(credentials=_me(scripted)) as repository:
        repository.resolve("v1")
        repository.resolve("v2")
    assert [one.authorization for one in registry.asked] == [None, BASIC, BASIC]


def test_without_credentials_the_remedy_is_to_log_in(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    _guarded(registry, scripted, BASIC, 'Basic realm="x"')
    with registry.open() as repository, pytest.raises(AccessDenied) as caught:
        repository.resolve("v1")
    assert f"docker login {registry.host}" in caught.value.remedy


def test_wrong_credentials_are_tried_once_and_not_told(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    _guarded(registry, scripted, "Basic other", 'Basic realm="x"')
    with registry.open(credentials=_me(scripted)) as repository, pytest.raises(AccessDenied) as caught:
        repository.resolve("v1")
    assert len(registry.asked) == 2
    assert HIDDEN not in caught.value.message + caught.value.remedy


def test_a_token_is_fetched_with_the_password_and_used_without_it(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType
) -> None:
    digest = _guarded(registry, scripted, "Bearer opaque", _bearer(other))
    other.on("GET", "/token", _token(scripted))
    with registry.open(credentials=_me(scripted)) as repository:
        assert repository.resolve("v1").digest == digest
    (asked,) = other.asked
    assert asked.authorization == BASIC
    assert parse_qs(urlsplit(asked.path).query) == {"service": ["the registry"], "scope": ["repository:app:pull"]}
    assert [one.authorization for one in registry.asked] == [None, "Bearer opaque"]


def test_an_anonymous_token_is_fetched_without_a_password(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType
) -> None:
    _guarded(registry, scripted, "Bearer opaque", _bearer(other))
    other.on("GET", "/token", scripted.Answer(200, {}, b'{"access_token": "opaque"}'))
    with registry.open() as repository:
        repository.resolve("v1")
    assert [one.authorization for one in other.asked] == [None]


def test_many_images_of_one_repository_share_one_token(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType
) -> None:
    for number in range(20):
        _guarded(registry, scripted, "Bearer opaque", _bearer(other), f"v{number}")
    other.on("GET", "/token", _token(scripted))
    reference = parse(f"{registry.host}/app")
    with Registries(Access(credentials=_me(scripted))) as registries, ThreadPoolExecutor(8) as pool:
        assert len([*pool.map(lambda number: registries.open(reference).resolve(f"v{number}"), range(20))]) == 20
    assert len(other.asked) == 1


def test_an_expired_token_is_renewed(registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType) -> None:
    _guarded(registry, scripted, "Bearer opaque", _bearer(other))
    other.on("GET", "/token", _token(scripted, expires_in=1))
    with registry.open() as repository:
        repository.resolve("v1")
        repository.resolve("v1")
    assert len(other.asked) == 2


def test_a_token_that_is_refused_is_replaced_once(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType
) -> None:
    _guarded(registry, scripted, "Bearer second", _bearer(other))
    other.on("GET", "/token", _token(scripted, token="first"), _token(scripted, token="second"))  # noqa: S106 - made up
    with registry.open() as repository:
        with pytest.raises(AccessDenied):
            repository.resolve("v1")
        repository.resolve("v1")
    assert [one.authorization for one in registry.asked] == [None, "Bearer first", "Bearer first", "Bearer second"]


def test_an_identity_token_goes_into_the_body_of_a_post(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType
) -> None:
    _guarded(registry, scripted, "Bearer opaque", _bearer(other))
    other.on("POST", "/token", scripted.Answer(200, {}, b'{"access_token": "opaque"}'))
    identity = scripted.Known(Credentials("<token>", HIDDEN, is_identity_token=True))
    with registry.open(credentials=identity) as repository:
        repository.resolve("v1")
    (asked,) = other.asked
    assert HIDDEN not in asked.path
    form = parse_qs(asked.body.decode())
    assert (form["grant_type"], form["refresh_token"]) == (["refresh_token"], [HIDDEN])
    assert form["scope"] == ["repository:app:pull"]


@pytest.mark.parametrize(
    "answer",
    [
        b"{}",
        b"[]",
        b"{",
        b'{"token": 5}',
        b'{"token": "a\\r\\nHost: evil"}',
        b'{"token": ""}',
        b'{"token":"a","token":"b"}',
    ],
)
def test_a_token_that_is_none_is_an_error(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType, answer: bytes
) -> None:
    _guarded(registry, scripted, "Bearer opaque", _bearer(other))
    other.on("GET", "/token", scripted.Answer(200, {}, answer))
    with registry.open() as repository, pytest.raises(ContentError, match="a token for"):
        repository.resolve("v1")


def test_credentials_that_the_token_endpoint_refuses_are_said_so(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType
) -> None:
    _guarded(registry, scripted, "Bearer opaque", _bearer(other))
    other.on("GET", "/token", scripted.Answer(401))
    with registry.open(credentials=_me(scripted)) as repository, pytest.raises(AccessDenied, match="refused") as caught:
        repository.resolve("v1")
    assert HIDDEN not in caught.value.message + caught.value.remedy


@pytest.mark.parametrize("realm", ["http://192.0.2.1/token", "ftp://x/", "https://me:pw@x/", "https:///", "http://[/"])
def test_a_token_endpoint_that_others_can_listen_in_to_gets_nothing(
    registry: ScriptedRegistry, scripted: ModuleType, realm: str
) -> None:
    _guarded(registry, scripted, "Bearer opaque", f'Bearer realm="{realm}"')
    with registry.open(credentials=_me(scripted)) as repository, pytest.raises(ContentError):
        repository.resolve("v1")


def test_a_registry_with_tls_may_not_name_a_token_endpoint_without(
    secure_registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType, tls: tuple[Any, Any]
) -> None:
    _guarded(secure_registry, scripted, "Bearer opaque", _bearer(other))
    opened = secure_registry.open(credentials=_me(scripted), ca_file=tls[1])
    with opened as repository, pytest.raises(ContentError, match="from https to http"):
        repository.resolve("v1")
    assert other.asked == []


def test_a_link_local_token_endpoint_is_refused(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    realm = "https://169.254.169.254/latest/meta-data"
    _guarded(registry, scripted, "Bearer opaque", f'Bearer realm="{realm}"')
    with registry.open() as repository, pytest.raises(ContentError, match="link-local"):
        repository.resolve("v1")


def test_an_unknown_scheme_is_access_denied(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    _guarded(registry, scripted, "x", "Negotiate")
    with registry.open(credentials=_me(scripted)) as repository, pytest.raises(AccessDenied):
        repository.resolve("v1")
    assert [one.authorization for one in registry.asked] == [None]


def test_a_token_endpoint_that_is_not_there_does_not_say_that_the_image_is_not(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType
) -> None:
    _guarded(registry, scripted, "Bearer opaque", _bearer(other))
    with registry.open(max_retries=0) as repository, pytest.raises(ContentUnavailable) as caught:
        repository.resolve("v1")
    assert not isinstance(caught.value, ContentNotFound)
