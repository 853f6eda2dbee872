"""SLSA provenance v1 from what the builder's environment tells, or from arguments.

Format: https://slsa.dev/spec/v1.1/provenance. GitHub's build type is described at
https://actions.github.io/buildtypes/workflow/v1. Any other build has `PLAIN` as its type, whose external parameters
say what was built: `source`, the repository's URL, and where it is told `entryPoint`, the job's name.

Whoever can set a variable of the job can write into it: it is worth what the signer is worth (Build L1, or L2 where the
platform signs).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_GITHUB: Final = "https://actions.github.io/buildtypes/workflow/v1"
PLAIN: Final = "urn:immutable-compliance:build:v1"
"""The build type of builds that have no better known one."""


@dataclass(frozen=True, slots=True)
class Build:
    """One build: `source` is the repository's URL, `revision` the commit, `parameters` what the caller chose."""

    builder: str
    source: str
    revision: str
    build_type: str = PLAIN
    invocation: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


def from_environment(environment: Mapping[str, str]) -> Build | None:
    """Read the variables of a GitHub Actions or GitLab CI job; None: it is neither, or lacks one that is needed."""
    if environment.get("GITHUB_ACTIONS") == "true":
        return _github(environment)
    return _gitlab(environment) if environment.get("GITLAB_CI") == "true" else None


def predicate(build: Build, *, finished: datetime) -> dict[str, Any]:
    """Make the predicate; `finished` is when the build ended, in UTC."""
    source = {"uri": _git(build.source), "digest": {"gitCommit": build.revision}}
    run = {"finishedOn": finished.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    metadata = {"invocationId": build.invocation, **run} if build.invocation else run
    return {
        "buildDefinition": {
            "buildType": build.build_type,
            "externalParameters": dict(build.parameters),
            "resolvedDependencies": [source],
        },
        "runDetails": {"builder": {"id": build.builder}, "metadata": metadata},
    }


def _github(environment: Mapping[str, str]) -> Build | None:
    server, repository = environment.get("GITHUB_SERVER_URL"), environment.get("GITHUB_REPOSITORY")
    # OWNER/REPOSITORY/PATH@REF of the workflow that runs.
    workflow, revision = environment.get("GITHUB_WORKFLOW_REF"), environment.get("GITHUB_SHA")
    if not (server and repository and workflow and revision):
        return None
    path, _, reference = workflow.removeprefix(f"{repository}/").partition("@")
    source = f"{server}/{repository}"
    run, attempt = environment.get("GITHUB_RUN_ID", ""), environment.get("GITHUB_RUN_ATTEMPT", "1")
    return Build(
        builder=f"{server}/{workflow}",
        source=source,
        revision=revision,
        build_type=_GITHUB,
        invocation=f"{source}/actions/runs/{run}/attempts/{attempt}" if run else "",
        parameters={"workflow": {"ref": reference, "repository": source, "path": path}},
    )


def _gitlab(environment: Mapping[str, str]) -> Build | None:
    source, revision = environment.get("CI_PROJECT_URL"), environment.get("CI_COMMIT_SHA")
    server, runner = environment.get("CI_SERVER_URL"), environment.get("CI_RUNNER_ID")
    if not (source and revision and server and runner):
        return None
    return Build(
        builder=f"{server}/-/runners/{runner}",
        source=source,
        revision=revision,
        invocation=environment.get("CI_JOB_URL", ""),
        parameters={"source": source, "entryPoint": environment.get("CI_JOB_NAME", "")},
    )


def _git(source: str) -> str:
    return source if source.startswith("git+") else f"git+{source}"
