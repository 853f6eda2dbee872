"""A commit of a Git repository as files in a folder of our own, for as long as they are read.

`git` is run without a shell, hooks, submodules, filters or prompts; it speaks https, ssh and to local repositories,
by the user's own settings of authorities, logins and keys (`http.sslCAInfo`, `credential.helper`, `core.sshCommand`).
What a repository holds is not trusted: transfer, files and their sizes are bounded, links that lead out are removed.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from compliance import tools
from compliance.errors import ToolError, UsageError
from compliance.sources.secret_text import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

_REF: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/+-]{0,254}")
_SCP: Final = re.compile(r"(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!//)[^\s]+")
_SCHEMES: Final = ("https://", "ssh://", "file://")
_REFUSED: Final = ("http://", "git://", "ftp://", "ext::")
_FORM: Final = "write URL@REF or URL//FOLDER@REF, where REF is a branch, a tag or a whole commit"
_DEADLINE: Final = 120.0
_MAX_FILE: Final = 512 * 1024 * 1024
_MAX_TREE: Final = 1024 * 1024 * 1024
_MAX_FILES: Final = 200_000
_PARTS: Final = 5
# Written into the folder's own attributes, which go before those that the repository brings.
_ATTRIBUTES: Final = "* -filter -text -ident -working-tree-encoding -eol\n"
_OPTIONS: Final = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.askPass=",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "advice.detachedHead=false",
    "gc.auto=0",
    "maintenance.auto=false",
)
_ENVIRONMENT: Final = {
    "GIT_ALLOW_PROTOCOL": "https:ssh:file",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "LC_ALL": "C",
    # Where we run inside of a hook, these are of another repository (git rev-parse --local-env-vars).
    **dict.fromkeys(
        (
            "GIT_ALTERNATE_OBJECT_DIRECTORIES",
            "GIT_COMMON_DIR",
            "GIT_CONFIG",
            "GIT_CONFIG_COUNT",
            "GIT_CONFIG_PARAMETERS",
            "GIT_DIR",
            "GIT_GRAFT_FILE",
            "GIT_IMPLICIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_NAMESPACE",
            "GIT_NO_REPLACE_OBJECTS",
            "GIT_OBJECT_DIRECTORY",
            "GIT_PREFIX",
            "GIT_REPLACE_REF_BASE",
            "GIT_SHALLOW_FILE",
            "GIT_TEMPLATE_DIR",
            "GIT_WORK_TREE",
        )
    ),
}
_SSH_COMMANDS: Final = ("GIT_SSH_COMMAND", "GIT_SSH")
_WITHOUT_SSH: Final = ("https://", "file://", "/")
_NEVER_ASKS: Final = "ssh -o BatchMode=yes"
_SSH_FAILED: Final = "fatal: Could not read from remote repository."
_KNOWN: Final = (
    ("certificate", "name its authority's file: git config --global http.{url}/.sslCAInfo FILE, or GIT_SSL_CAINFO"),
    ("could not read Username", "it wants a login: git config --global credential.helper HELPER (gitcredentials)"),
    ("could not read Password", "it wants a password: git config --global credential.helper HELPER (gitcredentials)"),
    ("Authentication failed", "what credential.helper gives is no login there (any more): log in again"),
    ("Host key verification failed", "compare its key with what its owner says, and add it to ~/.ssh/known_hosts"),
    ("Permission denied (", "give a key that it knows, in ssh-agent or without a passphrase (core.sshCommand)"),
)
# A file that grows beyond this ends the program that writes it; what it starts inherits the limit.
_BOUNDED: Final = (
    "import os, resource, sys; most = int(sys.argv[1]); resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)); "
    "os.execv(sys.argv[2], sys.argv[2:])"
)


@dataclass(frozen=True, slots=True)
class GitSource:
    """A repository's address (or absolute path), a folder in it ("" for all), and what to read: branch, tag, commit."""

    address: str
    folder: str
    ref: str

    def __str__(self) -> str:
        return f"{self.address}{f'//{self.folder}' if self.folder else ''}@{self.ref}"


def parse(text: str) -> GitSource | None:
    """Read `ADDRESS[//FOLDER]@REF`; None where it is no address of a repository.

    Raises:
        UsageError: the address is of a kind that is not spoken to, or holds a password, or names no REF.
    """
    if text.startswith(_REFUSED):
        raise UsageError(f"--against {text.partition('?')[0]}: only https, ssh and local repositories are read")
    address, _, ref = text.rpartition("@")
    address, folder = _folder(address)
    if not (address.startswith(_SCHEMES) or _SCP.fullmatch(address) or (address and Path(address).is_dir())):
        if text.startswith(_SCHEMES) or _SCP.fullmatch(text):
            raise UsageError("--against names a repository, and no commit of it", remedy=_FORM)
        return None
    if "://" in address and urlsplit(address).password is not None:
        raise UsageError("--against: a password in an address is seen by all", remedy="use a credential helper of git")
    if _REF.fullmatch(ref) is None or ".." in ref or ".." in folder.split("/"):
        raise UsageError(f"--against: {ref[:80]!r} is no branch, tag or commit", remedy=_FORM)
    is_local = "://" not in address and _SCP.fullmatch(address) is None
    return GitSource(str(Path(address).resolve()) if is_local else address, folder, ref)


def _folder(address: str) -> tuple[str, str]:
    scheme, separator, rest = address.rpartition("://")
    place, _, folder = rest.partition("//") if separator or not rest.startswith("//") else (rest, "", "")
    return f"{scheme}{separator}{place}", folder.strip("/")


@contextmanager
def checked_out(source: GitSource) -> Iterator[tuple[Path, str]]:
    """The files of the commit (all of the repository's), and the commit that REF names now.

    Raises:
        ToolError: git is missing, fails or runs too long, or the commit is too large.
    """
    with tempfile.TemporaryDirectory(prefix="compliance-git-") as made:
        folder = Path(made).resolve()
        git = _Git(folder, source)
        git.run("init", "--quiet", "--template=")
        (folder / ".git" / "info").mkdir(exist_ok=True)
        (folder / ".git" / "info" / "attributes").write_text(_ATTRIBUTES)
        git.run(
            "fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", source.address, source.ref
        )
        commit = git.run("rev-parse", "--verify", "--quiet", "FETCH_HEAD^{commit}").decode("ascii", "replace").strip()
        git.check_size(commit)
        git.run("checkout", "--quiet", "--detach", "--no-recurse-submodules", commit)
        _remove_links_out(folder)
        yield folder, commit


class _Git:
    """git in one folder, within one deadline for each command."""

    def __init__(self, folder: Path, source: GitSource) -> None:
        self._folder = folder
        self._source = source
        self._program = tools.find("git")
        self._environment: dict[str, str | None] = dict(_ENVIRONMENT)
        self._environment |= self._ssh()

    def _ssh(self) -> dict[str, str]:
        """Ssh that never asks, unless the user's settings say which one it is; none has a terminal to ask on."""
        if self._source.address.startswith(_WITHOUT_SSH) or any(name in os.environ for name in _SSH_COMMANDS):
            return {}
        if self._start("config", "core.sshCommand").stdout:
            return {}
        return {"GIT_SSH_COMMAND": _NEVER_ASKS}

    def _start(self, *words: str) -> tools.Completed:
        options = [part for option in _OPTIONS for part in ("-c", option)]
        bounded = [sys.executable, "-I", "-S", "-c", _BOUNDED, str(_MAX_FILE)]
        return tools.run(
            [*bounded, self._program, *options, *words], deadline=_DEADLINE, cwd=self._folder, env=self._environment
        )

    def run(self, *words: str) -> bytes:
        """What a command prints."""
        done = self._start(*words)
        if done.returncode:
            why = _why(done.stderr)
            raise ToolError(f"{self._source} cannot be read: {why}", remedy=_remedy(why, words[0], self._source))
        return done.stdout

    def check_size(self, commit: str) -> None:
        """Refuse what would fill the disk before it is written out."""
        entries = self.run("ls-tree", "-r", "-l", "-z", "--full-tree", commit).split(b"\0")[:-1]
        sizes = [int(size) for size in (entry.split(None, _PARTS - 1)[3] for entry in entries) if size.isdigit()]
        if len(entries) > _MAX_FILES or sum(sizes) > _MAX_TREE:
            most = f"{_MAX_FILES} files and {_MAX_TREE // 1024 // 1024} MiB"
            raise ToolError(
                f"{self._source} is larger than {most}", remedy="keep manifests in a repository of their own"
            )


def _why(printed: bytes) -> str:
    """What git itself says, and ssh before it, not what a server greets with."""
    lines = [line.strip() for line in printed.decode("utf-8", "replace").splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines[-1:]
    if told[:1] == [_SSH_FAILED]:
        told = lines[: lines.index(_SSH_FAILED)][-1:] + told
    return masked(" ".join(told[:2]))[:300] or "git says nothing"


def _remedy(why: str, command: str, source: GitSource) -> str:
    for said, remedy in _KNOWN:
        if said in why:
            return remedy.format(url="/".join(source.address.split("/")[:3]))
    return f"make `git {command}` of it work, without a prompt; {_FORM}"


def _remove_links_out(folder: Path) -> None:
    """Charts and overlays follow links, and these may lead to files of this machine."""
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            if path.is_symlink() and not path.resolve().is_relative_to(folder):
                path.unlink()
