"""Which files hold secrets, and which only look so."""

from __future__ import annotations

import time

import pytest

from compliance.sources.images.sightings import secret

_BODY = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2"
_KEY = f"-----BEGIN PRIVATE KEY-----\n{_BODY}\n-----END PRIVATE KEY-----\n"
_TOKEN = "ghp_" + "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2"


@pytest.mark.parametrize(
    ("path", "data", "what"),
    [
        ("app/server.pem", _KEY, "a private key"),
        ("etc/ssh/ssh_host_ed25519_key", _KEY, "a private key"),
        ("app/config.json", f'{{"token": "{_TOKEN}"}}', "a GitHub token"),
        ("root/.netrc", "machine a login b password c", "credentials, as its name says"),
        ("root/.ssh/id_ed25519", "anything", "credentials, as its name says"),
        ("root/.ssh/id_rsa", _KEY, "a private key"),
        ("app/.env", "DB_PASSWORD=correct-horse-7\n", "a secret in clear text (DB_PASSWORD)"),
        ("app/.git/config", "url = https://bot:gQ7v9xKpL2@git.example.com/x", "a URL with a password"),
        ("etc/shadow", "root:$6$salt$hash:19000:0:99999:7:::\n", "the hash of a password"),
    ],
)
def test_secrets_are_named_and_their_values_are_not(path: str, data: str, what: str) -> None:
    assert secret(path, data.encode()) == what


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("app/server.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
        ("app/.env", "DB_PASSWORD=changeme\nPORT=8080\nTOKEN=${TOKEN}\n"),
        ("etc/shadow", "root:*:19000:0:99999:7:::\nbin:!:19000::::::\n"),
        ("etc/ssl/private/ssl-cert-snakeoil.key", _KEY),
        ("usr/lib/python3/test/keycert.pem", _KEY),
        ("usr/share/doc/xmlsec/examples/rsakey.pem", _KEY),
        ("app/node_modules/x/test/server.key", _KEY),
        ("root/.ssh/known_hosts", "example.com ssh-ed25519 AAAA"),
        ("root/.ssh/id_ed25519.pub", "ssh-ed25519 AAAA"),
        ("app/settings.py", "PASSWORD = os.environ['PASSWORD']"),
    ],
)
def test_what_only_looks_like_a_secret_is_none(path: str, data: str) -> None:
    assert secret(path, data.encode()) is None


def test_a_binary_file_is_not_searched() -> None:
    assert secret("app/x", b"\0" + _TOKEN.encode()) is None


@pytest.mark.parametrize("text", ["\n" * 60_000, " " * 60_000, "a=" * 30_000, "a" * 60_000, ("\t" * 39 + "\n") * 1500])
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    secret("app/.env", text.encode())

    assert time.process_time() - start < 1


def test_a_file_that_was_too_large_to_read_counts_by_its_name() -> None:
    assert secret("root/.netrc", None) == "credentials, as its name says"
    assert secret("app/server.pem", None) is None
