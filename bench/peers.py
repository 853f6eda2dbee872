"""The other programs that judge the same 1,000 Deployments: how each is called, and what it judges with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_CHECKS = (
    ("c.livenessProbe", "has no liveness probe"),
    ("c.readinessProbe", "has no readiness probe"),
    ("c.startupProbe", "has no startup probe"),
    ("c.imagePullPolicy", "has no pull policy"),
    ("c.resources.limits.cpu", "has no CPU limit"),
    ("c.resources.limits.memory", "has no memory limit"),
    ("c.resources.requests.cpu", "has no CPU request"),
    ("c.resources.requests.memory", "has no memory request"),
    ("c.securityContext.readOnlyRootFilesystem", "can write to its root file system"),
    ("c.securityContext.capabilities.drop", "drops no capability"),
    ("c.securityContext.seccompProfile", "has no seccomp profile"),
    ("c.securityContext.runAsUser", "has no user"),
    ("c.ports", "has no ports"),
    ("c.lifecycle.preStop", "is not told to stop"),
    ("c.volumeMounts", "has no volumes"),
)
_RULE = """
deny contains msg if {{
	some c in input.spec.template.spec.containers
	not {path}
	msg := sprintf("%s: container %s {text} ({variant})", [input.metadata.name, c.name])
}}
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program, the command line that makes it judge a folder with a folder of Rego checks, and how it may end."""

    name: str
    command: Callable[[str, Path], Sequence[str]]
    exit_codes: tuple[int, ...] = (0, 1)


def rego_checks(folder: Path) -> Path:
    """Write thirty checks of raw Deployments, so that programs without rules of their own have work like ours."""
    rules = [
        _RULE.format(path=path, text=text, variant=variant) for path, text in _CHECKS for variant in ("once", "twice")
    ]
    folder.mkdir()
    (folder / "checks.rego").write_text("package main\n" + "".join(rules))
    return folder


PEERS = (
    Peer("kube-linter", lambda corpus, _: ("kube-linter", "lint", corpus)),
    Peer("opa", lambda corpus, rego: ("opa", "exec", "--bundle", str(rego), "--decision", "main/deny", corpus), (0,)),
    Peer("conftest", lambda corpus, rego: ("conftest", "test", "--policy", str(rego), corpus)),
    Peer("kube-score", lambda corpus, _: ("sh", "-c", 'find "$0" -name "*.yaml" -exec kube-score score {} +', corpus)),
)
