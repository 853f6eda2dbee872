"""`compliance waivers audit` and `compliance waivers add`, as a user meets them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from compliance.cli.waivers import app
from compliance.errors import ConfigurationError, UsageError, WaiverFileError
from compliance.model import Assessment, Decision, ExitCode, Origin, Span, Waiver, WaiverReport, WaiverState
from compliance.output import json_result

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion
    from typer.testing import Result

FILE = """\
# the batch jobs have no traffic
- rule: probes.missing_readiness
  subject: Deployment/prod/report-*
  reason: batch only
  approved_by: Ada
  expires: 2027-06-30
- rule: probes.*
  subject: Deployment/test/**
  reason: a playground
  approved_by: Ada
  expires: 2026-06-30
- rule: probes.missing_liveness
  subject: Deployment/prod/old
  reason: goes away
  approved_by: Bob
  expires: 2026-01-31
- rule: probes.missing_livenes
  subject: Deployment/prod/old
  reason: "[red]not[/red] a style"
  approved_by: Bob
  expires: 2026-12-31
"""
GOOD = "".join(FILE.splitlines(keepends=True)[:6])
ADD = [
    "add",
    "--rule=probes.missing_readiness",
    "--subject=Deployment/prod/web",
    "--reason=batch only",
    "--approved-by=Ada",
    "--expires=2999-12-31",
]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "150", "NO_COLOR": "1"}).invoke(app, [*arguments])


def saved(file: Path, *reports: WaiverReport) -> None:
    assessment = Assessment(
        taken_at=datetime(2026, 6, 14, tzinfo=UTC),
        tool_version="0",
        rules_digest="d",
        engine="wasm",
        targets=(),
        inputs=(),
        subjects=0,
        judged={},
        findings=(),
        gaps=(),
        passed_over=(),
        rules={},
        waivers=reports,
    )
    file.write_text(json_result.render(assessment, Decision(ExitCode.NOT_JUDGED, ())))


def test_audit_lists_what_needs_attention(repository: Path, snapshot: SnapshotAssertion) -> None:
    (repository / "compliance-waivers.yaml").write_text(FILE)
    result = run("audit", "--on=2026-06-15")
    assert result.exit_code == 1
    assert result.stdout == snapshot


def test_audit_is_content_with_waivers_that_hold(repository: Path) -> None:
    (repository / "compliance-waivers.yaml").write_text(GOOD)
    result = run("audit", "--on=2026-06-15")
    assert (result.exit_code, result.stdout) == (0, "1 waiver, 0 need attention\n")


def test_audit_of_what_expires_soon_is_no_failure(repository: Path) -> None:
    (repository / "compliance-waivers.yaml").write_text(GOOD)
    result = run("audit", "--on=2026-06-15", "--within=400")
    assert result.exit_code == 0
    assert "expiring" in result.stdout


def test_a_result_adds_the_unused_and_the_inline_ones(repository: Path, snapshot: SnapshotAssertion) -> None:
    (repository / "compliance-waivers.yaml").write_text(GOOD)
    day = date(2027, 6, 30)
    unused = Waiver("probes.missing_readiness", "Deployment/prod/report-*", "batch only", "Ada", day, None, Origin("x"))
    inline = Waiver("probes.missing_liveness", "Deployment/a", "r", "Bob", None, None, Origin("a.yaml", Span(4)))
    forbidden = WaiverReport(inline, WaiverState.INVALID, 0, "inline waivers are forbidden here")
    saved(repository / "result.json", WaiverReport(unused, WaiverState.UNUSED, 0), forbidden)
    result = run("audit", "--result=result.json", "--on=2026-06-15")
    assert result.exit_code == 1
    assert result.stdout == snapshot


def test_what_a_waiver_says_cannot_reach_the_terminal_as_a_command(repository: Path) -> None:
    file = GOOD.replace("batch only", r'"\e[2Jgone"').replace("2027-06-30", "2026-06-14")
    (repository / "compliance-waivers.yaml").write_text(file)
    result = run("audit", "--on=2026-06-15")
    assert "gone" in result.stdout
    assert "\x1b" not in result.stdout


def test_audit_without_anything_to_audit_is_a_usage_error(repository: Path) -> None:
    assert isinstance(run("audit").exception, UsageError)
    assert not list(repository.glob("*.yaml"))


@pytest.mark.parametrize("content", [None, b"\xff", b"{}", b"nonsense"])
def test_a_result_that_cannot_be_read_is_an_error_with_its_name(repository: Path, content: bytes | None) -> None:
    if content is not None:
        (repository / "result.json").write_bytes(content)
    error = run("audit", "--result=result.json").exception
    assert isinstance(error, ConfigurationError)
    assert str(error).startswith("result.json")


def test_add_makes_the_file_and_audit_reads_it(repository: Path) -> None:
    result = run(*ADD)
    assert result.exit_code == 0, result.exception
    assert "added to compliance-waivers.yaml: probes.missing_readiness on Deployment/prod/web" in result.stdout
    assert (repository / "compliance-waivers.yaml").exists()
    assert run("audit").exit_code == 0


def test_add_keeps_comments_and_writes_what_was_said(repository: Path, snapshot: SnapshotAssertion) -> None:
    (repository / "mine.yaml").write_text(GOOD)
    result = run(*ADD, "--at=containers[web]", "--ticket=OPS-7", "--file=mine.yaml")
    assert result.exit_code == 0, result.exception
    assert (repository / "mine.yaml").read_text() == snapshot


def test_add_uses_the_configured_file_and_its_limit(repository: Path) -> None:
    (repository / "compliance.yaml").write_text("waivers: policy.yaml\nwaiver_max_days: 30\n")
    error = run(*ADD).exception
    assert isinstance(error, UsageError)
    assert "waiver_max_days allows 30" in str(error)
    assert not (repository / "policy.yaml").exists()


def test_add_refuses_a_rule_that_is_not_there(repository: Path) -> None:
    error = run(*ADD[:1], "--rule=probes.missing_readines", *ADD[2:]).exception
    assert isinstance(error, UsageError)
    assert "did you mean 'probes.missing_readiness'?" in str(error)
    assert not list(repository.glob("*.yaml"))


def test_add_leaves_a_file_that_is_no_list_alone(repository: Path) -> None:
    file = repository / "compliance-waivers.yaml"
    file.write_text("text\n")
    assert isinstance(run(*ADD).exception, WaiverFileError)
    assert file.read_text() == "text\n"
