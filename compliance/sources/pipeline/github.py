"""GitHub workflows and composite actions.

Reference: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.fields import mapping, sequence
from compliance.sources.pipeline.model import Job, Permissions, Pipeline, Spot, Step, System, UsedImage
from compliance.sources.pipeline.protection import condition_protects, triggers_protect
from compliance.sources.pipeline.yaml_values import inputs_of, scalar, scalars, variables_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compliance.sources.kubernetes.yaml import Path

_SHELLS = ("bash", "sh")
_SCRIPTED = "actions/github-script"


def is_workflow(document: Mapping[str, Any]) -> bool:
    """Whether a document is a workflow; its reader makes `true` of the key `on`."""
    return isinstance(document.get("jobs"), dict) and ("on" in document or "true" in document)


def is_composite(document: Mapping[str, Any]) -> bool:
    """Whether a document is an action that is made of steps."""
    return mapping(document, "runs").get("using") == "composite"


def read(document: Mapping[str, Any]) -> Pipeline:
    """Read a workflow or a composite action."""
    if is_composite(document):
        steps = _steps(mapping(document, "runs"), ("runs",), None)
        job = Job("runs", Spot(("runs",)), steps=tuple(steps))
        return Pipeline(System.GITHUB, (job,), name=scalar(document.get("name")), complete=False)
    events = _events(document.get("on", document.get("true")))
    jobs = tuple(_job(name, mapping(job), document, events) for name, job in mapping(document, "jobs").items())
    called = "workflow_call" in events
    return Pipeline(
        System.GITHUB,
        jobs,
        name=scalar(document.get("name")),
        complete=not called and not any(map(_is_elsewhere, jobs)),
        triggers=tuple(sorted(events)),
        permissions=_permissions(document, (), missing=not called),
        variables=variables_of(document.get("env"), ("env",)),
    )


def _is_elsewhere(job: Job) -> bool:
    """Whether a job runs steps that stand in another file."""
    return job.uses is not None or any(step.uses is not None and step.uses.startswith("./") for step in job.steps)


def _events(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return {str(name): given for name, given in value.items()}
    return dict.fromkeys(scalars(value))


def _permissions(owner: Mapping[str, Any], path: Path, *, missing: bool) -> Permissions | None:
    if "permissions" not in owner:
        return Permissions("missing", Spot(path)) if missing else None
    state = "write-all" if owner["permissions"] == "write-all" else "limited"
    return Permissions(state, Spot((*path, "permissions")))


def _job(name: str, job: Mapping[str, Any], document: Mapping[str, Any], events: Mapping[str, Any]) -> Job:
    path: Path = ("jobs", name)
    condition = scalar(job.get("if"))
    tolerated = job.get("continue-on-error", False)
    uses = scalar(job.get("uses"))
    shell = scalar(mapping(job, "defaults", "run").get("shell")) or scalar(
        mapping(document, "defaults", "run").get("shell")
    )
    return Job(
        id=name,
        spot=Spot((*path, "uses")) if uses else Spot(path),
        after=frozenset(scalars(job.get("needs"))),
        steps=tuple(_steps(job, path, shell)),
        images=tuple(_images(job, path)),
        variables=variables_of(job.get("env"), (*path, "env")),
        uses=uses,
        tolerated=tolerated if isinstance(tolerated, bool) else None,
        protected=_protected(condition, events),
        environment=scalar(job.get("environment")) or scalar(mapping(job.get("environment")).get("name")),
        condition=condition,
        permissions=_permissions(job, path, missing=True),
    )


def _protected(condition: str | None, events: Mapping[str, Any]) -> bool | None:
    if condition is not None and condition_protects(condition):
        return True
    protected = triggers_protect(events)
    return None if condition is not None and protected is False else protected


def _steps(owner: Mapping[str, Any], path: Path, shell: str | None) -> Iterator[Step]:
    for number, item in enumerate(sequence(owner.get("steps"))):
        step = mapping(item)
        run, uses = scalar(step.get("run")), scalar(step.get("uses"))
        if run is None and uses is None:
            continue
        here: Path = (*path, "steps", number)
        inputs = inputs_of(step.get("with"))
        own_shell = scalar(step.get("shell")) or shell or "bash"
        tolerated = step.get("continue-on-error", False)
        yield Step(
            label=scalar(step.get("name")) or scalar(step.get("id")) or uses or run or "",
            section="steps",
            spot=Spot((*here, "uses") if uses else (*here, "run")),
            script=(run or "") if own_shell.partition(" ")[0] in _SHELLS else "",
            uses=uses,
            inputs=inputs,
            variables=variables_of(step.get("env"), (*here, "env")),
            templated=run or (inputs.get("script", "") if uses and uses.lower().startswith(_SCRIPTED) else ""),
            condition=scalar(step.get("if")),
            tolerated=tolerated if isinstance(tolerated, bool) else None,
        )


def _images(job: Mapping[str, Any], path: Path) -> Iterator[UsedImage]:
    container = job.get("container")
    if text := scalar(container) or scalar(mapping(container).get("image")):
        privileged = "--privileged" in (scalar(mapping(container).get("options")) or "")
        yield UsedImage(text, "job", Spot((*path, "container")), privileged=privileged)
    for name, item in mapping(job.get("services")).items():
        if text := scalar(mapping(item).get("image")):
            privileged = "--privileged" in (scalar(mapping(item).get("options")) or "")
            yield UsedImage(text, "service", Spot((*path, "services", name, "image")), privileged=privileged)
    for number, item in enumerate(sequence(job.get("steps"))):
        uses = scalar(mapping(item).get("uses"))
        if uses is not None and uses.startswith("docker://"):
            yield UsedImage(uses.removeprefix("docker://"), "step", Spot((*path, "steps", number, "uses")))
