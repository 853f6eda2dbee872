"""Files: which a COPY takes along, and which a .dockerignore keeps out."""

from pathlib import Path
from typing import Any

import pytest

from compliance.sources.dockerfile import read
from compliance.sources.dockerfile.context import has_ignore_file


def last_stage(text: str) -> dict[str, Any]:
    return dict(read(f"FROM a:1\n{text}\n".encode(), "Dockerfile").body["stages"][-1])


@pytest.mark.parametrize(
    ("path", "secrecy"),
    [
        ("id_rsa", "credentials"),
        ("keys/id_ed25519", "credentials"),
        (".ssh", "credentials"),
        ("./.ssh/", "credentials"),
        (".ssh/deploy", "credentials"),
        (".ssh/known_hosts", None),
        ("id_rsa.pub", None),
        (".aws/credentials", "credentials"),
        (".docker/config.json", "credentials"),
        (".netrc", "credentials"),
        (".env", "possible"),
        (".env.production", "possible"),
        (".env.example", None),
        (".npmrc", "possible"),
        ("tls/server.key", "possible"),
        ("tls/server.pem", "possible"),
        ("ca.pem", None),
        ("global-bundle.pem", None),
        ("nginx_signing.key", None),
        ("app/secrets.yaml", "possible"),
        ("config.json", None),
        ("environment.py", None),
        ("https://example.com/id_rsa", None),
    ],
)
def test_names_of_files_tell_credentials_from_what_may_hold_them(path: str, secrecy: str | None) -> None:
    (copy,) = last_stage(f"ADD {path} /x/")["copies"]

    assert copy["sources"][0]["secrecy"] == secrecy


@pytest.mark.parametrize(
    ("text", "relative", "workdir"),
    [
        ("COPY a b", True, None),
        ("COPY a /b", False, None),
        ("COPY a $B", None, None),
        ("COPY a C:\\b", False, None),
        ("WORKDIR /srv\nCOPY a b", True, "/srv"),
        ("WORKDIR /srv\nWORKDIR app\nCOPY a b", True, "/srv/app"),
        ("WORKDIR app\nCOPY a b", True, None),
        ("WORKDIR $DIR\nCOPY a b", True, "$DIR"),
        ("WORKDIR /srv\nFROM final\nCOPY a b", True, None),
    ],
)
def test_a_relative_destination_continues_the_workdir(text: str, *, relative: bool | None, workdir: str | None) -> None:
    (copy,) = last_stage(text)["copies"]

    assert (copy["relative"], copy["workdir"]) == (relative, workdir)


def test_a_mode_of_a_copy_is_read() -> None:
    (copy,) = last_stage("COPY --chmod=4777 a /b")["copies"]

    assert copy["permission"] == {"mode": "4777", "world_writable": True, "setuid": True, "paths": ["/b"]}


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("ENV A=1 B=$A", [[], ["A"]]),
        ("ENV A=1 B=${A:-x}", [[], ["A"]]),
        ("ENV A=1\nENV A=2 B=$A", [[], [], []]),
        ("ARG A\nENV A=2 B=$A", [[], []]),
        ("ENV PATH=/a:$PATH", [[]]),
        ("ENV A=1 B='$A' C=\\$A D=$AB", [[], [], [], []]),
    ],
)
def test_an_env_that_uses_what_only_it_sets_is_told(text: str, used: list[list[str]]) -> None:
    found = [each["same_statement"] for each in last_stage(text)["env"]]

    assert [names for names in found if names] == [names for names in used if names]


def test_what_is_repeated_in_a_stage_is_told_and_what_it_takes_over_is_not() -> None:
    stage = last_stage("CMD a\nCMD b\nHEALTHCHECK NONE\nHEALTHCHECK CMD c\nUSER d\nUSER e")

    assert [each["instruction"] for each in stage["repeated"]] == ["CMD", "HEALTHCHECK"]
    assert last_stage("CMD a\nFROM final\nCMD b")["repeated"] == []


def test_a_stage_whose_name_is_taken_is_told() -> None:
    stages = read(b"FROM a:1 AS b\nFROM c:1 AS B\n", "Dockerfile").body["stages"]

    assert [stage["name_taken"] for stage in stages] == [False, True]


def test_a_range_of_ports_has_a_first_and_a_last() -> None:
    ports = last_stage("EXPOSE 20-25/tcp 80 100000 $P")["ports"]

    assert [(port["port"], port["last"]) for port in ports] == [(20, 25), (80, 80), (100_000, 100_000), (None, None)]


def test_an_ignore_file_counts_beside_the_dockerfile_and_above_it_up_to_the_repository(tmp_path: Path) -> None:
    (tmp_path / "repo/.git").mkdir(parents=True)
    (tmp_path / "repo/docker").mkdir()
    (tmp_path / ".dockerignore").touch()
    dockerfile = tmp_path / "repo/docker/Dockerfile"

    assert has_ignore_file(dockerfile) is False
    (tmp_path / "repo/.dockerignore").touch()
    assert has_ignore_file(dockerfile) is True


def test_an_ignore_file_may_carry_the_name_of_its_dockerfile(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "web.Dockerfile.dockerignore").touch()

    assert has_ignore_file(tmp_path / "web.Dockerfile") is True
    assert has_ignore_file(tmp_path / "Dockerfile") is False


def test_nobody_knows_of_an_ignore_file_where_only_the_text_is_known() -> None:
    assert read(b"FROM a:1\n", "-").body["ignore_file"] is None
    assert read(b"FROM a:1\n", "Dockerfile", ignore_file=False).body["ignore_file"] is False
