"""`compliance history`: what a person sees of the runs that were kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from histories import REPLICAS, Cluster, finding, judged, night

from compliance.cli import main
from compliance.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history of three nights in production and one in staging, named by the configuration."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMPLIANCE_STORE", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "compliance.yaml").write_text("history: {store: 'sqlite:///kept'}\n")
    nights = ([finding("web"), finding("db", REPLICAS)], [finding("web"), finding("api")], [finding("web")])
    with open_store(f"sqlite:///{tmp_path}/kept") as store:
        for number, findings in enumerate(nights):
            store.save(night(number, findings), scope="production", coverage=judged("web", "db", "api"), whole=True)
        store.save(night(1), scope="staging", coverage=judged())
    return tmp_path / "kept"


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["history", *arguments])
    printed = capsys.readouterr()
    return int(stopped.value.code or 0), printed.out, printed.err


def test_the_list_has_the_newest_run_of_a_scope_first(
    file: Path, capsys: pytest.CaptureFixture[str], snapshot: SnapshotAssertion
) -> None:
    del file
    assert _run(capsys, "list")[1] == snapshot


def test_the_list_may_be_of_one_scope_short_and_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del file
    code, printed, _ = _run(capsys, "list", "production", "-n", "2", "--json")
    told = json.loads(printed)

    assert (code, told["schema"]) == (0, "compliance/runs/v1")
    assert [(run["run"], run["findings"]["high"]) for run in told["runs"]] == [(3, 1), (2, 2)]


def test_a_run_is_shown_as_an_audit_showed_it(
    file: Path, capsys: pytest.CaptureFixture[str], snapshot: SnapshotAssertion
) -> None:
    del file
    code, printed, _ = _run(capsys, "show", "2")

    assert code == 0
    assert printed == snapshot


def test_the_newest_run_is_shown_and_its_reports_are_written(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del file
    _, printed, _ = _run(capsys, "show", "--scope", "production", "-q", "-o", f"json={tmp_path}/out.json")
    result = json.loads((tmp_path / "out.json").read_text())

    assert printed == ""
    assert (result["history"]["run"], result["history"]["unchanged"]) == (3, 1)
    assert [one["subject"]["name"] for one in result["history"]["fixed"]] == ["api"]
    assert [day["findings"]["high"] for day in result["history"]["trend"]] == [1, 2, 1]
    assert result["decision"]["exit_code"] == 1


def test_a_check_says_what_it_went_through(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _ = _run(capsys, "check")

    assert code == 0
    assert printed.startswith(f"the history in {file}: 4 runs, ")


def test_a_damaged_history_is_not_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cluster, file = Cluster(300), tmp_path / "kept"
    with open_store(f"sqlite:///{file}") as store:
        store.save(cluster.night(0), scope="production", coverage=cluster.coverage(0))
    raw = file.read_bytes()
    file.write_bytes(raw.replace(b"web-7", b"web-8", 1))

    code, _, said = _run(capsys, "check", "--store", f"sqlite:///{file}")

    assert code == 3
    assert "damaged" in said
    assert "backup" in said


def test_old_runs_are_removed_on_demand(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _ = _run(capsys, "retain", "--keep-runs", "1")

    assert code == 0
    assert "removed 2 runs" in printed
    with open_store(f"sqlite:///{file}") as store:
        assert (len(store.history("production")), len(store.history("staging"))) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("show", "99"), 2, "has no run 99"),
        (("show", "4", "--scope", "production"), 2, "has no run 4"),
        (("show", "-o", "poem=-"), 2, "no FORMAT=FILE"),
        (("list", "nowhere"), 2, "it has: production, staging"),
        (("retain",), 2, "give --keep-runs or --keep-days"),
        (("check", "--store", "sqlite:///missing"), 3, "there is no history"),
    ],
)
def test_what_is_not_there_is_said(
    file: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended, _, told = _run(capsys, *arguments)

    assert ended == code
    assert said in told
    assert not (file.parent / "missing").exists()


def test_an_empty_history_is_said_to_be_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path}/empty"
    with open_store(url):
        pass
    assert _run(capsys, "list", "--store", url)[:2] == (0, "")
    assert "holds no run yet" in _run(capsys, "show", "--store", url)[2]
