"""What may be shown of a text: never a secret that its name, its command or its format gives away."""

import base64
import time

import pytest

from compliance.sources.secret_text import masked, shown_lines, shown_word

VALUE = "Planted-0001-aBcDeF"
GITHUB_TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
SIGNED = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1g"


@pytest.mark.parametrize(
    "text",
    [
        "DB_PASSWORD={}",
        "PGPASSWORD={} psql",
        'password = "{}"',
        "api-token: {}",
        '{{"password": "{}", "level": "info"}}',
        'app.json: \'{{"password": "{}"}}\'',
        r'- "kubectl patch x -p \'{{\"token\":\"{}\"}}\'"',
        "<password>{}</password>",
        "env: [{{name: DB_PASSWORD, value: {}}}]",
        'environment = [{{ name = "DB_PASSWORD", value = "{}" }}]',
        "password: [{}]",
        "app --api-key {} --level info",
        "app --token={}",
        'args: ["--password", "{}"]',
        "docker login -u me -p {} registry.example.com",
        "docker login -u me -p{} registry.example.com",
        "command: [docker, login, -u, me, -p, {}]",
        "mysql -uroot -p{} db",
        "sshpass -p '{}' ssh host",
        "curl -u admin:{} https://example.com",
        "skopeo copy --dest-creds me:{} a b",
        "curl -H 'X-Api-Key: {}' https://example.com",
        "Authorization: Bearer {}",
        "Authorization: {}",
        "psql -c \"alter user a password '{}'\"",
        "echo {} | docker login -u me --password-stdin",
        "echo {} | sudo -S reboot",
        "https://me:{}@example.com/a.git",
        "https://example.com/a?api_key={}&b=c",
        'path: "/?token={}"',
        "DB_PASSWORD = '{}",
        'if: github.token == "{}"',
    ],
)
def test_a_secret_is_left_out_of_a_text(text: str) -> None:
    written = text.format(VALUE)
    assert VALUE not in masked(written)
    assert list(shown_lines([written])) == [None]


@pytest.mark.parametrize("token", [GITHUB_TOKEN, SIGNED])
def test_known_formats_need_no_name(token: str) -> None:
    assert masked(f"note {token} end") == "note *** end"
    assert list(shown_lines([f"note: {base64.b64encode(token.encode()).decode()}"])) == [None]


@pytest.mark.parametrize(
    "text",
    [
        "automountServiceAccountToken: false",
        "secretName: web-tls",
        "secretKeyRef: {name: db, key: password}",
        "password = var.db_password",
        "token: ${{ secrets.TOKEN }}",
        "id-token: write",
        "PASSWORD_FILE=/run/secrets/db",
        "docker login --password-stdin registry.example.com",
        "image: nginx:1.29@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1",
        "kind: Secret",
        "app.kubernetes.io/name: token-service",
        "curl -u $USER:$PASS https://example.com",
    ],
)
def test_what_only_sounds_like_a_secret_is_shown(text: str) -> None:
    assert masked(text) == text
    assert list(shown_lines([text])) == [text]


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("- name: DB_PASSWORD", f"  value: {VALUE}"),
        ('"name": "API_TOKEN",', f'"value": "{VALUE}"'),
        ("- --api-key", f"- {VALUE}"),
        ("docker login -u me \\", f"  -p {VALUE} registry.example.com"),
    ],
)
def test_a_line_may_name_the_secret_of_the_next(before: str, line: str) -> None:
    assert list(shown_lines([before, line])) == [before, None]
    assert list(shown_lines(["- name: LEVEL", "  value: info"])) == ["- name: LEVEL", "  value: info"]


def test_lines_of_a_key_are_never_shown() -> None:
    body = "MIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MhgHcTz6sE2I2yPB"
    lines = ["-----BEGIN RSA PRIVATE KEY-----", f"  {body}", "-----END RSA PRIVATE KEY-----", None]
    assert list(shown_lines(lines)) == [None] * 4


def test_a_word_that_looks_generated_is_not_repeated() -> None:
    assert shown_word("hJ8kL2mN5pQ9rT3v") == "***"
    assert shown_word("RUNN") == "RUNN"


@pytest.mark.parametrize("part", ["a-", "token ", "login -p", "echo ", "name: ", '"', "password='\"", "<key>", "\\"])
def test_masking_takes_time_in_proportion(part: str) -> None:
    text = f"password {part * (200_000 // len(part))}"
    started = time.process_time()
    masked(text)
    assert time.process_time() - started < 3
