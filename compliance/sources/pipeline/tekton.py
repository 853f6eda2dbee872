"""Tekton's Tasks and Pipelines.

Reference: https://tekton.dev/docs/pipelines/tasks/ and https://tekton.dev/docs/pipelines/pipelines/
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.fields import mapping, sequence, texts
from compliance.sources.pipeline.model import Include, Job, Pipeline, Spot, Step, System, UsedImage
from compliance.sources.pipeline.yaml_values import named_variables, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compliance.sources.kubernetes.yaml import Path

_RESULT = re.compile(r"\$\(tasks\.([^.)]+)\.")
_SHEBANG = re.compile(r"#!\s*\S*?(?:/env\s+(?:-S\s+)?)?(?:/|\b)(?:ba|da|a|k|z)?sh\b(?P<options>[^\n]*)")
_MAX_TEXT = 100_000


def read(value: Mapping[str, Any]) -> Pipeline:
    """Read an object; a Task is never complete, and a Pipeline only when it spells out all its tasks."""
    name = scalar(mapping(value, "metadata").get("name"))
    spec = mapping(value, "spec")
    if value.get("kind") != "Pipeline":
        return Pipeline(System.TEKTON, (_task(name or "task", spec, ("spec",)),), name=name, complete=False)
    tasks = list(_tasks(spec, "tasks"))
    ordinary = frozenset(task_name for task_name, _, _ in tasks)
    jobs = [_pipeline_task(task_name, task, path, _waits(task, ordinary)) for task_name, task, path in tasks]
    jobs += [_pipeline_task(*one, ordinary) for one in _tasks(spec, "finally") if one[0] not in ordinary]
    whole = all("taskSpec" in task for _, task, _ in (*tasks, *_tasks(spec, "finally")))
    includes = tuple(_includes((*tasks, *_tasks(spec, "finally"))))
    return Pipeline(System.TEKTON, tuple(jobs), name=name, complete=whole, includes=includes)


def _tasks(spec: Mapping[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any], Path]]:
    seen: set[str] = set()
    for number, item in enumerate(sequence(spec.get(key))):
        name = scalar(mapping(item).get("name"))
        if name is not None and name not in seen:
            seen.add(name)
            yield name, item, ("spec", key, number)


def _waits(task: Mapping[str, Any], known: frozenset[str]) -> frozenset[str]:
    """What `runAfter` names, and the tasks whose results it takes."""
    taken = _RESULT.findall(str(task.get("params"))[:_MAX_TEXT] + str(task.get("when"))[:_MAX_TEXT])
    return known.intersection([*texts(task.get("runAfter")), *taken])


def _pipeline_task(name: str, task: Mapping[str, Any], path: Path, after: frozenset[str]) -> Job:
    return _task(name, mapping(task, "taskSpec"), (*path, "taskSpec"), path, after)


def _task(name: str, spec: Mapping[str, Any], path: Path, spot: Path = (), after: frozenset[str] = frozenset()) -> Job:
    return Job(
        name,
        Spot(spot or path),
        after=after,
        steps=tuple(_steps(spec, path)),
        images=tuple(_images(spec, path)),
    )


def _steps(spec: Mapping[str, Any], path: Path) -> Iterator[Step]:
    for number, item in enumerate(sequence(spec.get("steps"))):
        step = mapping(item)
        here: Path = (*path, "steps", number)
        script = scalar(step.get("script"))
        key = "script" if script is not None else "command"
        text, errexit = _shell(script) if script is not None else (_command(step), True)
        yield Step(
            label=scalar(step.get("name")) or scalar(step.get("image")) or "step",
            section="steps",
            spot=Spot((*here, key)) if key in step else Spot(here),
            script=text,
            variables=named_variables(step.get("env"), (*here, "env")),
            tolerated=step.get("onError") == "continue",
            errexit=errexit,
        )


def _shell(script: str) -> tuple[str, bool]:
    """The script, empty when it is for another interpreter, and whether its first line stops it at an error."""
    if not script.lstrip().startswith("#!"):
        return script, True
    shebang = _SHEBANG.match(script.lstrip())
    return (script, "-e" in shebang["options"]) if shebang else ("", True)


def _command(step: Mapping[str, Any]) -> str:
    words = [*texts(step.get("command")), *texts(step.get("args"))]
    if not step.get("command") and (program := _PROGRAMS.search(scalar(step.get("image")) or "")):
        words.insert(0, program[1])
    return shlex.join(words)


_PROGRAMS = re.compile(r"(?:^|/)(trivy|grype|cosign|crane|skopeo|executor|helm|kubectl|syft)(?:[:@-]|$)")


def _images(spec: Mapping[str, Any], path: Path) -> Iterator[UsedImage]:
    for key, role in (("steps", "step"), ("sidecars", "service")):
        for number, item in enumerate(sequence(spec.get(key))):
            step = mapping(item)
            if text := scalar(step.get("image")):
                privileged = mapping(step, "securityContext").get("privileged") is True
                yield UsedImage(text, role, Spot((*path, key, number, "image")), privileged=privileged)


def _includes(tasks: tuple[tuple[str, dict[str, Any], Path], ...]) -> Iterator[Include]:
    for name, task, path in tasks:
        reference = mapping(task, "taskRef")
        params = {
            scalar(mapping(one).get("name")): scalar(mapping(one).get("value"))
            for one in sequence(reference.get("params"))
        }
        if reference.get("resolver") == "git":
            yield Include("task", name, params.get("revision"), Spot((*path, "taskRef")))
