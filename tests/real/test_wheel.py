"""The wheel: built from the checkout, installed alone into an empty environment, used from another folder."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import compliance

_ROOT = Path(__file__).resolve().parents[2]
_DATA = ("rules", "reports")
_UV = Path(sys.executable).with_name("uv")

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("wheel")]


def _run(*argv: str | Path, cwd: Path = _ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - programs of this environment
        [str(part) for part in argv], cwd=cwd, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("dist")
    done = _run(_UV, "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", built)
    assert done.returncode == 0, done.stderr
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that holds the wheel and its locked dependencies, and nothing else."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    for arguments in (["--require-hashes", "-r", "requirements/runtime.txt"], ["--no-deps", wheel]):
        done = _run(_UV, "pip", "install", "--quiet", "--python", python, *arguments)
        assert done.returncode == 0, done.stderr
    return home / "bin" / "compliance"


def test_the_wheel_holds_the_rules_and_reports_of_the_checkout_and_nothing_else_of_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    packed = {name.removeprefix("compliance/_data/") for name in names if name.startswith("compliance/_data/")}
    tracked = {
        file.relative_to(_ROOT).as_posix() for part in _DATA for file in (_ROOT / part).rglob("*") if file.is_file()
    }

    assert packed == tracked
    assert {"rules/compiled/policy.wasm", "rules/compiled/catalogue.json"} <= packed
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"compliance", "immutable_compliance"}


def test_the_installed_command_knows_its_version(program: Path, tmp_path: Path) -> None:
    done = _run(program, "--version", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert compliance.__version__ in done.stdout


@pytest.mark.parametrize(("example", "expected"), [("seed/statefulset.yaml", 1), ("good/kubernetes", 0)])
def test_the_installed_command_judges_with_the_rules_of_the_wheel(
    program: Path, tmp_path: Path, example: str, expected: int
) -> None:
    done = _run(program, "scan", _ROOT / "examples" / example, cwd=tmp_path)

    assert done.returncode == expected, done.stdout + done.stderr
