"""A registry that is busy: asked again, as it wants to be, and not for ever."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from compliance.errors import ContentError, ContentUnavailable

if TYPE_CHECKING:
    from types import ModuleType

    from scripted_registry import Answer, ScriptedRegistry

PATH = "/v2/app/manifests/v1"


def _manifest(scripted: ModuleType) -> Answer:
    return scripted.Answer(200, {"Content-Type": scripted.OCI_MANIFEST}, scripted.manifest())


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_registry_is_asked_again(registry: ScriptedRegistry, scripted: ModuleType, status: int) -> None:
    registry.on("GET", PATH, scripted.Answer(status), _manifest(scripted))
    with registry.open() as repository:
        repository.resolve("v1")
    assert len(registry.asked) == 2


def test_the_pause_that_it_asks_for_is_kept(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    registry.on("GET", PATH, scripted.Answer(429, {"Retry-After": "1"}), _manifest(scripted))
    began = time.monotonic()
    with registry.open() as repository:
        repository.resolve("v1")
    assert time.monotonic() - began >= 1


def test_a_pause_may_be_a_date(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    registry.on("GET", PATH, scripted.Answer(503, {"Retry-After": until}), _manifest(scripted))
    began = time.monotonic()
    with registry.open() as repository:
        repository.resolve("v1")
    assert time.monotonic() - began >= 0.9


@pytest.mark.parametrize("pause", ["3600", "99999999999999999999", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_a_pause_that_is_too_long_is_not_taken(registry: ScriptedRegistry, scripted: ModuleType, pause: str) -> None:
    registry.on("GET", PATH, scripted.Answer(429, {"Retry-After": pause}))
    began = time.monotonic()
    with registry.open() as repository, pytest.raises(ContentUnavailable, match="429, too many requests"):
        repository.resolve("v1")
    assert (len(registry.asked), time.monotonic() - began < 5) == (1, True)


@pytest.mark.parametrize("pause", ["soon", "-1", "", "Fri, 99 Foo 2100"])
def test_a_pause_that_is_none_counts_as_unsaid(registry: ScriptedRegistry, scripted: ModuleType, pause: str) -> None:
    registry.on("GET", PATH, scripted.Answer(503, {"Retry-After": pause}), _manifest(scripted))
    with registry.open() as repository:
        repository.resolve("v1")


def test_after_some_times_it_is_given_up(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    registry.on("GET", PATH, scripted.Answer(503))
    with registry.open(max_retries=2) as repository, pytest.raises(ContentUnavailable, match="503"):
        repository.resolve("v1")
    assert len(registry.asked) == 3


def test_all_attempts_share_one_deadline(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    registry.on("GET", PATH, scripted.Answer(503, {"Retry-After": "1"}))
    began = time.monotonic()
    with registry.open(max_retries=50, deadline=2.0) as repository, pytest.raises(ContentUnavailable):
        repository.resolve("v1")
    assert time.monotonic() - began < 4


def test_a_refusal_is_not_asked_again_and_its_code_is_told(registry: ScriptedRegistry, scripted: ModuleType) -> None:
    body = b'{"errors": [{"code": "NAME_INVALID", "message": "<script>"}]}'
    registry.on("GET", PATH, scripted.Answer(400, {}, body))
    with registry.open() as repository, pytest.raises(ContentError, match="400 NAME_INVALID") as caught:
        repository.resolve("v1")
    assert len(registry.asked) == 1
    assert "script" not in caught.value.message


@pytest.mark.parametrize(
    "body", [b'{"errors": null}', b'{"errors": [{"code": "a\\u001b[31m"}]}', b"[" * 10_000, b"\xff"]
)
def test_an_error_of_any_form_is_an_error(registry: ScriptedRegistry, scripted: ModuleType, body: bytes) -> None:
    registry.on("GET", PATH, scripted.Answer(400, {}, body))
    with registry.open() as repository, pytest.raises(ContentError, match=r"answers 400$"):
        repository.resolve("v1")
