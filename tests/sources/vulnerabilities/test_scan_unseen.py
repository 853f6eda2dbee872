"""What scanners pass over in silence, and what a scan says of it."""

from dataclasses import replace

import grype_databases
import pytest
from scan_workplace import Workplace, recorded


def test_a_distribution_without_packages_is_a_gap(workplace: Workplace) -> None:
    report = recorded("trivy.json")
    report["Results"] = [{"Target": "web (debian 12.0)", "Class": "os-pkgs", "Type": "debian"}]
    workplace.trivy(workplace.write("trivy.json", report))
    workplace.only("trivy")
    assert workplace.gaps() == ["trivy recognised debian 12.0 and none of its packages: they are not judged"]


def test_an_image_in_which_nothing_is_seen_is_a_gap(workplace: Workplace) -> None:
    workplace.trivy(workplace.write("trivy.json", {"Metadata": {}}))
    workplace.only("trivy")
    assert workplace.gaps() == ["trivy recognised no package: there was nothing that it could judge"]


def test_a_distribution_that_a_scanner_does_not_know_is_a_gap(workplace: Workplace) -> None:
    report = recorded("trivy.json")
    del report["Metadata"]["OS"]
    report["Results"] = [each for each in report["Results"] if each["Class"] == "lang-pkgs"]
    workplace.trivy(workplace.write("trivy.json", report))
    workplace.content = replace(workplace.content, os_release="void")
    workplace.only("trivy")
    assert workplace.gaps() == ["trivy does not know the distribution void: its packages are not judged"]
    assert len(workplace.found()) == 2


def test_packages_that_a_scanner_sees_and_does_not_judge_are_a_gap(workplace: Workplace) -> None:
    report = recorded("trivy.json")
    package = {"Name": "numpy", "Version": "1.0", "Identifier": {"PURL": "pkg:conda/numpy@1.0"}}
    report["Results"].append({"Class": "lang-pkgs", "Type": "conda-pkg", "Packages": [package]})
    workplace.trivy(workplace.write("trivy.json", report))
    assert workplace.gaps() == ["trivy judges no packages of conda-pkg: 1 are not judged"]


def test_what_one_scanner_does_not_judge_and_the_other_does_is_no_gap(workplace: Workplace) -> None:
    report = recorded("trivy.json")
    report["Results"][1]["Type"] = "unheard-of"
    workplace.trivy(workplace.write("trivy.json", report))
    assert workplace.gaps() == []
    workplace.only("trivy")
    assert workplace.gaps() == ["trivy judges no packages of unheard-of: 3 are not judged"]


def test_an_ended_distribution_is_a_fact(workplace: Workplace) -> None:
    report = recorded("trivy.json")
    report["Metadata"]["OS"]["EOSL"] = True
    workplace.trivy(workplace.write("trivy.json", report))
    body = workplace.scan().body
    assert body is not None
    assert body["distribution"]["ended"] is True


@pytest.mark.parametrize(("day", "ended"), [("2026-01-02", True), ("2026-01-03", False)])
def test_a_distribution_has_ended_after_its_last_day(workplace: Workplace, day: str, ended: bool) -> None:  # noqa: FBT001
    grype_databases.write(workplace.folder / "grype", ends=f"{day} 00:00:00+00:00")
    body = workplace.scan().body
    assert body is not None
    assert body["distribution"] == {"name": "debian", "version": "12.0", "end_of_life": day, "ended": ended}
