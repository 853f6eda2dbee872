"""A mail server on loopback (aiosmtpd): STARTTLS, TLS or none, with an account, refusing what a test asks for."""

from __future__ import annotations

import asyncio
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from aiosmtpd.smtp import Envelope, Session
    from certificates import Issued

USERNAME = "auditor"
PASSWORD = "correct-horse-battery"  # noqa: S105 - of a server that lives as long as a test
_DEADLINE = 10.0


@dataclass(slots=True)
class MailBox:
    """What the server took, and whether over TLS and of somebody known; who and what it refuses."""

    port: int = 0
    taken: list[tuple[Envelope, bool, bool]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        """What was taken, parsed by another program's rules than it was written."""
        return [_parsed(envelope.content) for envelope, _, _ in self.taken]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name and arguments
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        del server, session, options
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Take or refuse a message."""
        if self.replies and not (reply := self.replies.pop(0)).startswith("2"):
            return reply
        self.taken.append((envelope, _is_tls(server), bool(session.authenticated)))
        return "250 taken"


def _is_tls(server: SMTP) -> bool:
    transport = server.transport
    return isinstance(transport, asyncio.Transport) and transport.get_extra_info("ssl_object") is not None


def _parsed(content: bytes | str | None) -> EmailMessage:
    if not isinstance(content, bytes):
        raise TypeError("a message is bytes")
    return message_from_bytes(content, policy=policy.default)


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
    if not isinstance(given, LoginPassword):
        raise TypeError("an account has a name and a password")
    fits = (given.login, given.password) == (USERNAME.encode(), PASSWORD.encode())
    return AuthResult(success=fits, handled=False)


@contextmanager
def mail_server(issued: Issued | None, *, implicit: bool = False, account: bool = False) -> Iterator[MailBox]:
    """Serve for the length of a block: TLS is offered (or, `implicit`, spoken from the start) with a certificate."""
    context = None
    if issued is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(issued.certificate, issued.key)
    box = MailBox()

    def session() -> SMTP:
        return SMTP(
            box,
            tls_context=None if implicit else context,
            require_starttls=issued is not None and not implicit,
            authenticator=_authenticate if account else None,
            auth_required=account and not implicit,
            auth_require_tls=not implicit,
        )

    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(loop.create_server(session, "127.0.0.1", 0, ssl=context if implicit else None))
    box.port = int(listening.sockets[0].getsockname()[1])
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield box
    finally:
        asyncio.run_coroutine_threadsafe(_end(listening), loop).result(_DEADLINE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(listening: asyncio.Server) -> None:
    listening.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
