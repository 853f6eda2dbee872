"""A message as e-mail: plain text (RFC 5322), and its way to a mail server with verified TLS (RFC 5321, 3207, 8314)."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import threading
import time
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import NotificationError
from compliance.notification_settings import Security
from compliance.notify.access import redacted, secret
from compliance.notify.message import clipped, headline, left_out, remarks
from compliance.supply_chain.registry.connections import tls_context

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.notification_settings import MailServer
    from compliance.notify.message import Item, News

SHOWN: Final = 50
_LONGEST_SUBJECT: Final = 200
_SILENCE: Final = 10.0
_PERMANENT: Final = 500
_NOT_TRUSTED: Final = "name the authority that vouches for it with ca_file"
_LOOK: Final = "look at host, port and security of its smtp settings, and whether the server can be reached from here"


def text(said: News) -> str:
    """The body."""
    shown = said.items[:SHOWN]
    parts = [headline(said), "\n".join(remarks(said)), *(f"Report: {url}" for url in [said.report_url] if url)]
    parts += [_item(item) for item in shown]
    parts += [more for more in [left_out(said, len(shown))] if more]
    return "\n\n".join(parts) + "\n"


def _item(item: Item) -> str:
    since = "" if item.is_new else f", open since {item.first_seen.date()}"
    return f"{item.severity.label}: {item.subject}\n  {item.message}\n  {item.rule}, {item.owner}{since}"


def message(said: News, body: str, server: MailServer) -> EmailMessage:
    """The whole of it; the same news has the same Message-ID, and nothing answers it (RFC 3834)."""
    made = EmailMessage(policy.SMTP)
    made["From"] = server.sender
    made["To"] = ", ".join(server.recipients)
    made["Subject"] = clipped(headline(said), _LONGEST_SUBJECT)
    made["Date"] = format_datetime(said.taken_at)
    made["Message-ID"] = f"<{said.id}@{server.sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(body, charset="utf-8", cte="quoted-printable")
    return made


def send(made: EmailMessage, server: MailServer, ca_file: Path | None, seconds: float) -> tuple[str, ...]:
    """Hand a message to the server; the recipients that it refuses where it takes others.

    Raises:
        NotificationError: the server does not take it.
        ConfigurationError: credentials or authorities cannot be had.
    """
    account = server.username and server.password
    username = secret(server.username, "the mail account's name") if account and server.username else ""
    password = secret(server.password, "the mail account's password") if account and server.password else ""
    context = tls_context(ca_file)
    limit = time.monotonic() + seconds
    try:
        with contextlib.closing(_connect(server, context, seconds)) as connection:
            if account:
                connection.login(username, password)
            refused = connection.send_message(made)
            with contextlib.suppress(OSError):  # what was taken stays taken, however the session ends
                connection.quit()
    except OSError as error:  # smtplib's own errors are OSErrors as well
        why = TimeoutError() if time.monotonic() >= limit else error  # a line that was cut off may look like a reply
        raise _failure(why, server.host, (username, password)) from None
    return tuple(refused)


class _Limited(smtplib.SMTP):
    """A session that is cut off when its time is over: smtplib's own timeout starts anew with every byte."""

    def __init__(self, server: MailServer, seconds: float, **settings: Any) -> None:  # noqa: ANN401 - smtplib's
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()
        try:
            super().__init__(server.host, server.port, timeout=min(_SILENCE, seconds), **settings)
        except BaseException:
            self._timer.cancel()
            raise

    def _cut(self) -> None:
        if isinstance(self.sock, socket.socket):
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """End the session."""
        self._timer.cancel()
        super().close()


class _LimitedTls(_Limited, smtplib.SMTP_SSL):
    """The same with TLS from the start."""


def _connect(server: MailServer, context: ssl.SSLContext, seconds: float) -> smtplib.SMTP:
    if server.security is Security.TLS:
        return _LimitedTls(server, seconds, context=context)
    connection = _Limited(server, seconds)
    try:
        if server.security is Security.STARTTLS:
            connection.starttls(context=context)
    except BaseException:
        connection.close()
        raise
    return connection


def _failure(error: OSError, host: str, secrets: tuple[str, ...]) -> NotificationError:
    remedy, passing = _LOOK, True
    match error:
        case ssl.SSLCertVerificationError():
            said, remedy, passing = f"is not to be trusted: {error.verify_message}", _NOT_TRUSTED, False
        case smtplib.SMTPRecipientsRefused():
            name, (code, reply) = next(iter(error.recipients.items()))
            said = f"refuses every recipient, such as {name}: {code} {_decoded(reply)}"
            remedy = "look at the addresses in its smtp settings"
            passing = all(code < _PERMANENT for code, _ in error.recipients.values())
        case smtplib.SMTPResponseException():
            said = f"answered {error.smtp_code}: {_decoded(error.smtp_error)}"
            passing = 0 < error.smtp_code < _PERMANENT
        case smtplib.SMTPNotSupportedError():
            said, remedy, passing = "does not offer what is asked of it", "use security: tls, or another server", False
        case smtplib.SMTPServerDisconnected() | TimeoutError():
            said = "did not answer, or not in time"
        case _:
            said = f"cannot be reached: {getattr(error, 'reason', '') or error.strerror or error}"
    return NotificationError(f"{host} {redacted(said, secrets)}", remedy=remedy, passing=passing)


def _decoded(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
