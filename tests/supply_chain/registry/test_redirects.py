"""Redirects: followed as far as they are safe, and with credentials to nobody else."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from compliance.errors import ContentError, ContentUnavailable
from compliance.supply_chain.content import Descriptor
from compliance.supply_chain.registry.credentials import Credentials

if TYPE_CHECKING:
    from types import ModuleType

    from scripted_registry import Answer, Asked, ScriptedRegistry

DATA = b"the blob"
BASIC = "Basic " + base64.b64encode(b"me:secret").decode()


@pytest.fixture
def blob(scripted: ModuleType) -> Descriptor:
    return Descriptor("application/octet-stream", scripted.digest_of(DATA), len(DATA))


def _at(blob: Descriptor) -> str:
    return f"/v2/app/blobs/{blob.digest}"


def _to(scripted: ModuleType, location: str, status: int = 307) -> Answer:
    return scripted.Answer(status, {"Location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_blob_may_be_kept_elsewhere(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType, blob: Descriptor, status: int
) -> None:
    registry.on("GET", _at(blob), _to(scripted, f"{other.url}/store?signed=1", status))
    other.on("GET", "/store?signed=1", scripted.Answer(200, {}, DATA))
    with registry.open() as repository:
        assert repository.blob(blob, max_size=100) == DATA


def test_authorization_stays_with_the_registry(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType, blob: Descriptor
) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.authorization != BASIC:
            return scripted.Answer(401, {"WWW-Authenticate": 'Basic realm="x"'})
        return _to(scripted, f"{other.url}/first")

    registry.on("GET", _at(blob), answer)
    other.on("GET", "/first", _to(scripted, f"{registry.url}/back"))
    registry.on("GET", "/back", scripted.Answer(200, {}, DATA))
    with registry.open(credentials=scripted.Known(Credentials("me", "secret"))) as repository:
        assert repository.blob(blob, max_size=100) == DATA
    assert [one.authorization for one in other.asked] == [None]
    assert [one.authorization for one in registry.asked] == [None, BASIC, None]


def test_authorization_is_kept_within_the_registry(
    registry: ScriptedRegistry, scripted: ModuleType, blob: Descriptor
) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.authorization != BASIC:
            return scripted.Answer(401, {"WWW-Authenticate": 'Basic realm="x"'})
        return _to(scripted, "/elsewhere")

    registry.on("GET", _at(blob), answer)
    registry.on("GET", "/elsewhere", scripted.Answer(200, {}, DATA))
    with registry.open(credentials=scripted.Known(Credentials("me", "secret"))) as repository:
        repository.blob(blob, max_size=100)
    assert registry.calls("GET", "/elsewhere")[0].authorization == BASIC


def test_a_challenge_from_elsewhere_gets_no_password(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType, blob: Descriptor
) -> None:
    registry.on("GET", _at(blob), _to(scripted, f"{other.url}/first"))
    other.on("GET", "/first", scripted.Answer(401, {"WWW-Authenticate": 'Basic realm="x"'}))
    opened = registry.open(credentials=scripted.Known(Credentials("me", "secret")))
    with opened as repository, pytest.raises(ContentUnavailable):
        repository.blob(blob, max_size=100)
    assert {one.authorization for one in (*registry.asked, *other.asked)} == {None}


def test_redirects_without_end_are_given_up(registry: ScriptedRegistry, scripted: ModuleType, blob: Descriptor) -> None:
    registry.on("GET", _at(blob), _to(scripted, _at(blob)))
    with registry.open() as repository, pytest.raises(ContentError, match="redirects more than 5 times"):
        repository.blob(blob, max_size=100)
    assert len(registry.asked) == 6


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://169.254.169.254/latest/meta-data", "plain http"),
        ("https://169.254.169.254/latest/meta-data", "link-local"),
        ("https://[fe80::1]/", "link-local"),
        ("https://0.0.0.0/", "unspecified"),
        ("https://[::ffff:169.254.169.254]/", "link-local"),
        ("http://192.0.2.1/", "plain http"),
        ("file:///etc/passwd", "an address that is none"),
        ("https://me:secret@registry.example/", "an address that is none"),
        ("https:///nowhere", "an address that is none"),
        ("", "an address that is none"),
    ],
)
def test_redirects_to_where_we_do_not_go_are_refused(
    registry: ScriptedRegistry, scripted: ModuleType, blob: Descriptor, location: str, why: str
) -> None:
    registry.on("GET", _at(blob), _to(scripted, location))
    with registry.open() as repository, pytest.raises(ContentError, match=why):
        repository.blob(blob, max_size=100)


def test_https_is_not_given_up_for_http(
    secure_registry: ScriptedRegistry,
    other: ScriptedRegistry,
    scripted: ModuleType,
    blob: Descriptor,
    tls: tuple[Any, Any],
) -> None:
    secure_registry.on("GET", _at(blob), _to(scripted, f"{other.url}/store"))
    other.on("GET", "/store", scripted.Answer(200, {}, DATA))
    with (
        secure_registry.open(ca_file=tls[1]) as repository,
        pytest.raises(ContentError, match="from https to http"),
    ):
        repository.blob(blob, max_size=100)
    assert other.asked == []


def test_uploads_do_not_follow_redirects(
    registry: ScriptedRegistry, other: ScriptedRegistry, scripted: ModuleType
) -> None:
    registry.on("POST", "/v2/app/blobs/uploads/", _to(scripted, f"{other.url}/upload"))
    with registry.open() as repository, pytest.raises(ContentError, match="307"):
        repository.put_blob(DATA, "text/plain")
    assert other.asked == []
