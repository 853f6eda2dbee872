"""Which values are secrets, and which only look like one. Tokens are put together here: scanners find none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.sources.secret_values import CLEAR_TEXT, is_literal_in_file, known_format, secret_in

MIXED = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xYzA1"
URL = "a URL with a password"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ghp_" + MIXED + "b", "a GitHub token"),
        ("glpat-" + MIXED[:20], "a GitLab token"),
        ("AKIA" + "Q2W3E4R5T6Y7U2I3", "an AWS access key"),
        ("xoxb-" + "123456789012-123456789012-" + MIXED[:24], "a Slack token"),
        ("sk_live_" + MIXED[:24], "a Stripe key"),
        ("AIza" + MIXED[:35], "a Google API key"),
        ("eyJhbGciOiJIUzI1NiJ9x" + ".eyJzdWIiOiIxMjM0NTY3ODkw." + MIXED, "a JSON Web Token"),
        ("-----BEGIN RSA PRIVATE" + " KEY-----\n" + MIXED + MIXED + "\n", "a private key"),
        ("-----BEGIN PRIVATE" + " KEY-----\\n" + MIXED + MIXED, "a private key"),
        ("postgres://web:correct-horse@db:5432/web", URL),
        ("redis://:correct-horse@cache:6379", URL),
        ("url = amqp://guest:correct-horse@$(HOST):5672", URL),
    ],
)
def test_credentials_of_known_formats_need_no_name(text: str, words: str) -> None:
    assert known_format(text) == words
    assert secret_in("SETTING", text) == words


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7" + "EXAMPLE",
        "ghp_" + "x" * 36,
        "postgres://web:$(DB_PASSWORD)@db/web",
        "postgres://web:${DB_PASSWORD}@db/web",
        "http://user:password@proxy.example.com",
        "https://registry.example.com:5000/team@sha256",
        "https://example.com/path?to=web@example.com",
        "grep -q '-----BEGIN PRIVATE" + " KEY-----' file && echo found it in this file",
        "",
    ],
)
def test_what_only_looks_like_a_credential_is_none(text: str) -> None:
    assert known_format(text) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "hunter2"),
        ("dbPassword", "'correct-horse'"),
        ("MYSQL_ROOT_PASSWORD", "password"),
        ("API_TOKEN", MIXED),
        ("CLIENT_SECRET", MIXED),
        ("SESSION_KEY", MIXED),
    ],
)
def test_other_values_count_under_the_name_of_a_secret(name: str, value: str) -> None:
    assert secret_in(name, value) == CLEAR_TEXT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "$(PASSWORD)"),
        ("DB_PASSWORD", "$2y$10$abcdefghijklmnopqrstuv"),
        ("DB_PASSWORD", "{{ .Values.password }}"),
        ("DB_PASSWORD", "<password>"),
        ("DB_PASSWORD", "changeme"),
        ("DB_PASSWORD", "REPLACE_ME"),
        ("DB_PASSWORD", "INSERT_DB_PASSWORD"),
        ("DB_PASSWORD", "your-password-here"),
        ("DB_PASSWORD", "*****"),
        ("COOKIE_SECRET", "SECRET"),
        ("API_TOKEN", "a personal token of yours"),
        ("DB_PASSWORD", "/run/secrets/db"),
        ("DB_PASSWORD", "vault:secret/data/db#password"),
        ("DB_PASSWORD", "ENC[AES256_GCM,data:Zm9v]"),
        ("DB_PASSWORD_FILE", "/etc/db/password"),
        ("TLS_SECRET", "web-tls"),
        ("IMAGE_PULL_SECRET", "registry/pull-secret"),
        ("ALLOW_EMPTY_PASSWORD", "yes"),
        ("SESSION_KEY", "user-session"),
        ("LOG_LEVEL", MIXED),
    ],
)
def test_placeholders_references_and_names_of_objects_are_no_secrets(name: str, value: str) -> None:
    assert secret_in(name, value) is None


@pytest.mark.parametrize("value", ["Password", "Ihr Passwort", "密码", "password"])
def test_words_for_people_are_no_secrets_in_files(value: str) -> None:
    assert not is_literal_in_file("password", value)


def test_a_password_is_one_in_files_too() -> None:
    assert is_literal_in_file("password", "correct-horse-7")


@given(st.text(max_size=60), st.text(max_size=200))
def test_answers_are_words_that_tell_nothing_of_the_value(name: str, value: str) -> None:
    words = secret_in(name, value)
    assert words is None or words == CLEAR_TEXT or words.startswith(("a ", "an "))
