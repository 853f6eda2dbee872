"""Audits where clocks are wrong: ages, order, retention and waivers, and what is said of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from audits import deployment, new, privileged

from compliance.cli import main
from compliance.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from api_server import ApiServer
    from audits import Clock, Nights, Object

_DAY = timedelta(days=1)
_WAIVER = """
- {rule: pod_security.privileged, subject: "**", reason: old, approved_by: me, expires: 2026-01-05}
"""


def test_how_long_it_has_been_open_is_said_in_days(nights: Nights, clock: Clock) -> None:
    nights.audit()
    clock.time += timedelta(days=12)
    nights.audit("-o", "console=-")

    assert "(open 12 days)" in nights.printed
    assert "since 2026-01-01 02:00 UTC: 0 new, 0 fixed" in " ".join(nights.printed.split())


def test_a_clock_that_went_back_changes_neither_order_nor_ages(nights: Nights, clock: Clock) -> None:
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


def test_old_runs_are_removed_as_the_configuration_says(nights: Nights, clock: Clock, tmp_path: Path, url: str) -> None:
    (tmp_path / "compliance.yaml").write_text("history: {keep_days: 10}\n")
    for _ in range(4):
        nights.audit()
        clock.time += timedelta(days=8)

    with open_store(url) as store:
        assert [run.taken_at.day for run in store.history("unit")] == [25, 17, 9]


def test_one_wrong_clock_removes_nothing(nights: Nights, clock: Clock, server: ApiServer, url: str) -> None:
    server.clock = None
    for days in (1, 1, 3650, -3649, 1):
        nights.audit("--keep-days", "10")
        clock.time += timedelta(days=days)

    with open_store(url) as store:
        assert store.check().runs == 5


def test_a_clock_that_stays_wrong_removes_nothing_where_the_server_s_is_right(
    nights: Nights, clock: Clock, server: ApiServer, url: str
) -> None:
    nights.audit()
    wrong = timedelta(days=3650)
    server.clock = lambda: clock.time - wrong
    clock.time += wrong
    for _ in range(3):
        clock.time += _DAY
        nights.audit("--keep-days", "10")

    with open_store(url) as store:
        assert store.check().runs == 4


def test_nor_does_a_wrong_clock_when_old_runs_are_removed_on_demand(
    nights: Nights, clock: Clock, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        nights.audit()
        clock.time += timedelta(days=5)
    clock.time += timedelta(days=3650)
    with pytest.raises(SystemExit):
        main(["history", "retain", "--store", url, "--keep-days", "6"])

    assert "removed 1 runs" in capsys.readouterr().out


@pytest.mark.parametrize("skew", [-_DAY, _DAY], ids=["behind", "ahead"])
def test_a_night_with_a_wrong_clock_is_told_and_harms_no_history(
    nights: Nights, clock: Clock, server: ApiServer, url: str, skew: timedelta
) -> None:
    first, right = nights.audit(), clock.time + timedelta(hours=23)
    server.clock = lambda: right
    server.remove("apps", "deployments", "web")
    server.add(deployment("web", "shop", privileged=False), deployment("web", "bank"), deployment("api", "bank"))
    clock.time = right + skew
    wrong = nights.audit("--keep-days", "1", "--fail-on", "never")
    clock.time = right
    last = nights.audit("--keep-days", "1", "--fail-on", "never")

    assert _clocks(first) == _clocks(last) == []
    assert nights.code == 0
    assert _clocks(wrong) == [f"the clock here is 1 day {'ahead of' if skew > timedelta() else 'behind'} the server's"]
    assert wrong["decision"]["exit_code"] == 3
    assert wrong["taken_at"] == (right + skew).isoformat()
    assert (privileged(wrong["history"]["fixed"]), new(wrong)) == (["shop/web"], ["bank/api"])
    assert (last["history"]["new"], last["history"]["fixed"], last["history"]["gone"]) == (0, [], [])
    assert last["history"]["previous"] == wrong["taken_at"]
    assert [day["date"] for day in last["history"]["trend"]] == sorted({first["taken_at"][:10], last["taken_at"][:10]})
    with open_store(url) as store:
        assert store.check().runs == 3


def _clocks(result: Object) -> list[str]:
    return [gap["why"] for gap in result["gaps"] if "clock" in gap["why"]]


def test_what_is_not_met_while_the_clock_is_wrong_is_gone_all_the_same(
    nights: Nights, clock: Clock, server: ApiServer
) -> None:
    nights.audit()
    right = clock.time
    server.clock = lambda: right
    server.remove("apps", "deployments", "web")
    clock.time -= _DAY

    assert sorted(privileged(nights.audit()["history"]["gone"])) == ["bank/web", "shop/web"]


@pytest.mark.parametrize(("skew", "waived"), [(-_DAY, True), (timedelta(), False)], ids=["behind", "right"])
def test_a_clock_that_is_behind_lets_an_ended_waiver_pass_and_the_run_is_not_clean(
    nights: Nights, clock: Clock, server: ApiServer, tmp_path: Path, skew: timedelta, *, waived: bool
) -> None:
    (tmp_path / "waivers.yaml").write_text(_WAIVER)
    right = clock.time + timedelta(days=5)
    server.clock = lambda: right
    clock.time = right + skew
    result = nights.audit("--waivers", "waivers.yaml", "--fail-on", "critical")

    assert {one["waiver"] is not None for one in result["findings"] if one["rule"] == "pod_security.privileged"} == {
        waived
    }
    assert nights.code == (3 if waived else 0)


@pytest.mark.parametrize("minutes", [-50, 50])
def test_less_than_an_hour_is_not_worth_a_word(nights: Nights, clock: Clock, server: ApiServer, minutes: int) -> None:
    theirs = clock.time + timedelta(minutes=minutes)
    server.clock = lambda: theirs

    assert _clocks(nights.audit()) == []
