"""`compliance audit` on a scripted API server, with channels and a push gateway that it tells what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from api_server import ApiServer, serving
from audits import Nights, deployment
from webhooks import Reply, Webhook, webhook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("own_cache")

CONFIGURATION = """\
rules:
  "*": off
  pod_security.privileged: {enabled: true}
notifications:
  channels: [{name: tickets, kind: generic, url_env: TICKETS_WEBHOOK}]
"""
REFUSED = Reply(400, b"no")


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """A cluster with a namespace and a good Deployment, judged by one rule."""
    with serving(ApiServer()) as server:
        server.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "uid": "shop"}})
        server.add(deployment("web", "shop", privileged=False))
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(tmp_path / "kubeconfig"))
        monkeypatch.chdir(tmp_path)
        (tmp_path / "compliance.yaml").write_text(CONFIGURATION)
        yield server


@pytest.fixture
def tickets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    """The channel's webhook."""
    with webhook() as serving_it:
        monkeypatch.setenv("TICKETS_WEBHOOK", f"{serving_it.address}/hooks/tickets")
        yield serving_it


@pytest.fixture
def nights(cluster: ApiServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Nights:
    """Audits of the cluster that are kept."""
    del cluster
    return Nights(tmp_path, f"sqlite:///{tmp_path}/history.sqlite3", capsys)


def test_a_finding_is_told_once_and_again_when_it_comes_back(
    cluster: ApiServer, tickets: Webhook, nights: Nights
) -> None:
    for is_privileged in (True, True, False, True):
        cluster.remove("apps", "deployments", "web")
        cluster.add(deployment("web", "shop", privileged=is_privileged))
        nights.audit("-q")

    told = [[one["subject"] for one in message.json["findings"]] for message in tickets.accepted]
    assert told == [["unit/Deployment/shop/web"], ["unit/Deployment/shop/web"]]


def test_a_channel_that_fails_is_told_by_the_next_run(cluster: ApiServer, tickets: Webhook, nights: Nights) -> None:
    cluster.add(deployment("api", "shop"))
    tickets.replies.append(REFUSED)
    nights.audit("-q")
    assert (nights.code, tickets.accepted) == (1, [])
    assert "the channel tickets was not told: 127.0.0.1 answered 400: no" in nights.said

    nights.audit("-q")

    assert len(tickets.accepted) == 1


def test_a_channel_that_fails_spoils_a_clean_run(cluster: ApiServer, tickets: Webhook, nights: Nights) -> None:
    cluster.add(deployment("api", "shop"))
    tickets.replies.append(REFUSED)

    nights.audit("-q", "--fail-on", "never")

    assert nights.code == 4


def test_without_a_history_nobody_is_told_and_that_is_said(
    cluster: ApiServer, tickets: Webhook, nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.add(deployment("api", "shop"))
    monkeypatch.setattr(nights, "_url", "")

    nights.audit("-q", "--fail-on", "never")

    assert (nights.code, tickets.requests) == (0, [])
    assert "no channel was told" in nights.said


def test_metrics_are_pushed_and_a_gateway_that_refuses_them_spoils_a_clean_run(
    tickets: Webhook, nights: Nights
) -> None:
    nights.audit("-q", "--push-gateway", tickets.address)
    assert nights.code == 0
    (request,) = tickets.accepted
    assert (request.method, request.path) == ("PUT", "/metrics/job/compliance/instance/unit")
    assert b'compliance_last_run_exit_code{scope="unit"} 0.0' in request.body

    tickets.replies.append(REFUSED)
    nights.audit("-q", "--push-gateway", tickets.address)

    assert nights.code == 4
    assert "the metrics were not pushed: 127.0.0.1 answered 400: no" in nights.said


def test_in_json_lines_a_failing_channel_is_a_line(cluster: ApiServer, tickets: Webhook, nights: Nights) -> None:
    cluster.add(deployment("api", "shop"))
    tickets.replies.append(REFUSED)

    nights.audit("-q", "--log-format", "json")

    lines = [line for line in nights.said.splitlines() if "was not told" in line]
    assert len(lines) == 1
    assert lines[0].startswith('{"timestamp"')
