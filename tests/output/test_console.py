"""The terminal, narrow and wide, with and without colours; hostile names; thousands of findings."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from rich.console import Console

from compliance.model import Decision, ExitCode, PassedOver
from compliance.output import console

if TYPE_CHECKING:
    from collections.abc import Callable

    from syrupy.assertion import SnapshotAssertion

    from compliance.model import Assessment


def _shown(assessment: Assessment, decision: Decision, width: int = 80, *, terminal: bool = False) -> str:
    file = io.StringIO()
    screen = Console(
        file=file,
        width=width,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
        legacy_windows=False,
    )
    console.show(assessment, decision, screen)
    return file.getvalue()


@pytest.mark.parametrize("width", [80, 200])
def test_the_terminal_reads_like_this(
    assessment: Assessment, decision: Decision, snapshot: SnapshotAssertion, width: int
) -> None:
    assert _shown(assessment, decision, width) == snapshot


@pytest.mark.parametrize("width", [40, 80, 139, 140, 200, 400])
def test_no_line_is_wider_than_the_terminal(assessment: Assessment, decision: Decision, width: int) -> None:
    assert max(cell_len(line) for line in _shown(assessment, decision, width).splitlines()) <= width


def test_a_terminal_of_no_width_does_no_harm(assessment: Assessment, decision: Decision) -> None:
    assert "refused" in _shown(assessment, decision, 1)


def test_the_last_line_is_the_verdict_with_its_reasons_and_exit_code(
    assessment: Assessment, decision: Decision
) -> None:
    assert _shown(assessment, decision, 400).splitlines()[-1] == (
        "✖ refused (exit code 1): 3 findings at or above high "
        "(infrastructure.open_ingress 1, probes.missing_readiness 1, …); not judged: 2 gaps (collect 1, evaluate 1)"
    )


def test_the_counts_and_the_coverage_stand_above_the_verdict(assessment: Assessment, decision: Decision) -> None:
    counts, coverage = _shown(assessment, decision, 400).splitlines()[-3:-1]
    assert counts == (
        "7 findings: 1 critical, 3 high, 1 medium, 1 low, 1 info; 5 new, 3 known, 1 fixed; 1 waived; 1 only warn"
    )
    assert coverage == (
        "judged 5 subjects with 7 rules; 2 not judged; 2 passed over; "
        "scanned by trivy 0.59.1 with a database of 2026-02-01, 2 days old; "
        "scanned by grype with a database of unknown age; "
        "cluster prod (v1.34.2): 1250 objects, 900 of them judged with what made them, 61 API requests"
    )


def test_a_pipe_gets_no_escape_and_a_terminal_gets_only_ours(assessment: Assessment, decision: Decision) -> None:
    assert "\x1b" not in _shown(assessment, decision)
    coloured = _shown(assessment, decision, terminal=True)
    assert set(re.findall(r"\x1b[^m]*m", coloured)) <= {
        f"\x1b[{code}m" for code in ("0", "1", "2", "31", "32", "33", "36", "1;31", "1;33")
    }
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == _shown(assessment, decision)


def test_names_are_no_markup_and_no_command(assessment: Assessment, decision: Decision) -> None:
    finding = replace(assessment.findings[0], message="[red]image[/red] :smile: [link=http://evil.example]x[/link]")
    shown = _shown(replace(assessment, findings=(finding,)), decision, 200)
    assert "[red]image[/red] :smile: [link=http://evil.example]x[/link]" in re.sub(r"\s+", " ", shown)
    assert not re.search(r"^\s*::", _shown(assessment, decision), re.MULTILINE)


def test_a_terminal_that_knows_only_ascii_gets_ascii(assessment: Assessment, decision: Decision) -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii")
    console.show(assessment, decision, Console(file=file, width=80, color_system=None, legacy_windows=False))
    file.flush()
    shown = raw.getvalue().decode("ascii")
    assert "x high" in shown
    assert "gr\\xf6\\xdfe-\\u6771\\u4eac" in shown


def test_only_the_most_severe_of_thousands_are_shown(many: Callable[[int], Assessment], decision: Decision) -> None:
    shown = _shown(many(1000), decision)
    assert shown.count("◆ critical") == 200
    assert "high " not in shown.partition("1000 findings")[0].replace("at or above high", "")
    assert "800 more, less severe: see all with -o json=FILE or -o html=FILE" in shown


def test_many_gaps_are_cut_and_counted(assessment: Assessment, decision: Decision) -> None:
    shown = _shown(replace(assessment, gaps=assessment.gaps * 40), decision)
    assert "Could not be judged (80)" in shown
    assert "30 more: see all with -o json=FILE" in shown


def test_a_clean_run_is_short(clean: tuple[Assessment, Decision], snapshot: SnapshotAssertion) -> None:
    assert _shown(*clean) == snapshot


def test_nothing_judged_says_so(nothing: tuple[Assessment, Decision]) -> None:
    shown = _shown(*nothing)
    assert "Could not be judged (1)" in shown
    assert shown.splitlines()[-1] == "? not judged (exit code 3): nothing was found to judge"


def test_a_decision_without_reasons_still_ends_with_the_verdict(clean: tuple[Assessment, Decision]) -> None:
    passed_over = replace(clean[0], passed_over=(PassedOver("a", "b"),))
    assert _shown(passed_over, Decision(ExitCode.CLEAN, ())).splitlines()[-1] == "✔ clean (exit code 0)"


def test_the_same_text_goes_into_a_file_without_colours(
    assessment: Assessment, decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert console.render(assessment, decision) == _shown(assessment, decision, console.FILE_WIDTH)
