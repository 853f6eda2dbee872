"""A pipeline as its reader found it, whatever the system: jobs, steps and images, with the places where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.sources.kubernetes.yaml import Path


class System(StrEnum):
    """Which program runs the pipeline."""

    GITLAB = "gitlab"
    GITHUB = "github"
    JENKINS = "jenkins"
    TEKTON = "tekton"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: a path in the YAML document, or the first and last line of a text."""

    path: Path = ()
    lines: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that the pipeline sets to a text that is written there."""

    name: str
    value: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class UsedImage:
    """An image that a job runs in: `role` is job, service, step or agent."""

    text: str
    role: str
    spot: Spot
    privileged: bool = False


@dataclass(frozen=True, slots=True)
class Include:
    """What a pipeline takes from elsewhere. `ref` is as written; None where none is given."""

    kind: str
    text: str
    ref: str | None
    spot: Spot
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a shell script or a ready-made action.

    `section` is the key that holds it (`script`, `steps`), `label` its name or, without one, its text. `templated` is
    the text in which the system replaces expressions before it runs. `errexit`: the shell stops at the first error.
    """

    label: str
    section: str
    spot: Spot
    script: str = ""
    uses: str | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    variables: tuple[Variable, ...] = ()
    templated: str = ""
    condition: str | None = None
    tolerated: bool | None = False
    errexit: bool = True


@dataclass(frozen=True, slots=True)
class Permissions:
    """What a GitHub token may do: `missing`, `write-all` or `limited`."""

    state: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `after` names the jobs that end before it starts; `protected` is None where that cannot be known."""

    id: str
    spot: Spot
    stage: str | None = None
    after: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = ()
    images: tuple[UsedImage, ...] = ()
    variables: tuple[Variable, ...] = ()
    uses: str | None = None
    tolerated: bool | None = False
    protected: bool | None = None
    manual: bool = False
    environment: str | None = None
    condition: str | None = None
    permissions: Permissions | None = None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A whole file or object. `complete`: nothing of it is kept where it was not read."""

    system: System
    jobs: tuple[Job, ...]
    name: str | None = None
    complete: bool = True
    triggers: tuple[str, ...] = ()
    permissions: Permissions | None = None
    includes: tuple[Include, ...] = ()
    variables: tuple[Variable, ...] = ()
