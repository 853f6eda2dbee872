"""Audits that are kept, one after the other, and what is told of the Deployments in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from compliance.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Object = dict[str, Any]
PRIVILEGED = "pod_security.privileged"


def deployment(name: str, namespace: str, *, privileged: bool = True) -> Object:
    """A Deployment whose container is privileged, or is not."""
    container = {"name": "web", "image": "registry.example/web:1", "securityContext": {"privileged": privileged}}
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace, "uid": f"{namespace}-{name}"},
        "spec": {"selector": {"matchLabels": {"app": name}}, "template": template},
    }


def privileged(findings: Iterable[Object]) -> list[str]:
    """Namespace and name of what is found to be privileged."""
    return [f"{one['subject']['namespace']}/{one['subject']['name']}" for one in findings if one["rule"] == PRIVILEGED]


def new(result: Object) -> list[str]:
    """The same of what is new."""
    return privileged(one for one in result["findings"] if one["new"])


class Nights:
    """Runs `compliance audit` with a history; `code`, `printed` and `said` are the last one's."""

    def __init__(self, folder: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self._file = folder / "result.json"
        self._url = url
        self._capsys = capsys
        self.code = 0
        self.printed = ""
        self.said = ""

    def audit(self, *options: str) -> Object:
        """Run one; its result, which is empty where it wrote none."""
        self._file.unlink(missing_ok=True)
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("COMPLIANCE_STORE", self._url)
            patched.setenv("COMPLIANCE_LOG_FORMAT", "none")
            with pytest.raises(SystemExit) as stopped:
                main(["audit", "-o", f"json={self._file}", *options])
        self.code = int(stopped.value.code or 0)
        self.printed, self.said = self._capsys.readouterr()
        found: Object = json.loads(self._file.read_text()) if self._file.exists() else {}
        return found


class Clock:
    """Stands for `datetime` where a command takes the time."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, 2, tzinfo=UTC)

    def now(self, _zone: object) -> datetime:
        """The time that was set."""
        return self.time
