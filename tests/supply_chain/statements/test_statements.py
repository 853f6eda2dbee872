"""Statements, provenance and verification summaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from compliance.errors import UsageError
from compliance.model import Assessment, Decision, ExitCode, Input, Target
from compliance.supply_chain import dsse, predicates
from compliance.supply_chain.statements import as_bytes, provenance, statement, summary

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
DIGEST = f"sha256:{'a' * 64}"
ASSESSMENT = Assessment(NOW, "0.1.0", "f" * 64, "wasm", (Target("path", "deploy"),), (), 1, {}, (), (), (), {})
GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "shop/web",
    "GITHUB_WORKFLOW_REF": "shop/web/.github/workflows/release.yml@refs/heads/main",
    "GITHUB_SHA": "9fceb02d",
    "GITHUB_RUN_ID": "7",
    "GITHUB_RUN_ATTEMPT": "2",
}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_PROJECT_URL": "https://gitlab.example.com/shop/web",
    "CI_COMMIT_SHA": "9fceb02d",
    "CI_SERVER_URL": "https://gitlab.example.com",
    "CI_RUNNER_ID": "12",
    "CI_JOB_URL": "https://gitlab.example.com/shop/web/-/jobs/5",
    "CI_JOB_NAME": "build",
}


def test_a_statement_is_read_by_what_reads_everybodys() -> None:
    said = statement("registry.example.com/web", DIGEST, "https://example.com/v1", {"ä": [1, None]})
    read = dsse.statement(as_bytes(said))
    assert (read.predicate_type, read.predicate) == ("https://example.com/v1", {"ä": [1, None]})
    assert read.subjects[0].has([DIGEST])
    assert not read.subjects[0].has([f"sha256:{'b' * 64}"])


@pytest.mark.parametrize("digest", ["", "latest", "sha256:abc", "md5:" + "a" * 32])
def test_only_digests_are_spoken_of(digest: str) -> None:
    with pytest.raises(ValueError, match="is no digest"):
        statement("x", digest, "https://example.com/v1", {})


@pytest.mark.parametrize(
    ("environment", "builder", "source", "invocation"),
    [
        (
            GITHUB,
            "https://github.com/shop/web/.github/workflows/release.yml@refs/heads/main",
            "https://github.com/shop/web",
            "https://github.com/shop/web/actions/runs/7/attempts/2",
        ),
        (
            GITLAB,
            "https://gitlab.example.com/-/runners/12",
            "https://gitlab.example.com/shop/web",
            "https://gitlab.example.com/shop/web/-/jobs/5",
        ),
    ],
)
def test_a_job_tells_its_provenance(environment: dict[str, str], builder: str, source: str, invocation: str) -> None:
    build = provenance.from_environment(environment)
    assert build is not None
    made = provenance.predicate(build, finished=NOW)
    assert predicates.provenance_of(predicates.PROVENANCE, made) == predicates.Provenance(builder, source, "9fceb02d")
    assert made["runDetails"]["metadata"] == {"invocationId": invocation, "finishedOn": "2026-11-20T08:00:00Z"}


@pytest.mark.parametrize("environment", [GITHUB, GITLAB])
def test_provenance_that_would_lack_something_is_none(environment: dict[str, str]) -> None:
    for name in ("GITHUB_SHA", "GITHUB_WORKFLOW_REF", "CI_COMMIT_SHA", "CI_RUNNER_ID"):
        if name in environment:
            assert provenance.from_environment({**environment, name: ""}) is None
    assert provenance.from_environment({}) is None


@pytest.mark.parametrize(
    ("code", "result", "levels"),
    [
        (ExitCode.CLEAN, "PASSED", [summary.LEVEL]),
        (ExitCode.REFUSED, "FAILED", ["FAILED"]),
        (ExitCode.NOT_JUDGED, "FAILED", ["FAILED"]),
        (ExitCode.FAILED, "FAILED", ["FAILED"]),
    ],
)
def test_only_a_clean_decision_passed(code: ExitCode, result: str, levels: list[str]) -> None:
    said = summary.from_decision(
        ASSESSMENT, Decision(code, ()), resource="pkg:oci/web", digest=DIGEST, verifier="https://ci.example.com"
    )
    assert (said["verificationResult"], said["verifiedLevels"]) == (result, levels)
    assert said["timeVerified"] == "2026-11-20T08:00:00Z"
    assert said["policy"]["digest"] == {"sha256": "f" * 64}


def test_a_decision_about_images_speaks_of_those_alone() -> None:
    def attested(taken: Assessment) -> str:
        decided = Decision(ExitCode.CLEAN, ())
        said = summary.from_decision(taken, decided, resource="x", digest=DIGEST, verifier="y")
        return str(said["verificationResult"])

    by_tag = replace(ASSESSMENT, targets=(Target("image", "registry.example.com/web:1"),))
    with pytest.raises(UsageError, match=r"is about registry\.example\.com/web:1, and not about sha256:a"):
        attested(by_tag)
    assert attested(replace(by_tag, inputs=(Input("web", "image", "a" * 64, 1),))) == "PASSED"
    assert attested(replace(ASSESSMENT, targets=(Target("image", f"web@{DIGEST}"),))) == "PASSED"


def test_an_image_has_a_package_url() -> None:
    assert summary.package_url("registry.example.com:5000/shop/web", DIGEST) == (
        f"pkg:oci/web@sha256%3A{'a' * 64}?repository_url=registry.example.com%3A5000/shop/web"
    )
