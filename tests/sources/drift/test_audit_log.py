"""Who worked inside of containers, from an audit log."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.sources.drift.audit_log import AuditLimits, AuditLog, Session, read_audit_logs, told


def _event(query: str = "command=bash&container=web&stdin=true", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    event = {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "Metadata",
        "auditID": "1",
        "stage": "ResponseStarted",
        "requestURI": f"/api/v1/namespaces/shop/pods/web-1/exec?{query}",
        "verb": "create",
        "user": {"username": "alice@example.com", "groups": ["system:authenticated"]},
        "sourceIPs": ["10.0.0.9"],
        "userAgent": "kubectl/v1.37.1",
        "objectRef": {
            "resource": "pods",
            "namespace": "shop",
            "name": "web-1",
            "apiVersion": "v1",
            "subresource": "exec",
        },
        "responseStatus": {"code": 101},
        "requestReceivedTimestamp": "2026-11-18T16:42:10.123456Z",
        "annotations": {"authorization.k8s.io/decision": "allow"},
    }
    return event | changes


def _read(*events: dict[str, Any], limits: AuditLimits | None = None, end: bytes = b"\n") -> AuditLog:
    text = b"\n".join(json.dumps(event).encode() for event in events) + end
    return _log(text, limits=limits or AuditLimits())


def _log(*texts: bytes, limits: AuditLimits = AuditLimits()) -> AuditLog:  # noqa: B008 - frozen
    return read_audit_logs(((io.BytesIO(text), f"audit-{n}.log") for n, text in enumerate(texts)), limits)


def test_a_session_is_told_without_its_arguments() -> None:
    log = _read(_event("command=%2Fbin%2Fbash&command=-c&command=PASSWORD%3Dhunter2&container=web"))
    assert told(log.sessions) == [
        {
            "user": "alice@example.com",
            "verb": "exec",
            "pod": "web-1",
            "container": "web",
            "program": "bash",
            "copies": None,
            "time": "2026-11-18T16:42:10.123456Z",
        }
    ]
    assert log.gaps == []


@pytest.mark.parametrize("verb", ["create", "get"])
@pytest.mark.parametrize("subresource", ["exec", "attach", "portforward"])
def test_both_verbs_count(verb: str, subresource: str) -> None:
    reference = _event()["objectRef"] | {"subresource": subresource}
    log = _read(_event(verb=verb, objectRef=reference))
    assert [session.verb for session in log.sessions] == [subresource]


@pytest.mark.parametrize(
    "changes",
    [
        {"verb": "list"},
        {"objectRef": {"resource": "pods", "namespace": "shop", "name": "web-1", "subresource": "log"}},
        {"objectRef": {"resource": "podexecs", "namespace": "shop", "name": "exec"}},
        {"responseStatus": {"code": 403}},
        {"annotations": {"authorization.k8s.io/decision": "forbid"}},
    ],
)
def test_other_and_refused_requests_are_no_sessions(changes: dict[str, Any]) -> None:
    log = _read(_event(**changes))
    assert (log.sessions, log.gaps) == ([], [])


def test_the_stages_of_a_session_are_one() -> None:
    log = _read(_event(stage="RequestReceived", responseStatus=None), _event(), _event(stage="ResponseComplete"))
    assert (len(log.sessions), log.events) == (1, 3)


def test_a_session_that_a_later_stage_refuses_is_none() -> None:
    log = _read(_event(stage="RequestReceived", responseStatus=None), _event(responseStatus={"code": 404}))
    assert log.sessions == []


@pytest.mark.parametrize(
    ("command", "copies"),
    [
        (["tar", "cf", "-", "/etc/passwd"], "out_of"),
        (["tar", "-xmf", "-", "-C", "/srv"], "into"),
        (["tar", "--no-same-permissions", "--no-same-owner", "-xmf", "-", "-C", "/srv"], "into"),
        (["tar", "tf", "-"], None),
        (["tar", "xf", "archive.tar"], None),
        (["bash", "-c", "-"], None),
    ],
)
def test_kubectl_cp_is_an_exec_of_tar(command: list[str], copies: str | None) -> None:
    query = "&".join(f"command={word}" for word in command)
    assert [session.copies for session in _read(_event(query)).sessions] == [copies]


def test_exec_through_the_kubelet_is_found() -> None:
    uri = "/api/v1/nodes/node-1/proxy/run/shop/web-1/web?cmd=id"
    reference = {"resource": "nodes", "name": "node-1", "subresource": "proxy"}
    (session,) = _read(_event(requestURI=uri, objectRef=reference)).sessions
    assert (session.verb, session.namespace, session.pod) == ("exec", "shop", "web-1")


def test_lists_of_events_are_read_too() -> None:
    events = {"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "items": [_event(), _event(auditID="2")]}
    assert len(_read(events).sessions) == 2


@pytest.mark.parametrize(
    "line", [b'{"exec": ', b'["exec"]', b'{"kind": "Event", "apiVersion": "audit.k8s.io/v1beta1", "x": "exec"}']
)
def test_what_is_no_event_is_a_gap(line: bytes) -> None:
    log = _log(line + b"\n" + json.dumps(_event()).encode() + b"\n")
    assert (len(log.sessions), [gap.why for gap in log.gaps]) == (
        1,
        ["1 lines are no events of audit.k8s.io/v1, and were not read"],
    )


def test_a_line_that_is_being_written_is_left_for_the_next_time() -> None:
    log = _log(json.dumps(_event()).encode() + b'\n{"kind": "Event", "exec')
    assert (len(log.sessions), log.gaps) == (1, [])


def test_an_empty_log_is_a_gap() -> None:
    assert [(gap.about, gap.why) for gap in _log(b"").gaps] == [("audit-0.log", "it has no events")]


def test_the_stages_of_a_session_may_lie_in_two_files() -> None:
    received = _event(stage="RequestReceived", responseStatus=None)
    refused = _event(stage="ResponseComplete", responseStatus={"code": 403})
    log = _log(json.dumps(received).encode() + b"\n", json.dumps(refused).encode() + b"\n")
    assert (log.sessions, log.events, log.gaps) == ([], 2, [])


def test_a_line_that_is_too_long_costs_only_itself() -> None:
    log = _read(_event(userAgent="x" * 5000), _event(auditID="2"), limits=AuditLimits(line=2000))
    assert [session.audit_id for session in log.sessions] == ["2"]
    assert [gap.why for gap in log.gaps] == ["1 lines are longer than 2000 bytes, and were not read"]


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (AuditLimits(sessions=1), "it has more than 1 sessions, and the rest was not kept"),
        (AuditLimits(total=1000), "it is longer than 1000 bytes, and was read no further"),
    ],
)
def test_what_is_beyond_a_limit_is_a_gap(limits: AuditLimits, why: str) -> None:
    log = _read(_event(), _event(auditID="2"), limits=limits)
    assert (len(log.sessions), [gap.why for gap in log.gaps]) == (1, [why])


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(content: bytes) -> None:
    assert all(isinstance(session, Session) for session in _log(b"exec" + content).sessions)
