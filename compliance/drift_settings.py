"""The section `drift` of `compliance.yaml`: who may write, what is left out, and what may be asked of whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance import globs, image_reference
from compliance.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compliance.verification_settings import Locate

_SECTION: Final = "drift"
_OBJECTS: Final = ("group", "kind", "namespace", "name")
_FIELDS: Final = ("json_pointers", "jq_paths", "managers")


@dataclass(frozen=True, slots=True)
class ObjectPatterns:
    """Which objects are meant: patterns (`*`, `?`) over group, kind, namespace and name."""

    group: str = "*"
    kind: str = "*"
    namespace: str = "*"
    name: str = "*"

    def fits(self, found: Iterable[str | None]) -> bool:
        """Whether an object is meant: its group, kind, namespace and name."""
        pairs = zip((self.group, self.kind, self.namespace, self.name), found, strict=True)
        return all(globs.fits_text(pattern, part or "") for pattern, part in pairs)


@dataclass(frozen=True, slots=True)
class IgnoredFields:
    """Fields that may differ in these objects: by JSON pointer (RFC 6901), by jq path, or by who wrote them."""

    objects: ObjectPatterns
    json_pointers: tuple[str, ...] = ()
    jq_paths: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()

    def ignores_manager(self, manager: str) -> bool:
        """Whether what this manager wrote is left out."""
        return any(globs.fits_text(pattern, manager) for pattern in self.managers)


@dataclass(frozen=True, slots=True)
class Injector:
    """A webhook that adds to Pods: keys of labels or annotations as evidence, the rest patterns over names (`*`, `?`).

    `names` are those of containers, volumes, variables and pull secrets that it adds; `fields` are fields of the Pod's
    spec that it sets.
    """

    name: str
    evidence: tuple[str, ...]
    names: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DriftSettings:
    """All that `drift` says; `allowed_managers`, `ignore_objects` and `injectors` add to the built-in ones.

    `trusted_digests` are by normalised reference. `resolve_tags`: registries are asked what tags name now.
    `verify_signatures`: they are asked whether what runs satisfies `images.verification`. `dry_run`: the API server is
    asked what applying would change, where it allows that.
    """

    enabled: bool = True
    allowed_managers: tuple[str, ...] = ()
    ignore_differences: tuple[IgnoredFields, ...] = ()
    ignore_objects: tuple[ObjectPatterns, ...] = ()
    injectors: tuple[Injector, ...] = ()
    trusted_digests: Mapping[str, str] = field(default_factory=dict)
    resolve_tags: bool = False
    verify_signatures: bool = False
    dry_run: bool = True


def read(said: Mapping[str, Any], locate: Locate) -> DriftSettings:
    """Read the section, whose shape is checked already; `locate` gives the place of a key in the file, for messages.

    Raises:
        ConfigurationError: an entry of `ignore_differences` names no fields, a key of `trusted_digests` is no image
            reference, or has a digest of its own.
    """
    return DriftSettings(
        enabled=said.get("enabled", True),
        allowed_managers=tuple(said.get("allowed_managers", ())),
        ignore_differences=tuple(_ignored(n, one, locate) for n, one in enumerate(said.get("ignore_differences", ()))),
        ignore_objects=tuple(ObjectPatterns(**one) for one in said.get("ignore_objects", ())),
        injectors=tuple(_injector(one) for one in said.get("injectors", ())),
        trusted_digests=dict(_trusted(said.get("trusted_digests", {}), locate)),
        resolve_tags=said.get("resolve_tags", False),
        verify_signatures=said.get("verify_signatures", False),
        dry_run=said.get("dry_run", "auto") == "auto",
    )


def _ignored(number: int, said: Mapping[str, Any], locate: Locate) -> IgnoredFields:
    objects = ObjectPatterns(**{key: said[key] for key in _OBJECTS if key in said})
    fields = {key: tuple(said[key]) for key in _FIELDS if said.get(key)}
    if not fields:
        why = f"drift.ignore_differences[{number}] names no fields"
        remedy = f"give it {', '.join(_FIELDS)}: an object that nobody need declare belongs into ignore_objects"
        raise ConfigurationError(why, remedy=remedy, origin=locate(_SECTION, "ignore_differences", number))
    return IgnoredFields(objects, **fields)


def _injector(said: Mapping[str, Any]) -> Injector:
    return Injector(said["name"], *(tuple(said.get(key, ())) for key in ("evidence", "names", "fields")))


def _trusted(said: Mapping[str, str], locate: Locate) -> Iterable[tuple[str, str]]:
    for written, digest in said.items():
        try:
            reference = image_reference.parse(written)
        except ValueError as error:
            raise _wrong(str(error), written, locate) from None
        if reference.digest is not None:
            raise _wrong(f"{written!r} has a digest already", written, locate)
        yield reference.normalised, digest


def _wrong(why: str, key: str, locate: Locate) -> ConfigurationError:
    remedy = "write REGISTRY/REPOSITORY:TAG, and the digest behind it"
    place = (_SECTION, "trusted_digests", key)
    return ConfigurationError(f"drift.trusted_digests: {why}", remedy=remedy, origin=locate(*place))
