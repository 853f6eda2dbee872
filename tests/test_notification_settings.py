"""The section `notifications`: what it may say, and what is refused with the place of the mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance.config import load
from compliance.errors import ConfigurationError
from compliance.model import Severity
from compliance.notification_settings import (
    Channel,
    Kind,
    MailServer,
    NotificationSettings,
    SecretPlace,
    Security,
)

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

EVERYTHING = """\
notifications:
  report_url: https://reports.example.org/nightly
  channels:
  - name: platform
    kind: slack
    url_env: SLACK_WEBHOOK
  - name: tickets
    kind: generic
    at_least: low
    url_file: secrets/url
    headers_env: {Authorization: TICKETS_TOKEN}
    headers_file: {X-Tenant: secrets/tenant}
    template: ticket.json.j2
    ca_file: ca.pem
  - name: managers
    kind: email
    at_least: critical
    smtp:
      host: mail.example.org
      security: tls
      from: compliance@example.org
      to: [a@example.org, b@example.org]
      username_env: MAIL_USER
      password_file: secrets/password
"""
_SMTP = "smtp: {host: mail.example.org, from: a@example.org, to: [b@example.org]"


def read(folder: Path, text: str) -> NotificationSettings:
    (folder / "compliance.yaml").write_text(text, encoding="utf-8")
    return load(folder / "compliance.yaml", start=folder).notifications


def said(folder: Path, channels: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(folder, f"notifications:\n  channels:\n  - {channels}\n")
    return f"{caught.value}\n{caught.value.remedy}".replace(f"{folder.as_posix()}/", "")


def test_every_key_reaches_the_settings(tmp_path: Path) -> None:
    mail = MailServer(
        host="mail.example.org",
        port=465,
        security=Security.TLS,
        sender="compliance@example.org",
        recipients=("a@example.org", "b@example.org"),
        username=SecretPlace(env="MAIL_USER"),
        password=SecretPlace(file=tmp_path / "secrets/password"),
    )
    headers = {
        "Authorization": SecretPlace(env="TICKETS_TOKEN"),
        "X-Tenant": SecretPlace(file=tmp_path / "secrets/tenant"),
    }
    assert read(tmp_path, EVERYTHING) == NotificationSettings(
        (
            Channel("platform", Kind.SLACK, Severity.HIGH, SecretPlace(env="SLACK_WEBHOOK")),
            Channel(
                "tickets",
                Kind.GENERIC,
                Severity.LOW,
                SecretPlace(file=tmp_path / "secrets/url"),
                headers,
                template=tmp_path / "ticket.json.j2",
                ca_file=tmp_path / "ca.pem",
            ),
            Channel("managers", Kind.EMAIL, Severity.CRITICAL, mail=mail),
        ),
        "https://reports.example.org/nightly",
    )


def test_without_the_section_nobody_is_told(tmp_path: Path) -> None:
    assert read(tmp_path, "fail_on: high\n") == NotificationSettings()


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_a_mail_server_has_the_usual_port(tmp_path: Path, security: str, port: int) -> None:
    text = f"notifications: {{channels: [{{name: m, kind: email, {_SMTP}, security: {security}}}}}]}}"
    mail = read(tmp_path, text).channels[0].mail
    assert mail is not None
    assert mail.port == port


def test_mistakes_name_their_place_and_what_to_do(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    mistakes = [
        "{name: a, kind: slack}",
        "{name: a, kind: pigeon, url_env: A}",
        "{name: 'a b', kind: slack, url_env: A}",
        "{name: a, kind: slack, url: https://hooks.example.org/nGz7}",
        "{name: a, kind: slack, url_env: A, url_file: b}",
        "{name: a, kind: slack, url_env: A, " + _SMTP + "}}",
        "{name: a, kind: email, url_env: A}",
        "{name: a, kind: slack, url_env: A, headers_env: {Host: B}}",
        "{name: a, kind: slack, url_env: A, headers_env: {'X Y': B}}",
        "{name: a, kind: email, " + _SMTP + ", username_env: A}}",
        "{name: a, kind: email, " + _SMTP + ", security: none, username_env: A, password_env: B}}",
        '{name: a, kind: email, smtp: {host: m, from: "a@b\\r\\nBcc: c@d", to: [b@example.org]}}',
        "{name: a, kind: email, smtp: {host: m, from: a@b.c, to: []}}",
        "{name: a, kind: slack, url_env: A}\n  - {name: a, kind: teams, url_env: B}",
    ]
    assert "\n".join(f"- {text}\n{said(tmp_path, text)}" for text in mistakes) == snapshot


def test_an_address_that_stands_where_its_name_belongs_is_not_repeated(tmp_path: Path) -> None:
    told = said(tmp_path, "{name: a, kind: slack, url_env: https://hooks.example.org/nGz7LuJ6}")
    assert "nGz7" not in told
    assert "url_env does not fit" in told


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a.example|b", "https://u:p@a.example", "ftp://a"])
def test_a_report_is_on_the_web(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match="report_url"):
        read(tmp_path, f"notifications: {{report_url: '{url}'}}")
