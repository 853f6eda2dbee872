"""Whatever the file: facts that fit their schema, with a place for each of them, or a refusal; and never for long."""

import json
import time
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.errors import ReadError
from compliance.model import Origin
from compliance.sources.pipeline import System, read, read_tekton
from compliance.sources.pipeline.names import is_pipeline

_RULES = Path(__file__).resolve().parents[3] / "rules"
_SCHEMA = jsonschema_rs.validator_for(json.loads((_RULES / "schemas/pipeline.json").read_text(encoding="utf-8")))
_EXAMPLES = sorted((_RULES / "pipeline").glob("*/examples/*.yaml"))

_TEXTS = st.sampled_from(
    [
        *(
            "",
            "x",
            "main",
            "$X",
            "${{ github.event.issue.title }}",
            "a/b:1",
            "$(tasks.a.results.b)",
            ".a",
            "a[b]",
            "env",
        ),
        *(
            "docker push a/b:1",
            "trivy image a || true",
            "echo $API_TOKEN",
            "set -x\ncosign sign a",
            "ssh h 'rm x'",
            "write-all",
        ),
        *(
            "actions/checkout@v5",
            "docker/build-push-action@v6",
            "./x",
            "docker://a",
            "#!/bin/sh -e\nkubectl exec a -- rm b",
        ),
        *("[", "'", '"', "$(", "<<EOF", "\u00e9", "\\", "/x.yml", "https://h/-/raw/main/x", "composite", "true"),
    ]
)
_NAMES = (
    "stages stage script before_script after_script image services variables needs extends include "
    "default rules if when only allow_failure environment name on true jobs steps uses with run env "
    "permissions container continue-on-error secrets runs using taskSpec taskRef tasks finally runAfter "
    "spec params value metadata command args local project ref component push branches tags a b .a "
    "pull_request_target workflow_call exit-code"
)
_KEYS = st.sampled_from(_NAMES.split())
_GROOVY = st.sampled_from(
    [
        *(
            "pipeline",
            "stage",
            "parallel",
            "sh",
            "agent",
            "docker",
            "image",
            "environment",
            "when",
            "branch",
            "docker.build",
        ),
        *(
            "('a')",
            "'a'",
            '"b $x"',
            "'''c",
            '"""',
            "{",
            "}",
            "(",
            ")",
            "\n",
            " ",
            ";",
            "=",
            "//",
            "/*",
            "\\",
            "a.push",
            "@Library",
        ),
    ]
)
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXTS
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5), max_leaves=25
)
_DOCUMENTS = st.dictionaries(_KEYS, _VALUES, max_size=6)


def check(body: dict[str, Any]) -> list[str]:
    _SCHEMA.validate({**body, "params": {}})
    return [step["at"] for job in body["jobs"] for step in job["steps"]] + [job["at"] for job in body["jobs"]]


def fits_or_is_refused(data: bytes, system: System) -> None:
    try:
        facts = read(data, "x", None, system).facts
    except ReadError:
        return
    ats = check(dict(facts.body))
    assert all(span is not None for span in facts.locate(ats))
    assert len(set(ats)) == len(ats)


@pytest.mark.parametrize("system", [System.GITLAB, System.GITHUB])
@settings(max_examples=150, deadline=None)
@given(document=_DOCUMENTS)
def test_odd_yaml_gives_facts_that_fit(system: System, document: dict[str, Any]) -> None:
    fits_or_is_refused(json.dumps(document).encode(), system)


@settings(max_examples=150, deadline=None)
@given(job=st.dictionaries(_KEYS, _VALUES, max_size=8), step=st.dictionaries(_KEYS, _VALUES, max_size=6))
def test_odd_jobs_and_steps_give_facts_that_fit(job: dict[str, Any], step: dict[str, Any]) -> None:
    workflow = {"on": "push", "jobs": {"a": {**job, "steps": [step, {**step, "run": "docker push a || true"}]}}}
    fits_or_is_refused(json.dumps(workflow).encode(), System.GITHUB)
    fits_or_is_refused(json.dumps({"a": {**job, "script": job}, "b": {**step, "extends": "a"}}).encode(), System.GITLAB)


@settings(max_examples=150, deadline=None)
@given(spec=_VALUES, kind=st.sampled_from(["Task", "Pipeline"]))
def test_odd_objects_give_facts_that_fit(spec: object, kind: str) -> None:
    value = {"apiVersion": "tekton.dev/v1", "kind": kind, "metadata": {"name": 5}, "spec": spec}
    check(dict(read_tekton(value, json.dumps(value).encode(), 0, (), Origin("x")).body))


@settings(max_examples=300, deadline=None)
@given(st.lists(_GROOVY, max_size=60).map("".join))
def test_odd_groovy_gives_facts_that_fit(text: str) -> None:
    fits_or_is_refused(text.encode(), System.JENKINS)


@pytest.mark.parametrize("example", _EXAMPLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_the_examples_of_the_rules_give_facts_that_fit(example: Path) -> None:
    ats = check(dict(read(example.read_bytes(), example.name, example).facts.body))
    assert ats


@pytest.mark.untraced
@pytest.mark.parametrize(
    "text",
    [
        b"a: {script: [" + b"docker push a," * 5000 + b"x]}",
        b"a: {script: '" + b"echo $TOKEN | " * 20000 + b"x'}",
        b"a: {script: '" + b"$(" * 20000 + b"'}",
        b"a: {script: '" + b"TOKEN=" * 20000 + b"'}",
        b"".join(b"j%d: {stage: s, script: docker push a}\n" % number for number in range(499)),
    ],
    ids=["commands", "pipes", "nesting", "assignments", "jobs"],
)
def test_large_pipelines_take_no_long_time(text: bytes) -> None:
    start = time.process_time()
    fits_or_is_refused(text, System.GITLAB)
    assert time.process_time() - start < 10


def test_too_many_jobs_are_refused() -> None:
    text = b"".join(b"j%d: {script: x}\n" % number for number in range(501))
    with pytest.raises(ReadError, match="500 jobs"):
        read(text, "x", None, System.GITLAB)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".gitlab-ci.yml", True),
        ("sub/.gitlab-ci.yml", True),
        ("Jenkinsfile", True),
        ("Jenkinsfile.release", True),
        ("build.Jenkinsfile", True),
        ("Jenkinsfile.md", False),
        (".github/workflows/x.yml", True),
        (".github/workflows/x.md", False),
        (".github/dependabot.yml", False),
        ("workflows/x.yml", False),
    ],
)
def test_pipelines_are_known_by_their_names_and_folders(path: str, expected: bool) -> None:  # noqa: FBT001
    assert is_pipeline(Path(path)) is expected
