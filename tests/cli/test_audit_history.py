"""`compliance audit --store` on a scripted API server: night after night, and when the history cannot be kept."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from api_server import Answer, ApiServer, serving
from audits import Nights, deployment, new, privileged
from histories import connections_begin_with, hold_lock, no_more_room
from processes import started, told

from compliance.cli import main
from compliance.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """A cluster with a privileged Deployment in each of two namespaces."""
    with serving(ApiServer()) as server:
        for namespace in ("shop", "bank"):
            server.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "uid": namespace}})
            server.add(deployment("web", namespace))
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
        monkeypatch.chdir(tmp_path)
        yield server


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the history is."""
    return f"sqlite:///{tmp_path}/history.sqlite3"


@pytest.fixture
def nights(server: ApiServer, tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]) -> Nights:
    """Audits of `server` that are kept at `url`."""
    del server
    return Nights(tmp_path, url, capsys)


def test_in_the_first_night_all_is_new_and_in_the_second_nothing(nights: Nights) -> None:
    first = nights.audit()
    second = nights.audit()

    assert first["history"]["previous"] is None
    assert first["history"]["new"] == len(first["findings"]) > 0
    assert second["history"]["previous"] == first["taken_at"]
    assert (second["history"]["new"], second["history"]["unchanged"]) == (0, len(first["findings"]))
    assert (second["history"]["fixed"], second["history"]["gone"], second["history"]["unjudged"]) == ([], [], [])
    assert {one["first_seen"] for one in second["findings"]} == {first["taken_at"]}
    assert len(second["history"]["trend"]) == 1


def test_an_unchanged_night_adds_no_content(nights: Nights, url: str) -> None:
    nights.audit()
    with open_store(url) as store:
        before = store.check()
    nights.audit()

    with open_store(url) as store:
        after = store.check()
    assert (after.runs, after.pieces) == (before.runs + 1, before.pieces)


def test_what_is_mended_is_fixed_and_what_breaks_is_new(server: ApiServer, nights: Nights) -> None:
    nights.audit()
    server.remove("apps", "deployments", "web")
    server.add(deployment("web", "shop", privileged=False), deployment("web", "bank"), deployment("api", "bank"))

    result = nights.audit("--output", "console=-")

    assert privileged(result["history"]["fixed"]) == ["shop/web"]
    assert new(result) == ["bank/api"]
    assert nights.code == 1
    assert "Fixed (1)" in nights.printed
    assert "1 fixed" in nights.printed


def test_what_no_longer_exists_is_gone_unless_it_was_not_looked_for(server: ApiServer, nights: Nights) -> None:
    nights.audit()
    of_shop = nights.audit("--namespace", "shop")
    server.remove("apps", "deployments", "web")
    server.add(deployment("web", "shop"))
    whole = nights.audit()

    assert privileged(of_shop["history"]["unjudged"]) == ["bank/web"]
    assert of_shop["history"]["gone"] == []
    assert privileged(whole["history"]["gone"]) == ["bank/web"]
    assert whole["history"]["fixed"] == []


def test_what_could_not_be_read_is_neither_fixed_nor_gone(server: ApiServer, nights: Nights) -> None:
    first = nights.audit()
    server.fail("/deployments", Answer(403, "deployments is forbidden"), times=9)
    hidden = nights.audit()
    server.faults.clear()
    third = nights.audit()

    assert sorted(privileged(hidden["history"]["unjudged"])) == ["bank/web", "shop/web"]
    assert (hidden["history"]["fixed"], hidden["history"]["gone"]) == ([], [])
    assert (third["history"]["new"], third["history"]["unchanged"]) == (0, len(first["findings"]))


def test_two_runs_do_not_overlap_and_the_second_says_who_is_at_work(
    server: ApiServer, nights: Nights, url: str
) -> None:
    with started(hold_lock, url, "unit") as (process, ready):
        told(ready)
        result = nights.audit()

        assert (nights.code, result) == (3, {})
        assert "another run is at work on 'unit': " in nights.said
        assert f"process {process.pid} since 20" in nights.said
        assert server.requests == []


def test_a_history_that_cannot_be_written_is_found_before_the_cluster_is_asked(
    server: ApiServer, nights: Nights, tmp_path: Path
) -> None:
    nights.audit()
    server.requests.clear()
    with closing(sqlite3.connect(tmp_path / "history.sqlite3")) as plain:
        plain.execute("UPDATE compliance_schema SET version = 99")
        plain.commit()

    result = nights.audit()

    assert (nights.code, result, server.requests) == (3, {}, [])
    assert "schema 99" in nights.said


def test_neither_is_one_that_may_only_be_read(server: ApiServer, nights: Nights) -> None:
    nights.audit()
    server.requests.clear()
    with connections_begin_with("PRAGMA query_only = ON"):
        nights.audit()

    assert (nights.code, server.requests) == (3, [])
    assert "it may not be written" in nights.said


@pytest.mark.parametrize(("options", "code"), [((), 1), (("--fail-on", "never"), 3)])
def test_a_disk_that_is_full_when_all_is_judged_costs_nobody_the_reports(
    nights: Nights, server: ApiServer, tmp_path: Path, url: str, options: tuple[str, ...], code: int
) -> None:
    first = nights.audit()
    server.add(*(deployment(f"web-{number}", "shop") for number in range(30)))
    with no_more_room(tmp_path / "history.sqlite3"):
        unkept = nights.audit("-o", f"html={tmp_path}/report.html", *options)

    assert nights.code == unkept["decision"]["exit_code"] == code
    assert any("not kept: the history in" in reason for reason in unkept["decision"]["reasons"])
    assert len(unkept["findings"]) > len(first["findings"])
    assert unkept["history"] is None
    assert "the disk is full" in nights.said
    assert "the disk is full" in (tmp_path / "report.html").read_text()
    with open_store(url) as store:
        assert store.check().runs == 1
    assert nights.audit()["history"]["previous"] == first["taken_at"]


def test_a_night_that_is_kept_is_told_although_old_ones_cannot_be_removed(nights: Nights, tmp_path: Path) -> None:
    nights.audit()
    with closing(sqlite3.connect(tmp_path / "history.sqlite3")) as plain, plain:
        plain.execute("UPDATE compliance_piece SET body = x'00' WHERE digest IN (SELECT root FROM compliance_run)")

    result = nights.audit("--keep-runs", "1", "--fail-on", "never")

    assert nights.code == 3
    assert result["history"]["unchanged"] == len(result["findings"])
    assert any(reason.startswith("kept, but not all is done: ") for reason in result["decision"]["reasons"])
    assert "damaged" in nights.said


class _Clock:
    """Stands for `datetime` where a run takes the time."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, 2, tzinfo=UTC)

    def now(self, _zone: object) -> datetime:
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    """The time of the next run, to be set."""
    clock = _Clock()
    monkeypatch.setattr("compliance.cli.judging.datetime", clock)
    return clock


def test_how_long_it_has_been_open_is_said_in_days(nights: Nights, clock: _Clock) -> None:
    nights.audit()
    clock.time += timedelta(days=12)
    nights.audit("-o", "console=-")

    assert "(open 12 days)" in nights.printed
    assert "since 2026-01-01 02:00 UTC: 0 new, 0 fixed" in " ".join(nights.printed.split())


def test_a_clock_that_went_back_changes_neither_order_nor_ages(nights: Nights, clock: _Clock) -> None:
    first = nights.audit()
    clock.time -= timedelta(days=3)
    earlier = nights.audit("-o", "console=-")
    printed = nights.printed
    clock.time += timedelta(days=5)
    last = nights.audit()

    assert (earlier["history"]["new"], last["history"]["new"]) == (0, 0)
    assert earlier["history"]["previous"] == first["taken_at"]
    assert last["history"]["previous"] == earlier["taken_at"]
    assert "open less than an hour" in printed
    assert {one["first_seen"] for one in last["findings"]} == {first["taken_at"]}


def test_old_runs_are_removed_as_the_configuration_says(
    nights: Nights, clock: _Clock, tmp_path: Path, url: str
) -> None:
    (tmp_path / "compliance.yaml").write_text("history: {keep_days: 10}\n")
    for _ in range(4):
        nights.audit()
        clock.time += timedelta(days=8)

    with open_store(url) as store:
        assert [run.taken_at.day for run in store.history("unit")] == [25, 17, 9]


def test_one_wrong_clock_removes_nothing(nights: Nights, clock: _Clock, url: str) -> None:
    for days in (1, 1, 3650, -3649, 1):
        nights.audit("--keep-days", "10")
        clock.time += timedelta(days=days)

    with open_store(url) as store:
        assert store.check().runs == 5


def test_the_configuration_may_name_the_history(
    server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del server
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for said, file in (("{store: 'sqlite:///kept'}", "kept"), ("{}", "data/compliance/history.sqlite3")):
        (tmp_path / "compliance.yaml").write_text(f"history: {said}\n")
        with pytest.raises(SystemExit):
            main(["audit", "-q"])
        assert (tmp_path / file).exists(), capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("mysql://somewhere/x", 2, "no kind of database"),
        ("sqlite:////no/such/folder/x", 3, "cannot be made"),
        ("postgresql://me:hunter2@db/x", 2, "which every user of this machine can read"),
    ],
)
def test_a_history_that_cannot_be_opened_is_said_before_any_work(
    server: ApiServer, capsys: pytest.CaptureFixture[str], url: str, code: int, said: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "--store", url])

    told = capsys.readouterr().err
    assert (stopped.value.code, server.requests) == (code, [])
    assert said in told
    assert "hunter2" not in told


def test_nothing_is_kept_where_no_history_is_named(server: ApiServer, tmp_path: Path) -> None:
    del server
    with pytest.raises(SystemExit):
        main(["audit", "-o", f"json={tmp_path}/result.json"])

    assert json.loads((tmp_path / "result.json").read_text())["history"] is None
