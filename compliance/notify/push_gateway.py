"""A run's metrics for a Prometheus Pushgateway: what it had of this cluster is replaced (PUT).

https://github.com/prometheus/pushgateway#url. prometheus-client can push as well, but knows no authorities but the
system's, keeps to itself what the gateway answered, and does not try again.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from compliance.notify.http import Request, address, basic, below, exchange
from compliance.notify.sending import Patience, persistently

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.notify.http import Address

JOB: Final = "compliance"
_CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_WHAT: Final = "the push gateway's address"
_PLAIN: Final = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*")


@dataclass(frozen=True, slots=True)
class PushGateway:
    """Where it is, what vouches for it in place of the system's authorities, and `Authorization` where it wants one."""

    url: Address
    ca_file: Path | None = None
    authorization: str | None = field(default=None, repr=False)


def push_gateway(url: str, ca_file: Path | None, username: str | None, password: str | None) -> PushGateway:
    """Check what a user gave; without an account plain http will do: within a cluster a gateway mostly has no TLS.

    Raises:
        ConfigurationError: the address is none, or the account would be sent without TLS.
    """
    if username is None:
        return PushGateway(address(url, _WHAT, plain=True), ca_file)
    return PushGateway(address(url, _WHAT), ca_file, basic(username, password or ""))


def push(gateway: PushGateway, metrics: str, instance: str, patience: Patience | None = None) -> None:
    """Replace what the gateway has of an instance, which is the name of a cluster, by `metrics` (text format 0.0.4).

    Raises:
        ConfigurationError: the file of authorities cannot be used.
        NotificationError: the gateway does not take it.
    """
    headers = {"Content-Type": _CONTENT_TYPE}
    if gateway.authorization is not None:
        headers["Authorization"] = gateway.authorization
    request = Request("PUT", below(gateway.url, grouping(instance)), headers, metrics.encode(), gateway.ca_file)
    persistently(lambda seconds: exchange(request, seconds), patience or Patience())


def grouping(instance: str) -> str:
    """The path of the group of an instance; a name with a slash and the like goes in base64."""
    if _PLAIN.fullmatch(instance):
        return f"/metrics/job/{JOB}/instance/{instance}"
    encoded = base64.urlsafe_b64encode(instance.encode("utf-8", "backslashreplace")).decode()
    return f"/metrics/job/{JOB}/instance@base64/{encoded or '='}"
