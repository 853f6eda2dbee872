"""The door: formats by name, files, folders that are missing, standard output, GitHub's summary file."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from compliance import output
from compliance.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.model import Assessment, Decision


@pytest.fixture(autouse=True)
def _no_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


@pytest.mark.parametrize("name", output.FORMATS)
def test_every_format_tells_of_every_assessment(
    assessment: Assessment,
    decision: Decision,
    nothing: tuple[Assessment, Decision],
    clean: tuple[Assessment, Decision],
    name: str,
    tmp_path: Path,
) -> None:
    for given in ((assessment, decision), nothing, clean):
        file = tmp_path / name
        output.write(name, file, *given)
        written = file.read_text(encoding="utf-8")
        assert written == output.render(name, *given).encode("utf-8", "backslashreplace").decode()
        assert not written or written.endswith("\n")


def test_an_unknown_format_lists_those_there_are(assessment: Assessment, decision: Decision, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no output format 'pdf'") as caught:
        output.write("pdf", tmp_path / "a.pdf", assessment, decision)
    assert "sarif" in caught.value.remedy
    assert not (tmp_path / "a.pdf").exists()


def test_a_missing_folder_is_made(assessment: Assessment, decision: Decision, tmp_path: Path) -> None:
    output.write("json", tmp_path / "reports" / "today" / "a.json", assessment, decision)
    assert json.loads((tmp_path / "reports" / "today" / "a.json").read_bytes())


def test_a_file_that_cannot_be_written_is_named(assessment: Assessment, decision: Decision, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written") as caught:
        output.write("json", tmp_path, assessment, decision)
    assert str(tmp_path) in str(caught.value)
    assert caught.value.remedy


def test_a_dash_is_standard_output(
    assessment: Assessment, decision: Decision, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    output.write("json", "-", assessment, decision)
    assert capfdbinary.readouterr().out.decode() == output.render("json", assessment, decision)


def test_the_job_summary_is_appended_where_github_wants_it(
    assessment: Assessment, decision: Decision, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    output.write("github", tmp_path / "a.txt", assessment, decision)
    assert summary.read_text(encoding="utf-8").startswith("before\n## Compliance: refused\n")


def test_other_formats_leave_the_job_summary_alone(
    assessment: Assessment, decision: Decision, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    output.write("json", tmp_path / "a.json", assessment, decision)
    assert not (tmp_path / "summary.md").exists()


def test_the_door_loads_no_template_engine_and_no_terminal_library() -> None:
    program = (
        "import sys; from compliance.output import FORMATS, render; import compliance.output.json_result; "
        "sys.exit(str({'jinja2', 'rich', 'jsonschema_rs'} & set(sys.modules)) if "
        "{'jinja2', 'rich', 'jsonschema_rs'} & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)  # noqa: S603 - our own program
    assert (done.returncode, done.stderr) == (0, b"")
