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


_KUBERNETES: Final = {
    "workload": """\
apiVersion: v1
kind: Pod
metadata:
  name: web{labels}
spec:
  containers:
    - name: web
      image: registry.example.com/web:v1.2.0
""",
    "network_policy": """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web{labels}
spec:
  podSelector: {{}}
""",
    "namespace": """\
apiVersion: v1
kind: Namespace
metadata:
  name: shop{labels}
""",
    "role": """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: web{labels}
""",
    "role_binding": """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: web{labels}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: web}}
""",
    "service": """\
apiVersion: v1
kind: Service
metadata:
  name: web{labels}
""",
    "ingress": """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web{labels}
""",
    "kubernetes_object": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings{labels}
""",
}


def _labelled(example: str) -> Starter:
    return Starter(
        deny="""\
deny contains {"msg": "the label team is missing", "at": "metadata.labels"} if {
	object.get(input.labels, "team", "") == ""
}
""",
        finding='{"msg": "the label team is missing", "at": "metadata.labels"}',
        fires="missing_label_is_denied",
        refused='{"labels": {"app": "web"}}',
        passes="label_passes",
        accepted='{"labels": {"app": "web", "team": "shop"}}',
        examples={
            "fail.yaml": example.format(labels="\n  labels: {app: web}"),
            "pass.yaml": example.format(labels="\n  labels: {app: web, team: shop}"),
        },
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

STARTERS: Final[Mapping[str, Starter]] = {
    **{schema: _labelled(example) for schema, example in _KUBERNETES.items()},
    "dockerfile": _DOCKERFILE,
}
"""The facts schemas that a new rule may begin with."""
