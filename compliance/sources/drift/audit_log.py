"""Who worked inside of running containers: exec, attach and port-forward, from the API server's audit log.

Source: audit.k8s.io/v1, Event; one a line (`--audit-log-path`), or EventLists (the webhook back end). Both verbs count:
`create` is the POST of SPDY, `get` that of WebSocket, which newer clients use. A session is one `auditID` with up to
three stages; it counts unless a stage says that it was refused. `kubectl cp` is an exec of tar, and told as such. The
kubelet's own exec through `nodes/proxy` is found by its path.

Limits: what the audit policy leaves out, and what happened through the node or its runtime, is in no log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import parse_qs, urlsplit

import orjson

from compliance.model import Gap, Stage
from compliance.sources.kubernetes.fields import integer, mapping, sequence, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SUBRESOURCES: Final = frozenset({"exec", "attach", "portforward"})
_VERBS: Final = frozenset({"create", "get"})
_MARKS: Final = (b"exec", b"attach", b"ortForward", b"portforward", b"/run/", b"EventList")
_KUBELET: Final = re.compile(
    r"/api/v1/nodes/[^/]+/proxy/(?P<verb>exec|attach|portForward|run)/(?P<namespace>[^/]+)/(?P<pod>[^/]+)(?:/.*)?"
)
_REFUSED: Final = 400
_RULE: Final = "drift.exec_session"
_INTO: Final = re.compile(r"-?[a-zA-Z]*x[a-zA-Z]*")
_OUT_OF: Final = re.compile(r"-?[a-zA-Z]*c[a-zA-Z]*")


@dataclass(frozen=True, slots=True)
class AuditLimits:
    """What is read at most: bytes of one line, sessions that are kept, and bytes in all."""

    line: int = 4 * 1024 * 1024
    sessions: int = 100_000
    total: int = 16 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Session:
    """One session: `verb` is exec, attach or portforward; `copies` is into or out_of for a `kubectl cp`.

    `program` is the command's first word; the rest may hold secrets, and is not kept.
    """

    audit_id: str
    user: str
    verb: str
    namespace: str
    pod: str
    container: str | None
    program: str | None
    copies: str | None
    time: str
    refused: bool = False


@dataclass(slots=True)
class AuditLog:
    """What a log told: sessions that were not refused, how many events were read, and what could not be."""

    sessions: list[Session] = field(default_factory=list)
    events: int = 0
    gaps: list[Gap] = field(default_factory=list)


class Lines(Protocol):
    """What is read: a binary stream, or something that counts along."""

    def readline(self, limit: int, /) -> bytes:
        """The next line, or its next `limit` bytes."""


def read_audit_logs(logs: Iterable[tuple[Lines, str]], limits: AuditLimits = AuditLimits()) -> AuditLog:
    """Read streams of audit events as one log; each with what names it in gaps. Nothing is kept but sessions.

    A log that was rotated may have the stages of one session in two files.
    """
    sessions: dict[str, Session] = {}
    log = AuditLog()
    for stream, locator in logs:
        reader = _Reader(limits, sessions)
        for line in reader.lines(stream):
            reader.line(line)
        log.events += reader.events
        log.gaps.extend(
            Gap(Stage.COLLECT, locator, why, "read the log in parts, or mend what writes it", rule=_RULE)
            for why in reader.problems()
        )
    found = [session for session in sessions.values() if not session.refused]
    log.sessions.extend(sorted(found, key=lambda one: (one.time, one.audit_id)))
    return log


class _Reader:
    """Lines, events and sessions, each within its limit."""

    def __init__(self, limits: AuditLimits, sessions: dict[str, Session]) -> None:
        self._limits = limits
        self._too_long = self._unreadable = 0
        self._stopped: str | None = None
        self._sessions = sessions
        self.events = 0

    def problems(self) -> Iterator[str]:
        """What kept it from reading everything, as words."""
        if self._too_long:
            yield f"{self._too_long} lines are longer than {self._limits.line} bytes, and were not read"
        if self._unreadable:
            yield f"{self._unreadable} lines are no events of audit.k8s.io/v1, and were not read"
        if self._stopped:
            yield self._stopped
        if not (self.events or self._unreadable or self._too_long):
            yield "it has no events"

    def lines(self, stream: Lines) -> Iterator[bytes]:
        """The lines that fit; the rest of one that does not is read past, without keeping it."""
        total, skipping = 0, False
        while piece := stream.readline(self._limits.line + 1):
            total += len(piece)
            if total > self._limits.total:
                self._stopped = f"it is longer than {self._limits.total} bytes, and was read no further"
                return
            whole = piece.endswith(b"\n") or len(piece) <= self._limits.line
            if whole and not skipping and piece.strip():
                yield piece
            elif not whole and not skipping:
                self._too_long += 1
            skipping = not whole

    def line(self, line: bytes) -> None:
        """Take in one line; a line that cannot be about a session is not parsed."""
        if not any(mark in line for mark in _MARKS):
            self.events += 1
            return
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            # A last line without an end is being written; the next reading has it whole.
            self._unreadable += line.endswith(b"\n")
            return
        version = mapping(value).get("apiVersion")
        if version != "audit.k8s.io/v1" or mapping(value).get("kind") not in ("Event", "EventList"):
            self._unreadable += 1
            return
        for event in sequence(value.get("items")) if value["kind"] == "EventList" else [value]:
            self.events += 1
            self._event(mapping(event))

    def _event(self, event: Mapping[str, Any]) -> None:
        session = session_of(event)
        if session is None:
            return
        known = self._sessions.get(session.audit_id)
        if known is not None:
            self._sessions[session.audit_id] = replace(known, refused=known.refused or session.refused)
        elif len(self._sessions) < self._limits.sessions:
            self._sessions[session.audit_id] = session
        else:
            self._stopped = f"it has more than {self._limits.sessions} sessions, and the rest was not kept"


def session_of(event: Mapping[str, Any]) -> Session | None:
    """The session that an event is about; None where it is about something else."""
    reference, verb = mapping(event.get("objectRef")), text(event.get("verb"))
    uri = urlsplit(text(event.get("requestURI")) or "")
    if verb not in _VERBS:
        return None
    if reference.get("resource") == "pods" and reference.get("subresource") in _SUBRESOURCES:
        what, namespace, pod = (str(reference.get(key) or "") for key in ("subresource", "namespace", "name"))
    elif (kubelet := _KUBELET.fullmatch(uri.path)) is not None:
        what = "exec" if kubelet["verb"] == "run" else kubelet["verb"].lower()
        namespace, pod = kubelet["namespace"], kubelet["pod"]
    else:
        return None
    query = parse_qs(uri.query, max_num_fields=1000) if uri.query.count("&") < 1000 else {}  # noqa: PLR2004
    command = query.get("command", [])
    return Session(
        audit_id=text(event.get("auditID")) or f"{event.get('requestReceivedTimestamp')} {event.get('requestURI')}",
        user=text(mapping(event.get("user")).get("username")) or "",
        verb=what,
        namespace=namespace,
        pod=pod,
        container=query["container"][0] if "container" in query else None,
        program=command[0].rpartition("/")[2][:64] if command else None,
        copies=_copies(command),
        time=text(event.get("requestReceivedTimestamp")) or text(event.get("stageTimestamp")) or "",
        refused=_is_refused(event),
    )


def _copies(command: list[str]) -> str | None:
    """Whether it is what `kubectl cp` runs: `tar cf - PATH` out of a container, `tar -xmf - -C PATH` into it."""
    program, *words = command or [""]
    short = [word for word in words if not word.startswith("--")]
    if program.rpartition("/")[2] != "tar" or "-" not in short[1:]:
        return None
    if _INTO.fullmatch(short[0]) is not None:
        return "into"
    return "out_of" if _OUT_OF.fullmatch(short[0]) is not None else None


def _is_refused(event: Mapping[str, Any]) -> bool:
    code = integer(mapping(event.get("responseStatus")).get("code"))
    forbidden = mapping(event.get("annotations")).get("authorization.k8s.io/decision") == "forbid"
    return forbidden or (code is not None and code >= _REFUSED)


def told(sessions: Iterable[Session]) -> list[dict[str, Any]]:
    """The facts `exec_sessions`."""
    keys = ("user", "verb", "pod", "container", "program", "copies", "time")
    return [{key: getattr(session, key) for key in keys} for session in sessions]
