"""Does an object fit the schema that its API server would hold it against?

The schemas are those that the package kubernetes-validate carries for every Kubernetes version (strict: unknown fields
are errors); they are compiled with jsonschema-rs, because the package's own way takes 20 ms an object and this 3 µs.
For Argo Rollouts, which no Kubernetes schema describes, `rules/schemas/kubernetes/` holds the parts that we read.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from compliance.data import data_folder
from compliance.errors import UsageError
from compliance.sources.kubernetes.paths import at_of
from compliance.sources.secret_names import names_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    import jsonschema_rs

_DEFINITIONS = "https://kubernetes.io/api/_definitions.json"
_FOLDER = re.compile(r"v(\d+)\.(\d+)\.\d+-local-strict")
_MAX_ERRORS = 50
_FREE_TEXT = frozenset(
    {"env", "command", "args", "annotations", "labels", "httpHeaders", "options", "parameters", "volumeAttributes"}
)
_CORE_GROUPS = re.compile(r"|apps|batch|extensions|autoscaling|policy|(?:[a-z]+\.)+k8s\.io")

# The group of a custom resource has a dot. The core group is left open: files of other tools say `v1` too.
_CLOSED_GROUPS = frozenset({"apps", "batch", "autoscaling", "policy"})


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One misfit; `reason` is unknown_(field, kind), missing_field, invalid_value or duplicate_(field, object)."""

    reason: str
    at: str
    message: str


@lru_cache(maxsize=1)
def available_versions() -> tuple[str, ...]:
    """The Kubernetes versions (`1.34`) whose schemas are at hand, oldest first."""
    found = (_FOLDER.fullmatch(folder.name) for folder in _schemas_root().iterdir())
    numbers = sorted((int(match[1]), int(match[2])) for match in found if match)
    return tuple(f"{major}.{minor}" for major, minor in numbers)


@lru_cache(maxsize=1)
def _schemas_root() -> Path:
    # Importing the package would pull in its own validator; only its data is wanted.
    spec = importlib.util.find_spec("kubernetes_validate")
    if spec is None or not spec.submodule_search_locations:
        raise UsageError("the package kubernetes-validate is not installed", remedy="reinstall this tool")
    return Path(spec.submodule_search_locations[0]) / "kubernetes-json-schema"


class KubernetesSchemas:
    """The schemas of one Kubernetes version, each compiled when first needed."""

    def __init__(self, version: str | None = None) -> None:
        """Choose a version such as `1.34` (None: the newest).

        Raises:
            UsageError: there are no schemas of that version.
        """
        versions = available_versions()
        chosen = versions[-1] if version is None else ".".join(version.removeprefix("v").split(".")[:2])
        if chosen not in versions:
            raise UsageError(
                f"no schemas of Kubernetes {version}", remedy=f"use one of {versions[0]} to {versions[-1]}"
            )
        self.version = chosen
        self.minor = int(chosen.partition(".")[2])
        self._folder = next(_schemas_root().glob(f"v{chosen}.*-local-strict"))
        self._registry: jsonschema_rs.Registry | None = None
        self._types: dict[str, Any] | None = None
        self._validators: dict[tuple[str, str], jsonschema_rs.Validator | None] = {}

    def knows(self, api_version: str, kind: str) -> bool:
        """Whether there is a schema for objects of this kind."""
        return self._validator(api_version, kind) is not None

    def types(self) -> dict[str, Any]:
        """The named types of the API (`io.k8s.api.core.v1.Container`), as JSON schemas with Kubernetes' extensions."""
        if self._types is None:
            self._types = orjson.loads((self._folder / "_definitions.json").read_bytes())["$defs"]
        return self._types

    def schema(self, api_version: str, kind: str) -> dict[str, Any] | None:
        """The JSON schema of a kind, which refers to `types`; None for kinds that no schema describes."""
        file = self._file(api_version, kind)
        return None if file is None else orjson.loads(file.read_bytes())

    def errors(self, api_version: str, kind: str, value: dict[str, Any]) -> tuple[SchemaError, ...]:
        """All misfits of one object, at most 50; none for kinds that no schema describes (custom resources)."""
        validator = self._validator(api_version, kind)
        if validator is None:
            return self._misplaced(api_version, kind)
        if validator.is_valid(value):
            return ()
        found: dict[SchemaError, None] = {}
        for error in validator.iter_errors(value):
            found.update(dict.fromkeys(_readable(error, value)))
            if len(found) >= _MAX_ERRORS:
                break
        return tuple(found)

    def _validator(self, api_version: str, kind: str) -> jsonschema_rs.Validator | None:
        key = (api_version, kind)
        if key not in self._validators:
            self._validators[key] = self._compile(api_version, kind)
        return self._validators[key]

    def _compile(self, api_version: str, kind: str) -> jsonschema_rs.Validator | None:
        import jsonschema_rs  # noqa: PLC0415 - heavy import only when used

        file = self._file(api_version, kind)
        if file is None:
            return None
        if self._registry is None:
            definitions = orjson.loads((self._folder / "_definitions.json").read_bytes())
            self._registry = jsonschema_rs.Registry([(_DEFINITIONS, definitions)])
        return jsonschema_rs.validator_for(orjson.loads(file.read_bytes()), registry=self._registry)

    def _file(self, api_version: str, kind: str) -> Path | None:
        group, _, version = api_version.rpartition("/")
        if not re.fullmatch(r"[A-Za-z0-9]+", kind) or not re.fullmatch(r"[a-z0-9]+", version):
            return None
        if _CORE_GROUPS.fullmatch(group):
            parts = (kind.lower(), group.partition(".")[0], version)
            file = self._folder / f"{'-'.join(part for part in parts if part)}.json"
        else:
            file = data_folder("rules") / "schemas" / "kubernetes" / f"{kind.lower()}-{version}.json"
        if not file.is_file():
            return None
        served = orjson.loads(file.read_bytes()).get("x-kubernetes-group-version-kind", [])
        return file if {"group": group, "kind": kind, "version": version} in served else None

    def _misplaced(self, api_version: str, kind: str) -> tuple[SchemaError, ...]:
        """A kind that an API group of Kubernetes does not have, where no custom resource can have it either."""
        group = api_version.rpartition("/")[0]
        if not _CORE_GROUPS.fullmatch(group):
            return ()
        homes = sorted(self._homes(kind))
        if not homes and group not in _CLOSED_GROUPS:
            return ()
        elsewhere = f"; it is in {', '.join(homes)}" if homes else ""
        message = f"Kubernetes {self.version} has no {kind} in {api_version}{elsewhere}"
        return (SchemaError("unknown_kind", "apiVersion", message),)

    def _homes(self, kind: str) -> Iterator[str]:
        if not re.fullmatch(r"[A-Za-z0-9]+", kind):
            return
        for file in self._folder.glob(f"{kind.lower()}-*.json"):
            for served in orjson.loads(file.read_bytes()).get("x-kubernetes-group-version-kind", []):
                if served["kind"] == kind:
                    yield "/".join(part for part in (served["group"], served["version"]) if part)


def _may_be_secret(path: list[str | int], instance: object, kind: object) -> bool:
    """What is wrong with a value that may hold a secret is said without it; so are values that hold others."""
    if kind in {"ConfigMap", "Secret"} or isinstance(instance, dict | list) or not _FREE_TEXT.isdisjoint(path):
        return True
    return any(isinstance(part, str) and names_secret(part) for part in path)


def _without_value(message: str) -> str:
    """The message of a validator begins with the value that it is about."""
    _, verb, rest = message.rpartition(" is not ")
    return f"the value{verb}{rest}" if verb else "the value does not fit"


def _readable(error: jsonschema_rs.ValidationError, value: dict[str, Any]) -> Iterator[SchemaError]:
    import jsonschema_rs  # noqa: PLC0415 - heavy import only when used

    kind = error.kind
    path = list(error.instance_path)
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
        for name in kind.unexpected:
            at = at_of([*path, name], value)
            yield SchemaError("unknown_field", at, f"unknown field {at}")
    elif isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
        name = str(kind.property).strip('"')
        at = at_of([*path, name], value)
        yield SchemaError("missing_field", at, f"required field {at} is missing")
    elif error.instance is not None:
        # Kubernetes takes an explicit null for an absent field; the schemas' oneOf does not know that.
        at = at_of(path, value)
        said = (
            _without_value(error.message) if _may_be_secret(path, error.instance, value.get("kind")) else error.message
        )
        yield SchemaError("invalid_value", at, f"{at or 'the object'}: {said[:200]}")
