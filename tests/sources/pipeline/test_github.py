"""GitHub workflows: triggers, permissions, actions, and what strangers can reach."""

from typing import Any

import pytest

from compliance.errors import ReadError
from compliance.model import Span
from compliance.sources.pipeline import System, read

_COMMIT = "8f4b7f84864484a7bf31766abe9204da3cbe65b3"


def facts(text: str) -> dict[str, Any]:
    return dict(read(text.encode(), "build.yml", None, System.GITHUB).facts.body)


def workflow(step: str, on: str = "push", job: str = "") -> dict[str, Any]:
    return facts(f"on: {on}\njobs:\n  build:\n    runs-on: x\n{job}    steps:\n      - {step}\n")


def step(text: str, on: str = "push", job: str = "") -> dict[str, Any]:
    return dict(workflow(text, on, job)["jobs"][0]["steps"][0])


@pytest.mark.parametrize(
    ("uses", "kind", "owner", "pinned"),
    [
        (f"acme/build@{_COMMIT}", "action", "acme", True),
        ("acme/build/sub@v2", "action", "acme", False),
        ("acme/build@8f4b7f8", "action", "acme", False),
        ("./.github/actions/build", "local", None, None),
        ("docker://alpine:3.20", "image", None, None),
    ],
)
def test_an_action_is_pinned_by_a_full_commit_only(
    uses: str,
    kind: str,
    owner: str | None,
    pinned: bool | None,  # noqa: FBT001
) -> None:
    found = step(f"uses: {uses}")["uses"]
    assert (found["kind"], found["owner"], found["pinned_by_sha"]) == (kind, owner, pinned)


def test_a_reusable_workflow_is_a_use_and_makes_the_pipeline_incomplete() -> None:
    found = facts("on: push\njobs:\n  build:\n    uses: acme/ci/.github/workflows/build.yml@v1\n")
    assert (found["jobs"][0]["uses"]["kind"], found["complete"]) == ("workflow", False)


@pytest.mark.parametrize(
    ("on", "job", "protected"),
    [
        ("push", "", False),
        ("{push: {branches: [main]}}", "", True),
        ("{push: {tags: ['v*']}}", "", True),
        ("{push: {branches: [main, 'feature/**']}}", "", None),
        ("[push, pull_request]", "", False),
        ("[push, pull_request]", "    if: github.ref == 'refs/heads/main'\n", True),
        ("[push, pull_request]", "    if: github.event_name != 'pull_request'\n", None),
        ("release", "", True),
        ("workflow_call", "", None),
    ],
)
def test_where_a_job_runs_is_told_from_triggers_and_conditions(
    on: str,
    job: str,
    protected: bool | None,  # noqa: FBT001
) -> None:
    assert workflow("run: x", on, job)["jobs"][0]["only_protected"] is protected


@pytest.mark.parametrize(
    ("on", "expression", "found"),
    [
        ("issues", "github.event.issue.title", ["github.event.issue.title"]),
        ("push", "github.event.issue.title", []),
        ("pull_request", "github.head_ref", []),
        ("pull_request_target", "github.head_ref || 'x'", []),
        ("pull_request_target", "github.head_ref", ["github.head_ref"]),
        ("issues", "github.event.issue.number", []),
        ("issues", "contains(github.event.issue.title, 'x')", []),
    ],
)
def test_text_of_strangers_is_found_where_the_event_carries_it(on: str, expression: str, found: list[str]) -> None:
    assert step("run: echo ${{ " + expression + " }}", on)["injections"] == found


def test_scripts_of_github_script_are_code_too_and_variables_are_not() -> None:
    title = "${{ github.event.issue.title }}"
    assert step(f"{{uses: actions/github-script@v8, with: {{script: 'f(`{title}`)'}}}}", "issues")["injections"]
    assert step(f"{{run: 'echo $T', env: {{T: '{title}'}}}}", "issues")["injections"] == []


@pytest.mark.parametrize(
    ("on", "job", "with_", "foreign"),
    [
        ("pull_request_target", "", "ref: '${{ github.event.pull_request.head.sha }}'", True),
        ("pull_request", "", "ref: '${{ github.event.pull_request.head.sha }}'", False),
        ("pull_request_target", "", "path: x", False),
        ("workflow_run", "", "ref: '${{ github.event.workflow_run.head_sha }}'", True),
        ("pull_request_target", "    environment: review\n", "ref: '${{ github.head_ref }}'", False),
        ("pull_request_target", "    if: github.actor == 'bot'\n", "ref: '${{ github.head_ref }}'", False),
        ("pull_request_target", "    needs: authorize\n", "ref: '${{ github.head_ref }}'", False),
    ],
)
def test_foreign_code_counts_where_secrets_are_and_nobody_asks_whose_it_is(
    on: str,
    job: str,
    with_: str,
    foreign: bool,  # noqa: FBT001
) -> None:
    found = step(f"{{uses: actions/checkout@v5, with: {{{with_}}}}}", on, job)
    assert found["checks_out_foreign_code"] is foreign


@pytest.mark.parametrize(
    ("top", "state"), [("", "missing"), ("permissions: write-all\n", "write-all"), ("permissions: {}\n", "limited")]
)
def test_permissions_are_missing_limited_or_everything(top: str, state: str) -> None:
    assert facts(f"on: push\n{top}jobs: {{}}\n")["permissions"]["state"] == state


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        (
            "{uses: docker/build-push-action@v6, with: {push: true, tags: 'a/b:1'}}",
            [("build", True), ("publish", True)],
        ),
        ("{uses: docker/build-push-action@v6, with: {load: true}}", [("build", True)]),
        ("{uses: aquasecurity/trivy-action@v1, with: {image-ref: a}}", [("scan", False)]),
        ("{uses: aquasecurity/trivy-action@v1, with: {exit-code: '1'}}", [("scan", True)]),
        ("{uses: aquasecurity/trivy-action@v1, with: {format: sarif}}", [("scan", None)]),
        ("{uses: aquasecurity/trivy-action@v1, with: {scan-type: config}}", []),
        ("{uses: anchore/scan-action@v7, with: {image: a}}", [("scan", True)]),
        ("{uses: anchore/scan-action@v7, with: {image: a}, continue-on-error: true}", [("scan", False)]),
        ("{uses: acme/container-scan@v1}", [("scan", None)]),
        ("{uses: github/codeql-action/analyze@v4}", []),
        ("{uses: appleboy/ssh-action@v1, with: {script: systemctl restart web}}", [("ssh", True)]),
    ],
)
def test_actions_are_known_by_what_they_do(text: str, acts: list[tuple[str, bool | None]]) -> None:
    assert [(act["kind"], act["gates"]) for act in step(text)["acts"]] == acts


def test_secrets_that_github_masks_are_not_printed() -> None:
    masked = "{run: 'echo $API_TOKEN', env: {API_TOKEN: '${{ secrets.API_TOKEN }}'}}"
    assert step(masked)["prints"] == []
    assert step("{run: 'echo $API_TOKEN'}")["prints"][0]["name"] == "API_TOKEN"


def test_a_command_is_found_in_its_line_of_the_script() -> None:
    text = (
        "on: push\njobs:\n  build:\n    steps:\n      - name: Push\n"
        "        run: |\n          docker build .\n          docker push a\n"
    )
    found = read(text.encode(), "x.yml", None, System.GITHUB).facts
    at = found.body["jobs"][0]["steps"][0]["acts"][1]["at"]
    assert (at, found.locate([at])) == ("jobs[build].steps[Push].run[docker push a]", [Span(8, 11, 8)])


def test_a_composite_action_is_a_part_of_a_pipeline() -> None:
    found = facts("name: x\nruns:\n  using: composite\n  steps:\n    - {run: docker push a, shell: bash}\n")
    assert (found["complete"], found["jobs"][0]["steps"][0]["acts"][0]["kind"]) == (False, "publish")


def test_a_file_without_jobs_is_refused() -> None:
    with pytest.raises(ReadError, match="no jobs"):
        facts("on: push\n")
