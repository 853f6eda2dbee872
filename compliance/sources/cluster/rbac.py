"""The rights that an audit needs: a ClusterRole of exactly what is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compliance.sources.cluster.kinds import Kind

_HEAD: Final = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: compliance-audit
rules:
"""


OF_NAMED: Final = """\
  # For a RoleBinding in the namespaces that are named: there, a Namespace can be got, and not listed.
  - apiGroups: [""]
    resources:
      - namespaces
    verbs: [get]
"""
"""One rule more, where namespaces are named."""


def cluster_role(kinds: Iterable[Kind]) -> str:
    """YAML of a ClusterRole that may list these kinds, a rule for each API group, and nothing else."""
    groups: dict[str, set[str]] = {}
    for kind in kinds:
        groups.setdefault(kind.group, set()).add(kind.resource)
    groups.setdefault("", set()).add("namespaces")
    return _HEAD + "".join(_rule(group, sorted(resources)) for group, resources in sorted(groups.items()))


def _rule(group: str, resources: list[str]) -> str:
    listed = "".join(f"      - {resource}\n" for resource in resources)
    return f'  - apiGroups: ["{group}"]\n    resources:\n{listed}    verbs: [list]\n'
