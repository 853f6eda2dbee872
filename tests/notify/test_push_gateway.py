"""Pushing metrics: where to, as whom, and to whom not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from certificates import issue_certificate
from hypothesis import given
from hypothesis import strategies as st
from webhooks import Reply, webhook

from compliance.errors import ConfigurationError, NotificationError
from compliance.notify.push_gateway import grouping, push, push_gateway
from compliance.notify.sending import Patience

if TYPE_CHECKING:
    from pathlib import Path

METRICS = '# TYPE compliance_subjects gauge\ncompliance_subjects{scope="production"} 2.0\n'
ONCE = Patience(attempts=1)


def test_a_group_is_replaced_as_a_whole(tmp_path: Path) -> None:
    issued = issue_certificate(tmp_path)
    with webhook(issued) as server:
        gateway = push_gateway(f"{server.address}/prefix/?a=b", issued.authority, "somebody", "a-password")
        push(gateway, METRICS, "production", ONCE)
    (request,) = server.accepted
    assert (request.method, request.path) == ("PUT", "/prefix/metrics/job/compliance/instance/production")
    assert request.body.decode() == METRICS
    assert request.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert request.headers["Authorization"] == "Basic c29tZWJvZHk6YS1wYXNzd29yZA=="


def test_metrics_that_the_gateway_refuses_are_an_error_that_says_why() -> None:
    with webhook() as server:
        server.replies.append(Reply(400, b"text format parsing error in line 1"))
        with pytest.raises(NotificationError, match="answered 400: text format parsing error"):
            push(push_gateway(server.address, None, None, None), METRICS, "production", ONCE)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("gateway:9091", "no address"),
        ("ftp://gateway", "no address"),
        ("https://somebody:secret@gateway", "holds a password"),
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(url: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why) as caught:
        push_gateway(url, None, None, None)
    assert "secret" not in str(caught.value)


def test_an_account_is_not_sent_in_plain() -> None:
    assert push_gateway("http://gateway.monitoring:9091", None, None, None).authorization is None
    with pytest.raises(ConfigurationError, match="without TLS"):
        push_gateway("http://gateway.monitoring:9091", None, "somebody", "a-password")


@given(st.text(max_size=60))
def test_any_name_is_one_part_of_the_path(name: str) -> None:
    path = grouping(name)
    assert len(path.split("/")) == 6
    assert urlsplit(path).path == path
    assert path.isascii()
    assert path.rpartition("/")[2] not in {"", ".", ".."}


def test_names_that_are_plain_stay_readable() -> None:
    assert grouping("prod-eu.1") == "/metrics/job/compliance/instance/prod-eu.1"
    assert grouping("arn:aws:eks:eu/prod") == "/metrics/job/compliance/instance@base64/YXJuOmF3czpla3M6ZXUvcHJvZA=="
    assert grouping("") == "/metrics/job/compliance/instance@base64/="
