"""Commits over https, from the real `git http-backend` with a certificate of the tests' own authority."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from git_servers import GitServer, serving_repositories

from compliance.cluster_drift.git import GitSource, checked_out
from compliance.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from repositories import Repository

_LOGIN = "reader:correct-horse"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Whose settings git reads; there are none yet."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "GIT_SSL_CAINFO", "GIT_CONFIG_GLOBAL", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def server(repository: Repository, tmp_path: Path) -> Iterator[GitServer]:
    """Serves the repository to everybody."""
    (tmp_path / "tls").mkdir()
    with serving_repositories(repository.path.parent, tmp_path / "tls") as server:
        yield server


@pytest.fixture
def closed_server(repository: Repository, tmp_path: Path) -> Iterator[GitServer]:
    """Serves the repository to whom knows the password."""
    (tmp_path / "tls").mkdir()
    with serving_repositories(repository.path.parent, tmp_path / "tls", _LOGIN) as server:
        yield server


def _trust(home: Path, server: GitServer, more: str = "") -> None:
    (home / ".gitconfig").write_text(f"[http]\n\tsslCAInfo = {server.authority}\n{more}")


def _source(server: GitServer, ref: str) -> GitSource:
    return GitSource(f"{server.url}/repository/.git", "", ref)


def _refused(source: GitSource) -> ToolError:
    with pytest.raises(ToolError) as caught, checked_out(source):
        pytest.fail("it was read")
    return caught.value


@pytest.mark.parametrize("kind", ["branch", "tag", "annotated tag", "older commit"])
def test_a_branch_a_tag_and_a_commit_are_read(home: Path, server: GitServer, repository: Repository, kind: str) -> None:
    _trust(home, server)
    older = repository.git("rev-parse", "HEAD")
    newer = repository.commit({"deploy/more.yaml": "a: b\n"})
    repository.git("tag", "v1")
    repository.git("tag", "--annotate", "--message=x", "v2", older)
    ref, expected = {
        "branch": ("main", newer),
        "tag": ("v1", newer),
        "annotated tag": ("v2", older),
        "older commit": (older, older),
    }[kind]

    with checked_out(_source(server, ref)) as (folder, commit):
        assert commit == expected
        assert (folder / "deploy" / "settings.yaml").is_file()
        assert (folder / "deploy" / "more.yaml").is_file() == (commit == newer)


def test_no_more_than_the_commit_is_transferred(home: Path, server: GitServer, repository: Repository) -> None:
    _trust(home, server)
    repository.commit({"large": "x" * 100})
    repository.commit({"large": "y"})

    with checked_out(_source(server, "main")) as (folder, _):
        assert (folder / ".git" / "shallow").read_text().split() == [repository.git("rev-parse", "HEAD")]
        assert len(server.requests) == 3, server.requests


def test_the_environment_may_name_the_authority(home: Path, server: GitServer, monkeypatch: pytest.MonkeyPatch) -> None:
    del home
    monkeypatch.setenv("GIT_SSL_CAINFO", str(server.authority))
    with checked_out(_source(server, "main")) as (folder, _):
        assert (folder / "deploy").is_dir()


def test_a_certificate_of_somebody_else_is_refused_with_what_to_do(home: Path, server: GitServer) -> None:
    del home
    error = _refused(_source(server, "main"))

    assert "certificate" in error.message
    assert f"git config --global http.{server.url}/.sslCAInfo FILE" in error.remedy


def test_a_password_is_not_asked_for_and_a_helper_is_named(
    home: Path, closed_server: GitServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _trust(home, closed_server)
    monkeypatch.setenv("GIT_ASKPASS", "/bin/sleep 100")
    error = _refused(_source(closed_server, "main"))

    assert "could not read Username" in error.message
    assert "credential.helper" in error.remedy


@pytest.mark.parametrize(("password", "is_read"), [("correct-horse", True), ("wrong", False)])
def test_a_credential_helper_gives_it(home: Path, closed_server: GitServer, password: str, *, is_read: bool) -> None:
    host = closed_server.url.removeprefix("https://")
    (home / "credentials").write_text(f"https://reader:{password}@{host}\n")
    _trust(home, closed_server, f"[credential]\n\thelper = store --file={home}/credentials\n")
    source = _source(closed_server, "main")
    if is_read:
        with checked_out(source) as (folder, _):
            assert (folder / "deploy").is_dir()
        return
    error = _refused(source)

    assert "credential.helper" in error.remedy
    assert password not in str(error)


def test_what_the_server_does_not_have_is_told(home: Path, server: GitServer) -> None:
    _trust(home, server)

    assert "couldn't find remote ref nowhere" in _refused(_source(server, "nowhere")).message
    assert "not found" in _refused(GitSource(f"{server.url}/other", "", "main")).message
