"""The reports of an assessment as one List, for a file that `kubectl apply --server-side -f` takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from compliance.output.json_text import dump
from compliance.output.report_subjects import Limits, Reports
from compliance.output.tally import obstacles

if TYPE_CHECKING:
    from compliance.model import Assessment, Decision
    from compliance.output.report_objects import Api


def as_list(assessment: Assessment, decision: Decision, api: Api) -> str:
    """All reports, without owners: a file knows no uid. Each has at most as many results as an object may hold."""
    told = replace(assessment, gaps=obstacles(assessment, decision))
    items = [report.body for report in Reports(told, api, Limits(reports=None))]
    return dump({"apiVersion": "v1", "kind": "List", "items": items})
