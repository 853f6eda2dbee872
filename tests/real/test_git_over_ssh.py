"""Commits over ssh: OpenSSH's client as git starts it, and a server on loopback with keys of the tests' own."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from repositories import Repository
from servers import running

from compliance.cluster_drift.git import GitSource, checked_out
from compliance.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.real


@dataclass(frozen=True, slots=True)
class Server:
    """The server's port, the repository that it serves, and a folder with keys: `host`, `user` and `stranger`."""

    port: int
    repository: Repository
    keys: Path

    def ssh(self, key: str = "user", *, known: bool = True) -> str:
        """The command of a user who has that key and may know the server; nothing of this machine's is read."""
        hosts = self.keys / "known_hosts"
        host = (self.keys / "host.pub").read_text()
        hosts.write_text(f"[127.0.0.1]:{self.port} {host}" if known else "")
        options = [f"UserKnownHostsFile={hosts}", "GlobalKnownHostsFile=/dev/null", "IdentitiesOnly=yes"]
        options += ["IdentityAgent=none"]
        return shlex.join(["ssh", "-F", "/dev/null", "-i", str(self.keys / key), *(f"-o{one}" for one in options)])

    def source(self, ref: str, path: str = "repository") -> GitSource:
        """Something in a repository there."""
        return GitSource(f"ssh://git@127.0.0.1:{self.port}/{path}", "", ref)


@pytest.fixture
def server(git_over_ssh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of one repository; git has no settings, and there is a display on which it could ask."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    for name, passphrase in (("host", ""), ("user", ""), ("stranger", ""), ("locked", "correct-horse")):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "", "-f", str(keys / name)]
        subprocess.run(command, check=True, timeout=20)  # noqa: S603 - the tests' own command
    for name in ("GIT_SSH_COMMAND", "GIT_SSH", "XDG_CONFIG_HOME", "SSH_AUTH_SOCK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("SSH_ASKPASS", "/bin/false")
    repository = Repository(tmp_path / "served" / "repository")
    repository.commit({"deploy/settings.yaml": "a: b\n"})
    command = [git_over_ssh, repository.path.parent, keys / "host", keys / "user.pub"]
    with running(command, tmp_path / "log", r"^(\d+)\n") as port:
        yield Server(port, repository, keys)


@pytest.mark.parametrize("kind", ["branch", "tag", "older commit"])
def test_a_branch_a_tag_and_a_commit_are_read_with_the_user_s_own_command(
    server: Server, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", server.ssh())
    older = server.repository.git("rev-parse", "HEAD")
    newer = server.repository.commit({"deploy/more.yaml": "a: b\n"})
    server.repository.git("tag", "--annotate", "--message=x", "v1", older)
    ref, expected = {"branch": ("main", newer), "tag": ("v1", older), "older commit": (older, older)}[kind]

    with checked_out(server.source(ref)) as (folder, commit):
        assert commit == expected
        assert (folder / "deploy" / "more.yaml").is_file() == (commit == newer)
        assert (folder / ".git" / "shallow").read_text().split() == [expected] or commit == older


def test_git_s_own_settings_may_name_the_command(server: Server, tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text(f'[core]\n\tsshCommand = "{server.ssh()}"\n')

    with checked_out(server.source("main")) as (folder, _):
        assert (folder / "deploy" / "settings.yaml").is_file()


def test_an_address_of_scp_s_form_is_one_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", f"{server.ssh()} -p {server.port}")

    with checked_out(GitSource("git@127.0.0.1:repository", "", "main")) as (folder, _):
        assert (folder / "deploy" / "settings.yaml").is_file()


def _refused(source: GitSource) -> ToolError:
    with pytest.raises(ToolError) as caught, checked_out(source):
        pytest.fail("it was read")
    return caught.value


@pytest.mark.parametrize("key", ["stranger", "locked"])
def test_a_key_that_is_not_known_or_locked_is_told_with_what_to_do(
    server: Server, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", server.ssh(key))
    error = _refused(server.source("main"))

    assert "Permission denied (publickey)" in error.message
    assert "ssh-agent" in error.remedy


def test_a_server_that_is_not_known_is_not_asked_about(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", server.ssh(known=False))
    error = _refused(server.source("main"))

    assert "Host key verification failed" in error.message
    assert "known_hosts" in error.remedy


def test_without_a_command_of_the_user_s_it_is_an_ssh_that_never_asks(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh, said = shutil.which("ssh"), tmp_path / "said"
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ssh").write_text(f'#!/bin/sh\necho "$@" >> {said}\nexec {ssh}{server.ssh()[3:]} "$@"\n')
    (tmp_path / "bin" / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")

    with checked_out(server.source("main")) as (folder, _):
        assert (folder / "deploy" / "settings.yaml").is_file()
    assert said.read_text().startswith("-o BatchMode=yes ")


def test_what_is_not_there_is_told_in_git_s_own_words(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", server.ssh())

    assert "couldn't find remote ref nowhere" in _refused(server.source("nowhere")).message
    assert "does not appear to be a git repository" in _refused(server.source("main", "elsewhere")).message
