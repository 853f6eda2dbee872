"""Metrics: what a real push gateway keeps of them, and what Prometheus' own linter says."""

from __future__ import annotations

import base64
import ssl
import subprocess
import urllib.request
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from histories import REPLICAS, finding, night
from prometheus_client.parser import text_string_to_metric_families
from push_gateways import PASSWORD, USERNAME, Running, push_gateway_server

from compliance.errors import NotificationError
from compliance.model import ClusterReading, Decision, ExitCode
from compliance.notify.push_gateway import push, push_gateway
from compliance.notify.sending import Patience
from compliance.output import render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real

ONCE = Patience(attempts=1)


def metrics(number: int, *names: str) -> str:
    taken = night(number, [finding("web", REPLICAS), *map(finding, names)])
    reading = ClusterReading("production", "v1.37.1", 61, 1250, 900)
    return render("prometheus", replace(taken, clusters=(reading,)), Decision(ExitCode.REFUSED, ("refused",)))


@pytest.fixture(scope="module")
def gateway(pushgateway_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A push gateway that wants TLS and an account."""
    with push_gateway_server(pushgateway_program, tmp_path_factory.mktemp("gateway")) as found:
        yield found


def kept(gateway: Running) -> dict[tuple[str, str, str], float]:
    """The gateway's values of findings and subjects, by name, instance and severity."""
    request = urllib.request.Request(f"{gateway.url}/metrics")  # noqa: S310 - our own server
    account = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
    request.add_header("Authorization", f"Basic {account}")
    context = ssl.create_default_context(cafile=gateway.authority)
    with urllib.request.urlopen(request, context=context, timeout=10) as answer:  # noqa: S310 - likewise
        text = answer.read().decode()
    found: dict[tuple[str, str, str], float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name in {"compliance_findings", "compliance_last_run_exit_code"}:
                key = (sample.name, sample.labels["instance"], sample.labels.get("severity", ""))
                found[key] = found.get(key, 0) + sample.value
    return found


def test_a_gateway_keeps_the_newest_run_of_each_cluster(gateway: Running) -> None:
    there = push_gateway(gateway.url, gateway.authority, USERNAME, PASSWORD)
    push(there, metrics(0, "api", "db"), "production", ONCE)
    push(there, metrics(0, "api"), "arn:aws:eks/größe 東京", ONCE)
    push(there, metrics(1, "api"), "production", ONCE)
    found = kept(gateway)
    assert found["compliance_findings", "production", "high"] == 1
    assert found["compliance_findings", "production", "critical"] == 0
    assert found["compliance_findings", "arn:aws:eks/größe 東京", "low"] == 1
    assert found["compliance_last_run_exit_code", "production", ""] == 1


def test_a_gateway_lets_nobody_in_without_the_password(gateway: Running) -> None:
    stranger = push_gateway(gateway.url, gateway.authority, USERNAME, "wrong")
    with pytest.raises(NotificationError, match=r"127\.0\.0\.1 answered 401") as caught:
        push(stranger, metrics(0), "production", ONCE)
    assert "credentials" in caught.value.remedy


def test_a_gateway_says_what_is_wrong_with_metrics(gateway: Running) -> None:
    there = push_gateway(gateway.url, gateway.authority, USERNAME, PASSWORD)
    with pytest.raises(NotificationError, match="answered 400: text format parsing error"):
        push(there, "no metrics at all\n", "production", ONCE)


def test_prometheus_finds_no_fault_with_the_metrics(promtool: Path) -> None:
    asked = [promtool, "check", "metrics"]
    done = subprocess.run(asked, input=metrics(0, "api"), text=True, capture_output=True, check=False, timeout=60)  # noqa: S603 - its own program
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
