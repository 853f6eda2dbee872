"""From a pipeline, as any reader found it, to its facts: the same shape for every system.

Shape: `rules/schemas/pipeline.json`.
"""

from __future__ import annotations

import re
from collections import ChainMap
from typing import TYPE_CHECKING, Any

from compliance.sources.content_names import content_names
from compliance.sources.pipeline.github_risks import checks_out_foreign_code, injections
from compliance.sources.pipeline.images import image_facts
from compliance.sources.pipeline.limits import check_size
from compliance.sources.pipeline.order import ancestors, relate
from compliance.sources.pipeline.protection import condition_protects
from compliance.sources.pipeline.secrets import is_literal_secret
from compliance.sources.pipeline.steps import StepReader
from compliance.sources.pipeline.uses import use_facts
from compliance.sources.secret_text import masked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compliance.sources.pipeline.model import Job, Permissions, Pipeline, Step, Variable
    from compliance.sources.pipeline.places import Places

_THROW_AWAY = re.compile(
    r"\b(?:kind|minikube|k3d|k3s|microk8s|ctlptl|setup-kind|kind-action|envtest|vagrant|clusters? create|aks create"
    r"|create[ -]cluster)\b",
    re.IGNORECASE,
)
_TEST = re.compile(r"e2e|\btests?\b|integration|conformance|smoke", re.IGNORECASE)


def body_of(pipeline: Pipeline, places: Places, *, scanned_elsewhere: bool = False) -> dict[str, Any]:
    """The facts of a pipeline; `places` learns where each of them stands.

    Raises:
        ReadError: it has more than 500 jobs or 20,000 steps.
    """
    check_size(jobs=len(pipeline.jobs), steps=sum(len(job.steps) for job in pipeline.jobs))
    return _Telling(pipeline, places).body(scanned_elsewhere=scanned_elsewhere)


class _Telling:
    """One pipeline on its way to facts."""

    def __init__(self, pipeline: Pipeline, places: Places) -> None:
        self._pipeline = pipeline
        self._places = places
        self._before = ancestors({job.id: job.after for job in pipeline.jobs})

    def body(self, *, scanned_elsewhere: bool) -> dict[str, Any]:
        pipeline = self._pipeline
        jobs = [self._job(job) for job in pipeline.jobs]
        relate(jobs, self._before)
        return {
            "system": pipeline.system.value,
            "name": pipeline.name,
            "complete": pipeline.complete,
            "scanned_elsewhere": scanned_elsewhere,
            "triggers": list(pipeline.triggers),
            "permissions": self._permissions(pipeline.permissions, ""),
            "includes": [self._include(number) for number in range(len(pipeline.includes))],
            "variables": self._variables(pipeline.variables, ""),
            "jobs": jobs,
        }

    def _job(self, job: Job) -> dict[str, Any]:
        at = self._places.add(f"jobs[{job.id}]", job.spot)
        known = {variable.name: variable.value for variable in (*self._pipeline.variables, *job.variables)}
        return {
            "name": job.id,
            "stage": job.stage,
            "needs": sorted(job.after),
            "after": sorted(self._before[job.id]),
            "images": [self._image(number, job, at, known) for number in range(len(job.images))],
            "allowed_to_fail": job.tolerated,
            "only_protected": job.protected,
            "manual": job.manual,
            "environment": job.environment,
            "permissions": self._permissions(job.permissions, f"{at}."),
            "variables": self._variables(job.variables, f"{at}."),
            "uses": use_facts(job.uses, self._places.add(f"{at}.uses", job.spot)) if job.uses else None,
            "steps": self._steps(job, at, known),
            "at": at,
        }

    def _steps(self, job: Job, at: str, known: dict[str, str]) -> list[dict[str, Any]]:
        names = content_names(masked(step.label) for step in job.steps)
        throw_away = _TEST.search(job.id) is not None or any(
            _THROW_AWAY.search(f"{step.label} {step.script} {step.uses or ''}") for step in job.steps
        )
        scripts = "\n".join(step.script for step in job.steps)
        reported = any((step.uses or "").startswith("github/codeql-action/upload-sarif") for step in job.steps)
        reader = StepReader(
            self._pipeline.system, self._places, throw_away=throw_away, reported=reported, scripts=scripts
        )
        told = []
        taken: dict[str, int] = {}
        for step in job.steps:
            step_at = f"{at}.{step.section}[{names[masked(step.label)]}]"
            taken[step_at] = taken.get(step_at, 0) + 1
            if taken[step_at] > 1:
                step_at = f"{step_at[:-1]} #{taken[step_at]}]"
            told.append(
                self._step(
                    step,
                    job,
                    self._places.add(step_at, step.spot, step.label if step.spot.lines else ""),
                    known,
                    reader,
                )
            )
        return told

    def _step(self, step: Step, job: Job, at: str, known: dict[str, str], reader: StepReader) -> dict[str, Any]:
        own = ChainMap({variable.name: variable.value for variable in step.variables}, known)
        tolerated = _either(step.tolerated, job.tolerated)
        commands, acts, prints = reader.read(step, at, own, tolerated=tolerated)
        protected = _protected(job, step.condition)
        for act in acts:
            act.update(job=job.id, only_protected=protected)
        return {
            "name": masked(step.label),
            "at": at,
            "text": masked(step.script),
            "condition": step.condition,
            "uses": use_facts(step.uses, self._places.add(f"{at}.uses", step.spot, step.uses)) if step.uses else None,
            "commands": commands,
            "acts": acts,
            "prints": prints,
            "variables": self._variables(step.variables, f"{at}."),
            "injections": injections(step.templated, self._pipeline.triggers),
            "checks_out_foreign_code": checks_out_foreign_code(step, job, self._pipeline.triggers),
        }

    def _image(self, number: int, job: Job, at: str, known: dict[str, str]) -> dict[str, Any]:
        used = job.images[number]
        image = image_facts(used.text, known)
        name = image["name"] or image["text"]
        return {
            "role": used.role,
            "privileged": used.privileged,
            "image": image,
            "at": self._places.add(f"{at}.images[{name}]", used.spot, used.text),
        }

    def _variables(self, variables: Iterable[Variable], prefix: str) -> list[dict[str, Any]]:
        told = []
        for variable in variables:
            secret = is_literal_secret(variable.name, variable.value)
            if secret:
                self._places.secret_spots.append(variable.spot)
            at = self._places.add(f"{prefix}variables[{variable.name}]", variable.spot)
            told.append({"name": variable.name, "secret": secret, "at": at})
        return told

    def _permissions(self, permissions: Permissions | None, prefix: str) -> dict[str, str] | None:
        if permissions is None:
            return None
        return {"state": permissions.state, "at": self._places.add(f"{prefix}permissions", permissions.spot)}

    def _include(self, number: int) -> dict[str, Any]:
        include = self._pipeline.includes[number]
        at = self._places.add(f"includes[{include.text}]", include.spot)
        return {
            "kind": include.kind,
            "text": include.text,
            "ref": include.ref,
            "moving": _moves(include.ref, pinned=include.pinned or include.text == "$CI_PROJECT_PATH"),
            "at": at,
        }


_BRANCH = re.compile(
    r"(?:refs/heads/.*|main|master|head|develop|development|dev|trunk|stable|latest|~latest|next|edge)", re.IGNORECASE
)
_VERSION = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}|(?:refs/tags/.*)|v?\d+(?:\.\d+)+\S*")


def _moves(ref: str | None, *, pinned: bool) -> bool | None:
    """Whether what a reference names may change: a branch or nothing does, a commit or full version does not."""
    if pinned or (ref is not None and _VERSION.fullmatch(ref)):
        return False
    return True if ref is None or _BRANCH.fullmatch(ref) else None


def _either(first: bool | None, second: bool | None) -> bool | None:  # noqa: FBT001 - values, no switches
    if first or second:
        return True
    return None if first is None or second is None else False


def _protected(job: Job, condition: str | None) -> bool | None:
    if condition is not None and condition_protects(condition):
        return True
    return None if job.protected is False and condition is not None else job.protected
