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
_CAUTION: Final = """\
  # For dry runs, which change nothing. But Kubernetes has no right to dry runs alone: who has this one can change these
  # objects. Without it, what is declared is compared here.
"""


OF_NAMED: Final = """\
  # For a RoleBinding in the namespaces that are named: there, a Namespace can be got, and not listed.
  - apiGroups: [""]
    resources:
      - namespaces
    verbs: [get]
"""
"""One rule more, where namespaces are named."""


def cluster_role(kinds: Iterable[Kind], applied: Iterable[Kind] = ()) -> str:
    """YAML of a ClusterRole that may list these kinds, a rule for each API group, and nothing else.

    `applied` are kinds whose objects it may patch besides.
    """
    read, written = _by_group(kinds), _by_group(applied)
    read.setdefault("", set()).add("namespaces")
    rules = "".join(_rule(group, sorted(resources), "list") for group, resources in sorted(read.items()))
    more = "".join(_rule(group, sorted(resources), "patch") for group, resources in sorted(written.items()))
    return _HEAD + rules + (_CAUTION + more if more else "")


def _by_group(kinds: Iterable[Kind]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for kind in kinds:
        groups.setdefault(kind.group, set()).add(kind.resource)
    return groups


def rule_of_reports(group: str, resources: Sequence[str]) -> str:
    """YAML of one more rule for that ClusterRole: to see, apply and delete reports.

    Applying what is not there yet needs `create` beside `patch` (API reference, "Server-Side Apply").
    """
    return _rule(group, sorted(resources), "create, delete, list, patch")


def _rule(group: str, resources: list[str], verbs: str) -> str:
    listed = "".join(f"      - {resource}\n" for resource in resources)
    return f'  - apiGroups: ["{group}"]\n    resources:\n{listed}    verbs: [{verbs}]\n'
