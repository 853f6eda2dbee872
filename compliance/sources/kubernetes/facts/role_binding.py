"""Facts of a RoleBinding or ClusterRoleBinding: `rules/schemas/role_binding.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.facts.role import builtin
from compliance.sources.kubernetes.fields import mapping, sequence, text
from compliance.sources.kubernetes.paths import item_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.inventory import Inventory

_EVERYBODY: Final = {
    ("User", "system:anonymous"): "anonymous",
    ("Group", "system:unauthenticated"): "anonymous",
    ("Group", "system:authenticated"): "authenticated",
    ("Group", "system:serviceaccounts"): "service_accounts",
}
"""Users and groups that Kubernetes itself makes, which stand for everybody of a sort."""
_SERVICE_ACCOUNT_USER: Final = "system:serviceaccount:"


def facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of a binding beyond what every object has."""
    metadata, reference = mapping(value, "metadata"), mapping(value, "roleRef")
    namespace, kind = text(metadata.get("namespace")), text(reference.get("kind"))
    role = _role(kind, namespace, text(reference.get("name")), inventory)
    unbound = inventory.unbound_roles(namespace) if kind == "Role" and not role["found"] else ()
    return {
        "scope": "cluster" if value.get("kind") == "ClusterRoleBinding" else "namespace",
        "builtin": builtin(metadata, inventory),
        "role": role,
        "unbound_roles": sorted(unbound),
        "subjects": list(_subjects(value)),
    }


def _role(kind: str | None, namespace: str | None, name: str | None, inventory: Inventory) -> dict[str, Any]:
    found = inventory.named(namespace if kind == "Role" else None, kind or "", name)
    return {
        "kind": kind,
        "name": name,
        "found": found is not None,
        "grants": [] if found is None else list(found.told["grants"]),
        "reads_only": None if found is None else found.told["reads_only"],
    }


def _subjects(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for index, raw in enumerate(sequence(value.get("subjects"))):
        subject = mapping(raw)
        kind, name, namespace = (text(subject.get(key)) for key in ("kind", "name", "namespace"))
        everybody = _EVERYBODY.get((kind or "", name or ""))
        if kind == "User" and name is not None and name.startswith(_SERVICE_ACCOUNT_USER):
            kind, (namespace, _, name) = "ServiceAccount", name.removeprefix(_SERVICE_ACCOUNT_USER).partition(":")
        yield {
            "at": f"subjects[{item_name(raw) or index}]",
            "kind": kind,
            "name": name,
            "namespace": namespace,
            "everybody": everybody,
        }
