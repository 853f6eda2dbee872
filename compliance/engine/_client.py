"""OpaClient with what judging by a stranger's server needs: limits on time and size, no redirects, no netrc."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
import requests
import urllib3
from opa_client.opa import OpaClient

from compliance.errors import EngineError

if TYPE_CHECKING:
    from compliance.engine.address import Address

_ATTEMPTS = 3
_BACK_OFF = 0.3
_CONNECT_WITHIN = 5.0
_MAX_ANSWER = 64 * 1024 * 1024
_CHUNK = 65536
_BUSY = frozenset({429, 502, 503, 504})
_ABOUT_INPUT = frozenset({400, 413, 500})
_REMEDY_TOKEN = "set OPA_TOKEN to a token that may query data.compliance.entry"  # noqa: S105 - a sentence


class Rejected(Exception):  # noqa: N818 - an answer, not an accident
    """The server could not evaluate this request; another one may be fine."""


class TimedOut(Exception):  # noqa: N818 - likewise
    """The server did not answer within the limit."""


class QueryClient(OpaClient):  # type: ignore[misc] # the package has no types
    """Queries documents of one server; not for two threads at once."""

    def __init__(self, address: Address) -> None:
        self._address = address
        parts = urlsplit(address.url)
        super().__init__(
            host=parts.hostname or "",
            port=parts.port or (443 if address.secure else 80),
            ssl=address.secure,
            token=address.token,
            retries=0,
            headers={"Accept-Encoding": "identity", "Content-Type": "application/json"},
        )
        self.root_url = f"{address.url}/v1"

    def _init_session(self) -> requests.Session:
        session: requests.Session = super()._init_session()
        session.trust_env = not self._address.local
        session.auth = _as_it_is
        return session

    def query(self, path: str, body: bytes, limit: float) -> Any:  # noqa: ANN401 - any JSON
        """POST an input document to `/v1/data/<path>` and return the result.

        Raises:
            Rejected: the server says that it could not evaluate it, or the answer is not readable.
            TimedOut: there was no whole answer within `limit` seconds.
            EngineError: the server is down, refuses us, is no OPA, or lacks the document.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                status, answer = self._post(f"{self.root_url}/data/{path}", body, limit)
            except requests.exceptions.SSLError as error:
                raise self._unusable(f"has no certificate to trust ({_short(error)})", "see --opa-ca-file") from error
            except (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError) as error:
                raise TimedOut from error
            except (OSError, urllib3.exceptions.HTTPError) as error:
                failure = self._unusable(f"does not answer ({_short(error)})", "start it, or correct --opa-url")
            else:
                if status not in _BUSY:
                    return self._result(status, answer, path)
                failure = self._unusable(f"is not ready (HTTP status {status})", "try again later")
            if attempt < _ATTEMPTS:
                time.sleep(_BACK_OFF * attempt)
        raise failure

    def _post(self, url: str, body: bytes, limit: float) -> tuple[int, bytes]:
        until = time.monotonic() + limit
        with self._session.post(
            url,
            data=body,
            timeout=(min(_CONNECT_WITHIN, limit), limit),
            verify=self._address.verify,
            allow_redirects=False,
            stream=True,
        ) as response:
            return response.status_code, self._read(response.raw, until)

    def _read(self, raw: urllib3.HTTPResponse, until: float) -> bytes:
        answer = bytearray()
        while chunk := raw.read1(_CHUNK, decode_content=True):
            answer += chunk
            if time.monotonic() > until:
                raise TimedOut
            if len(answer) > _MAX_ANSWER:
                raise self._unusable("answers with too much", "check that it is an OPA server")
        return bytes(answer)

    def _result(self, status: int, answer: bytes, path: str) -> Any:  # noqa: ANN401 - any JSON
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise self._unusable(f"refuses us (HTTP status {status})", _REMEDY_TOKEN)
        said = _json(answer)
        if status == HTTPStatus.OK and said and "result" in said:
            return said["result"]
        if status == HTTPStatus.OK and said is not None:
            raise self._unusable(f"has no document {path}", "load the bundle of `compliance rules build` into it")
        if status == HTTPStatus.OK or (status in _ABOUT_INPUT and said and "code" in said):
            raise Rejected(_reason(said or {}))
        raise self._unusable(f"answers with nonsense (HTTP status {status})", "check that it is an OPA server")

    def _unusable(self, what: str, remedy: str) -> EngineError:
        return EngineError(f"the OPA server at {self._address.url} {what}", remedy=remedy)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Authentication that adds nothing: without any, requests would look for a password in ~/.netrc."""
    return request


def _json(answer: bytes) -> dict[str, Any] | None:
    """The object that an answer is, if it is one: a result with the number 1e400, for one, is not."""
    try:
        said = orjson.loads(answer)
    except orjson.JSONDecodeError:
        return None
    return said if isinstance(said, dict) else None


def _short(error: Exception) -> str:
    """The innermost reason: requests wraps urllib3's errors, which wrap the system's."""
    while (inner := getattr(error, "reason", None) or (error.args[0] if error.args else None)) is not None:
        if not isinstance(inner, Exception):
            break
        error = inner
    return str(error)[:200]


def _reason(said: dict[str, Any]) -> str:
    errors = said.get("errors")
    details = [str(one.get("message")) for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    reason = "; ".join(details) or str(said.get("message", "the answer is no JSON object"))
    return " ".join(reason.split())[:1000]
