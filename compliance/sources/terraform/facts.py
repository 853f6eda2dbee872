"""From a block with its values to its facts. Shape: `rules/schemas/terraform.json`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.secret_names import is_secret
from compliance.sources.terraform.databases import database
from compliance.sources.terraform.listeners import listeners
from compliance.sources.terraform.machines import machine
from compliance.sources.terraform.network import network_rules
from compliance.sources.terraform.places import Plain, below, labelled
from compliance.sources.terraform.policies import administrators
from compliance.sources.terraform.secret_values import holds_secret, name_of
from compliance.sources.terraform.sections import Section, text_of
from compliance.sources.terraform.storages import storage
from compliance.sources.terraform.tree import ListOf, ObjectOf
from compliance.sources.terraform.values import UNKNOWN, Failure, Value, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compliance.sources.terraform.tree import Expression

# These are often the name or id of a secret, which is none itself.
_OFTEN_NAMES: Final = ("secret", "credentials", "credential", "encryption_key")
_META: Final = frozenset({"count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "connection"})
_WITH_META: Final = frozenset({"resource", "data", "module"})


@dataclass(frozen=True, slots=True)
class Identity:
    """Which block it is: `kind` is resource, data, variable and so on, `type` the resource's type or None."""

    kind: str
    type: str | None
    name: str
    module: str
    provider: str | None = None

    @property
    def local_address(self) -> str:
        """The address within the module."""
        parts = {
            "resource": (self.type, self.name),
            "variable": ("var", self.name),
            "data": ("data", self.type, self.name),
            "terraform": ("terraform",),
        }.get(self.kind, (self.kind, self.name))
        return ".".join(part for part in parts if part)

    def address(self, module: str) -> str:
        """The address as seen from the root."""
        return f"{module}.{self.local_address}" if module else self.local_address


def configured(identity: Identity, values: Section, default_tags: Value) -> dict[str, Any]:
    """Tell a block of a configuration; whoever calls adds what only he knows."""
    shown = Section(values.block)
    shown.update((name, one) for name, one in values.items() if name not in _META or identity.kind not in _WITH_META)
    told = common(identity, shown, default_tags)
    told["secrets"] = list(_secrets(values, ""))
    told["provisioners"] = [
        {"kind": inner.block.labels[0] if inner.block.labels else "", "at": at, "when": _when(inner)}
        for at, inner in labelled("provisioner", _list(values.get("provisioner")))
        if isinstance(inner, Section)
    ]
    if identity.kind == "resource":
        told["lifecycle"] = _lifecycle(_list(values.get("lifecycle")))
    return told


def common(identity: Identity, values: Mapping[str, Value], default_tags: Value = None) -> dict[str, Any]:
    """What a configuration, a plan and a state all tell of a block."""
    plain = Plain()
    attributes = plain.section(values)
    kind, made = identity.type or "", identity.kind == "resource"
    return {
        "source": "configuration",
        "block": identity.kind,
        "type": identity.type,
        "name": identity.name,
        "address": identity.address(identity.module),
        "module": identity.module or None,
        "provider": identity.provider,
        "attributes": attributes,
        "tags": _tags(values, default_tags, plain),
        "network_rules": network_rules(kind, values),
        "database": database(kind, values) if made else None,
        "storage": storage(kind, identity.name, values) if made else None,
        "machine": machine(identity.kind, kind, values),
        "listeners": listeners(kind, values) if made else [],
        "administrators": administrators(kind, values),
        "used_by": None,
        "nat": None,
        "folder": None,
        "unknown": plain.unknown,
        "secrets": [],
        "lifecycle": None,
        "provisioners": [],
        "providers": None,
        "references": [],
        "repetition": None,
        "actions": None,
        "changed": None,
        "sensitive": attributes.get("sensitive") is True or attributes.get("ephemeral") is True,
        "names_secret": identity.kind == "variable" and _names_secret(identity.name, attributes),
        "file": None,
        "lines": None,
    }


def _names_secret(name: str, attributes: Mapping[str, Any]) -> bool:
    """Whether a variable of type string holds a secret by its name."""
    written = attributes.get("default")
    is_text = attributes.get("type", "string") == "string" and (written is None or isinstance(written, str))
    return is_text and is_secret(name, "x") and not name.lower().endswith(_OFTEN_NAMES)


def _tags(values: Mapping[str, Value], defaults: Value, plain: Plain) -> dict[str, Any] | None:
    """The tags that the resource will have, the provider's default tags included."""
    own = values.get("labels" if "labels" in values else "tags", {})
    if own is UNKNOWN:
        return None
    tags = dict(defaults) if isinstance(defaults, dict) else {}
    tags |= own if isinstance(own, dict) else {}
    for item in _list(values.get("tag")):
        if isinstance(item, dict) and isinstance(item.get("key"), str):
            tags[item["key"]] = item.get("value")
    if defaults is UNKNOWN or UNKNOWN in _list(values.get("tag")):
        plain.note("tags")
    return {key: _tag(value) for key, value in tags.items()}


def _tag(value: Value) -> str | None:
    try:
        return as_text(value)
    except Failure:
        return None


def _secrets(values: Section, path: str) -> Iterator[str]:
    """The places where a secret is written out."""
    for name, attribute in values.block.attributes.items():
        if holds_secret(name_of(values.block, name), attribute.value):
            yield below(path, name)
        elif isinstance(values.get(name), dict):
            yield from _secret_items(attribute.value, below(path, name))
    for name, items in values.items():
        for where, inner in labelled(below(path, name), _list(items)):
            if isinstance(inner, Section):
                yield from _secrets(inner, where)


def _secret_items(value: Expression, path: str) -> Iterator[str]:
    for item in value.items if isinstance(value, ObjectOf) else ():
        name = text_of(item.key)
        if holds_secret(name, item.value):
            yield below(path, name)
        else:
            yield from _secret_items(item.value, below(path, name))


def _when(provisioner: Section) -> str:
    when = provisioner.block.attributes.get("when")
    return text_of(when.value) if when else "create"


def _lifecycle(items: Sequence[Value]) -> dict[str, Any]:
    values = items[0] if items and isinstance(items[0], Section) else None
    ignored = values.block.attributes.get("ignore_changes") if values is not None else None
    names: list[str] = []
    if ignored:
        names = [text_of(one) for one in ignored.value.items] if isinstance(ignored.value, ListOf) else ["all"]
    return {
        "create_before_destroy": values is not None and str(values.get("create_before_destroy")) in {"True", "true"},
        "prevent_destroy": values is not None and str(values.get("prevent_destroy")) in {"True", "true"},
        "ignore_changes": names,
    }


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
