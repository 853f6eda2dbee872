"""A token server for registries on loopback.

Protocol: distribution's docs/spec/auth/token.md (GET) and oauth.md (POST). The token: docs/spec/auth/jwt.md, signed
with ES256 by the key whose certificate the header `x5c` holds (RFC 7515, section 4.1.6).
"""

from __future__ import annotations

import base64
import hmac
import json
import time
import urllib.parse
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar, cast

from certificates import issue_certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_LIFETIME = 300
_LARGEST_FORM = 64 << 10
_COORDINATE = 32


@dataclass(frozen=True, slots=True)
class TokenServer:
    """Where tokens are given and what a registry must be told to accept them; `asked` collects the scopes, in order."""

    realm: str
    authority: Path
    service: str = "tests' registry"
    issuer: str = "tests' token server"
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving_tokens(folder: Path, username: str, password: str) -> Iterator[TokenServer]:
    """Give tokens for whatever is asked to whom knows the password; nobody else gets one."""
    issued = issue_certificate(folder)
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server = TokenServer(f"http://127.0.0.1:{httpd.server_port}/token", issued.authority)
    key = serialization.load_pem_private_key(issued.key.read_bytes(), None)
    certificate = x509.load_pem_x509_certificate(issued.certificate.read_bytes())
    signer = _Signer(cast("ec.EllipticCurvePrivateKey", key), certificate)
    httpd.RequestHandlerClass = type(
        "_Configured",
        (_Handler,),
        {
            "server_settings": server,
            "signer": signer,
            "login": (username, password),
        },
    )
    with served(httpd):
        yield server


@dataclass(frozen=True, slots=True)
class _Signer:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def token(self, claims: Mapping[str, object]) -> str:
        chain = [base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()]
        signed = f"{_part({'alg': 'ES256', 'typ': 'JWT', 'x5c': chain})}.{_part(claims)}"
        numbers = decode_dss_signature(self.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{_base64url(b''.join(number.to_bytes(_COORDINATE, 'big') for number in numbers))}"


class _Handler(BaseHTTPRequestHandler):
    server_settings: ClassVar[TokenServer]
    signer: ClassVar[_Signer]
    login: ClassVar[tuple[str, str]]
    timeout = 10

    def do_GET(self) -> None:
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        scheme, _, credentials = self.headers.get("Authorization", "").partition(" ")
        given = base64.b64decode(credentials).decode() if scheme.lower() == "basic" else ""
        self._answer(query.get("service", [""])[0], query.get("scope", []), given)

    def do_POST(self) -> None:
        size = min(int(self.headers.get("Content-Length", "0")), _LARGEST_FORM)
        form = {key: value[0] for key, value in urllib.parse.parse_qs(self.rfile.read(size).decode()).items()}
        given = f"{form.get('username', '')}:{form.get('password', '')}"
        self._answer(form.get("service", ""), form.get("scope", "").split(), given)

    def _answer(self, service: str, scopes: Sequence[str], given: str) -> None:
        self.server_settings.asked.extend(scopes)
        if not hmac.compare_digest(given.encode(), ":".join(self.login).encode()):
            self._send(HTTPStatus.UNAUTHORIZED, {"errors": [{"code": "UNAUTHORIZED", "message": "wrong password"}]})
            return
        now = int(time.time())
        token = self.signer.token(
            {
                "iss": self.server_settings.issuer,
                "sub": self.login[0],
                "aud": service,
                "iat": now,
                "nbf": now - 10,
                "exp": now + _LIFETIME,
                "jti": str(time.monotonic_ns()),
                "access": [_access(scope) for scope in scopes],
            }
        )
        self._send(HTTPStatus.OK, {"token": token, "access_token": token, "expires_in": _LIFETIME})

    def _send(self, status: HTTPStatus, content: Mapping[str, object]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent."""


def _access(scope: str) -> Mapping[str, object]:
    kind, _, rest = scope.partition(":")
    name, _, actions = rest.rpartition(":")
    return {"type": kind, "name": name, "actions": actions.split(",")}


def _part(content: Mapping[str, object]) -> str:
    return _base64url(json.dumps(content, separators=(",", ":")).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
