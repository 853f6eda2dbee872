"""Report and ClusterReport of openreports.io/v1alpha1 (github.com/openreports/reports-api), as a List.

What became of PolicyReport outside Kubernetes' own organisation; Kyverno writes them where it is asked to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance.output.report_list import as_list
from compliance.output.report_objects import Api

if TYPE_CHECKING:
    from compliance.model import Assessment, Decision

API: Final = Api(
    name="openreports",
    group="openreports.io",
    version="v1alpha1",
    kind="Report",
    resource="reports",
    cluster_kind="ClusterReport",
    cluster_resource="clusterreports",
    names_source=True,
    home="https://github.com/openreports/reports-api",
)


def render(assessment: Assessment, decision: Decision) -> str:
    """A List in JSON, which `kubectl apply -f` takes."""
    return as_list(assessment, decision, API)
