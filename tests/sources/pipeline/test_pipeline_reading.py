"""Pipelines in a scan: found by name and by content, named from the root, judged once."""

from pathlib import Path

import pytest

from compliance.sources.discovery import Unit, UnitKind, discover
from compliance.sources.kubernetes.schema import KubernetesSchemas
from compliance.sources.reading import Options, Reading, read

_SCHEMAS = KubernetesSchemas("1.34")
_GITLAB = "stages: [a]\njob: {stage: a, script: x}\n"
_TASK = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: push}\nspec: {steps: [{image: a, script: x}]}\n"


def reading(root: Path, name: str, text: str) -> Reading:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    (unit,) = [one for one in discover([str(root)]) if isinstance(one, Unit) and one.path == file]
    return read(unit, _SCHEMAS, Options(), root.resolve())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".gitlab-ci.yml", _GITLAB),
        ("security/scan.yaml", _GITLAB),
        (".github/workflows/x.yml", "on: push\njobs: {}\n"),
        ("other/x.yml", "on: push\njobs: {}\n"),
        ("build/action.yml", "runs: {using: composite, steps: []}\n"),
        ("Jenkinsfile", "pipeline { }"),
    ],
)
def test_a_pipeline_is_a_subject_named_from_the_root(tmp_path: Path, name: str, text: str) -> None:
    found = reading(tmp_path, name, text)
    assert [(str(facts.subject), facts.schema) for _, facts in found.facts] == [(f"Pipeline/{name}", "pipeline")]
    assert [(one.kind, one.subjects) for one in found.inputs] == [("pipeline", 1)]
    assert (found.gaps, found.passed_over) == ([], [])


def test_a_task_is_an_object_and_a_pipeline(tmp_path: Path) -> None:
    found = reading(tmp_path, "task.yaml", _TASK)
    assert [str(facts.subject) for _, facts in found.facts] == ["Task/push"]
    assert len(found.manifests) == 1


def test_an_included_file_is_left_to_the_pipeline_that_includes_it(tmp_path: Path) -> None:
    (tmp_path / "ci.yml").write_text(_GITLAB)
    found = reading(tmp_path, ".gitlab-ci.yml", "include: ci.yml\n")
    assert found.modules == [(tmp_path / "ci.yml").resolve()]
    assert [path for path, _ in reading(tmp_path, "ci.yml", _GITLAB).facts] == found.modules


@pytest.mark.parametrize("name", [".gitlab-ci.yml", ".github/workflows/x.yml"])
def test_a_pipeline_that_cannot_be_read_is_a_gap(tmp_path: Path, name: str) -> None:
    assert len(reading(tmp_path, name, "a: [").gaps) == 1


def test_standard_input_is_known_by_its_content(tmp_path: Path) -> None:
    unit = Unit(UnitKind.MANIFEST, Path("-"), "-", explicit=True, data=_GITLAB.encode())
    found = read(unit, _SCHEMAS, Options(), tmp_path)
    assert [facts.subject.kind for _, facts in found.facts] == ["Pipeline"]
