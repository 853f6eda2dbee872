"""The rights that an audit needs: a ClusterRole of exactly what is read, and of the reports that are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from compliance.sources.cluster.kinds import Kind

_HEAD: Final = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: compliance-audit
rules:
"""


def cluster_role(kinds: Iterable[Kind]) -> str:
    """YAML of a ClusterRole that may list these kinds, a rule for each API group, and nothing else."""
    groups: dict[str, set[str]] = {}
    for kind in kinds:
        groups.setdefault(kind.group, set()).add(kind.resource)
    groups.setdefault("", set()).add("namespaces")
    return _HEAD + "".join(_rule(group, sorted(resources)) for group, resources in sorted(groups.items()))


def rule_of_reports(group: str, resources: Sequence[str]) -> str:
    """YAML of one more rule for that ClusterRole: to see, apply and delete reports.

    Applying what is not there yet needs `create` beside `patch` (API reference, "Server-Side Apply").
    """
    return _rule(group, sorted(resources), "create, delete, list, patch")


def _rule(group: str, resources: list[str], verbs: str = "list") -> str:
    listed = "".join(f"      - {resource}\n" for resource in resources)
    return f'  - apiGroups: ["{group}"]\n    resources:\n{listed}    verbs: [{verbs}]\n'
