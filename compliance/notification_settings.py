"""The section `notifications` of `compliance.yaml`: whom nightly audits tell of new findings, and how.

Addresses of webhooks and passwords are secrets, so the file only says where they are: in an environment variable or in
a file. They are read where a message is sent, never here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ConfigurationError
from compliance.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from compliance.model import Origin

    Locate = Callable[..., Origin | None]

_SECTION: Final = "notifications"
_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
_SMTP_SECRETS: Final = ("username", "password")
_OWN_HEADERS: Final = frozenset({"host", "content-type", "content-length", "transfer-encoding", "connection"})
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Kind(StrEnum):
    """What a channel leads to."""

    SLACK = "slack"
    TEAMS = "teams"
    GENERIC = "generic"
    EMAIL = "email"


class Security(StrEnum):
    """How a mail server is spoken to: TLS by STARTTLS, TLS from the start, or none."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where a secret is: in the environment variable `env` or in `file`; exactly one of them."""

    env: str | None = None
    file: Path | None = None

    def __str__(self) -> str:
        return f"the environment variable {self.env}" if self.env else str(self.file)


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server for e-mail; `sender` and `recipients` are addresses without names."""

    host: str
    port: int
    security: Security
    sender: str
    recipients: tuple[str, ...]
    username: SecretPlace | None = None
    password: SecretPlace | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """Whom to tell, and of what: findings of the severity `at_least` and above.

    The history remembers what was told by `name`. Webhooks have `url` and perhaps secret `headers`, e-mail has `mail`.
    `template` (Jinja) replaces the built-in message. `ca_file` (PEM) replaces the system's certificate authorities.
    """

    name: str
    kind: Kind
    at_least: Severity = Severity.HIGH
    url: SecretPlace | None = None
    headers: Mapping[str, SecretPlace] = field(default_factory=dict, hash=False)
    mail: MailServer | None = None
    template: Path | None = None
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    """All that `notifications` says; `report_url` is put into every message."""

    channels: tuple[Channel, ...] = ()
    report_url: str | None = None


def read(said: Mapping[str, Any], folder: Path, locate: Locate) -> NotificationSettings:
    """Read the section, whose shape is checked already.

    `folder` is what files are relative to, `locate` gives the place of a key in the file, for messages.

    Raises:
        ConfigurationError: two channels have one name, or one lacks or has what its kind does not.
    """
    channels = tuple(
        _channel(channel, folder, locate(_SECTION, "channels", number))
        for number, channel in enumerate(said.get("channels", ()))
    )
    names = Counter(channel.name for channel in channels)
    if twice := [name for name, count in names.items() if count > 1]:
        raise ConfigurationError(
            f"two channels are called {twice[0]!r}",
            remedy="the history knows a channel by its name: give each its own",
            origin=locate(_SECTION, "channels"),
        )
    return NotificationSettings(channels, said.get("report_url"))


def _channel(said: Mapping[str, Any], folder: Path, origin: Origin | None) -> Channel:
    name, kind = said["name"], Kind(said["kind"])
    url = _secret(said, "url", folder, origin)
    headers = _headers(said, folder, origin)
    mail = _mail(said["smtp"], folder, origin) if "smtp" in said else None
    if kind is Kind.EMAIL and (mail is None or url or headers):
        remedy = "an e-mail channel has smtp, and neither url_env, url_file nor headers"
        raise ConfigurationError(f"the channel {name!r} is no e-mail channel", remedy=remedy, origin=origin)
    if kind is not Kind.EMAIL and (url is None or mail):
        remedy = "a webhook has url_env or url_file, the name of where its address is, and no smtp"
        raise ConfigurationError(f"the channel {name!r} is no webhook", remedy=remedy, origin=origin)
    return Channel(
        name=name,
        kind=kind,
        at_least=Severity.parse(said.get("at_least", Severity.HIGH.label)),
        url=url,
        headers=headers,
        mail=mail,
        template=folder / said["template"] if "template" in said else None,
        ca_file=folder / said["ca_file"] if "ca_file" in said else None,
    )


def _secret(said: Mapping[str, Any], name: str, folder: Path, origin: Origin | None) -> SecretPlace | None:
    env, file = said.get(f"{name}_env"), said.get(f"{name}_file")
    if env is not None and file is not None:
        remedy = f"keep {name}_env or {name}_file"
        raise ConfigurationError(f"{name}_env and {name}_file both say where it is", remedy=remedy, origin=origin)
    return SecretPlace(env, folder / file if file else None) if env or file else None


def _headers(said: Mapping[str, Any], folder: Path, origin: Origin | None) -> dict[str, SecretPlace]:
    headers = {name: SecretPlace(env=env) for name, env in said.get("headers_env", {}).items()}
    headers |= {name: SecretPlace(file=folder / file) for name, file in said.get("headers_file", {}).items()}
    if own := [name for name in headers if name.lower() in _OWN_HEADERS]:
        raise ConfigurationError(f"the header {own[0]} is ours to set", remedy="leave it out", origin=origin)
    return headers


def _mail(said: Mapping[str, Any], folder: Path, origin: Origin | None) -> MailServer:
    username, password = (_secret(said, name, folder, origin) for name in _SMTP_SECRETS)
    security = Security(said.get("security", Security.STARTTLS.value))
    if (username is None) != (password is None):
        raise ConfigurationError("a mail account has a username and a password", remedy="name both", origin=origin)
    if password and security is Security.NONE and said["host"] not in _LOOPBACK:
        remedy = "use starttls or tls, or a server that wants no password"
        raise ConfigurationError("a password would go over the network without TLS", remedy=remedy, origin=origin)
    return MailServer(
        host=said["host"],
        port=said.get("port", _PORTS[security.value]),
        security=security,
        sender=said["from"],
        recipients=tuple(said["to"]),
        username=username,
        password=password,
    )
