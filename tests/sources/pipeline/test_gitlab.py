"""GitLab pipelines: jobs with what they inherit, extend and include, in the order that stages and needs give."""

from pathlib import Path
from typing import Any

import pytest

from compliance.errors import ReadError
from compliance.model import Span
from compliance.sources.pipeline import System, read


def facts(text: str, path: Path | None = None) -> dict[str, Any]:
    return dict(read(text.encode(), ".gitlab-ci.yml", path, System.GITLAB).facts.body)


def job(text: str, name: str = "job") -> dict[str, Any]:
    (found,) = (one for one in facts(text)["jobs"] if one["name"] == name)
    return dict(found)


def scripts(found: dict[str, Any]) -> list[str]:
    return [step["text"] for step in found["steps"]]


def test_jobs_wait_for_the_stages_before_theirs() -> None:
    text = "stages: [a, b, c]\nx: {stage: a, script: x}\nw: {stage: b, script: w}\nz: {stage: c, script: z}\n"
    assert [(one["name"], one["after"]) for one in facts(text)["jobs"]] == [("x", []), ("w", ["x"]), ("z", ["w", "x"])]


def test_needs_replace_the_stages_and_are_followed_through() -> None:
    text = (
        "stages: [a, b, c]\nx: {stage: a, script: x}\nv: {stage: a, script: v}\n"
        "w: {stage: b, script: w, needs: [x]}\nz: {stage: c, script: z, needs: [{job: w, optional: true}, gone]}\n"
    )
    assert job(text, "z")["needs"] == ["w"]
    assert job(text, "z")["after"] == ["w", "x"]


def test_a_circle_of_needs_ends() -> None:
    found = facts("a: {script: x, needs: [b]}\nb: {script: x, needs: [a]}\n")
    assert [one["after"] for one in found["jobs"]] == [["b"], ["a"]]


def test_a_job_extends_others_and_its_own_keys_win() -> None:
    text = (
        ".base: {image: 'a:1', script: [one], allow_failure: true}\n"
        ".more: {extends: .base, image: 'b:1'}\njob: {extends: [.more], script: [two]}\n"
    )
    found = job(text)
    assert (scripts(found), found["images"][0]["image"]["text"], found["allowed_to_fail"]) == (["two"], "b:1", True)


def test_jobs_that_extend_each_other_end() -> None:
    assert scripts(job("job: {extends: other, script: x}\nother: {extends: job}\n")) == ["x"]


def test_defaults_are_inherited_unless_the_job_refuses() -> None:
    text = (
        "default: {image: 'a:1', before_script: [one]}\n"
        "job: {script: two}\nfree: {inherit: {default: false}, script: x}\n"
    )
    assert scripts(job(text)) == ["one", "two"]
    assert job(text)["images"][0]["image"]["tag"] == "1"
    assert (scripts(job(text, "free")), job(text, "free")["images"]) == (["x"], [])


def test_references_and_nested_lists_are_part_of_the_script() -> None:
    text = ".setup: {script: [one, two]}\njob:\n  script:\n    - !reference [.setup, script]\n    - [three, [four]]\n"
    assert scripts(job(text)) == ["one", "two", "three", "four"]


def test_a_reference_to_nothing_makes_the_pipeline_incomplete() -> None:
    assert facts("stages: [a]\njob: {stage: a, script: [!reference [.gone, script]]}\n")["complete"] is False


def test_local_includes_are_put_in_and_are_no_pipelines_of_their_own(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "scan.yml").write_text("scan: {stage: scan, script: [trivy image web --exit-code 1]}\n")
    text = "include: /ci/*.yml\nstages: [scan, push]\npush: {stage: push, script: [docker push web]}\n"
    found = read(text.encode(), ".gitlab-ci.yml", tmp_path / ".gitlab-ci.yml")

    (act,) = found.facts.body["jobs"][1]["steps"][0]["acts"]
    assert found.parts == ((tmp_path / "ci" / "scan.yml").resolve(),)
    assert (found.facts.body["complete"], act["kind"], act["order"]["scan"]) == (True, "publish", "before")
    assert found.facts.locate(["jobs[scan]"]) == [Span(1, 1, 1)]


def test_a_local_include_never_leads_out_of_the_repository(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    (inside / ".git").mkdir(parents=True)
    (tmp_path / "out.yml").write_text("job: {script: x}\n")
    (inside / "link.yml").symlink_to(tmp_path / "out.yml")
    text = b"include: [../out.yml, link.yml]\n"
    found = read(text, ".gitlab-ci.yml", inside / ".gitlab-ci.yml")
    assert (found.parts, found.facts.body["jobs"], found.facts.body["complete"]) == ((), [], False)


@pytest.mark.parametrize(
    ("include", "moving"),
    [
        ("{project: a/b, file: x.yml}", True),
        ("{project: a/b, ref: main, file: x.yml}", True),
        ("{project: a/b, ref: v1.2.0, file: x.yml}", False),
        ("{project: a/b, ref: 8f4b7f84864484a7bf31766abe9204da3cbe65b3, file: x.yml}", False),
        ("{project: a/b, ref: $REF, file: x.yml}", None),
        ("{component: host/a/b@~latest}", True),
        ("{component: host/a/b@2.1.0}", False),
        ("{remote: 'https://host/a/-/raw/main/x.yml'}", True),
        ("{remote: 'https://host/a/-/raw/main/x.yml', integrity: sha256-x}", False),
        ("{remote: 'https://host/x.yml'}", None),
    ],
)
def test_what_is_included_from_elsewhere_may_move(include: str, moving: bool | None) -> None:  # noqa: FBT001
    found = facts(f"include:\n  - {include}\njob: {{script: x}}\n")
    assert ([one["moving"] for one in found["includes"]], found["complete"]) == ([moving], False)


@pytest.mark.parametrize(
    ("keys", "protected"),
    [
        ("only: [main]", True),
        ("only: {refs: [tags, master]}", True),
        ("only: [branches]", False),
        ("only: [/^feature-.*/]", False),
        ("rules: [{if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH}, {if: $CI_COMMIT_TAG}]", True),
        ("rules: [{if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH}, {if: $ALWAYS}]", None),
        ("rules: [{if: $X, when: never}, {when: always}]", None),
        ("except: [tags]", None),
        ("when: on_success", False),
    ],
)
def test_where_a_job_runs_is_told_from_its_conditions(keys: str, protected: bool | None) -> None:  # noqa: FBT001
    assert job(f"job:\n  script: x\n  {keys}\n")["only_protected"] is protected


def test_manual_jobs_and_environments_are_told() -> None:
    found = job("job: {script: x, rules: [{if: $A, when: manual}], environment: {name: production}}\n")
    assert (found["manual"], found["environment"]) == (True, "production")


def test_variables_that_the_pipeline_sets_are_put_into_images() -> None:
    text = "variables: {IMAGE: 'registry.example.com/web', TAG: latest}\njob: {image: '$IMAGE:$TAG', script: x}\n"
    image = job(text)["images"][0]["image"]
    assert (image["valid"], image["name"], image["tag"]) == (True, "registry.example.com/web", "latest")


@pytest.mark.parametrize(
    ("image", "name", "tag", "by"),
    [
        ("$REGISTRY/web:latest", "$REGISTRY/web", "latest", "tag"),
        ("$REGISTRY/web:$TAG", "$REGISTRY/web", None, "tag"),
        ("$REGISTRY/web", "$REGISTRY/web", None, "none"),
        ("$IMAGE", "$IMAGE", None, None),
        ("$IMAGE@$DIGEST", "$IMAGE", None, "digest"),
        ("${IMAGE:-web:1}", "${IMAGE:-web:1}", None, None),
    ],
)
def test_images_with_variables_are_told_as_far_as_they_are_known(
    image: str, name: str, tag: str | None, by: str | None
) -> None:
    found = job(f"job: {{image: '{image}', script: x}}\n")["images"][0]["image"]
    assert (found["valid"], found["name"], found["tag"], found["by"]) == (False, name, tag, by)


@pytest.mark.parametrize("text", ["[]", "text", "", "a: [", "a: b\n"])
def test_what_is_no_pipeline_is_refused_or_has_no_jobs(text: str) -> None:
    try:
        assert facts(text)["jobs"] == []
    except ReadError as error:
        assert error.remedy  # noqa: PT017 - either is right, a crash is not


@pytest.mark.untraced
@pytest.mark.parametrize(
    "text",
    [
        "".join(f".a{n}: {{script: [{f'!reference [.a{n + 1}, script], ' * 9}]}}\n" for n in range(9))
        + ".a9: {script: [x]}\njob: {script: [!reference [.a0, script]]}\n",
        f"job: {{script: [{'!reference [job, script], ' * 9}]}}\n",
        ".b: {variables: {"
        + ", ".join(f"v{n}: x" for n in range(5000))
        + "}}\n"
        + "".join(f"j{n}: {{extends: .b, script: [x]}}\n" for n in range(450)),
        ".b: {script: [" + "x, " * 5000 + "]}\n" + "".join(f"j{n}: {{extends: .b}}\n" for n in range(450)),
        "".join(f"j{n}: {{stage: s{n}, script: [x]}}\n" for n in range(2000)),
    ],
    ids=["references in layers", "a reference to itself", "variables at each job", "lines at each job", "jobs"],
)
def test_a_small_file_that_stands_for_a_huge_pipeline_is_refused_before_it_is_written_out(text: str) -> None:
    with pytest.raises(ReadError, match="more than"):
        facts(text)


def test_jobs_that_extend_in_layers_are_merged_once_each() -> None:
    text = "".join(f".a{n}: {{extends: [{f'.a{n + 1}, .b{n + 1}, ' * 4}]}}\n" for n in range(9))
    text += "".join(f".b{n}: {{extends: [{f'.a{n + 1}, .b{n + 1}, ' * 4}]}}\n" for n in range(9))
    assert scripts(job(f"{text}.a9: {{script: [one]}}\n.b9: {{script: [two]}}\njob: {{extends: .a0}}\n")) == ["two"]


def test_of_more_local_includes_than_gitlab_takes_the_rest_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text("one: {script: x}\n")
    path = tmp_path / ".gitlab-ci.yml"
    asked = ["/none.yml"] * 150 + ["/one.yml"]
    found = facts(f"include: {asked}\njob: {{script: x}}\n", path)
    assert ([one["name"] for one in found["jobs"]], found["complete"]) == (["job"], False)
