"""The section `images.verification` of `compliance.yaml`: whose signatures count for which images.

A verification policy belongs to patterns over the normalised repository (`registry.example.com/shop/**`, see `globs`).
Nothing is read here but the configuration: keys and roots are opened where they are used.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance import globs, image_reference
from compliance.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from compliance.model import Origin

    Locate = Callable[..., Origin | None]

_WILD: Final = re.compile(r"[*?]")
_WHO_SIGNS: Final = "name keys, or identities with their issuers: without them anybody's signature would do"
_PLACE: Final = ("images", "verification")


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key in PEM: in a file, or in the environment variable `env`; exactly one of them."""

    name: str
    file: Path | None = None
    env: str | None = None


@dataclass(frozen=True, slots=True)
class TrustedIdentity:
    """Whose certificates count: a name and its OIDC issuer, each exact or as a regular expression over the whole."""

    identity: str | None = None
    identity_pattern: str | None = None
    issuer: str | None = None
    issuer_pattern: str | None = None

    def names(self, identity: str | None, issuer: str | None) -> bool:
        """Whether a certificate with this name and issuer is meant."""
        return _same(identity, self.identity, self.identity_pattern) and _same(issuer, self.issuer, self.issuer_pattern)


@dataclass(frozen=True, slots=True)
class RequiredAttestation:
    """What must be attested: the predicate's type (a short name or URI), and conditions in Rego over the statement."""

    type: str
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VerificationPolicy:
    """Whose signatures count for the images that a pattern names, how many of them, and what else is asked.

    `required` counts different signers; 0 asks for no signature, only for attestations. `annotations` must be among
    what was signed. `trusted_root` is a file with a Sigstore trusted root (JSON).
    """

    name: str
    patterns: tuple[str, ...]
    keys: tuple[TrustedKey, ...] = ()
    identities: tuple[TrustedIdentity, ...] = ()
    required: int = 1
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)
    attestations: tuple[RequiredAttestation, ...] = ()
    log_required: bool = False
    timestamp_required: bool = False
    trusted_root: Path | None = None
    origin: Origin | None = field(default=None, compare=False)


def policy_for(policies: Iterable[VerificationPolicy], repository: str) -> VerificationPolicy | None:
    """Find the policy for a normalised repository: the most specific pattern decides, then the first in the file.

    More specific is the pattern whose text before its first wildcard is longer, then the one with more text. However
    the host is spelled, it is the same (`image_reference.one_spelling`): another policy must not count for it.
    """
    place = image_reference.one_spelling(repository)
    matching = [
        (_specific(pattern), -number, policy)
        for number, policy in enumerate(policies)
        for pattern in policy.patterns
        if globs.over_path(image_reference.one_spelling(pattern)).fullmatch(place)
    ]
    return max(matching, key=lambda entry: entry[:2])[2] if matching else None


def read(said: Sequence[Mapping[str, Any]], folder: Path, locate: Locate) -> tuple[VerificationPolicy, ...]:
    """Read the policies, whose shape is checked already.

    Args:
        said: the section's value.
        folder: what files are relative to.
        locate: gives the place of a key in the file, for messages.

    Raises:
        ConfigurationError: a policy is empty or cannot be satisfied, a name is given twice, a pattern makes no sense.
    """
    policies = tuple(
        _policy(entry, folder, lambda *keys, at=number: locate(*_PLACE, at, *keys)) for number, entry in enumerate(said)
    )
    _refuse_twice("the policy", [policy.name for policy in policies], lambda at: locate(*_PLACE, at, "name"))
    patterns = [image_reference.one_spelling(pattern) for policy in policies for pattern in policy.patterns]
    _refuse_twice("the pattern", patterns, lambda _at: locate(*_PLACE))
    return policies


def _policy(said: Mapping[str, Any], folder: Path, locate: Locate) -> VerificationPolicy:
    _check(said, locate)
    root = said.get("trusted_root")
    identities = tuple(TrustedIdentity(**entry) for entry in said.get("identities", ()))
    keys = tuple(_key(entry, folder) for entry in said.get("keys", ()))
    # A certificate lives for minutes: without the log nobody would notice that it was made for somebody else.
    log = said.get("transparency_log", "optional" if keys else "required")
    return VerificationPolicy(
        name=said["name"],
        patterns=tuple(said["patterns"]),
        keys=keys,
        identities=identities,
        required=said.get("required", 1),
        annotations=dict(said.get("annotations", {})),
        attestations=tuple(_attestation(entry) for entry in said.get("attestations", ())),
        log_required=log == "required",
        timestamp_required=said.get("timestamp") == "required",
        trusted_root=folder / root if root else None,
        origin=locate(),
    )


def _key(said: Mapping[str, Any], folder: Path) -> TrustedKey:
    file = said.get("file")
    return TrustedKey(said["name"], folder / file if file else None, said.get("env"))


def _attestation(said: Mapping[str, Any]) -> RequiredAttestation:
    return RequiredAttestation(said["type"], tuple(said.get("conditions", ())))


def _check(said: Mapping[str, Any], locate: Locate) -> None:
    keys, identities = said.get("keys", ()), said.get("identities", ())
    if not keys and not identities:
        raise ConfigurationError(f"the policy {said['name']} trusts nobody", remedy=_WHO_SIGNS, origin=locate())
    _refuse_twice("the key", [key["name"] for key in keys], lambda at: locate("keys", at, "name"))
    for number, key in enumerate(keys):
        _one_of(key, ("file", "env"), locate("keys", number))
    for number, identity in enumerate(identities):
        for exact in ("identity", "issuer"):
            _one_of(identity, (exact, f"{exact}_pattern"), locate("identities", number))
            _check_expression(identity, f"{exact}_pattern", locate("identities", number, f"{exact}_pattern"))
    for number, pattern in enumerate(said["patterns"]):
        _check_pattern(pattern, locate("patterns", number))
    _refuse_twice("the type", [each["type"] for each in said.get("attestations", ())], lambda _at: locate())
    for number, attestation in enumerate(said.get("attestations", ())):
        for place, condition in enumerate(attestation.get("conditions", ())):
            _check_condition(condition, locate("attestations", number, "conditions", place))
    _check_number(said, len(keys) + len(identities), locate)


def _check_condition(condition: str, origin: Origin | None) -> None:
    """Refuse what holds for everything: in Rego, no expression at all is true."""
    if all(not line.strip() or line.lstrip().startswith("#") for line in condition.splitlines()):
        remedy = 'write an expression in Rego, such as `input.predicate.result == "PASSED"`, or leave it out'
        what = "the condition has no expression, so that it would always hold"
        raise ConfigurationError(what, remedy=remedy, origin=origin)


def _check_number(said: Mapping[str, Any], named: int, locate: Locate) -> None:
    """Refuse a policy that no image can satisfy; a pattern of identities may stand for any number of signers."""
    open_ended = any("identity_pattern" in identity for identity in said.get("identities", ()))
    if said.get("required", 1) > named and not open_ended:
        why = f"requires {said['required']} signers, and only {named} can sign"
        raise ConfigurationError(f"the policy {said['name']} {why}", remedy="name more", origin=locate("required"))


def _one_of(said: Mapping[str, Any], names: Sequence[str], origin: Origin | None) -> None:
    if sum(name in said for name in names) != 1:
        wanted = " or ".join(names)
        raise ConfigurationError(f"{wanted} is needed, one of them", remedy=_WHO_SIGNS, origin=origin)


def _check_expression(said: Mapping[str, Any], key: str, origin: Origin | None) -> None:
    try:
        re.compile(said.get(key, ""))
    except (re.error, RecursionError, OverflowError) as error:
        raise ConfigurationError(f"{key} is no regular expression: {error}", origin=origin) from error


def _check_pattern(pattern: str, origin: Origin | None) -> None:
    try:
        globs.over_path(pattern)
    except ValueError as error:
        raise ConfigurationError(f"the pattern {pattern!r} {error}", origin=origin) from error
    if "/" not in pattern and pattern != "**":
        remedy = "write the whole repository with its registry, such as docker.io/library/nginx or docker.io/**"
        raise ConfigurationError(f"the pattern {pattern!r} matches no repository", remedy=remedy, origin=origin)


def _refuse_twice(what: str, names: Sequence[str], locate: Locate) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            last = len(names) - 1 - list(reversed(names)).index(name)
            raise ConfigurationError(f"{what} {name!r} is given twice", origin=locate(last))


def _same(found: str | None, exact: str | None, pattern: str | None) -> bool:
    if found is None:
        return False
    return found == exact if exact is not None else pattern is not None and re.fullmatch(pattern, found) is not None


def _specific(pattern: str) -> tuple[int, int]:
    wild = _WILD.search(pattern)
    plain = sum(len(piece) for piece in _pieces(pattern))
    return (wild.start() if wild else len(pattern) + 1), plain


def _pieces(pattern: str) -> Iterator[str]:
    yield from _WILD.split(pattern)
