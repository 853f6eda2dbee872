"""PolicyReport and ClusterPolicyReport of wgpolicyk8s.io/v1alpha2 (sigs.k8s.io/wg-policy-prototypes), as a List.

Kyverno, Trivy's operator and Policy Reporter write and read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance.output.report_list import as_list
from compliance.output.report_objects import Api

if TYPE_CHECKING:
    from compliance.model import Assessment, Decision

API: Final = Api(
    name="policyreport",
    group="wgpolicyk8s.io",
    version="v1alpha2",
    kind="PolicyReport",
    resource="policyreports",
    cluster_kind="ClusterPolicyReport",
    cluster_resource="clusterpolicyreports",
    names_source=False,
    home="https://github.com/kubernetes-sigs/wg-policy-prototypes",
)


def render(assessment: Assessment, decision: Decision) -> str:
    """A List in JSON, which `kubectl apply -f` takes."""
    return as_list(assessment, decision, API)
