"""Which variables count as secrets, by their names and values."""

from typing import Any

import pytest

from compliance.sources.dockerfile import read


def last(text: str) -> dict[str, Any]:
    return dict(read(text.encode(), "Dockerfile").body["stages"][-1])


@pytest.mark.parametrize(
    "name",
    [
        *(
            "PASSWORD",
            "DB_PASSWORD",
            "db_passwd",
            "githubToken",
            "NPM_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "apiKey",
            "API_KEY",
        ),
        *("CLIENT_SECRET", "SSH_PRIVATE_KEY", "DB_PWD", "GOOGLE_CREDENTIALS", "DJANGO_SECRET_KEY"),
    ],
)
def test_a_name_that_announces_a_secret_is_one(name: str) -> None:
    (variable,) = last(f"FROM a:1\nENV {name}=hunter2\n")["env"]

    assert variable["secret"] is True
    assert variable["value"] is None


@pytest.mark.parametrize(
    "pair",
    [
        *("PASSWORD_FILE=x", "TOKEN_URL=x", "SECRET_NAME=x", "PWD=x", "GPG_KEY=x", "KEY=x", "AUTHOR=x", "MAX_TOKEN=9"),
        *("ALLOW_EMPTY_PASSWORD=yes", "PASSWORD=", "TOKEN=/run/secrets/t", "NEXT_PUBLIC_API_KEY=x", "MONKEY=x"),
        *("SECRET_KEY=dummy", "MAX_TOKENS=9", "COMPASSWORD=x", "PASSWORD=''"),
    ],
)
def test_a_name_or_value_that_is_harmless_is_no_secret(pair: str) -> None:
    (variable,) = last(f"FROM a:1\nENV {pair}\n")["env"]

    assert variable["secret"] is False


_TOKEN = "ghp_" + "Zk3xQ9LmPt7RwYb2Vc8NsHd4Jf6Ga1Ue5TiX"


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (f'curl -H "Authorization: Bearer {_TOKEN}" https://x.example.com', ["a GitHub token"]),
        ("git clone https://ci:k7Rw9xQz2LmP@git.example.com/a.git", ["a URL with a password"]),
        ("git clone https://ci:${TOKEN}@git.example.com/a.git", []),
        ("curl -fu x -u ci:k7Rw9xQz2LmP https://x.example.com/a", ["-u password"]),
        ('curl -u "ci:$PASSWORD" https://x.example.com/a', []),
        ("wget --password=k7Rw9xQz2LmP https://x.example.com/a", ["--password"]),
        ('wget --password="$(cat /run/secrets/p)" https://x.example.com/a', []),
        ("tool --password-file=/run/secrets/p --max-token=k7Rw9xQz2LmP", []),
    ],
)
def test_what_a_command_gives_away_is_named_and_not_shown(command: str, found: list[str]) -> None:
    dockerfile = read(f"FROM a:1\nRUN {command}\n".encode(), "Dockerfile")
    (run,) = dockerfile.body["stages"][-1]["runs"]

    assert run["secrets"] == found
    assert _TOKEN not in run["at"]
    assert "k7Rw9xQz2LmP" not in (dockerfile.lines(2) or "") or not found


def test_an_argument_without_default_is_no_secret() -> None:
    assert [arg["secret"] for arg in last("FROM a:1\nARG NPM_TOKEN\nARG API_TOKEN=x\n")["args"]] == [False, True]
