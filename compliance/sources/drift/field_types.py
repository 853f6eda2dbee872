"""What the API says of a field: how its lists are merged, and which texts mean the same.

Source: the OpenAPI schemas of Kubernetes with their extensions (Kubernetes documentation, "Server-Side Apply", "Merge
strategy"): x-kubernetes-list-type, -list-map-keys, -map-type, and the older -patch-merge-key and -patch-strategy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.workloads import pod_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.sources.kubernetes.schema import KubernetesSchemas

_POD_TEMPLATE: Final = "io.k8s.api.core.v1.PodTemplateSpec"
_POD_SPEC: Final = "io.k8s.api.core.v1.PodSpec"
_ENTRY: Final = "{}"
_ITEM: Final = "[]"
"""Names that no field has."""

_FORMS: Final = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int_or_string",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "time",
}


@dataclass(frozen=True, slots=True)
class FieldType:
    """The type of a field; `known` is False where no schema describes it (custom resources), and all below it."""

    name: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict, repr=False)
    types: Mapping[str, Any] = field(default_factory=dict, repr=False)
    extensions: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _below: dict[str, FieldType] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def known(self) -> bool:
        """Whether a schema describes it."""
        return bool(self.schema)

    def field(self, name: str) -> FieldType:
        """The type of a field of it, or of an entry where it is a map."""
        properties = self.schema.get("properties")
        if isinstance(properties, dict) and name in properties:
            return self._at(name, properties[name])
        return self._at(_ENTRY, self.schema.get("additionalProperties"))

    def item(self) -> FieldType:
        """The type of the items of a list."""
        return self._at(_ITEM, self.schema.get("items"))

    def _at(self, name: str, schema: object) -> FieldType:
        """Each is made once: thousands of objects are of one type."""
        if not isinstance(schema, dict):
            return UNKNOWN
        if name not in self._below:
            self._below[name] = self._typed(schema)
        return self._below[name]

    def _typed(self, schema: Mapping[str, Any]) -> FieldType:
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return FieldType("", schema, self.types, schema)
        name = reference.rpartition("#/$defs/")[2]
        target = self.types.get(name, {})
        return FieldType(name, target, self.types, {**target, **schema})

    @property
    def short(self) -> str:
        """The last part of its name (`Container`), empty for what has none."""
        return self.name.rpartition(".")[2]

    @property
    def form(self) -> str | None:
        """quantity, int_or_string, time or bytes, where other texts may mean the same; else None."""
        return _FORMS.get(self.name) or ("bytes" if self.schema.get("format") == "byte" else None)

    @property
    def is_map(self) -> bool:
        """Whether its keys are anybody's, as of labels."""
        return isinstance(self.schema.get("additionalProperties"), dict) and "properties" not in self.schema

    @property
    def is_whole(self) -> bool:
        """Whether a mapping is replaced as a whole (x-kubernetes-map-type: atomic)."""
        return self.extensions.get("x-kubernetes-map-type") == "atomic"

    @property
    def keys(self) -> tuple[str, ...]:
        """What tells the items of a list apart; empty where the list is replaced as a whole, or a set."""
        keys = self.extensions.get("x-kubernetes-list-map-keys")
        if isinstance(keys, list):
            return tuple(keys)
        if "x-kubernetes-list-type" in self.extensions:
            return ()
        merged = "merge" in str(self.extensions.get("x-kubernetes-patch-strategy", "")).split(",")
        key = self.extensions.get("x-kubernetes-patch-merge-key")
        return (key,) if merged and isinstance(key, str) else ()

    @property
    def is_set(self) -> bool:
        """Whether a list is a set of scalars."""
        if "x-kubernetes-list-type" in self.extensions:
            return bool(self.extensions["x-kubernetes-list-type"] == "set")
        return self.extensions.get("x-kubernetes-patch-strategy") == "merge" and not self.keys


UNKNOWN: Final = FieldType()
"""The type of what no schema describes."""


class FieldTypes:
    """The types of one Kubernetes version, by kind."""

    def __init__(self, schemas: KubernetesSchemas) -> None:
        self._schemas = schemas
        self._kinds: dict[tuple[str, str], FieldType] = {}
        self._pod_spec: FieldType | None = None

    def of(self, value: Mapping[str, Any]) -> FieldType:
        """The type of an object; of a custom resource it is unknown, apart from the Pod template of a Rollout."""
        key = (str(value.get("apiVersion")), str(value.get("kind")))
        if key not in self._kinds:
            self._kinds[key] = self._find(*key)
        return self._kinds[key]

    def pod_spec(self) -> FieldType:
        """The type of a Pod's spec."""
        if self._pod_spec is None:
            types = self._schemas.types()
            self._pod_spec = FieldType(_POD_SPEC, types.get(_POD_SPEC, {}), types)
        return self._pod_spec

    def _find(self, api_version: str, kind: str) -> FieldType:
        types = self._schemas.types()
        if "/" in api_version and pod_template({"apiVersion": api_version, "kind": kind}) and kind == "Rollout":
            spec = {"properties": {"template": {"$ref": f"#/$defs/{_POD_TEMPLATE}"}}}
            return FieldType(kind, {"properties": {"spec": spec}}, types)
        schema = self._schemas.schema(api_version, kind)
        return FieldType(kind, schema, types) if schema else UNKNOWN
