"""Reports as objects of the clusters that they are about: written where they say something new, removed when over.

`check` comes before an audit and `write` behind it; `rights` is what RBAC has to grant for both.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from compliance.cluster_reports.writer import Outcome, Writer, Writing
from compliance.errors import ClusterError
from compliance.sources.cluster.client import Client
from compliance.sources.cluster.failures import StatusError
from compliance.sources.cluster.rbac import rule_of_reports
from compliance.sources.kubernetes.fields import mappings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compliance.assessing import Progress
    from compliance.cluster_scan import Audit
    from compliance.output.report_objects import Api
    from compliance.sources.cluster.connection import Access

__all__ = ["Outcome", "Writing", "check", "rights", "write"]


def check(accesses: Iterable[Access], api: Api) -> None:
    """Make sure that every cluster serves these objects.

    Raises:
        ClusterError: one does not, or does not answer.
        UsageError: a context does not exist, or its credentials cannot be had.
    """
    for access in accesses:
        with closing(Client(access)) as client:
            missing = {api.resource, api.cluster_resource} - _served(client, api)
            if missing:
                what = " and ".join(f"{resource}.{api.group}/{api.version}" for resource in sorted(missing))
                remedy = f"install the CustomResourceDefinitions of {api.home}, or do without --write-reports"
                raise ClusterError(f"cluster {client.cluster} has no {what} to write reports into", remedy=remedy)


def _served(client: Client, api: Api) -> set[str]:
    try:
        listed = client.json(f"/apis/{api.api_version}")
    except StatusError as error:
        if error.is_missing:
            return set()
        raise
    return {str(resource.get("name")) for resource in mappings(listed.get("resources"))}


def rights(api: Api) -> str:
    """What writing needs, as one more rule of the ClusterRole that `needed_rights` gives."""
    return rule_of_reports(api.group, (api.resource, api.cluster_resource))


def write(accesses: Iterable[Access], audit: Audit, writing: Writing, progress: Progress) -> list[Outcome]:
    """Bring the reports of every cluster up to what the audit found; what fails is in the outcomes.

    Raises:
        UsageError: as for `check`.
    """
    outcomes = []
    for access in accesses:
        with closing(Client(access)) as client:
            outcomes.append(Writer(client, audit, writing).write(progress))
    return outcomes
