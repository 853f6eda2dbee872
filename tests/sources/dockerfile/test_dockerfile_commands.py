"""RUN: what its commands hide, trust and allow."""

from typing import Any

import pytest

from compliance.sources.dockerfile import read


def run(text: str, before: str = "") -> dict[str, Any]:
    found = read(f"FROM a:1\n{before}RUN {text}\n".encode(), "Dockerfile").body["stages"][0]["runs"]
    return dict(found[-1])


def each(key: str, text: str, before: str = "") -> list[Any]:
    return [command[key] for command in run(text, before)["commands"]]


@pytest.mark.parametrize(
    ("text", "before", "words"),
    [
        ("sudo -u app -E a b", ["sudo"], ["a", "b"]),
        ("env -u X A=1 nice -n 5 a", ["env", "nice"], ["a"]),
        ("! sudo a", ["!", "sudo"], ["a"]),
        ("exec a -c", ["exec"], ["a", "-c"]),
        ("a sudo b", [], ["a", "sudo", "b"]),
    ],
)
def test_what_stands_before_a_program_is_told_apart_from_it(text: str, before: list[str], words: list[str]) -> None:
    (command,) = run(text)["commands"]

    assert (command["before"], command["words"]) == (before, words)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("a | b", [True, False]),
        ("a |\\\n b | c", [True, True, False]),
        ("(a; b) | c", [False, True, False]),
        ("a |& b", [True, False]),
        ("a || b", [False, False]),
        ("if a | b; then c; fi", [False, False, False, False]),
        ("! a | b", [False, False]),
        ("set -euo pipefail; a | b", [False, False, False]),
        ("a | b; set -o pipefail; a | b", [True, False, False, False, False]),
        ("bash -o pipefail -c 'a | b'", [False, False, False]),
        ("sh -c 'a | b'", [False, True, False]),
        ("<<EOF\na | b\nEOF", [True, False]),
        ("<<EOF\n#!/bin/bash -eo pipefail\na | b\nEOF", [False, False]),
        ('echo "$(a | b)"', [False]),
    ],
)
def test_a_pipe_hides_a_failure_unless_the_script_asks_for_pipefail(text: str, hidden: list[bool]) -> None:
    assert each("failure_hidden", text) == hidden


@pytest.mark.parametrize(
    ("shell", "hidden"),
    [
        ('["/bin/bash", "-o", "pipefail", "-c"]', False),
        ('["/bin/ash", "-eo", "pipefail", "-c"]', False),
        ('["/bin/bash", "-c"]', True),
        ('["pwsh", "-Command"]', False),
        ('["C:/Windows/System32/cmd.exe", "/S", "/C"]', False),
    ],
)
def test_a_shell_decides_about_pipes_in_the_runs_after_it(shell: str, *, hidden: bool) -> None:
    assert each("failure_hidden", "a | b", f"SHELL {shell}\n") == [hidden, False]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("curl -fsSL https://example.com/x | sh", True),
        ("wget -qO- https://example.com/x | sudo -E bash -s -- --yes", True),
        ("curl https://example.com/x | tee x | bash -", True),
        ("curl https://example.com/x | python3 -", True),
        ("bash <(curl -s https://example.com/x)", True),
        ('sh -c "$(curl -fsSL https://example.com/x)"', True),
        ('eval "$(wget -qO- https://example.com/x)"', True),
        (". <(curl -s https://example.com/x)", True),
        ("curl -o x https://example.com/x && sh x", False),
        ("curl https://example.com/x | tar xz", False),
        ("curl https://example.com/x | bash check.sh", False),
        ("curl https://example.com/x | sh -c 'cat > x'", False),
        ("curl https://example.com/x | python3 -c 'import json'", False),
        ("curl https://example.com/x | python3 -m json.tool", False),
        ("cat x | sh", False),
        ("diff <(curl -s https://example.com/x) y", False),
        ('sh -c "V=$(curl -s https://example.com/x); echo $V"', False),
    ],
)
def test_a_download_is_run_when_an_interpreter_reads_it_as_its_program(text: str, *, runs: bool) -> None:
    assert any(each("runs_download", text)) is runs


@pytest.mark.parametrize(
    ("text", "writable", "setuid"),
    [
        ("chmod 777 a", True, False),
        ("chmod -R 0666 a b c d", True, False),
        ("chmod 1777 /tmp", False, False),
        ("chmod 755 a", False, False),
        ("chmod 4755 a", False, True),
        ("chmod 2775 a", False, False),
        ("chmod a+rwx,u+s a", True, True),
        ("chmod ugo=rw a", True, False),
        ("chmod +w a", False, False),
        ("chmod +s a", False, True),
        ("chmod g+s a", False, False),
        ("chmod u-s,o-w a", False, False),
        ("chmod a+rwxt a", False, False),
        ("install -d -o app -m 0777 a", True, False),
        ("install -m4755 a b", False, True),
        ("mkdir --mode=777 a", True, False),
        ("mkdir -p -m 750 a", False, False),
    ],
)
def test_modes_say_who_may_write_and_as_whom_a_file_runs(text: str, *, writable: bool, setuid: bool) -> None:
    (command,) = run(text)["commands"]
    permission = command["permission"] or {"world_writable": False, "setuid": False}

    assert (permission["world_writable"], permission["setuid"]) == (writable, setuid)


@pytest.mark.parametrize("text", ["chmod $MODE a", "chmod --reference=a b", "chmod", "mkdir -m", "chown 777 a"])
def test_a_mode_that_cannot_be_read_is_none(text: str) -> None:
    assert each("permission", text) == [None]


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("curl -fsSLk https://example.com", "curl -fsSLk"),
        ("curl --insecure https://example.com", "curl --insecure"),
        ("curl -o /tmp/key https://example.com", None),
        ("wget --no-check-certificate https://example.com", "wget --no-check-certificate"),
        ("git -c http.sslVerify=false clone https://example.com", "git http.sslVerify=false"),
        ("git config --global http.sslverify false", "git http.sslVerify=false"),
        ("npm config set strict-ssl false", "npm strict-ssl=false"),
        ("npm install strict-ssl false", None),
        ("pip install --trusted-host=example.com a", "pip --trusted-host"),
        ("dnf config-manager --setopt=x.sslverify=0 --save", "dnf --setopt"),
        ("NODE_TLS_REJECT_UNAUTHORIZED=0 npm ci", "NODE_TLS_REJECT_UNAUTHORIZED"),
        ("NODE_TLS_REJECT_UNAUTHORIZED=1 npm ci", None),
        ("export GIT_SSL_NO_VERIFY=1", "GIT_SSL_NO_VERIFY"),
        ("npm_config_strict_ssl=false npm ci", "npm_config_strict_ssl"),
        ("echo GIT_SSL_NO_VERIFY=1", None),
    ],
)
def test_switches_and_variables_turn_the_check_of_certificates_off(text: str, how: str | None) -> None:
    assert each("certificates_unchecked", text) == [how]


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("apk add --allow-untrusted a", "apk --allow-untrusted"),
        ("apt-get install --force-yes a", "apt-get --force-yes"),
        ("rpm -i --nosignature a", "rpm --nosignature"),
        ("microdnf install --nogpgcheck a", "microdnf --nogpgcheck"),
        ("zypper --no-gpg-checks in a", "zypper --no-gpg-checks"),
        ("apk add a", None),
        ("echo --allow-untrusted", None),
    ],
)
def test_switches_turn_the_check_of_signatures_off(text: str, how: str | None) -> None:
    assert each("signatures_unchecked", text) == [how]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("API_TOKEN=a1b2c3d4e5 a", ["API_TOKEN"]),
        ("export DB_PASSWORD='a1b2c3d4e5' && a", ["DB_PASSWORD"]),
        ("env API_TOKEN=a1b2c3d4e5 a", ["API_TOKEN"]),
        ('API_TOKEN="$(cat /run/secrets/t)" a', []),
        ("API_TOKEN=$TOKEN a", []),
        ("SECRET_KEY=only-for-the-build a", []),
        ("SECRET_KEY_BASE=1 a", []),
        ("a API_TOKEN=a1b2c3d4e5", []),
        ("COLOUR=a1b2c3d4e5 a", []),
    ],
)
def test_a_secret_in_a_run_is_one_that_is_written_down(text: str, names: list[str]) -> None:
    assert run(text)["secrets"] == names


def test_the_value_of_a_secret_in_a_run_is_neither_in_its_name_nor_in_its_lines() -> None:
    facts = read(b"FROM a:1\nRUN API_TOKEN=a1b2c3d4e5 a \\\n  && b\nUSER 1\n", "Dockerfile")
    (found,) = facts.body["stages"][0]["runs"]

    assert found["at"] == "stages[final].runs[API_TOKEN=*** a && b]"
    assert [facts.lines(number) for number in (1, 2, 3, 4)] == ["FROM a:1", None, None, "USER 1"]
