"""`compliance scan` as a user meets it: options, outputs, messages and exit codes."""

import io
import json
from pathlib import Path

import pytest

from compliance.cli import main

GOOD = """apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data: {level: info}
"""
BAD = """apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/web:latest
"""
BROKEN = "apiVersion: v1\nkind: Pod\nmetadata: [\n"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["scan", *arguments])
    return int(stop.value.code or 0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPA_URL", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a.yaml": GOOD}, 0),
        ({"a.yaml": BAD}, 1),
        ({"a.yaml": GOOD, "b.yaml": BROKEN}, 3),
        ({"a.yaml": BAD, "b.yaml": BROKEN}, 1),
        ({"notes.txt": "x"}, 3),
        ({"a.yaml": "replicas: 1\n"}, 3),
    ],
    ids=["clean", "refused", "not judged", "refused wins", "nothing found", "nothing to judge"],
)
def test_the_exit_code_tells(folder: Path, files: dict[str, str], code: int) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)
    assert run(".") == code


def test_the_table_names_place_reason_remedy_and_verdict(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "web.yaml").write_text(BAD)
    run("web.yaml")
    out = capsys.readouterr().out
    for part in ("web.yaml:8:7", "runs the moving tag latest", "Name the version", "refused", "\n"):
        assert part in out
    assert "\x1b" not in out


@pytest.mark.parametrize("name", ["json", "sarif", "junit", "gitlab", "github", "html"])
def test_every_format_is_written(folder: Path, name: str) -> None:
    (folder / "web.yaml").write_text(BAD)
    assert run("web.yaml", "-q", "-o", f"{name}=out/report") == 1
    assert "versioned_tags.floating_tag" in (folder / "out" / "report").read_text()


def test_several_reports_come_from_one_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "web.yaml").write_text(BAD)
    run("web.yaml", "-o", "json=-", "-o", "sarif=scan.sarif")
    assert json.loads(capsys.readouterr().out)["decision"]["exit_code"] == 1
    assert json.loads((folder / "scan.sarif").read_text())["version"] == "2.1.0"


def test_standard_input_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - the working folder
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert run("-", "-q") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.yaml"], "nowhere.yaml does not exist"),
        ([".", "-o", "pdf=x"], "-o pdf=x is no FORMAT=FILE"),
        ([".", "-o", "json"], "-o json is no FORMAT=FILE"),
        ([".", "--fail-on", "awful"], "'awful' is no severity"),
        ([".", "--fail-on-new"], "--fail-on-new needs a baseline"),
        ([".", "--engine", "guess"], "'guess'"),
        ([".", "--kubernetes-version", "1.7"], "no schemas of Kubernetes 1.7"),
        ([".", "--config", "nowhere.yaml"], "nowhere.yaml"),
        ([".", "--var-file", "nowhere.tfvars"], "nowhere.tfvars"),
        ([], "PATH"),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_says_why(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (folder / "a.yaml").write_text(GOOD)
    assert run(*arguments) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err


def test_the_threshold_decides(folder: Path) -> None:
    (folder / "web.yaml").write_text(BAD)
    assert run(".", "-q", "--fail-on", "never") == 0
    assert run(".", "-q", "--fail-on", "critical") == 0
    assert run(".", "-q", "--fail-on", "HIGH") == 1


def test_the_configuration_beside_the_files_is_used(folder: Path) -> None:
    (folder / "web.yaml").write_text(BAD)
    (folder / "compliance.yaml").write_text("version: 1\nexclude: [web.yaml]\n")
    assert run(".", "-q") == 3
    (folder / "compliance.yaml").write_text("version: 1\nfail_on: critical\n")
    assert run(".", "-q") == 0


def test_an_unknown_key_is_named_with_file_and_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "web.yaml").write_text(BAD)
    (folder / "compliance.yaml").write_text("version: 1\nfail-on: high\n")
    assert run(".") == 2
    assert "compliance.yaml:2:1" in capsys.readouterr().err


def test_a_baseline_lets_known_findings_pass_and_refuses_new_ones(folder: Path) -> None:
    (folder / "web.yaml").write_text(BAD)
    assert run(".", "-q", "--write-baseline", "baseline.json") == 0
    options = (".", "-q", "--baseline", "baseline.json", "--fail-on-new", "--exclude", "baseline.json")
    assert run(*options) == 0
    (folder / "more.yaml").write_text(BAD.replace("name: web\nspec", "name: other\nspec"))
    assert run(*options) == 1


def test_writing_a_baseline_does_not_hide_what_could_not_be_judged(folder: Path) -> None:
    (folder / "web.yaml").write_text(BAD)
    (folder / "broken.yaml").write_text(BROKEN)
    assert run(".", "-q", "--write-baseline", "baseline.json") == 3


def test_a_waiver_opens_the_gate_until_it_expires(folder: Path) -> None:
    (folder / "web.yaml").write_text(BAD)
    waiver = {"rule": "*", "subject": "Pod/web", "reason": "demo", "approved_by": "Ada", "expires": "2999-01-01"}
    (folder / "waivers.yaml").write_text(json.dumps([waiver]))
    assert run("web.yaml", "-q", "--waivers", "waivers.yaml") == 0
    (folder / "waivers.yaml").write_text(json.dumps([waiver | {"expires": "2020-01-01"}]))
    assert run("web.yaml", "-q", "--waivers", "waivers.yaml") == 1


def test_findings_piped_into_a_file_have_no_colour(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "web.yaml").write_text(BAD)
    run(".")
    assert "\x1b[" not in capfd.readouterr().out
