"""Credentials of a program that a kubeconfig names (client.authentication.k8s.io/v1 and v1beta1, `ExecCredential`).

Run as client-go runs it, but for three things: it has a deadline, what it prints is bounded, and it never talks to a
person, because an audit mostly runs where there is none.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance import tools
from compliance.errors import ClusterError, ToolError
from compliance.sources.kubernetes.fields import mapping, mappings, text, texts
from compliance.sources.secret_text import masked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DEADLINE: Final = 60.0
_MAX_OUTPUT: Final = 1024 * 1024
_CONFIG: Final = "client.authentication.k8s.io/exec"
_REMEDY: Final = "run it by hand, or `kubectl get namespaces`, and log in if it asks"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A bearer token, or a client's certificate with its key in PEM, and until when they are good (None: unknown)."""

    token: str | None = field(repr=False)
    certificate: str | None = field(repr=False)
    key: str | None = field(repr=False)
    expires: datetime | None

    def are_stale(self, now: datetime) -> bool:
        """Whether they are good no longer."""
        return self.expires is not None and self.expires <= now


@dataclass(frozen=True, slots=True)
class ExecPlugin:
    """The program: a user's `exec` entry, the cluster's entry, and the folder of the kubeconfig that names it."""

    entry: Mapping[str, Any] = field(repr=False)
    cluster: Mapping[str, Any] = field(repr=False)
    folder: Path

    def run(self) -> Credentials:
        """Ask for credentials.

        Raises:
            ClusterError: it gives none, or none in time.
        """
        command = text(self.entry.get("command")) or ""
        if self.entry.get("interactiveMode") == "Always":
            raise ClusterError(f"the exec plugin {command} wants a person", remedy="use a service account's token")
        try:
            done = tools.run(
                [self._program(command), *texts(self.entry.get("args"))],
                deadline=_DEADLINE,
                max_output=_MAX_OUTPUT,
                env=self._environment(),
            )
        except ToolError as error:
            remedy = masked(text(self.entry.get("installHint")) or "")[:500] or _REMEDY
            raise _failed(command, error.message, remedy) from None
        if done.returncode != 0:
            said = " ".join(done.stderr.decode("utf-8", "replace").split())
            raise _failed(command, f"it ended with {done.returncode}{f': {said}' if said else ''}")
        return self._credentials(command, done.stdout)

    def _program(self, command: str) -> str:
        """A path is relative to the kubeconfig; a name is looked up on PATH."""
        return str(self.folder / command) if os.sep in command else command

    def _environment(self) -> dict[str, str | None]:
        named = {text(item.get("name")): text(item.get("value")) for item in mappings(self.entry.get("env"))}
        spec: dict[str, Any] = {"interactive": False}
        if self.entry.get("provideClusterInfo") is True:
            spec["cluster"] = self._cluster()
        asked = {"apiVersion": self.entry.get("apiVersion"), "kind": "ExecCredential", "spec": spec}
        given = {name: value or "" for name, value in named.items() if name}
        return {**given, "KUBERNETES_EXEC_INFO": orjson.dumps(asked).decode()}

    def _cluster(self) -> dict[str, Any]:
        told = {key: value for key, value in self.cluster.items() if key not in {"extensions", "certificate-authority"}}
        extensions = mappings(self.cluster.get("extensions"))
        found = [item.get("extension") for item in extensions if item.get("name") == _CONFIG]
        return {**told, "config": found[0]} if found else told

    def _credentials(self, command: str, printed: bytes) -> Credentials:
        try:
            said = orjson.loads(printed)
            status = mapping(said if isinstance(said, dict) else {}, "status")
            given = text(status.get("expirationTimestamp"))
            expires = None if given is None else datetime.fromisoformat(given)
        except ValueError:
            raise _failed(command, "it prints something else than an ExecCredential") from None
        if expires is not None and expires.tzinfo is None:
            expires = expires.replace(tzinfo=UTC)
        token, certificate = text(status.get("token")) or None, text(status.get("clientCertificateData")) or None
        key = text(status.get("clientKeyData")) or None
        if token is None and (certificate is None or key is None):
            raise _failed(command, "it prints neither a token nor a certificate with its key")
        if said.get("apiVersion") != self.entry.get("apiVersion"):
            raise _failed(command, f"it speaks {said.get('apiVersion')} and not {self.entry.get('apiVersion')}")
        return Credentials(token, certificate, key, expires)


def _failed(command: str, why: str, remedy: str = _REMEDY) -> ClusterError:
    return ClusterError(f"the exec plugin {command} fails: {masked(why)[:300]}", remedy=remedy)
