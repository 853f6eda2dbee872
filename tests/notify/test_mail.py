"""E-mail: a message that nobody can break, handed to a real server (aiosmtpd) over verified TLS."""

from __future__ import annotations

import email
import socket
import threading
import time
from contextlib import contextmanager, suppress
from email import policy
from typing import TYPE_CHECKING

import pytest
from certificates import Issued, issue_certificate
from hypothesis import given
from mail_servers import PASSWORD, USERNAME, mail_server
from news import hostile, texts, told, tracked, usual

from compliance.errors import ConfigurationError, NotificationError
from compliance.notification_settings import MailServer, SecretPlace, Security
from compliance.notify import mail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


SENDER, RECIPIENTS = "compliance@example.org", ("ops@example.org", "security@example.org")
ACCOUNT = (SecretPlace("MAIL_USER"), SecretPlace("MAIL_PASSWORD"))


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    """A certificate for loopback."""
    return issue_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_USER", USERNAME)
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)


def server(port: int, security: Security = Security.NONE, *, account: bool = False) -> MailServer:
    username, password = ACCOUNT if account else (None, None)
    return MailServer("127.0.0.1", port, security, SENDER, RECIPIENTS, username, password)


def send(where: MailServer, ca_file: Path | None = None, seconds: float = 5.0) -> tuple[str, ...]:
    return mail.send(mail.message(usual(), mail.text(usual()), where), where, ca_file, seconds)


def refusal(where: MailServer, ca_file: Path | None = None, seconds: float = 5.0) -> NotificationError:
    with pytest.raises(NotificationError) as caught:
        send(where, ca_file, seconds)
    assert PASSWORD not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_message_arrives_over_tls_with_an_account(issued: Issued, security: Security) -> None:
    with mail_server(issued, implicit=security is Security.TLS, account=True) as box:
        assert send(server(box.port, security, account=True), issued.authority) == ()
    ((envelope, was_tls, was_known),) = box.taken
    assert (was_tls, was_known) == (True, True)
    assert (envelope.mail_from, tuple(envelope.rcpt_tos)) == (SENDER, RECIPIENTS)
    (message,) = box.messages
    assert message["Subject"] == "3 findings in production: 1 critical, 1 high, 1 low"
    assert message["To"] == ", ".join(RECIPIENTS)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{usual().id}@example.org>"
    assert message.get_content().replace("\r\n", "\n") == mail.text(usual())


def test_a_relay_may_do_without_tls() -> None:
    with mail_server(None) as box:
        send(server(box.port))
    assert [was_tls for _, was_tls, _ in box.taken] == [False]


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_server_that_nobody_vouches_for_gets_nothing(issued: Issued, security: Security) -> None:
    with mail_server(issued, implicit=security is Security.TLS, account=True) as box:
        error = refusal(server(box.port, security, account=True))
    assert "not to be trusted" in str(error)
    assert (error.passing, box.taken) == (False, [])


def test_where_tls_is_wanted_and_not_offered_nothing_is_sent() -> None:
    with mail_server(None) as box:
        error = refusal(server(box.port, Security.STARTTLS))
    assert "does not offer" in str(error)
    assert (error.passing, box.taken) == (False, [])


def test_a_wrong_password_is_refused_for_good_and_not_told(issued: Issued, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "wrong-password")
    with mail_server(issued, account=True) as box:
        error = refusal(server(box.port, Security.STARTTLS, account=True), issued.authority)
    assert "127.0.0.1 answered 535" in str(error)
    assert "wrong-password" not in str(error)
    assert not error.passing


def test_a_missing_password_is_said_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_PASSWORD")
    with pytest.raises(ConfigurationError, match="the environment variable MAIL_PASSWORD, which is empty"):
        send(server(25, account=True))


@pytest.mark.parametrize(("reply", "passing"), [("451 try later", True), ("554 no spam", False)])
def test_a_message_that_is_refused_may_pass_later_or_never(reply: str, passing: bool) -> None:  # noqa: FBT001
    with mail_server(None) as box:
        box.replies.append(reply)
        error = refusal(server(box.port))
    assert f"127.0.0.1 answered {reply[:3]}: {reply[4:]}" == str(error)
    assert error.passing is passing


def test_recipients_that_are_refused_are_named_and_the_others_have_it() -> None:
    with mail_server(None) as box:
        box.refused[RECIPIENTS[1]] = "550 no such user"
        assert send(server(box.port)) == (RECIPIENTS[1],)
    assert box.taken[0][0].rcpt_tos == [RECIPIENTS[0]]


def test_nothing_is_sent_to_nobody() -> None:
    with mail_server(None) as box:
        box.refused = dict.fromkeys(RECIPIENTS, "550 no such user")
        error = refusal(server(box.port))
    assert "refuses every recipient, such as ops@example.org: 550 no such user" in str(error)
    assert (error.passing, box.taken) == (False, [])


def test_a_server_that_is_not_there_may_come_back() -> None:
    with mail_server(None) as box:
        pass
    assert refusal(server(box.port)).passing


@contextmanager
def _dripping(sent: bytes) -> Iterator[int]:
    """A server that says this over and over for a while, and never anything else; its port."""
    ending = threading.Event()

    def drip(listening: socket.socket) -> None:
        with suppress(OSError), listening.accept()[0] as connection:
            for _ in range(300):
                if ending.wait(0.02):
                    break
                connection.sendall(sent)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5.0)
        thread = threading.Thread(target=drip, args=(listening,))
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            ending.set()
            thread.join()


@pytest.mark.parametrize("sent", [b"2", b"220-still busy\r\n"])
def test_a_server_that_never_comes_to_the_point_is_cut_off(sent: bytes) -> None:
    began = time.monotonic()
    with _dripping(sent) as port:
        error = refusal(server(port), seconds=0.5)
    assert "not in time" in str(error)
    assert time.monotonic() - began < 4.0


@given(texts)
def test_no_value_can_break_a_header(text: str) -> None:
    where = server(25)
    news = hostile(text)
    parsed = email.message_from_bytes(mail.message(news, mail.text(news), where).as_bytes(), policy=policy.default)
    expected = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "MIME-Version"}
    assert set(parsed.keys()) == expected | {"Content-Transfer-Encoding"}
    assert parsed["To"] == ", ".join(RECIPIENTS)
    assert all(len(line) <= 998 for line in parsed.as_bytes().splitlines())


def test_a_subject_is_one_short_line_in_any_script() -> None:
    news = told(tracked("web"), report_url=None)
    parsed = mail.message(news, "größe 東京\n", server(25))
    assert parsed.get_content() == "größe 東京\n"
    assert len(str(parsed["Subject"])) <= 200
