"""The section `cluster_reports` of compliance.yaml."""

from pathlib import Path

import pytest

from compliance.cluster_reports_settings import ClusterReportsSettings
from compliance.config import load
from compliance.errors import ConfigurationError


def read(folder: Path, text: str) -> ClusterReportsSettings:
    file = folder / "compliance.yaml"
    file.write_text(text)
    return load(file, start=folder).cluster_reports


def test_nothing_is_written_into_a_cluster_unless_asked_for(tmp_path: Path) -> None:
    assert read(tmp_path, "version: 1\n") == ClusterReportsSettings(None, 1000, 10_000)


def test_every_key_is_read(tmp_path: Path) -> None:
    text = "cluster_reports: {api: policyreport, max_results: 20, max_reports: 500}\n"

    assert read(tmp_path, text) == ClusterReportsSettings("policyreport", 20, 500)


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("{api: gatekeeper}", "api"),
        ("{max_results: 0}", "max_results"),
        ("{max_results: 10001}", "max_results"),
        ("{max_reports: 0}", "max_reports"),
        ("{max_reports: many}", "max_reports"),
        ("{reports: 3}", "reports"),
    ],
)
def test_what_makes_no_sense_is_an_error_at_its_place(tmp_path: Path, said: str, key: str) -> None:
    with pytest.raises(ConfigurationError, match=key) as caught:
        read(tmp_path, f"cluster_reports: {said}\n")

    assert caught.value.origin is not None
    assert caught.value.origin.span is not None
