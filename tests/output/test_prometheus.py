"""Metrics: what Prometheus' own parser reads of them, how many series there are, and that no file is read by halves."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from compliance import output
from compliance.errors import UsageError
from compliance.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from compliance.model import Assessment, Decision

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(assessment: Assessment, decision: Decision) -> Samples:
    families = text_string_to_metric_families(output.render("prometheus", assessment, decision))
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def one(found: Samples, name: str, **labels: str) -> float:
    (value,) = (value for key, value in found.items() if key[0] == name and labels.items() <= dict(key[1]).items())
    return value


def test_a_run_as_metrics(assessment: Assessment, decision: Decision, snapshot: SnapshotAssertion) -> None:
    assert output.render("prometheus", assessment, decision) == snapshot


def test_counts_are_those_of_the_result(assessment: Assessment, decision: Decision) -> None:
    found = samples(assessment, decision)
    still_open = [finding for finding in assessment.findings if finding.waiver is None]
    total = sum(value for (name, _), value in found.items() if name == "compliance_findings")
    assert total == len(still_open)
    assert sum(value for (name, _), value in found.items() if name == "compliance_waived_findings") == 1
    assert one(found, "compliance_gaps", stage="collect") == 1
    assert one(found, "compliance_last_run_exit_code") == 1
    assert one(found, "compliance_last_run_timestamp_seconds") == assessment.taken_at.timestamp()
    assert one(found, "compliance_last_run_api_requests", cluster="prod") == 61


def test_a_clean_run_has_a_zero_for_every_severity(clean: tuple[Assessment, Decision]) -> None:
    found = samples(*clean)
    zeros = {
        dict(labels)["severity"]
        for (name, labels), value in found.items()
        if name == "compliance_findings" and value == 0 and dict(labels)["pack"] == "probes"
    }
    assert zeros == {severity.label for severity in Severity}


def test_every_metric_names_its_scope_so_that_two_files_stand_beside_each_other(
    assessment: Assessment, decision: Decision
) -> None:
    scopes = {dict(labels)["scope"] for _, labels in samples(assessment, decision)}
    assert scopes == {"-, my terraform, shop"}


def test_the_number_of_series_does_not_grow_with_findings(
    many: Callable[[int], Assessment], decision: Decision
) -> None:
    assert len(samples(many(10), decision)) == len(samples(many(2000), decision))


def test_a_label_is_one_line_however_a_cluster_is_called(assessment: Assessment, decision: Decision) -> None:
    hostile = 'a"\\\n} 1\ncompliance_findings{x="\x00\ud800' + "b" * 1000
    reading = replace(assessment.clusters[0], name=hostile)
    found = samples(replace(assessment, clusters=(reading,)), decision)
    assert {name for name, _ in found} <= {name for name, _ in samples(assessment, decision)}
    assert max(len(value) for _, labels in found for _, value in labels) <= 253


def test_a_collector_never_reads_half_a_file(assessment: Assessment, decision: Decision, tmp_path: Path) -> None:
    file = tmp_path / "compliance.prom"
    file.write_text("old\n")
    with file.open() as reading:
        output.write("prometheus", file, assessment, decision)
        assert reading.read() == "old\n"
    assert file.read_text() == output.render("prometheus", assessment, decision)
    assert [path.name for path in tmp_path.iterdir()] == ["compliance.prom"]


def test_the_collectors_user_may_read_the_file(assessment: Assessment, decision: Decision, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        output.write("prometheus", tmp_path / "a.prom", assessment, decision)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.prom").stat().st_mode) == 0o644


def test_a_link_is_followed_and_stays(assessment: Assessment, decision: Decision, tmp_path: Path) -> None:
    (tmp_path / "a.prom").symlink_to(tmp_path / "b.prom")
    output.write("prometheus", tmp_path / "a.prom", assessment, decision)
    assert (tmp_path / "a.prom").is_symlink()
    assert (tmp_path / "b.prom").read_text().startswith("# HELP compliance_findings")


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(
    assessment: Assessment, decision: Decision, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(UsageError, match="No space left"):
        output.write("prometheus", tmp_path / "a.prom", assessment, decision)
    assert list(tmp_path.iterdir()) == []
