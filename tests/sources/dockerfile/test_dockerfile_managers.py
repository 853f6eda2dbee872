"""RUN: what package managers are asked for besides names."""

from typing import Any

import pytest

from compliance.sources.dockerfile import read


def packages(text: str, before: str = "") -> list[dict[str, Any]]:
    found = read(f"FROM a:1\n{before}RUN {text}\n".encode(), "Dockerfile").body["stages"][0]["runs"]
    return list(found[-1]["packages"])


def pins(text: str) -> dict[str, bool | None]:
    return {package["text"]: package["pinned"] for each in packages(text) for package in each["packages"]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "npm install -g a a@1 @s/b @s/b@1.2 c@latest",
            {"a": False, "a@1": True, "@s/b": False, "@s/b@1.2": True} | {"c@latest": False},
        ),
        ("npm i --registry https://example.com ./a b.tgz owner/repo", {"./a": None, "b.tgz": None, "owner/repo": None}),
        (
            "npm install git+https://example.com/a.git git://example.com/b.git#v1",
            {"git+https://example.com/a.git": False, "git://example.com/b.git#v1": True},
        ),
        ("npm ci", {}),
        ("gem install a b:1.2", {"a": False, "b:1.2": True}),
        ("gem install a -v 1.2", {"a": None}),
        ("gem install a:1 -- --with-x y", {"a:1": True}),
        (
            "go install example.com/a@v1 example.com/b@latest example.com/c ./d",
            {"example.com/a@v1": True, "example.com/b@latest": False, "example.com/c": None, "./d": None},
        ),
        ("go run example.com/a@v1 b", {"example.com/a@v1": True}),
        (
            "yum install -y a a-1.2 gcc-c++ @g a-$V x.rpm",
            {"a": False, "a-1.2": True, "gcc-c++": False, "@g": None, "a-$V": None, "x.rpm": None},
        ),
        ("dnf module install -y a:18 b", {"a:18": True, "b": False}),
        ("zypper in -y a a=1 'a>=1'", {"a": False, "a=1": True, "a>=1": False}),
        ("pipx install a", {"a": False}),
        ("pip install git+https://u:p@example.com/a.git@v1", {"git+https://***@example.com/a.git@v1": True}),
    ],
)
def test_each_manager_has_its_way_to_say_a_version(text: str, found: dict[str, bool | None]) -> None:
    assert pins(text) == found


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("apt-get install a", True),
        ("apt-get -qqy install a", False),
        ("apt-get install -qq a", False),
        ("apt-get install -q -q a", False),
        ("apt-get install -q a", True),
        ("apt-get install --assume-yes a", False),
        ("apt-get -o APT::Get::Assume-Yes=true install a", False),
        ("yes | apt-get install a", False),
        ("apt-get update", False),
        ("yum install a", True),
        ("dnf -y install a", False),
        ("zypper -n in a", False),
        ("zypper in a", True),
        ("apk add a", False),
        ("npm install a", False),
    ],
)
def test_managers_that_ask_are_told_yes_beforehand(text: str, *, asks: bool) -> None:
    assert packages(text)[-1]["asks"] is asks


def test_a_setting_of_an_earlier_run_may_answer() -> None:
    setting = "RUN echo 'APT::Get::Assume-Yes \"true\";' > /etc/apt/apt.conf.d/y\n"

    assert packages("apt-get install a", setting)[-1]["asks"] is None


@pytest.mark.parametrize(
    ("text", "recommends"),
    [
        ("apt-get install a", True),
        ("apt-get install --no-install-recommends a", False),
        ("apt-get -o APT::Install-Recommends=false install a", False),
        ("apk add a", None),
    ],
)
def test_apt_adds_what_is_recommended_unless_told_not_to(text: str, *, recommends: bool | None) -> None:
    assert packages(text)[-1]["recommends"] is recommends


def test_a_setting_of_the_stage_below_keeps_recommended_packages_away() -> None:
    setting = "echo 'APT::Install-Recommends 0;' > /etc/apt/apt.conf.d/r"
    text = f"FROM a:1 AS b\nRUN {setting}\nFROM b\nRUN apt-get install -y c\n".encode()

    (found,) = read(text, "Dockerfile").body["stages"][1]["runs"]

    assert found["packages"][0]["recommends"] is False


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("apt-get update", True),
        ("apt-get update && rm -rf /tmp/x && echo done", True),
        ("apt-get update && apt-get clean", True),
        ("apt-get update && apt-get install a", False),
        ("apt-get update && apt-get build-dep a", False),
        ("apt-get update && ./install.sh", False),
        ("--mount=type=cache,target=/var/lib/apt apt-get update", False),
        ("apk update", True),
        ("yum update -y", False),
        ("tdnf --disablerepo='*' makecache && tdnf --disablerepo='*' update -y && tdnf clean all", False),
        ("dnf makecache && dnf clean all", True),
    ],
)
def test_an_index_is_unused_when_nothing_after_it_can_use_it(text: str, *, unused: bool) -> None:
    assert packages(text)[0]["index_unused"] is unused


@pytest.mark.parametrize(
    ("text", "removed"),
    [
        ("apk add -t .d a && apk del .d", True),
        ("apt-get install a && apt-get purge -y --auto-remove a", True),
        ("apt-get purge a && apt-get install a", False),
        ("apk add a && dnf remove a", False),
    ],
)
def test_packages_that_the_same_run_removes_are_gone(text: str, *, removed: bool) -> None:
    (install,) = [each for each in packages(text) if each["action"] == "install"]

    assert install["removed"] is removed


def test_a_simulated_install_is_none() -> None:
    assert packages("apt-get install -s a") == []
