"""The installer of the real tests' programs, and that the programs are the ones it names."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import recipes

if TYPE_CHECKING:
    from types import ModuleType


class _Copies:
    """A recipe that writes a file, and counts how often it was asked."""

    version = "1"

    def __init__(self, name: str) -> None:
        self.name = name
        self.times = 0

    def install(self, folder: Path) -> None:
        self.times += 1
        (folder / self.name).write_text("#!/bin/sh\n")


@pytest.fixture
def cached(installer: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("COMPLIANCE_TOOLS", str(tmp_path / "cache"))
    return installer


def _only(cached: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str, made: str) -> _Copies:
    recipe = _Copies(made)
    monkeypatch.setattr(cached, "_ALL", {name: recipe})
    monkeypatch.setattr(cached, "TESTS", {name: recipe})
    return recipe


def test_a_program_is_built_once_and_then_reused(cached: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = _only(cached, monkeypatch, "thing", made="thing")

    first, second = cached.install("thing"), cached.install("thing")

    assert first == second == cached.installed("thing")
    assert recipe.times == 1


def test_what_is_built_together_is_built_once_under_each_of_its_names(
    cached: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = tmp_path / "asked"
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    made = 'for name in server kwok; do echo "#!/bin/sh" > "$folder/$name"; done'
    take = 'for word; do [ "$last" = -o ] && folder=$word; last=$word; done'
    go.write_text(f"#!/bin/sh\necho asked >> {asked}\n{take}\n{made}\n")
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{go.parent}:{os.environ['PATH']}")
    packages = (("etcd", "go.etcd.io/etcd/server/v3"), ("kwok", "sigs.k8s.io/kwok/cmd/kwok"))
    recipe = recipes.GoPrograms("control_plane", packages, link="-s")
    monkeypatch.setattr(cached, "_ALL", dict.fromkeys(recipe.programs, recipe))

    etcd, kwok = cached.install("etcd"), cached.install("kwok")

    assert etcd.parent == kwok.parent
    assert (etcd.name, kwok.name) == ("etcd", "kwok")
    assert asked.read_text().splitlines() == ["asked"]
    assert cached.search_path() == str(etcd.parent)


def test_another_version_never_answers_for_the_one_that_is_named(
    cached: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = _only(cached, monkeypatch, "thing", made="thing")
    cached.install("thing")
    recipe.version = "2"

    assert cached.installed("thing") is None
    assert cached.search_path() == ""


def test_a_build_that_leaves_no_program_is_an_error_and_leaves_nothing_behind(
    cached: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _only(cached, monkeypatch, "thing", made="something-else")

    assert cached.main([]) == 1
    assert cached.installed("thing") is None
    assert "left no program of that name" in capsys.readouterr().err


def test_without_go_the_installer_says_what_is_missing(
    cached: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert cached.main(["opa"]) == 1
    assert "it needs Go" in capsys.readouterr().err


@pytest.mark.real
@pytest.mark.parametrize(("name", "arguments"), [("opa", ["version"]), ("helm", ["version", "--short"])])
def test_a_program_is_the_version_that_the_table_names(
    name: str, arguments: list[str], request: pytest.FixtureRequest, installer: ModuleType
) -> None:
    program = request.getfixturevalue(name)

    printed = subprocess.run([program, *arguments], capture_output=True, text=True, check=True, timeout=60).stdout  # noqa: S603 - a program that we built

    shown = re.search(r"\d+\.\d+", printed)
    assert shown is not None
    assert installer.TESTS[name].version.startswith(f"v{shown.group()}")


@pytest.mark.real
@pytest.mark.parametrize(
    ("fixture", "arguments", "shown"),
    [
        ("kustomize", ["version"], r"v5\.8\.2"),
        ("cosign2", ["version"], "GitVersion"),
        ("cosign3", ["version"], "GitVersion"),
        ("trivy", ["--version"], r"Version: 0\.59\.1"),
        ("grype", ["--version"], r"0\.120\.0"),
        ("syft", ["--version"], r"1\.18\.1"),
        ("skopeo", ["--version"], r"skopeo version 1\."),
        ("buildah", ["--version"], r"buildah version 1\."),
        ("docker_registry_program", ["--version"], r"\s2\.8"),
        ("busybox", ["--help"], "BusyBox v1"),
    ],
)
def test_every_program_of_the_tests_starts(
    fixture: str, arguments: list[str], shown: str, request: pytest.FixtureRequest
) -> None:
    program = request.getfixturevalue(fixture)

    printed = subprocess.run([program, *arguments], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 - a program that we built

    assert re.search(shown, printed.stdout + printed.stderr)


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "arguments", "shown"),
    [
        ("etcd", ["--version"], r"etcd Version: 3\.7"),
        ("kube-apiserver", ["--version"], r"Kubernetes v1\.37\.1"),
        ("kube-controller-manager", ["--version"], r"Kubernetes v1\.37\.1"),
        ("kube-scheduler", ["--version"], r"Kubernetes v1\.37\.1"),
        ("kubectl", ["version", "--client"], r"Client Version: v1\.37\.1"),
        ("kwok", ["--version"], "kwok version"),
    ],
)
def test_every_part_of_the_control_plane_starts(
    name: str, arguments: list[str], shown: str, control_plane_programs: dict[str, Path]
) -> None:
    command = [control_plane_programs[name], *arguments]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 - likewise

    assert re.search(shown, printed.stdout + printed.stderr)


@pytest.mark.real
def test_the_two_versions_of_cosign_never_answer_for_one_another(cosign2: Path, cosign3: Path, tool_path: str) -> None:
    folders = [Path(folder) for folder in tool_path.split(os.pathsep)]

    assert {cosign2.parent, cosign3.parent} <= set(folders)
    assert not (cosign2.parent / "cosign").exists()
    assert not (cosign3.parent / "cosign").exists()
    assert cosign2.read_bytes() != cosign3.read_bytes()
