"""What to write into `Authorization`: Basic, or a bearer token from where the registry's challenge points.

Token endpoint by GET: https://distribution.github.io/distribution/spec/auth/token/; by POST with a refresh token:
https://distribution.github.io/distribution/spec/auth/oauth/.
"""

from __future__ import annotations

import re
import threading
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import httpx

from compliance.errors import AccessDenied, ContentError, ContentUnavailable
from compliance.supply_chain import strict_json
from compliance.supply_chain.registry import answers
from compliance.supply_chain.registry.wire import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from compliance.supply_chain.registry.access import Access
    from compliance.supply_chain.registry.challenges import Challenge
    from compliance.supply_chain.registry.credentials import Credentials
    from compliance.supply_chain.registry.wire import Wire

_MAX_ANSWER: Final = 1024 * 1024
_SHORTEST: Final = 60.0
"""Seconds that a token lives where the answer does not say (token specification, `expires_in`)."""
_LONGEST: Final = 3600.0
_MARGIN: Final = 10.0
_OPAQUE: Final = re.compile(r"[\x21-\x7e]{1,65536}")
_CLIENT: Final = "immutable-compliance"
_ASK: Final = "ask who runs the registry: its token endpoint is wrong"

Scopes = tuple[str, ...]
"""`repository:NAME:ACTIONS`, as the token specification writes what is asked for."""


class Tokens:
    """The authorisations of one registry; tokens are kept until they expire. Safe in any thread."""

    def __init__(self, registry: str, base: Callable[[], httpx.URL], access: Access, wire: Wire) -> None:
        self._registry = registry
        self._base = base
        self._access = access
        self._wire = wire
        self._challenge: Challenge | None = None
        self._kept: dict[tuple[str, str, Scopes], tuple[float, str]] = {}
        self._locks: dict[tuple[str, str, Scopes], threading.Lock] = {}

    def known(self, repository: str, scopes: Scopes, deadline: float) -> str | None:
        """What the registry wants as far as it has told; None before its first challenge.

        Raises:
            AccessDenied: the credentials are refused, or cannot be had.
            ContentError: the token endpoint's answer is none; ContentUnavailable: it gives no answer.
        """
        return None if self._challenge is None else self._for(self._challenge, repository, scopes, None, deadline)

    def answer(
        self,
        challenges: Iterable[Challenge],
        repository: str,
        scopes: Scopes,
        refused: str | None,
        deadline: float,
    ) -> str | None:
        """Answer a challenge with something else than what was just refused; None where there is nothing else.

        Raises:
            AccessDenied: as for `known`, and ContentError likewise.
        """
        by_scheme = {challenge.scheme: challenge for challenge in reversed([*challenges])}
        challenge = by_scheme.get("bearer") or by_scheme.get("basic")
        if challenge is None:
            return None
        self._challenge = challenge
        found = self._for(challenge, repository, scopes, refused, deadline)
        return None if found == refused else found

    def _for(
        self, challenge: Challenge, repository: str, scopes: Scopes, refused: str | None, deadline: float
    ) -> str | None:
        if challenge.scheme == "basic":
            credentials = self._access.credentials.find(self._registry, repository)
            return credentials.basic if credentials and not credentials.is_identity_token else None
        key = (challenge.parameters.get("realm", ""), challenge.parameters.get("service", ""), scopes)
        with self._locks.setdefault(key, threading.Lock()):
            until, kept = self._kept.get(key, (0.0, ""))
            if time.monotonic() < until and kept != refused:
                return kept
            wanted = (*scopes, *(challenge.parameters.get("scope", "").split() if refused else ()))
            credentials = self._access.credentials.find(self._registry, repository)
            lifetime, token = self._fetch(challenge, tuple(dict.fromkeys(wanted)), credentials, deadline)
            self._kept[key] = (time.monotonic() + lifetime, f"Bearer {token}")
            return f"Bearer {token}"

    def _fetch(
        self, challenge: Challenge, scopes: Scopes, credentials: Credentials | None, deadline: float
    ) -> tuple[float, str]:
        call = self._call(challenge, scopes, credentials)
        what = f"a token for {self._registry}"
        response = self._wire.exchange(call, deadline)
        try:
            if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
                raise AccessDenied(
                    f"{call.url.host} gives no token for {self._registry}: the credentials are refused",
                    remedy=f"log in again with `docker login {self._registry}`",
                )
            if response.status_code == HTTPStatus.NOT_FOUND:
                # Not ContentNotFound: that would say of the image that it is not there.
                raise ContentUnavailable(f"{what} cannot be had: {call.url.host} answers 404", remedy=_ASK)
            if response.status_code != HTTPStatus.OK:
                raise answers.refusal(response, call.url.host, what, deadline)
            return _token(answers.body(response, _MAX_ANSWER, deadline, what), what)
        finally:
            response.close()

    def _call(self, challenge: Challenge, scopes: Scopes, credentials: Credentials | None) -> Call:
        # It gets the password, so what holds for redirects holds for it: https, unless the registry is plain http.
        realm = self._wire.resolve(self._base(), challenge.parameters.get("realm", ""))
        named = [(key, challenge.parameters[key]) for key in ("service",) if key in challenge.parameters]
        if credentials and credentials.is_identity_token:
            form = [("grant_type", "refresh_token"), ("client_id", _CLIENT), *named]
            form += [("scope", " ".join(scopes)), ("refresh_token", credentials.secret)]
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            return Call("POST", realm, headers, urlencode(form).encode("ascii"))
        url = realm.copy_merge_params(httpx.QueryParams([*named, *(("scope", scope) for scope in scopes)]))
        return Call("GET", url, authorization=credentials.basic if credentials else None)


def _token(data: bytes, what: str) -> tuple[float, str]:
    value = strict_json.loads(data, what)
    token = (value.get("token") or value.get("access_token")) if isinstance(value, dict) else None
    if not isinstance(token, str) or not _OPAQUE.fullmatch(token):
        raise ContentError(f"{what} did not come: the answer has none")
    seconds = value.get("expires_in")
    lifetime = float(seconds) if isinstance(seconds, int | float) and seconds > 0 else _SHORTEST
    return min(lifetime, _LONGEST) - _MARGIN, token
