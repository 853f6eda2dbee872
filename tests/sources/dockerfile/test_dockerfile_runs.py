"""RUN: which commands it runs, and what it asks of package managers."""

from typing import Any

import pytest

from compliance.sources.dockerfile import read


def run(text: str) -> dict[str, Any]:
    (found,) = read(f"FROM a:1\nRUN {text}\n".encode(), "Dockerfile").body["stages"][0]["runs"]
    return dict(found)


def commands(text: str) -> list[str]:
    return [" ".join(command["words"]) for command in run(text)["commands"]]


def installs(text: str) -> list[tuple[str, str, dict[str, bool | None]]]:
    return [
        (each["manager"], each["action"], {package["text"]: package["pinned"] for package in each["packages"]})
        for each in run(text)["packages"]
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a b", ["a b"]),
        ("a && b || c; d | e & f", ["a", "b", "c", "d", "e", "f"]),
        ("a && \\\n  # why\n  b", ["a", "b"]),
        ("a # b && c", ["a"]),
        ("a b#c", ["a b#c"]),
        ("echo 'a && b' \"c; d\" e\\ f", ["echo a && b c; d e f"]),
        ('echo "a \\"b\\" $c" $(d && e) `f; g`', ['echo a "b" $c $(d && e) `f; g`']),
        ("A=1 B='x y' a b", ["a b"]),
        ("A=1", []),
        ("sudo -E a b", ["a b"]),
        ("if a; then b; else c; fi", ["a", "b", "c", "fi"]),
        ("for x in 1 2; do a $x; done", ["for x in 1 2", "a $x", "done"]),
        ("{ a; } && (b)", ["a", "}", "b"]),
        ("a > /dev/null 2>&1 < in >> out b", ["a b"]),
        ("a 2>b c &> d", ["a c"]),
        ("case $x in a|b) c ;; (d) e | f;; *) g; esac; h | i", ["case $x in", "c", "e", "f", "g", "esac", "h", "i"]),
        (
            "case $x in a) case y in b|c) d;; esac;; e|f) g;; esac",
            ["case $x in", "case y in", "d", "esac", "g", "esac"],
        ),
        ("echo case x in a && b", ["echo case x in a", "b"]),
        ("sh -ec 'a && b'", ["sh -ec a && b", "a", "b"]),
        ('bash -o pipefail -c "a | b"', ["bash -o pipefail -c a | b", "a", "b"]),
        ('["a", "b && c"]', ["a b && c"]),
        ('["/bin/sh", "-c", "a && b"]', ["/bin/sh -c a && b", "a", "b"]),
        ("--mount=type=cache,target=/x --network=none a", ["a"]),
        ("echo 'open", ["echo open"]),
        ("echo $(open", ["echo $", "open"]),
        ("", []),
    ],
)
def test_a_run_is_split_into_its_commands(text: str, found: list[str]) -> None:
    assert commands(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<<EOF\na\nb \\\n  c\nEOF", ["a", "b c"]),
        ("<<-'EOF'\n\ta\n\tEOF", ["a"]),
        ("<<EOF\n#!/bin/bash -e\na\nEOF", ["a"]),
        ("<<EOF\n#!/usr/bin/env python\nimport os\nEOF", []),
        ("bash -e <<EOF\na\nEOF", ["bash -e", "a"]),
        ("cat <<EOF > /x && b\na\nEOF", ["cat", "b"]),
        ("<<EOF\ncat > /x <<-END\nnot a command\n\tEND\na\nEOF", ["cat", "a"]),
        ("<<EOF\ncat <<< text\na\nEOF", ["cat", "a"]),
    ],
)
def test_a_here_document_is_a_script_only_where_a_shell_reads_it(text: str, found: list[str]) -> None:
    assert commands(text) == found


def test_a_run_keeps_its_text_flags_mounts_and_here_documents() -> None:
    found = run("--mount=type=secret,id=t,dst=/t --mount=src=/a,target=/b,from=tools:1 --network=none <<A cat\nx\nA")

    assert (found["text"], found["form"]) == ("<<A cat", "shell")
    assert found["flags"]["network"] == "none"
    assert found["heredocs"] == [{"name": "A", "content": "x\n"}]
    secret, bind = found["mounts"]
    assert secret == {"type": "secret", "from": None, "source": None, "target": "/t", "id": "t"}
    assert (bind["type"], bind["source"], bind["target"], bind["from"]["image"]["tag"]) == ("bind", "/a", "/b", "1")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "apk add --no-cache a b=1 c~2 'd>3' e@edge",
            {"a": False, "b=1": True, "c~2": True, "d>3": False, "e@edge": False},
        ),
        ("apk --no-cache add -t .deps --repository https://example.com/r a", {"a": False}),
        (
            "apk add $DEPS ./local.apk /opt/x.apk a=$V",
            {"$DEPS": None, "./local.apk": None, "/opt/x.apk": None, "a=$V": None},
        ),
    ],
)
def test_apk_pins_with_an_equals_sign_or_a_tilde(text: str, found: dict[str, bool | None]) -> None:
    assert installs(text) == [("apk", "install", found)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("apt-get install -y --no-install-recommends a b=1:2-3", {"a": False, "b=1:2-3": True}),
        (
            "apt-get -y -o Dpkg::Options::=--force-confold -t bookworm install a/bookworm g++",
            {"a/bookworm": False, "g++": False},
        ),
        ("DEBIAN_FRONTEND=noninteractive apt install /opt/a.deb ./b.deb c-", {"/opt/a.deb": None, "./b.deb": None}),
        ("apt-get install -y php-{cli,fpm} > /dev/null", {"php-{cli,fpm}": None}),
    ],
)
def test_apt_pins_with_an_equals_sign(text: str, found: dict[str, bool | None]) -> None:
    assert installs(text) == [("apt", "install", found)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "pip install a b==1 'c>=2' d~=3 'e[x]==4'",
            {"a": False, "b==1": True, "c>=2": False, "d~=3": True, "e[x]==4": True},
        ),
        ("python3.12 -m pip install --upgrade pip", {"pip": False}),
        ("uv pip install --system a", {"a": False}),
        ("pip3 install -r requirements.txt -e . --index-url https://example.com", {}),
        ("pip install -c constraints.txt a", {"a": None}),
        ("pip install --no-index --find-links=/wheels a", {"a": None}),
        (
            "pip install . ./a wheels/b /c/*.whl d-1.whl",
            {".": None, "./a": None, "wheels/b": None, "/c/*.whl": None, "d-1.whl": None},
        ),
        (
            "pip install git+https://example.com/a.git 'b @ https://example.com/b'",
            {"git+https://example.com/a.git": False, "b @ https://example.com/b": None},
        ),
    ],
)
def test_pip_pins_with_two_equals_signs_or_leaves_it_to_a_file(text: str, found: dict[str, bool | None]) -> None:
    assert installs(text) == [("pip", "install", found)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("apt-get update && apt-get -y dist-upgrade", [("apt", "update", {}), ("apt", "upgrade", {})]),
        ("apk upgrade", [("apk", "upgrade", {})]),
        ("dnf -y update --setopt=x=y", [("dnf", "upgrade", {})]),
        (
            "microdnf install a && yum upgrade -y b",
            [("dnf", "install", {"a": False}), ("dnf", "upgrade", {"b": False})],
        ),
        ("zypper --non-interactive up", [("zypper", "upgrade", {})]),
        ("apt-get clean && apk del a && pip list && echo apk add b && npm run install", []),
    ],
)
def test_actions_of_package_managers_are_known(text: str, found: list[tuple[str, str, dict[str, bool | None]]]) -> None:
    assert installs(text) == found


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("apk add a", [True]),
        ("apk add --no-cache a", [False]),
        ("apk update && apk add a && rm -rf /var/cache/apk/*", [False, False]),
        ("rm -rf /var/cache/apk/* && apk add a", [True]),
        ("--mount=type=cache,target=/var/cache/apk apk add a", [False]),
        ("--mount=type=bind,target=/var/cache/apk apk add a", [True]),
        ("apk add a && apk cache clean", [False]),
        ("apt-get update", [True]),
        ("apt-get install a", [False]),
        ("apt-get update && apt-get install a && apt-get clean", [True, False]),
        ("apt-get update && apt-get install a && apt-get distclean", [False, False]),
        ("apt-get update && rm -rf /var/lib/apt/lists/*", [False]),
        ("apt-get update && rm -r /var/lib/apt/lists", [False]),
        ("apt-get update && rm -rf /var/lib/{apt,dpkg,cache,log}/", [False]),
        ("apt-get update && rm -rf /var/lib/dpkg /tmp/* /", [True]),
        ("apt-get update && find /var/lib/apt/lists -type f -delete", [False]),
        ("--mount=type=cache,target=/var/lib/apt/,sharing=locked apt-get update", [False]),
        ("apk add --no-network a", [False]),
        ("pip install a", [True]),
        ("PIP_NO_CACHE_DIR=1 pip install a", [False]),
        ("export PIP_NO_CACHE_DIR=1 && pip install a", [False]),
        ("pip install --no-cache-dir a", [False]),
        ("pip install a && rm -rf ~/.cache", [False]),
        ("--mount=type=tmpfs,target=/home/app/.cache/pip pip install a", [False]),
        ("uv pip install a", [False]),
        ("dnf install -y a", [True]),
        ("dnf install -y a && microdnf clean all", [False]),
        ("yum install -y a && rm -rf /var/cache/yum", [False]),
        ("zypper in -y a && zypper clean --all", [False]),
        ("npm ci && npm cache clean --force", [False]),
        ("npm ci", [True]),
        ("gem install a", [False]),
    ],
)
def test_a_cache_stays_unless_the_same_run_removes_or_mounts_it(text: str, keeps: list[bool]) -> None:
    assert [each["keeps_cache"] for each in run(text)["packages"]] == keeps
