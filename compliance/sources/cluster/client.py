"""Requests to one API server: within a budget, repeated where that helps, counted.

Reading is GET. Writing is a server-side apply, or a delete of one object by its uid: both may be repeated, as
done twice is done once. A dry run changes nothing (API concepts, "Dry-run").
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import orjson
import urllib3

from compliance import __version__, pauses
from compliance.errors import ClusterError
from compliance.logs import Log, Rate, silent
from compliance.sources.cluster import answers, clock
from compliance.sources.cluster.budget import Budget
from compliance.sources.cluster.failures import NoAnswer, StatusError
from compliance.sources.cluster.renewal import RenewedConnection

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from compliance.sources.cluster.connection import Access, Connection

JSON: Final = "application/json"
MAX_SENT: Final = 2 * 1024 * 1024
"""Bytes of an object that is written: more than an etcd takes by default, less than an API server does."""

_APPLY: Final = "application/apply-patch+yaml"  # JSON is YAML
_USER_AGENT: Final = f"compliance/{__version__}"
_WAITED_FOR: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_FIRST_PAUSE: Final = 0.25
# A server that was there may be restarting; one that never answered is more likely a wrong address.
_PATIENCE: Final = 60.0
_FIRST_PATIENCE: Final = 5.0
_ANSWER_TIME: Final = 120.0
_SOCKET_TIME: Final = urllib3.Timeout(connect=10.0, read=30.0)
_MOST_FAILURES: Final = 4
_LOG_EVERY: Final = 10.0
_DONE: Final = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED})


@dataclass(frozen=True, slots=True)
class _Call:
    """One request: `target` is a path with its query."""

    method: str
    target: str
    accept: str = JSON
    body: bytes | None = None
    content_type: str = JSON


class Client:
    """Asks one API server; several threads may, which share its budget, its credentials and what it has learnt."""

    def __init__(self, access: Access, *, patience: float = _PATIENCE, log: Log = silent) -> None:
        """Load the configuration, without a request yet; raises as `connect` does."""
        self._agent = _USER_AGENT if access.run is None else f"{_USER_AGENT} (run {access.run})"
        self._connection = RenewedConnection(access)
        self._lock = threading.Lock()
        self._hurry = threading.Event()
        self._begun = time.monotonic()
        self._budget = Budget(access.qps)
        self._patience = patience
        self._answered = False
        self._given_up = False
        self._log = log
        self._rate = Rate(_LOG_EVERY)
        self.requests = 0
        """How many requests were made, repeated ones too."""
        self.repeated = 0
        """How many of them were made because another had failed."""
        self.clock: datetime | None = None
        """What the server's clock said when this was made; known from its first answer."""

    @property
    def cluster(self) -> str:
        """What the cluster is called in results."""
        return self._connection.name

    @property
    def namespace(self) -> str:
        """The current namespace, as kubectl has it."""
        return self._connection.namespace

    def close(self) -> None:
        """Close all connections."""
        self._connection.close()

    def hurry(self) -> None:
        """Ask for nothing again from now on, in no thread: whoever wants an answer has no time left."""
        self._hurry.set()

    def json(self, target: str, accept: str = JSON) -> dict[str, Any]:
        """`get`, parsed.

        Raises:
            ClusterError: as for `get`, or the answer is no JSON object.
        """
        return _parsed(self.get(target, accept), target)

    def get(self, target: str, accept: str = JSON) -> bytes:
        """The body of a path with its query, asked for again while that may help.

        Raises:
            StatusError: the answer is an error.
            NoAnswer: there is none, or none in time.
            AnswerTooLarge: it is larger than `answers.MAX_ANSWER`.
            ClusterError: there are no credentials, or none any more.
        """
        return self._answer(_Call("GET", target, accept))

    def dry_run(self, path: str, value: Mapping[str, Any], manager: str) -> dict[str, Any]:
        """What the object at this path would become if `manager` applied `value` by force; nothing is changed.

        Raises:
            ClusterError: as for `json`.
        """
        query = urlencode({"dryRun": "All", "force": "true", "fieldManager": manager, "fieldValidation": "Ignore"})
        call = _Call("PATCH", f"{path}?{query}", body=orjson.dumps(value), content_type=_APPLY)
        return _parsed(self._answer(call), path)

    def apply(self, path: str, body: bytes, manager: str) -> None:
        """Make an object, or what `manager` says of it, as `body` (JSON) has it, whoever else wrote the same fields.

        Raises:
            ClusterError: as for `get`, or it is larger than `MAX_SENT`.
        """
        if len(body) > MAX_SENT:
            raise ClusterError(f"an object of {len(body)} bytes is too large to be stored")
        query = urlencode({"fieldManager": manager, "force": "true"})
        self._answer(_Call("PATCH", f"{path}?{query}", body=body, content_type=_APPLY))

    def delete(self, path: str, uid: str) -> None:
        """Delete the object of that uid, and no later one of its name (409); raises as `get` does."""
        options = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid}}
        self._answer(_Call("DELETE", path, body=orjson.dumps(options)))

    def _answer(self, call: _Call) -> bytes:
        patience = 0.0 if self._given_up else self._patience if self._answered else _FIRST_PATIENCE
        deadline, attempt, renewed = time.monotonic() + patience, 0, False
        while True:
            connection = self._connection.current()
            try:
                answer = self._once(call, connection)
            except (NoAnswer, StatusError) as error:
                if _is_unauthorized(error) and not renewed and self._connection.is_replaced(connection):
                    renewed = True
                    continue
                pause = _pause(error, attempt)
                if pause is None or time.monotonic() + pause > deadline or self._hurry.is_set():
                    # Where the server is gone, the next fifty kinds need not find that out one by one.
                    self._given_up = isinstance(error, NoAnswer)
                    raise
                self._tell_repeated(call.target, error, pause)
            else:
                self._given_up = False
                self._connection.succeeded()
                return answer
            self._hurry.wait(pause)
            attempt += 1

    def _tell_repeated(self, target: str, why: ClusterError, pause: float) -> None:
        with self._lock:
            self.repeated += 1
        if self._rate.is_due():
            path, seconds = target.partition("?")[0], round(pause, 2)
            said = {"cluster": self.cluster, "path": path, "why": why.message, "pause": seconds}
            self._log("request.repeated", level="warning", **said, repeated=self.repeated)

    def _once(self, call: _Call, connection: Connection) -> bytes:
        pool, authorization = self._connection.opened(connection)
        headers = self._headers(call, connection, authorization)
        with self._lock:
            self.requests += 1
        self._budget.take()
        deadline = time.monotonic() + _ANSWER_TIME
        try:
            response = pool.request(
                call.method,
                f"{connection.host}{call.target}",
                body=call.body,
                headers=headers,
                preload_content=False,
                redirect=False,
                retries=False,
                timeout=_SOCKET_TIME,
            )
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise answers.no_answer(error) from None
        try:
            self._answered = True
            self.clock = self.clock or clock.before(response.headers.get("Date"), time.monotonic() - self._begun)
            if response.status not in _DONE:
                raise answers.status_error(response, deadline)
            return answers.body(response, deadline)
        finally:
            response.release_conn()

    def _headers(self, call: _Call, connection: Connection, authorization: str | None) -> urllib3.HTTPHeaderDict:
        headers = urllib3.HTTPHeaderDict({"Accept": call.accept, "Accept-Encoding": "gzip", "User-Agent": self._agent})
        if call.body is not None:
            headers["Content-Type"] = call.content_type
        for name, value in connection.headers.items():
            for one in (value,) if isinstance(value, str) else value:
                headers.add(name, one)
        if authorization is not None:
            headers["Authorization"] = authorization
        return headers


def _parsed(body: bytes, target: str) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except ValueError:
        raise ClusterError(f"the API server answers {target} with something else than JSON") from None
    if not isinstance(value, dict):
        raise ClusterError(f"the API server answers {target} with something else than an object")
    return value


def _is_unauthorized(error: ClusterError) -> bool:
    return isinstance(error, StatusError) and error.status == HTTPStatus.UNAUTHORIZED


def _pause(error: NoAnswer | StatusError, attempt: int) -> float | None:
    """Seconds to wait before asking again, or None where that is of no use."""
    pause = pauses.growing(_FIRST_PAUSE, attempt, pauses.spread())
    if isinstance(error, NoAnswer):
        return None if error.lasting else pause
    if error.status not in _WAITED_FOR or error.retry_after > pauses.LONGEST:
        return None
    # What fails for a reason of its own, such as a broken conversion webhook, is not mended by patience.
    if error.status == HTTPStatus.INTERNAL_SERVER_ERROR and attempt >= _MOST_FAILURES:
        return None
    return max(error.retry_after, pause)
