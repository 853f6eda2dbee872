"""Texts that make a careless reader take quadratic time: each must be read in a few seconds."""

import time
from contextlib import suppress

import pytest

from compliance.errors import ReadError
from compliance.sources.pipeline import System, read

_SECONDS = 10  # a careless reader takes minutes


def workflow(*lines: str) -> str:
    script = "".join(f"        {line}\n" for line in lines)
    return f"on: [push, gollum]\njobs:\n  a:\n    runs-on: x\n    steps:\n    - run: |\n{script}"


@pytest.mark.untraced
@pytest.mark.parametrize(
    "text",
    [
        workflow("${{ " * 100_000),
        workflow("${{ " + "github.event.pages " * 40_000 + "}}"),
        workflow("docker login " * 60_000),
        workflow(*(f"docker push a/b:{n}; trivy image a/b:{n}; cosign sign a/b:{n}" for n in range(4_000))),
        workflow(*["trivy image --format json --output report.json a/b:1"] * 8_000),
        workflow("./" + "a-" * 200_000),
        workflow("trivy image a || " * 9_000),
    ],
    ids=["expressions", "expression", "logins", "acts", "scans", "script's name", "alternatives"],
)
def test_a_long_text_is_read_in_its_length(text: str) -> None:
    start = time.process_time()
    with suppress(ReadError):
        read(text.encode(), "workflow.yml", None, System.GITHUB)
    assert time.process_time() - start < _SECONDS


@pytest.mark.untraced
def test_thousands_of_places_in_one_script_are_found_or_told_as_the_step() -> None:
    text = workflow(*(f"kubectl set image deploy/a a=b:{n}" for n in range(4_000)))
    found = read(text.encode(), "workflow.yml", None, System.GITHUB).facts
    start = time.process_time()
    spans = found.locate([act["at"] for act in found.body["jobs"][0]["steps"][0]["acts"]])
    assert time.process_time() - start < _SECONDS
    assert [span.line for span in spans[:3] if span] == [7, 8, 9]
