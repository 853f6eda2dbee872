"""GitLab pipelines: `.gitlab-ci.yml` with its local includes, `extends`, `default` and `!reference` resolved.

Reference: https://docs.gitlab.com/ci/yaml/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.fields import mapping, sequence, texts
from compliance.sources.pipeline.gitlab_files import Files, assemble
from compliance.sources.pipeline.limits import check_size
from compliance.sources.pipeline.model import Job, Pipeline, Spot, Step, System, UsedImage
from compliance.sources.pipeline.protection import gitlab_protects
from compliance.sources.pipeline.yaml_values import scalar, scalars, variables_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_GLOBAL = frozenset(
    {"default", "include", "stages", "variables", "workflow", "image", "services", "before_script", "after_script"}
    | {"cache", "spec", "types"}
)
_JOB_KEYS = frozenset({"script", "trigger", "extends", "run", "before_script"})
_SCRIPTS = ("before_script", "script", "after_script")
_STAGES = ("build", "test", "deploy")
_MAX_EXTENDS = 11
_MAX_NESTING = 10
_MAX_LINES = 5000


def read(document: Mapping[str, Any], folder: Path | None, *, whole: bool) -> tuple[Pipeline, list[Path]]:
    """Read a pipeline, and list the files that it includes; `whole`: the file is no part of another pipeline."""
    files = assemble(document, folder)
    reader = _Reader(files)
    pipeline = Pipeline(
        System.GITLAB,
        jobs=tuple(reader.jobs()),
        name=scalar(mapping(files.values, "workflow").get("name")),
        complete=files.complete and reader.complete and whole,
        includes=tuple(files.includes),
        variables=variables_of(reader.own("variables"), ("variables",)),
    )
    return pipeline, files.parts


class _Reader:
    """Jobs of one pipeline, from all its files."""

    def __init__(self, files: Files) -> None:
        self._values = files.values
        self._origins = files.origins
        self._default = mapping(files.values, "default")
        self._extended: dict[str, dict[str, tuple[Any, Spot]]] = {}
        self._extending: set[str] = set()
        self._steps_taken = 0
        self._parts = 0
        self.complete = True

    def own(self, key: str) -> object:
        """A global key that stands in the first file; elsewhere it has no place there."""
        return self._values.get(key) if self._origins.get(key) is None else None

    def jobs(self) -> list[Job]:
        names = [name for name, value in self._values.items() if self._is_job(name, value)]
        check_size(jobs=len(names))
        merged = {name: self._merged(name, 0) for name in names}
        stages = self._stages(merged)
        found = []
        for name, keys in merged.items():
            found.append(self._job(name, keys, stages, merged))
            self._count_steps(len(found[-1].steps))
        return found

    def _count_steps(self, count: int) -> None:
        self._steps_taken += count
        check_size(steps=self._steps_taken)

    def _spend(self, parts: int) -> None:
        """Count what is written out: jobs that extend and refer to each other in layers can stand for anything."""
        self._parts += parts
        check_size(parts=self._parts)

    @staticmethod
    def _is_job(name: str, value: object) -> bool:
        hidden = name.startswith(".") or name in _GLOBAL
        return not hidden and isinstance(value, dict) and not _JOB_KEYS.isdisjoint(value)

    def _merged(self, name: str, depth: int) -> dict[str, tuple[Any, Spot]]:
        """The keys of a job with those that it extends, each with the place where it is written."""
        if name in self._extended:
            return self._extended[name]
        self._extending.add(name)
        job = mapping(self._values.get(name))
        found: dict[str, tuple[Any, Spot]] = {}
        for parent in scalars(job.get("extends")):
            if parent in self._extending or parent not in self._values or depth >= _MAX_EXTENDS:
                self.complete = False
            else:
                found.update(self._over(found, self._merged(parent, depth + 1)))
        origin = self._origins.get(name)
        own = {key: (value, origin or Spot((name, key))) for key, value in job.items()}
        found.update(self._over(found, own))
        self._extending.remove(name)
        self._extended[name] = found
        return found

    def _over(
        self, below: Mapping[str, tuple[Any, Spot]], above: Mapping[str, tuple[Any, Spot]]
    ) -> dict[str, tuple[Any, Spot]]:
        """What is above wins; mappings are merged."""
        found = {}
        for key, (value, spot) in above.items():
            old = below[key][0] if key in below else None
            merged = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
            self._spend(1 if merged is value else len(merged))
            found[key] = (merged, spot)
        return found

    def _stages(self, merged: Mapping[str, Mapping[str, tuple[Any, Spot]]]) -> dict[str, int]:
        listed = texts(self._values.get("stages")) or list(_STAGES)
        names = [".pre", *(name for name in listed if name not in {".pre", ".post"}), ".post"]
        self._of = {name: scalar(_value(keys, "stage")) or "test" for name, keys in merged.items()}
        return {name: number for number, name in enumerate(names)}

    def _job(
        self,
        name: str,
        keys: dict[str, tuple[Any, Spot]],
        stages: Mapping[str, int],
        merged: Mapping[str, Mapping[str, tuple[Any, Spot]]],
    ) -> Job:
        plain = {key: value for key, (value, _) in keys.items()}
        self._spend(len(mapping(plain.get("variables"))) + len(sequence(plain.get("services"))))
        if "trigger" in plain:
            self.complete = False
        spot = self._origins.get(name) or Spot((name,))
        failing = plain.get("allow_failure")
        return Job(
            id=name,
            spot=spot,
            stage=self._of[name],
            after=self._after(name, plain.get("needs"), stages, merged),
            steps=tuple(self._steps(keys)),
            images=tuple(self._images(keys)),
            variables=variables_of(plain.get("variables"), (name, "variables")) if spot.path == (name,) else (),
            tolerated=failing if isinstance(failing, bool) else None if isinstance(failing, dict) else False,
            protected=gitlab_protects(plain, guarded="workflow" in self._values),
            manual=plain.get("when") == "manual" or _all_manual(plain.get("rules")),
            environment=_environment(plain.get("environment")),
        )

    def _after(
        self, name: str, needs: object, stages: Mapping[str, int], merged: Mapping[str, object]
    ) -> frozenset[str]:
        """What a job waits for: what it needs, else every job of the stages before its own."""
        if isinstance(needs, list):
            wanted = {scalar(item) or scalar(mapping(item).get("job")) for item in needs}
            return frozenset(job for job in merged if job in wanted)
        stage = stages.get(self._of[name])
        if stage is None:
            return frozenset()
        return frozenset(other for other in merged if stages.get(self._of[other], stage) < stage)

    def _inherited(self, keys: Mapping[str, tuple[Any, Spot]], key: str) -> tuple[Any, Spot]:
        """A key of the job, else of `default`, else of the top level."""
        if key in keys:
            return keys[key]
        inherit = mapping(_value(keys, "inherit")).get("default")
        if inherit is False or (isinstance(inherit, list) and key not in inherit):
            return None, Spot()
        if key in self._default:
            return self._default[key], self._origins.get("default") or Spot(("default", key))
        return self._values.get(key), self._origins.get(key) or Spot((key,))

    def _steps(self, keys: Mapping[str, tuple[Any, Spot]]) -> Iterator[Step]:
        for section in _SCRIPTS:
            value, spot = self._inherited(keys, section)
            written = isinstance(value, list) and spot.path[-1:] == (section,)
            for number, item in enumerate(value if isinstance(value, list) else [value]):
                here = Spot((*spot.path, number)) if written else spot
                for line in self._lines(item, 0):
                    # What runs after the job cannot fail it.
                    tolerated = section == "after_script"
                    yield Step(line, section, here, script=line, tolerated=tolerated)

    def _lines(self, item: object, nesting: int) -> Iterator[str]:
        """The commands of a script's item; a list in it holds more of them, or refers to those of another job."""
        self._spend(1)
        if (text := scalar(item)) is not None:
            yield text
        elif isinstance(item, list) and nesting < _MAX_NESTING:
            referred = self._referred(item)
            for one in item[:_MAX_LINES] if referred is None else sequence(referred) or [referred]:
                yield from self._lines(one, nesting + 1)

    def _referred(self, item: list[Any]) -> Any | None:  # noqa: ANN401 - any value of a YAML document
        """What `!reference [job, key]` stands for; the reader drops the tag, so that a name must be one."""
        if len(item) < 2 or not all(isinstance(part, str) for part in item):  # noqa: PLR2004 - a job and a key
            return None
        value: Any = self._values
        for part in item:
            value = value.get(part) if isinstance(value, dict) else None
        if value is None and item[0].startswith("."):
            self.complete = False
            return []
        return value

    def _images(self, keys: Mapping[str, tuple[Any, Spot]]) -> Iterator[UsedImage]:
        image, spot = self._inherited(keys, "image")
        if (text := scalar(image) or scalar(mapping(image).get("name"))) is not None:
            yield UsedImage(text, "job", spot)
        services, spot = self._inherited(keys, "services")
        for service in sequence(services):
            if (text := scalar(service) or scalar(mapping(service).get("name"))) is not None:
                yield UsedImage(text, "service", spot, privileged=_is_dind(text))


def _is_dind(text: str) -> bool:
    return "dind" in text.rpartition("/")[2]


def _value(keys: Mapping[str, tuple[Any, Spot]], key: str) -> object:
    return keys[key][0] if key in keys else None


def _all_manual(rules: object) -> bool:
    starting = [rule for rule in map(mapping, sequence(rules)) if rule.get("when") != "never"]
    return bool(starting) and all(rule.get("when") == "manual" for rule in starting)


def _environment(value: object) -> str | None:
    return scalar(value) or scalar(mapping(value).get("name"))
