"""A policy that is ready to verify with: its keys read, its root of trust at hand, and one digest for all of it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from compliance import bounded_files
from compliance.errors import ConfigurationError, KeyFileError
from compliance.model import Origin
from compliance.supply_chain import predicates
from compliance.supply_chain.keys import load_public
from compliance.supply_chain.signatures import NamedKey, Trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.verification_settings import TrustedKey, VerificationPolicy

_MAX_FILE: Final = 4 * 1024 * 1024
_PUBLIC_ROOT: Final = ("_store", "https%3A%2F%2Ftuf-repo-cdn.sigstore.dev", "trusted_root.json")


@dataclass(frozen=True, slots=True)
class ReadyPolicy:
    """A policy with what it names: `trust` holds its keys and root."""

    settings: VerificationPolicy
    trust: Trust

    @property
    def digest(self) -> str:
        """`sha256:HEX` over all that decides: who changes a key, a number or a condition gets another."""
        settings = self.settings
        said = {
            "keys": sorted(key.fingerprint for key in self.trust.keys),
            "identities": [astuple(each) for each in settings.identities],
            "required": settings.required,
            "annotations": dict(settings.annotations),
            "attestations": [[predicates.uri_of(each.type), *each.conditions] for each in settings.attestations],
            "log": settings.log_required,
            "timestamp": settings.timestamp_required,
            "root": hashlib.sha256(self.trust.trusted_root or b"").hexdigest(),
        }
        return f"sha256:{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()}"


def ready(settings: VerificationPolicy, environment: Mapping[str, str] = os.environ) -> ReadyPolicy:
    """Read what a policy names; nothing is fetched.

    Where it names identities and no root, the authorities are those of the public Sigstore, by the root that came with
    Sigstore's Python library.

    Raises:
        ConfigurationError: a key or the root cannot be read.
    """
    keys = tuple(_key(key, settings, environment) for key in settings.keys)
    return ReadyPolicy(settings, Trust(keys, _root(settings)))


def _key(key: TrustedKey, settings: VerificationPolicy, environment: Mapping[str, str]) -> NamedKey:
    pem = _from_environment(key, settings, environment) if key.file is None else _read(key.file)
    origin = Origin(key.file.as_posix()) if key.file else settings.origin
    try:
        return load_public(pem, key.name)
    except KeyFileError as error:
        what = f"the key {key.name} of the policy {settings.name}: {error.message}"
        raise ConfigurationError(what, remedy=error.remedy, origin=origin) from error


def _from_environment(key: TrustedKey, settings: VerificationPolicy, environment: Mapping[str, str]) -> bytes:
    try:
        return environment[key.env or ""].encode("utf-8", "backslashreplace")
    except KeyError:
        what = f"the policy {settings.name} takes the key {key.name} from {key.env}, which is not set"
        remedy = f"set {key.env} to the public key in PEM, or name a file"
        raise ConfigurationError(what, remedy=remedy, origin=settings.origin) from None


def _root(settings: VerificationPolicy) -> bytes | None:
    if settings.trusted_root is not None:
        return _read(settings.trusted_root)
    return _public_root() if settings.identities else None


def _public_root() -> bytes:
    """The root of the public Sigstore, which its library carries as data; importing that for it would take a second."""
    found = importlib.util.find_spec("sigstore")
    if found is None or found.origin is None:
        raise ConfigurationError("the root of the public Sigstore is not installed", remedy="name a trusted_root")
    return _read(Path(found.origin).parent.joinpath(*_PUBLIC_ROOT))


def _read(path: Path) -> bytes:
    try:
        return bounded_files.read(path, _MAX_FILE)
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", origin=Origin(path.as_posix())) from error
