"""Facts of single instructions of a stage: variables, copies, runs, health checks, users, ports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compliance.sources.dockerfile.packages import read_packages
from compliance.sources.secret_names import is_secret, without_credentials
from compliance.sources.shell import SHELLS, read_script, read_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from compliance.sources.dockerfile.instructions import Instruction
    from compliance.sources.dockerfile.scope import StageScope
    from compliance.sources.shell import ShellCommand

    SourceReader = Callable[[str], dict[str, Any]]

_HEREDOC = re.compile(r"\d*<<(-?)\s*(['\"]?)([^<'\"]+)\2")
_CHOMPED = re.compile(r"<<-\s*['\"]?([^\s'\"<]+)")
_ARCHIVE = re.compile(r".*\.(?:tar|tar\.(?:gz|bz2|xz|zst|lzma)|tgz|tbz2?|txz|tzst)", re.IGNORECASE)
_REMOTE = re.compile(r"(?:https?|git|ssh)://|git@")
_WHOLE_CONTEXT = frozenset({".", "./", "/", "/.", "*", "./*", "/*"})
_MAX_COMMANDS = 5000
_PORT = re.compile(r"([0-9]{1,5})(?:-[0-9]{1,5})?(?:/([A-Za-z]+))?")
_ROOT = re.compile(r"|root|0+|containeradministrator", re.IGNORECASE)


def declared_args(instruction: Instruction) -> Iterator[tuple[str, str | None]]:
    """Names and raw defaults of an ARG."""
    for word in instruction.words:
        name, equals, raw = word.partition("=")
        yield name, raw if equals else None


def variable(name: str, raw: str | None, value: str | None) -> dict[str, Any]:
    """Facts of one ARG or ENV name; the value of a secret stays out of them."""
    secret = raw is not None and is_secret(name, raw.strip("'\""))
    return {"name": name, "value": None if secret else value, "given": raw is not None, "secret": secret}


def sets_secret(instruction: Instruction) -> bool:
    """Whether the ENV or ARG behind an ONBUILD sets a secret."""
    words = instruction.words
    pairs: Iterable[tuple[str, str | None]] = zip(words[::2], words[1::2], strict=False)
    if instruction.trigger not in {"ENV", "ARG"}:
        return False
    return any(
        variable(name, raw, None)["secret"]
        for name, raw in (pairs if instruction.trigger == "ENV" else declared_args(instruction))
    )


def named_values(instruction: Instruction, scope: StageScope) -> list[tuple[str, str, str | None]]:
    """Name, raw value and value of each pair in an ENV or LABEL; all see the variables as they were before it."""
    words = instruction.words
    return [(scope.text(name), raw, scope.expand(raw)) for name, raw in zip(words[::2], words[1::2], strict=False)]


def copy(instruction: Instruction, scope: StageScope, source_of: SourceReader) -> dict[str, Any]:
    """Facts of a COPY or ADD."""
    options = instruction.options
    *sources, destination = instruction.words
    return {
        "instruction": instruction.name,
        "sources": [_copied(word, scope) for word in sources],
        "destination": scope.text(destination),
        "from": source_of(options["from"]) if "from" in options else None,
        "excludes": instruction.values("exclude"),
        "flags": options,
        "heredocs": _heredocs(instruction),
    }


def _copied(word: str, scope: StageScope) -> dict[str, Any]:
    if _HEREDOC.fullmatch(word):
        return {"text": word, "kind": "inline", "archive": False, "everything": False}
    text, known = scope.text(word), scope.expand(word) is not None
    remote = _REMOTE.match(text) is not None
    archive = _ARCHIVE.fullmatch(text) is not None
    return {
        "text": without_credentials(text),
        "kind": "remote" if remote else "local" if known else "unknown",
        "archive": archive if known or archive else None,
        "everything": text in _WHOLE_CONTEXT,
    }


def run(instruction: Instruction, scope: StageScope, source_of: SourceReader) -> dict[str, Any]:
    """Facts of a RUN: its commands, and what they ask of package managers.

    Raises:
        ReadError: it runs more than 5000 commands.
    """
    mounts = [_mount(value, scope, source_of) for value in instruction.values("mount")]
    commands = _commands(instruction)
    if len(commands) > _MAX_COMMANDS:
        raise instruction.refuse(f"runs more than {_MAX_COMMANDS} commands", "move them into a script, and copy that")
    cached = [mount["target"] for mount in mounts if mount["type"] == "cache" and mount["target"]]
    return {
        "text": start_text(instruction),
        "form": "exec" if instruction.is_json else "shell",
        "commands": [{"words": list(command.words), "text": command.text} for command in commands],
        "packages": read_packages(commands, cached),
        "heredocs": _heredocs(instruction),
        "mounts": mounts,
        "flags": instruction.options,
    }


def start_text(instruction: Instruction) -> str:
    """The command of a RUN, CMD or ENTRYPOINT in one line of text."""
    return " ".join(instruction.words)


def _commands(instruction: Instruction) -> tuple[ShellCommand, ...]:
    if instruction.is_json:
        return read_words(instruction.words)
    text = start_text(instruction)
    scripts = [heredoc.content for heredoc in instruction.heredocs]
    if _HEREDOC.fullmatch(text):
        return tuple(command for script in scripts[:1] if _is_shell(script) for command in read_script(script))
    commands = read_script(text)
    if scripts and any(command.program in SHELLS for command in commands):
        commands += tuple(command for script in scripts for command in read_script(script))
    return commands


def _is_shell(script: str) -> bool:
    first = script.partition("\n")[0]
    return not first.startswith("#!") or any(part.rpartition("/")[2] in SHELLS for part in first[2:].split())


def _heredocs(instruction: Instruction) -> list[dict[str, str]]:
    """Facts of the here-documents; `<<-` takes the leading tabs off its lines."""
    chomped = set(_CHOMPED.findall(" ".join(instruction.words))) if instruction.heredocs else set()
    return [
        {"name": name, "content": re.sub(r"^\t+", "", content, flags=re.MULTILINE) if name in chomped else content}
        for name, content in ((heredoc.name, heredoc.content) for heredoc in instruction.heredocs)
    ]


def _mount(value: str, scope: StageScope, source_of: SourceReader) -> dict[str, Any]:
    fields = dict(field.partition("=")[::2] for field in value.split(","))

    def field(*names: str) -> str | None:
        return next((scope.text(fields[name]) for name in names if name in fields), None)

    return {
        "type": field("type") or "bind",
        "from": source_of(fields["from"]) if fields.get("from") else None,
        "source": field("source", "src"),
        "target": field("target", "dst", "destination"),
        "id": field("id"),
    }


def healthcheck(instruction: Instruction) -> dict[str, Any]:
    """Facts of a HEALTHCHECK; NONE disables one that the base image brings."""
    kind, *command = instruction.words
    disabled = kind.upper() == "NONE"
    return {
        "disabled": disabled,
        "form": None if disabled else "exec" if instruction.is_json else "shell",
        "command": None if disabled else " ".join(command),
        "options": instruction.options,
    }


def user(instruction: Instruction, scope: StageScope) -> dict[str, Any]:
    """Facts of a USER; `root` is None when a variable hides who it is."""
    text = instruction.words[0]
    value = scope.expand(text)
    if value is None:
        return {"text": text, "name": None, "group": None, "root": None}
    name, colon, group = value.partition(":")
    root = _ROOT.fullmatch(name) is not None
    return {"text": text, "name": name, "group": group if colon else None, "root": root}


def ports(instruction: Instruction, scope: StageScope) -> Iterator[dict[str, Any]]:
    """Facts of each port of an EXPOSE; a range gives its first."""
    for word in instruction.words:
        match = _PORT.fullmatch(scope.text(word))
        yield {
            "text": word,
            "port": int(match[1]) if match else None,
            "protocol": (match[2] or "tcp").lower() if match else None,
        }


def content(instruction: Instruction) -> str:
    """What names an instruction: where it copies from, its words and here-documents; of variables only their names."""
    words = instruction.words
    if instruction.trigger == "ENV":
        words = words[::2]
    elif instruction.trigger == "ARG":
        words = tuple(name for name, _ in declared_args(instruction))
    parts = [f"--from={source}" for source in instruction.values("from")]
    parts += [instruction.trigger] if instruction.trigger else []
    return without_credentials(" ".join([*parts, *words, *(heredoc.content for heredoc in instruction.heredocs)]))
