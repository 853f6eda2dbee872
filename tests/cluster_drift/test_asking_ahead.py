"""What is asked ahead of a Pod's images is what will be needed, and of nothing but what runs."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import live_objects as objects
import pytest

from compliance.cluster_drift.asking_ahead import ask_about_signatures, ask_about_tags
from compliance.sources.drift.companion import DriftCompanion
from compliance.sources.drift.field_types import FieldTypes
from compliance.sources.drift.terms import Terms
from compliance.sources.kubernetes.schema import KubernetesSchemas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.sources.drift.signatures import RunningImage

_NAME = "registry.example.com/shop/web"
_OTHER = f"sha256:{'b' * 64}"


def _shop(image: str) -> list[dict[str, Any]]:
    """The shop with another image in its template and Pods."""
    values = objects.shop()
    for value in values[:4]:
        template = value["spec"].get("template", value)
        template["spec"]["containers"][0]["image"] = image
    return values


def _needed(values: list[dict[str, Any]], trusted: Mapping[str, str]) -> list[RunningImage]:
    asked: list[RunningImage] = []
    now, types = datetime(2026, 11, 20, 2, tzinfo=UTC), FieldTypes(KubernetesSchemas())
    companion = DriftCompanion(Terms(now, types, trusted=trusted, resolve_tags=False, vouched=asked.append))
    for value in values:
        companion.see(value)
    list(companion.facts("shop"))
    return asked


@pytest.mark.parametrize("image", [f"{_NAME}:v1", objects.IMAGE, f"{_NAME}@{_OTHER}"])
@pytest.mark.parametrize("trusted", [{}, {f"{_NAME}:v1": _OTHER}])
def test_what_is_asked_ahead_is_what_will_be_needed(image: str, trusted: dict[str, str]) -> None:
    values, ahead = _shop(image), list[Any]()
    for value in values:
        if value["kind"] == "Pod":
            ask_about_signatures(value, SimpleNamespace(ahead=ahead.append), trusted)
    assert set(ahead) == set(_needed(values, trusted)) != set()


def test_nothing_is_asked_of_what_does_not_run() -> None:
    ahead: list[Any] = []
    asking = SimpleNamespace(ahead=ahead.append)
    pending, waiting, odd = objects.pod(), objects.pod(), objects.pod()
    pending["status"]["phase"] = "Pending"
    waiting["status"]["containerStatuses"][0]["imageID"] = ""
    odd["spec"]["containers"][0]["image"] = "A B"
    for pod in (pending, waiting, odd):
        ask_about_signatures(pod, asking, {})
        ask_about_tags(pod, asking)
    assert ahead == []


def test_tags_are_asked_about_where_a_reference_has_no_digest() -> None:
    asked: list[Any] = []
    values = [*_shop(f"{_NAME}:v1"), *_shop(_NAME), *objects.shop()]
    for value in values:
        if value["kind"] == "Pod":
            ask_about_tags(value, SimpleNamespace(ahead=asked.append))
    assert set(asked) == {f"{_NAME}:v1", f"{_NAME}:latest"}
