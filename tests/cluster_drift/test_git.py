"""Commits as files: which addresses are read, and what a repository cannot do to us."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from compliance.cluster_drift import git
from compliance.cluster_drift.git import GitSource, checked_out, parse
from compliance.errors import ToolError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from repositories import Repository


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://git.example.com/shop/deploy.git@v1.2", ("https://git.example.com/shop/deploy.git", "", "v1.2")),
        ("https://git.example.com/deploy//prod/eu@main", ("https://git.example.com/deploy", "prod/eu", "main")),
        ("ssh://git@git.example.com/deploy@release/1", ("ssh://git@git.example.com/deploy", "", "release/1")),
        ("git@git.example.com:shop/deploy.git@main", ("git@git.example.com:shop/deploy.git", "", "main")),
        ("git@git.example.com:shop/deploy//prod@main", ("git@git.example.com:shop/deploy", "prod", "main")),
        ("file:///srv/deploy@main", ("file:///srv/deploy", "", "main")),
    ],
)
def test_addresses_folders_and_commits(text: str, found: tuple[str, str, str]) -> None:
    assert parse(text) == GitSource(*found)
    assert str(GitSource(*found)) == text


def test_a_local_repository_is_named_by_its_path(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.path.parent)
    assert parse("repository//deploy@main") == GitSource(str(repository.path), "deploy", "main")
    assert parse("nothing-there@main") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("http://git.example.com/deploy@main", "only https, ssh and local"),
        ("git://git.example.com/deploy@main", "only https, ssh and local"),
        ("ext::sh -c id@main", "only https, ssh and local"),
        ("https://me:hunter2@git.example.com/deploy@main", "a password in an address"),
        ("https://git.example.com/deploy", "no commit of it"),
        ("git@git.example.com:shop/deploy.git", "no commit of it"),
        ("https://git.example.com/deploy@--upload-pack=id", "no branch, tag or commit"),
        ("https://git.example.com/deploy@a..b", "no branch, tag or commit"),
        ("https://git.example.com/deploy//../x@main", "no branch, tag or commit"),
    ],
)
def test_what_is_not_read_is_an_error_of_usage(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert said in caught.value.message
    assert "hunter2" not in str(caught.value) + caught.value.remedy


def _files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if ".git" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found if path.is_file() or path.is_symlink()}


@pytest.mark.parametrize("ref", ["main", "v1", "HEAD"])
def test_a_commit_is_there_while_it_is_read(repository: Repository, ref: str) -> None:
    repository.git("tag", "--annotate", "--message=x", "v1")
    head = repository.git("rev-parse", "HEAD")

    with checked_out(GitSource(str(repository.path), "", ref)) as (folder, commit):
        assert commit == head
        assert _files(folder) == {"deploy/settings.yaml"}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    assert not folder.exists()


def test_an_older_commit_is_read_by_its_name(repository: Repository) -> None:
    before = repository.git("rev-parse", "HEAD")
    repository.commit({"deploy/more.yaml": "a: b\n"})

    with checked_out(GitSource(f"file://{repository.path}", "", before)) as (folder, commit):
        assert commit == before
        assert _files(folder) == {"deploy/settings.yaml"}


def test_what_is_not_there_is_told_in_git_s_own_words(repository: Repository, tmp_path: Path) -> None:
    with (
        pytest.raises(ToolError, match="couldn't find remote ref nowhere"),
        checked_out(GitSource(str(repository.path), "", "nowhere")),
    ):
        pass
    with (
        pytest.raises(ToolError, match="does not appear to be a git repository"),
        checked_out(GitSource(str(tmp_path / "gone"), "", "main")),
    ):
        pass


def test_hooks_filters_and_submodules_do_not_run(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    mark, home = repository.path.parent / "ran", repository.path.parent / "home"
    hooks = home / "hooks"
    hooks.mkdir(parents=True)
    for name in ("post-checkout", "reference-transaction", "post-index-change"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {mark}\n")
        (hooks / name).chmod(0o755)
    (home / ".gitconfig").write_text(
        f'[core]\n\thooksPath = {hooks}\n[filter "evil"]\n\tsmudge = touch {mark} && cat\n\trequired = true\n'
    )
    repository.commit(
        {
            ".gitattributes": "*.yaml filter=evil export-ignore\n",
            ".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = {repository.path}\n',
        }
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_DIR", str(home / "of-another-repository"))

    with checked_out(GitSource(str(repository.path), "", "main")) as (folder, _):
        assert (folder / "deploy" / "settings.yaml").read_text().startswith("apiVersion")

    assert not mark.exists()


def test_links_that_lead_out_are_not_followed(repository: Repository) -> None:
    (repository.path / "deploy" / "inside.yaml").symlink_to("settings.yaml")
    (repository.path / "deploy" / "outside.yaml").symlink_to("/etc/passwd")
    (repository.path / "up").symlink_to("../..")
    repository.commit({})

    with checked_out(GitSource(str(repository.path), "", "main")) as (folder, _):
        assert _files(folder) == {"deploy/settings.yaml", "deploy/inside.yaml"}


def test_size_is_bounded(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"large.txt": "x" * 5000})
    monkeypatch.setattr(git, "_MAX_TREE", 4000)
    with pytest.raises(ToolError, match="is larger than"), checked_out(GitSource(str(repository.path), "", "main")):
        pass


def test_a_transfer_is_bounded(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository.path / "noise").write_bytes(os.urandom(300_000))
    repository.commit({})
    monkeypatch.setattr(git, "_MAX_FILE", 100_000)
    with pytest.raises(ToolError), checked_out(GitSource(str(repository.path), "", "main")):
        pass


def test_a_repository_that_wants_a_password_is_not_asked_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_DEADLINE", 20.0)
    monkeypatch.setenv("GIT_ASKPASS", "/bin/sleep 100")
    with pytest.raises(ToolError) as caught, checked_out(GitSource("https://127.0.0.1:1/x", "", "main")):
        pass
    assert "ran longer" not in caught.value.message
