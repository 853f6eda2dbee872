"""How programs are made: what each kind of recipe refuses, and what it says. Nothing here reaches a network."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import debian
import pytest
import recipes
from commands import run
from debian import DebianPackage, SystemPackage
from making import InstallError

_REAL = Path(__file__).parent
_PROGRAM = b"#!/bin/sh\necho made\n"


class _Fails:
    version = "1"

    def __init__(self, why: str) -> None:
        self.why = why

    def install(self, folder: Path) -> None:
        raise InstallError(f"{self.why} for {folder.name}")


class _Copies:
    version = "1"

    def install(self, folder: Path) -> None:
        (folder / "thing").write_bytes(_PROGRAM)


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A wheel with a program, which pip finds without an index; the program's place in it."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    metadata = "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n"
    tags = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(folder / "thing-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("thing/bin/thing", _PROGRAM)
        archive.writestr("thing-1.0.dist-info/METADATA", metadata)
        archive.writestr("thing-1.0.dist-info/WHEEL", tags)
        archive.writestr("thing-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return "thing/bin/thing"


@pytest.fixture
def noted_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An apt-get that downloads a package of version 1:2.4-1 and notes the sources it was told to use."""
    if shutil.which("dpkg-deb") is None:
        pytest.skip("dpkg-deb is Debian's")
    package = tmp_path / "package"
    (package / "DEBIAN").mkdir(parents=True)
    (package / "usr" / "bin").mkdir(parents=True)
    (package / "usr" / "bin" / "thing").write_bytes(_PROGRAM)
    (package / "DEBIAN" / "control").write_text(
        "Package: thing\nVersion: 1:2.4-1\nArchitecture: all\nMaintainer: Tests\nDescription: x\n"
    )
    run(["dpkg-deb", "--build", package, tmp_path / "thing.deb"])
    noted, programs = tmp_path / "noted", tmp_path / "programs"
    programs.mkdir()
    (programs / "apt-get").write_text(
        "#!/bin/sh\n"
        'for word; do case $word in Dir::Etc::SourceList=*) cat "${word#*=}" ;; esac; done >>' + f"{noted}\n"
        f'case "$*" in *download*) cp {tmp_path}/thing.deb . ;; esac\n'
    )
    (programs / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return noted


def _sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    file = tmp_path / "the-machine's.sources"
    file.write_text(text)
    monkeypatch.setattr(debian, "_APT_SOURCES", (file,))


def _empty(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    folder.mkdir()
    return folder


def test_a_wheel_s_program_is_taken_out_and_runs(wheel: str, tmp_path: Path) -> None:
    made = _empty(tmp_path)

    recipes.Wheel("thing", "1.0", wheel, hashlib.sha256(_PROGRAM).hexdigest()).install(made)

    assert [file.name for file in made.iterdir()] == ["thing"]
    assert run([made / "thing"]) == "made\n"


def test_a_wheel_s_program_of_another_digest_is_refused_and_not_left_there(wheel: str, tmp_path: Path) -> None:
    made = _empty(tmp_path)

    with pytest.raises(InstallError, match=r"SHA-256 [0-9a-f]{64}, not 0{64}"):
        recipes.Wheel("thing", "1.0", wheel, "0" * 64).install(made)

    assert not list(made.iterdir())


def test_a_wheel_is_for_one_kind_of_machine(wheel: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")

    with pytest.raises(InstallError, match="Linux on x86-64 only"):
        recipes.Wheel("thing", "1.0", wheel, "").install(tmp_path)


@pytest.mark.parametrize(
    "listed",
    [
        "Types: deb\nURIs: http://packages.example.invalid/debian\nSuites: stable\n",
        "# deb http://old.example.invalid/debian x\ndeb http://packages.example.invalid/debian stable main\n",
        "deb [arch=amd64 signed-by=/a/key] http://packages.example.invalid/debian stable main\n",
    ],
    ids=["deb822", "one line", "options"],
)
def test_a_package_comes_from_the_machine_s_mirror_and_is_signed_by_debian(
    noted_sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: str
) -> None:
    _sources(tmp_path, monkeypatch, listed)
    made = _empty(tmp_path)

    DebianPackage("thing", "thing", "thing2", "2", suite="trixie").install(made)

    assert (made / "thing2").read_bytes() == _PROGRAM
    keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
    assert set(noted_sources.read_text().splitlines()) == {
        f"deb [signed-by={keys}] http://packages.example.invalid/debian trixie main"
    }


@pytest.mark.usefixtures("noted_sources")
def test_a_package_of_another_major_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _sources(tmp_path, monkeypatch, "deb http://packages.example.invalid/debian stable main\n")

    with pytest.raises(InstallError, match=r"forky has thing 1:2\.4-1, not 3"):
        DebianPackage("thing", "thing", "thing", "3", suite="forky").install(_empty(tmp_path))


def test_a_machine_without_debian_s_packages_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _sources(tmp_path, monkeypatch, "")

    with pytest.raises(InstallError, match="no list of Debian's packages"):
        DebianPackage("thing", "thing", "thing", "1").install(tmp_path)


def test_the_first_recipe_that_works_is_taken(tmp_path: Path) -> None:
    made = _empty(tmp_path)

    recipes.FirstOf("1", [_Fails("no package"), _Copies(), _Fails("never asked")]).install(made)

    assert (made / "thing").is_file()


def test_when_no_recipe_works_every_reason_is_told(tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="no package for made; no compiler for made"):
        recipes.FirstOf("1", [_Fails("no package"), _Fails("no compiler")]).install(tmp_path / "made")


def test_a_system_package_is_installed_by_root_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(InstallError, match="it needs root: run `apt-get install thing`"):
        SystemPackage("thing").install(tmp_path)


def test_of_a_system_package_in_several_versions_the_newest_counts(tmp_path: Path) -> None:
    package = SystemPackage("thing", program=f"{tmp_path}/*/bin/thing")
    assert package.found() is None
    for version in ("9", "15"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "thing").touch()
    assert package.found() == tmp_path / "15" / "bin" / "thing"


def test_a_lock_file_names_no_registry_and_a_digest_for_every_package() -> None:
    packages = json.loads((_REAL / "keyless" / "package-lock.json").read_bytes())["packages"]

    others = [package for name, package in packages.items() if name]
    assert others
    assert all("resolved" not in package and "integrity" in package for package in others)


def test_files_of_a_module_become_one_file_of_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "module"
    module.mkdir()
    for name in ("a.yaml", "b.yaml"):
        (module / name).write_text(f"name: {name}\n")
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text(f"#!/bin/sh\necho \"$*\" > {tmp_path}/asked\necho '{json.dumps({'Dir': str(module)})}'\n")
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{go.parent}:/usr/bin:/bin")
    made = _empty(tmp_path)

    recipes.GoModuleFiles("example.org/thing", "v1.2.3", ("a.yaml", "b.yaml"), "all.yaml").install(made)

    assert (made / "all.yaml").read_text() == "---\nname: a.yaml\n---\nname: b.yaml\n"
    assert (tmp_path / "asked").read_text() == "mod download -json example.org/thing@v1.2.3\n"
