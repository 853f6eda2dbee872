"""A new rule's folder: everything that the contract asks for, with a working example to change."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from compliance.errors import UsageError
from compliance.model import Origin
from compliance.rule_folders import NO_PACKS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from compliance.model import Severity

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")

_RULE: Final = """\
# METADATA
# title:
# description:
# schemas:
#   - input: schema.{schema}
# custom:
#   severity: {severity}
#   applies_to: [{schema}]
#   owner: development
#   remediation:
#   frameworks: {{}}
#   aliases: []
package rules.{pack}.{name}

{deny}"""

_TEST: Final = """\
package rules.{pack}.{name}_test

import data.rules.{pack}.{name}

test_{fires} if {{
	found := {name}.deny with input as {refused}
	found == {{{finding}}}
}}

test_{passes} if {{
	found := {name}.deny with input as {accepted}
	found == set()
}}
"""


@dataclass(frozen=True, slots=True)
class Starter:
    """A rule that works for one facts schema: its clause, its two tests and its two examples."""

    deny: str
    finding: str
    fires: str
    refused: str
    passes: str
    accepted: str
    examples: Mapping[str, str]


def new_rule(root: Path, pack: str, name: str, *, schema: str, severity: Severity) -> list[Path]:
    """Write PACK/NAME into a rules folder and return its files; title, description and remediation are left to fill in.

    Raises:
        UsageError: a name is none, the folder exists already, or there is no starter for the schema.
    """
    starter = STARTERS.get(schema)
    if starter is None:
        known = ", ".join(STARTERS)
        raise UsageError(f"there is no starter for the facts schema {schema!r}", remedy=f"use one of {known}")
    for part in (pack, name):
        if not _NAME.fullmatch(part) or part in NO_PACKS:
            remedy = "use up to 64 lower-case letters, digits and underscores that say what is wrong: missing_label"
            raise UsageError(f"{part!r} is no name for a pack or rule", remedy=remedy)
    folder = root / pack / name
    if folder.exists():
        raise UsageError("exists already", remedy="choose another name", origin=Origin(folder.as_posix()))
    words = {"pack": pack, "name": name, "schema": schema, "severity": severity.label, **asdict(starter)}
    texts = {
        f"{name}.rego": _RULE.format(**words),
        f"{name}_test.rego": _TEST.format(**words),
        **{f"examples/{file}": text for file, text in starter.examples.items()},
    }
    (folder / "examples").mkdir(parents=True)
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
    return [folder / file for file in texts]


_OBJECT: Final = """\
apiVersion: {api_version}
kind: {kind}
metadata:
  name: {name}
  labels: {labels}
{rest}"""

_KUBERNETES: Final = {
    "workload": (
        "v1",
        "Pod",
        "web",
        "spec:\n  containers:\n    - name: web\n      image: registry.example.com/web:v1.2.0\n",
    ),
    "network_policy": ("networking.k8s.io/v1", "NetworkPolicy", "web", "spec:\n  podSelector: {}\n"),
    "namespace": ("v1", "Namespace", "shop", ""),
    "role": ("rbac.authorization.k8s.io/v1", "ClusterRole", "web", ""),
    "role_binding": (
        "rbac.authorization.k8s.io/v1",
        "ClusterRoleBinding",
        "web",
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: web}\n",
    ),
    "service": ("v1", "Service", "web", ""),
    "ingress": ("networking.k8s.io/v1", "Ingress", "web", ""),
    "configuration": ("v1", "ConfigMap", "settings", ""),
    "disruption_budget": ("policy/v1", "PodDisruptionBudget", "web", ""),
    "autoscaler": (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "web",
        "spec:\n  maxReplicas: 3\n  scaleTargetRef: {kind: Deployment, name: web}\n",
    ),
    "volume_claim": ("v1", "PersistentVolumeClaim", "data", ""),
    "persistent_volume": ("v1", "PersistentVolume", "data", ""),
    "storage_class": ("storage.k8s.io/v1", "StorageClass", "fast", "provisioner: ebs.csi.aws.com\n"),
    "kubernetes_object": ("v1", "ServiceAccount", "web", ""),
}
"""An object of each facts schema: API version, kind, name, and what it needs beside its metadata."""


def _labelled(at: str, examples: Mapping[str, str]) -> Starter:
    return Starter(
        deny=f"""\
deny contains {{"msg": "the label team is missing", "at": "{at}"}} if {{
	object.get(input.labels, "team", "") == ""
}}
""",
        finding=f'{{"msg": "the label team is missing", "at": "{at}"}}',
        fires="missing_label_is_denied",
        refused='{"labels": {"app": "web"}}',
        passes="label_passes",
        accepted='{"labels": {"app": "web", "team": "shop"}}',
        examples=examples,
    )


def _object(api_version: str, kind: str, name: str, rest: str) -> Starter:
    words = {"api_version": api_version, "kind": kind, "name": name, "rest": rest}
    examples = {"fail.yaml": "app: web", "pass.yaml": "app: web, team: shop"}
    return _labelled(
        "metadata.labels", {file: _OBJECT.format(**words, labels=f"{{{labels}}}") for file, labels in examples.items()}
    )


def _facts(schema: str) -> Starter:
    examples = {"fail.facts.json": '{"app": "web"}', "pass.facts.json": '{"app": "web", "team": "shop"}'}
    return _labelled(
        "labels",
        {file: f'{{"schema": "{schema}", "changes": {{"/labels": {labels}}}}}\n' for file, labels in examples.items()},
    )


_DOCKERFILE: Final = Starter(
    deny="""\
deny contains {"msg": msg, "at": at} if {
	some stage in input.stages
	stage.maintainer != null
	at := concat("", ["stages[", stage.id, "]"])
	msg := concat("", ["stage ", stage.id, " uses MAINTAINER"])
}
""",
    finding='{"msg": "stage final uses MAINTAINER", "at": "stages[final]"}',
    fires="maintainer_is_denied",
    refused='{"stages": [{"id": "final", "maintainer": "me"}]}',
    passes="stage_without_maintainer_passes",
    accepted='{"stages": [{"id": "final", "maintainer": null}]}',
    examples={
        "fail.Dockerfile": "FROM registry.example.com/base:v1.2.0\nMAINTAINER me\n",
        "pass.Dockerfile": "FROM registry.example.com/base:v1.2.0\n",
    },
)

_TERRAFORM: Final = Starter(
    deny="""\
deny contains {"msg": msg, "at": "description"} if {
	input.block == "variable"
	object.get(input.attributes, "description", null) == null
	msg := concat("", [input.address, " has no description"])
}
""",
    finding='{"msg": "var.region has no description", "at": "description"}',
    fires="variable_without_description_is_denied",
    refused='{"block": "variable", "address": "var.region", "attributes": {}}',
    passes="described_variable_passes",
    accepted='{"block": "variable", "address": "var.region", "attributes": {"description": "where it runs"}}',
    examples={
        "fail.tf": 'variable "region" {\n  type = string\n}\n',
        "pass.tf": 'variable "region" {\n  type        = string\n  description = "where it runs"\n}\n',
    },
)

_PIPELINE: Final = Starter(
    deny="""\
deny contains {"msg": msg, "at": job.at} if {
	some job in input.jobs
	job.allowed_to_fail == true
	msg := concat("", ["job ", job.name, " may fail"])
}
""",
    finding='{"msg": "job test may fail", "at": "jobs[test]"}',
    fires="job_that_may_fail_is_denied",
    refused='{"jobs": [{"name": "test", "at": "jobs[test]", "allowed_to_fail": true}]}',
    passes="job_that_must_succeed_passes",
    accepted='{"jobs": [{"name": "test", "at": "jobs[test]", "allowed_to_fail": false}]}',
    examples={
        "fail.yaml": "stages: [test]\ntest:\n  script: [make test]\n  allow_failure: true\n",
        "pass.yaml": "stages: [test]\ntest:\n  script: [make test]\n",
    },
)

_CHART: Final = Starter(
    deny="""\
deny contains {"msg": "the chart says no version of the application", "at": "appVersion"} if {
	input.app_version == null
}
""",
    finding='{"msg": "the chart says no version of the application", "at": "appVersion"}',
    fires="missing_version_is_denied",
    refused='{"app_version": null}',
    passes="version_passes",
    accepted='{"app_version": "v1.2.0"}',
    examples={
        "fail.facts.json": '{"schema": "chart", "changes": {"/app_version": null}}\n',
        "pass.facts.json": '{"schema": "chart", "changes": {"/app_version": "v1.2.0"}}\n',
    },
)

STARTERS: Final[Mapping[str, Starter]] = {
    **{schema: _object(*parts) for schema, parts in _KUBERNETES.items()},
    **{schema: _facts(schema) for schema in ("image", "live_object")},
    "chart": _CHART,
    "dockerfile": _DOCKERFILE,
    "pipeline": _PIPELINE,
    "terraform": _TERRAFORM,
}
"""The facts schemas that a new rule may begin with."""
