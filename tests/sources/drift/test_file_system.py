"""Whether anything can have been written into a container, and where."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.sources.drift.file_system import told

_READ_ONLY = {"readOnlyRootFilesystem": True}


def _told(context: dict[str, Any], volume: dict[str, Any] | None = None, **mount: bool) -> dict[str, Any]:
    mounts = [] if volume is None else [{"name": "v", "mountPath": "/v", **mount}]
    volumes = [] if volume is None else [{"name": "v", **volume}]
    return told({"securityContext": context, "volumeMounts": mounts}, {"volumes": volumes})


@pytest.mark.parametrize(
    ("context", "volume", "mount"),
    [
        (_READ_ONLY, None, {}),
        (_READ_ONLY, {"configMap": {"name": "x"}}, {}),
        (_READ_ONLY, {"projected": {"sources": []}}, {}),
        (_READ_ONLY, {"hostPath": {"path": "/"}}, {"readOnly": True}),
        (_READ_ONLY, {"persistentVolumeClaim": {"claimName": "x", "readOnly": True}}, {}),
        (_READ_ONLY | {"capabilities": {"add": ["NET_BIND_SERVICE"]}}, None, {}),
    ],
)
def test_impossible(context: dict[str, Any], volume: dict[str, Any] | None, mount: dict[str, bool]) -> None:
    assert _told(context, volume, **mount) == {"writes": "impossible", "writable": [], "scratch": []}


@pytest.mark.parametrize("volume", [{"emptyDir": {}}, {}, {"ephemeral": {"volumeClaimTemplate": {}}}])
def test_what_goes_with_the_pod_is_named(volume: dict[str, Any]) -> None:
    assert _told(_READ_ONLY, volume) == {"writes": "impossible", "writable": [], "scratch": ["/v"]}


@pytest.mark.parametrize(
    ("context", "volume", "place"),
    [
        ({}, None, ("/", "root")),
        ({"readOnlyRootFilesystem": False}, None, ("/", "root")),
        (_READ_ONLY | {"privileged": True}, None, ("/", "privileged")),
        (_READ_ONLY | {"capabilities": {"add": ["SYS_ADMIN"]}}, None, ("/", "SYS_ADMIN")),
        (_READ_ONLY, {"hostPath": {"path": "/"}}, ("/v", "hostPath")),
        (_READ_ONLY, {"persistentVolumeClaim": {"claimName": "x"}}, ("/v", "persistentVolumeClaim")),
    ],
)
def test_unverifiable(context: dict[str, Any], volume: dict[str, Any] | None, place: tuple[str, str]) -> None:
    found = _told(context, volume)
    assert (found["writes"], [tuple(one.values()) for one in found["writable"]]) == ("unverifiable", [place])
