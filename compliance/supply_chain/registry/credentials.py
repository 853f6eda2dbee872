"""Credentials as Docker and Podman keep them.

Files: `config.json` (https://docs.docker.com/reference/cli/docker/login/) and `auth.json` (containers-auth.json(5)).
Helpers: `docker-credential-NAME get` (https://github.com/docker/docker-credential-helpers, README). Nothing is looked
up before a registry asks for credentials.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from compliance import bounded_files, tools
from compliance.errors import AccessDenied, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_FILE: Final = 1024 * 1024
_HELPER_DEADLINE: Final = 30.0
_HELPER_MEMORY: Final = 300.0
"""Seconds for which a helper's answer is kept: what they hand out expires after hours."""
_HELPER_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_HUB: Final = "docker.io"
_HUB_KEY: Final = "https://index.docker.io/v1/"
_HUB_NAMES: Final = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io"})
_TOKEN_USER: Final = "<token>"  # noqa: S105 - what helpers write for a user whose secret is an identity token


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user's name and password, or an identity token (OAuth 2 refresh token) in `secret`."""

    username: str
    secret: str = field(repr=False)
    is_identity_token: bool = False

    @property
    def basic(self) -> str:
        """The value of `Authorization` for Basic (RFC 7617)."""
        return "Basic " + base64.b64encode(f"{self.username}:{self.secret}".encode()).decode("ascii")


class CredentialSource(Protocol):
    """Where credentials come from; safe in any thread."""

    def find(self, registry: str, repository: str) -> Credentials | None:
        """Find the credentials for a repository; None to ask as anybody.

        Raises:
            AccessDenied: there should be some, and they cannot be had.
        """


class Anonymous:
    """No credentials for anybody."""

    def find(self, registry: str, repository: str) -> Credentials | None:  # noqa: ARG002 - the protocol's
        """None, always."""
        return None


class DockerConfig:
    """Files of `docker login` and `podman login`; the first that has an entry wins.

    In a file, a key for a part of the repository's path (`host/team`) goes before the host's, as in containers/image,
    and at each key a helper of its own (`credHelpers`) before `auths`; `credsStore` is asked last.
    """

    def __init__(self, files: tuple[Path, ...]) -> None:
        self._files = files
        self._remembered: dict[tuple[str, str], tuple[float, Credentials | None]] = {}
        self._lock = threading.Lock()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> DockerConfig:
        """Take REGISTRY_AUTH_FILE, DOCKER_CONFIG, Podman's files and `~/.docker/config.json`, in this order."""
        given = os.environ if environment is None else environment
        home = Path(given.get("HOME") or Path("~").expanduser())
        places = (
            (given.get("REGISTRY_AUTH_FILE"), ""),
            (given.get("DOCKER_CONFIG"), "config.json"),
            (given.get("XDG_RUNTIME_DIR"), "containers/auth.json"),
            (given.get("XDG_CONFIG_HOME") or str(home / ".config"), "containers/auth.json"),
            (str(home / ".docker"), "config.json"),
        )
        return cls(tuple(Path(folder) / rest for folder, rest in places if folder))

    def find(self, registry: str, repository: str) -> Credentials | None:
        """Find the credentials for a repository; None where no file has any.

        Raises:
            AccessDenied: a file cannot be understood, or a helper fails.
        """
        with self._lock:
            for file in self._files:
                found = self._find_in(file, registry, repository)
                if found is not None:
                    return found
        return None

    def _find_in(self, file: Path, registry: str, repository: str) -> Credentials | None:
        config = _load(file)
        auths = {_normalised(key): value for key, value in _section(config, "auths", file).items()}
        helpers = {_normalised(key): value for key, value in _section(config, "credHelpers", file).items()}
        for key in _keys(registry, repository):
            if key in helpers and (found := self._ask(helpers[key], key)):
                return found
            if found := _stored(auths.get(key), f"{file}: auths of {key}"):
                return found
        return self._ask(config["credsStore"], registry) if config.get("credsStore") else None

    def _ask(self, helper: object, key: str) -> Credentials | None:
        if not isinstance(helper, str) or not _HELPER_NAME.fullmatch(helper):
            raise AccessDenied(f"{str(helper)[:80]!r} is no name of a credential helper")
        until, known = self._remembered.get((helper, key), (0.0, None))
        if time.monotonic() >= until:
            known = _run_helper(helper, _HUB_KEY if key == _HUB else key)
            self._remembered[helper, key] = (time.monotonic() + _HELPER_MEMORY, known)
        return known


def _keys(registry: str, repository: str) -> Iterator[str]:
    parts = repository.split("/")
    for count in range(len(parts), -1, -1):
        yield "/".join((registry, *parts[:count]))


def _normalised(key: str) -> str:
    """A key of `auths`: old ones are URLs, of which only the host counts."""
    bare = re.sub(r"^https?://", "", key)
    if bare != key:
        bare = bare.partition("/")[0]
    host, slash, path = bare.rstrip("/").partition("/")
    return (_HUB if host in _HUB_NAMES else host) + slash + path


def _load(file: Path) -> dict[str, Any]:
    try:
        data = bounded_files.read(file, _MAX_FILE)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise AccessDenied(f"{file} cannot be read: {error.strerror}", remedy="allow it, or log in again") from None
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise AccessDenied(f"{file} is no configuration of Docker or Podman", remedy="log in again to write it anew")
    return value


def _section(config: Mapping[str, Any], key: str, file: Path) -> dict[str, Any]:
    section = config.get(key) or {}
    if not isinstance(section, dict):
        raise AccessDenied(f"{file}: {key} is no map")
    return section


def _stored(entry: object, at: str) -> Credentials | None:
    """What an entry of `auths` holds; Docker leaves an empty one where a store keeps the rest."""
    if not isinstance(entry, dict):
        return None
    username, password = entry.get("username"), entry.get("password")
    if isinstance(auth := entry.get("auth"), str) and auth:
        username, password = _decoded(auth, at)
    if isinstance(token := entry.get("identitytoken"), str) and token:
        return Credentials(str(username or ""), token, is_identity_token=True)
    return Credentials(username, str(password or "")) if isinstance(username, str) and username else None


def _decoded(auth: str, at: str) -> tuple[str, str]:
    try:
        username, colon, password = base64.b64decode(auth, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        colon = ""
    if not colon:
        raise AccessDenied(f"{at} is no base64 of USER:PASSWORD", remedy="log in again to write it anew")
    return username, password.rstrip("\0")


def _run_helper(helper: str, server: str) -> Credentials | None:
    """Ask a helper. What it prints is told to nobody: it may hold secrets."""
    program = f"docker-credential-{helper}"
    remedy = f"install {program} and log in again, or take it out of the configuration"
    try:
        done = tools.run([program, "get"], deadline=_HELPER_DEADLINE, max_output=_MAX_FILE, stdin=server.encode())
    except ToolError as error:
        raise AccessDenied(f"the credentials for {server} cannot be had: {error.message}", remedy=remedy) from None
    if done.returncode:
        if b"credentials not found" in done.stdout + done.stderr:
            return None
        raise AccessDenied(f"{program} has no credentials for {server}: exit code {done.returncode}", remedy=remedy)
    try:
        answer = json.loads(done.stdout)
        username, secret = str(answer["Username"]), str(answer["Secret"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise AccessDenied(f"{program} answers something that is no credentials", remedy=remedy) from None
    return Credentials(username, secret, username == _TOKEN_USER)
