"""The section `cluster_reports` of `compliance.yaml`: which reports an audit writes into the cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_MAX_RESULTS: Final = 1000
DEFAULT_MAX_REPORTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class ClusterReportsSettings:
    """Reports as objects: `api` is policyreport or openreports, None writes none.

    `max_results` bounds the results of one report, `max_reports` the reports of one run in one cluster.
    """

    api: str | None = None
    max_results: int = DEFAULT_MAX_RESULTS
    max_reports: int = DEFAULT_MAX_REPORTS


def read(said: Mapping[str, Any]) -> ClusterReportsSettings:
    """Read the section, whose shape is checked already."""
    return ClusterReportsSettings(**said)
