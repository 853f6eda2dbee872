"""From paths to units of work."""

import os
from pathlib import Path

import pytest

from compliance.errors import UsageError
from compliance.model import Gap, PassedOver
from compliance.sources.discovery import Unit, UnitKind, discover, standard_input


def lay_out(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")


def found(root: Path, *exclude: str) -> set[tuple[str, str]]:
    units = discover([str(root)], exclude, root)
    return {(one.kind.value, one.path.relative_to(root).as_posix()) for one in units if isinstance(one, Unit)}


def test_units_are_known_by_their_names(tmp_path: Path) -> None:
    lay_out(tmp_path, "a.yaml", "b/c.yml", "b/d.json", "Dockerfile", "web.Dockerfile", "tf/main.tf", "notes.txt")
    assert found(tmp_path) == {
        ("manifest", "a.yaml"),
        ("manifest", "b/c.yml"),
        ("manifest", "b/d.json"),
        ("dockerfile", "Dockerfile"),
        ("dockerfile", "web.Dockerfile"),
        ("terraform", "tf"),
    }


def test_pipelines_are_known_by_their_names_and_folders(tmp_path: Path) -> None:
    lay_out(tmp_path, ".gitlab-ci.yml", "Jenkinsfile", ".github/workflows/build.yml", ".github/dependabot.yml")
    assert found(tmp_path) == {
        ("pipeline", ".gitlab-ci.yml"),
        ("pipeline", "Jenkinsfile"),
        ("pipeline", ".github/workflows/build.yml"),
        ("manifest", ".github/dependabot.yml"),
    }


def test_a_chart_is_one_unit_and_its_templates_are_none(tmp_path: Path) -> None:
    lay_out(
        tmp_path, "chart/Chart.yaml", "chart/values.yaml", "chart/templates/web.yaml", "chart/charts/sub/Chart.yaml"
    )
    assert found(tmp_path) == {("helm", "chart")}


def test_an_overlay_is_a_unit_beside_its_files(tmp_path: Path) -> None:
    lay_out(tmp_path, "kustomization.yaml", "web.yaml")
    assert ("kustomize", ".") in found(tmp_path)


@pytest.mark.parametrize("name", ["Chart.yaml", "kustomization.yaml", "main.tf"])
def test_a_folder_with_the_name_of_a_marker_marks_nothing(tmp_path: Path, name: str) -> None:
    lay_out(tmp_path, f"{name}/web.yaml")
    (tmp_path / "Kustomization").symlink_to("Kustomization")
    assert found(tmp_path) == {("manifest", f"{name}/web.yaml")}


def test_gitignore_files_are_obeyed_with_their_negations(tmp_path: Path) -> None:
    lay_out(tmp_path, "out/a.yaml", "b.yaml", "deep/c.yaml", "deep/keep.yaml")
    (tmp_path / ".gitignore").write_text("out/\n*.yaml\n")
    (tmp_path / "deep" / ".gitignore").write_text("!keep.yaml\n")
    assert found(tmp_path) == {("manifest", "deep/keep.yaml")}


def test_a_gitignore_above_the_path_counts_inside_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    lay_out(tmp_path, "sub/a.yaml", "sub/b.yaml")
    (tmp_path / ".gitignore").write_text("a.yaml\n")
    assert found(tmp_path / "sub") == {("manifest", "b.yaml")}


def test_excluded_patterns_are_left_out(tmp_path: Path) -> None:
    lay_out(tmp_path, "a.yaml", "vendor/b.yaml", "test/c.yaml")
    assert found(tmp_path, "vendor/", "test/*.yaml") == {("manifest", "a.yaml")}


def test_a_file_is_found_once_however_often_it_is_named(tmp_path: Path) -> None:
    lay_out(tmp_path, "a.yaml")
    units = list(discover([str(tmp_path / "a.yaml"), str(tmp_path), str(tmp_path / "a.yaml")]))
    assert len(units) == 1


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    lay_out(tmp_path, "a/b.yaml")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    assert found(tmp_path) == {("manifest", "a/b.yaml")}


def test_a_link_that_leads_out_is_passed_over_and_counted(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("x")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(outside)
    (one,) = discover([str(inside)])
    assert isinstance(one, PassedOver)
    assert "leads out" in one.why


def test_a_broken_link_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    (one,) = discover([str(tmp_path)])
    assert isinstance(one, Gap)


def test_a_pipe_in_a_folder_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert list(discover([str(tmp_path)])) == []


def test_a_path_that_does_not_exist_is_an_error_of_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        list(discover([str(tmp_path / "nowhere")]))


def test_a_terraform_file_stands_for_its_folder(tmp_path: Path) -> None:
    lay_out(tmp_path, "main.tf", "vars.tf")
    units = list(discover([str(tmp_path / "main.tf"), str(tmp_path / "vars.tf")]))
    assert [(one.kind, one.path) for one in units if isinstance(one, Unit)] == [(UnitKind.TERRAFORM, tmp_path)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"FROM alpine\n", UnitKind.DOCKERFILE),
        (b"\xef\xbb\xbf# syntax=x\n\nARG V=1\nFROM a:$V\n", UnitKind.DOCKERFILE),
        (b"apiVersion: v1\n", UnitKind.MANIFEST),
        (b"FROMAGE: brie\n", UnitKind.MANIFEST),
    ],
)
def test_standard_input_is_known_by_how_it_starts(text: bytes, kind: UnitKind) -> None:
    assert standard_input(text).kind is kind
