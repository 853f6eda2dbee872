"""What an API server's answer means: bodies within bounds, and errors in our words."""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import orjson
import urllib3

from compliance import pauses
from compliance.sources.cluster.failures import AnswerTooLarge, NoAnswer, StatusError
from compliance.sources.kubernetes.fields import integer, mapping, text
from compliance.sources.secret_text import masked

if TYPE_CHECKING:
    from compliance.errors import ClusterError

MAX_ANSWER: Final = 64 * 1024 * 1024
_MAX_ERROR: Final = 64 * 1024
_CHUNK: Final = 1024 * 1024
# X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL's x509_vfy.h.
_OUT_OF_TIME: Final = frozenset({9, 10})
_REMEDIES: Final = {
    HTTPStatus.UNAUTHORIZED: "the credentials are wrong or have expired: log in again, or renew the token",
    HTTPStatus.FORBIDDEN: "grant it: `compliance audit --print-rbac` prints the ClusterRole",
    HTTPStatus.NOT_FOUND: "it has vanished while the cluster was read: run again",
    HTTPStatus.GONE: "the list has changed too fast to be read whole: run again",
    HTTPStatus.TOO_MANY_REQUESTS: "wait, or lower --qps",
}


def body(response: urllib3.BaseHTTPResponse, deadline: float, limit: int = MAX_ANSWER) -> bytes:
    """Read a whole body, decompressed; `deadline` is on the monotonic clock.

    Raises:
        AnswerTooLarge: it has more than `limit` bytes; no more than that are kept.
        NoAnswer: it breaks off, or is not done in time.
    """
    parts, size = [], 0
    try:
        # What has come, and not a whole chunk: a server that sends byte by byte must not outlive the deadline.
        while chunk := response.read1(_CHUNK, decode_content=True):
            size += len(chunk)
            if size > limit:
                response.close()
                raise AnswerTooLarge(f"an answer is larger than {limit // 1024 // 1024} MiB")
            if time.monotonic() > deadline:
                response.close()
                raise NoAnswer("the answer did not come in time", remedy="try again")
            parts.append(chunk)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise no_answer(error) from None
    return b"".join(parts)


def status_error(response: urllib3.BaseHTTPResponse, deadline: float) -> ClusterError:
    """The error for an answer that is none of 2xx, from its Status object (API conventions, "Response Status Kind")."""
    try:
        said = orjson.loads(body(response, deadline, _MAX_ERROR))
    except (ValueError, AnswerTooLarge):
        said = {}
    status: dict[str, Any] = said if isinstance(said, dict) else {}
    words = masked(" ".join((text(status.get("message")) or "").split()))[:300]
    return StatusError(
        f"the API server answers {response.status}{f': {words}' if words else ''}",
        response.status,
        remedy=_REMEDIES.get(HTTPStatus(response.status), "try again") if _is_known(response.status) else "",
        retry_after=_retry_after(response, status),
        resume=text(mapping(status, "metadata").get("continue")) or None,
    )


def _is_known(status: int) -> bool:
    return status in HTTPStatus._value2member_map_


def _retry_after(response: urllib3.BaseHTTPResponse, status: dict[str, Any]) -> float:
    """Seconds, of the header (API servers write a number, proxies before them may write a date) or of the details."""
    header = pauses.asked(response.headers.get("Retry-After", ""), response.headers.get("Date", ""))
    return header or float(integer(mapping(status, "details").get("retryAfterSeconds")) or 0)


def no_answer(error: Exception) -> NoAnswer:
    """The error for a connection that fails, told without addresses of proxies, which may hold passwords."""
    cause = error.args[0] if isinstance(error, urllib3.exceptions.SSLError) and error.args else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = f"its certificate is not to be trusted: {cause.verify_message}"
        return NoAnswer(f"the API server cannot be used: {why}", remedy=_certificate_remedy(cause), lasting=True)
    # urllib3 counts a connection that cannot be made among those that take too long.
    is_made = not isinstance(error, urllib3.exceptions.NewConnectionError)
    if is_made and isinstance(error, urllib3.exceptions.TimeoutError):
        return NoAnswer("the API server does not answer in time", remedy="try again")
    reason = getattr(error.__cause__, "strerror", None) or type(error).__name__
    return NoAnswer(f"the API server cannot be reached, or hangs up ({reason})", remedy="check the address, try again")


def _certificate_remedy(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code not in _OUT_OF_TIME:
        return "check certificate-authority"
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"the clock here says {now}: set it if that is wrong, else the server needs a new certificate"
