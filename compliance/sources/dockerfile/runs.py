"""Facts of RUN, CMD and ENTRYPOINT: their commands, mounts and here-documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compliance.sources.dockerfile.commands import command_facts, guards_pipes, literal_secrets, variables_set
from compliance.sources.dockerfile.packages import Surroundings, read_packages, settings_made
from compliance.sources.shell import SHELLS, read_script, read_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.sources.dockerfile.instructions import Instruction
    from compliance.sources.dockerfile.scope import SourceReader, StageScope
    from compliance.sources.shell import ShellCommand

_HEREDOC = re.compile(r"\d*<<(-?)\s*(['\"]?)([^<'\"]+)\2")
_CHOMPED = re.compile(r"<<-\s*['\"]?([^\s'\"<]+)")
_MAX_COMMANDS = 5000


def run(instruction: Instruction, scope: StageScope, shell: Sequence[str], source_of: SourceReader) -> dict[str, Any]:
    """Facts of a RUN: its commands, and what they ask of package managers.

    Raises:
        ReadError: it runs more than 5000 commands.
    """
    mounts = [_mount(value, scope, source_of) for value in instruction.values("mount")]
    commands = _commands(instruction)
    if len(commands) > _MAX_COMMANDS:
        raise instruction.refuse(f"runs more than {_MAX_COMMANDS} commands", "move them into a script, and copy that")
    cached = [mount["target"] for mount in mounts if mount["type"] in {"cache", "tmpfs"} and mount["target"]]
    around = Surroundings(cached, {**scope.env, **variables_set(commands)}, frozenset(scope.settings))
    scope.settings |= settings_made(commands)
    return {
        "text": start_text(instruction),
        "form": "exec" if instruction.is_json else "shell",
        "commands": command_facts(commands, guarded=_guards_pipes(instruction, shell)),
        "packages": read_packages(commands, around),
        "secrets": literal_secrets(commands),
        "heredocs": heredocs(instruction),
        "mounts": mounts,
        "flags": instruction.options,
    }


def start_text(instruction: Instruction) -> str:
    """The command of a RUN, CMD or ENTRYPOINT in one line of text."""
    return " ".join(instruction.words)


def _guards_pipes(instruction: Instruction, shell: Sequence[str]) -> bool:
    """Whether a failure inside a pipe is noticed: the SHELL says so, or the script's own first line."""
    first = instruction.heredocs[0].content.partition("\n")[0] if instruction.heredocs else ""
    return guards_pipes(shell) or (first.startswith("#!") and "pipefail" in first)


def start(instruction: Instruction) -> dict[str, Any]:
    """Facts of a CMD or ENTRYPOINT."""
    return {
        "form": "exec" if instruction.is_json else "shell",
        "text": start_text(instruction),
        "commands": command_facts(_commands(instruction), guarded=True),
    }


def _commands(instruction: Instruction) -> tuple[ShellCommand, ...]:
    if instruction.is_json:
        return read_words(instruction.words)
    text = start_text(instruction)
    scripts = [heredoc.content for heredoc in instruction.heredocs]
    if is_heredoc(text):
        return tuple(command for script in scripts[:1] if _is_shell(script) for command in read_script(script))
    commands = read_script(text)
    if scripts and any(command.program in SHELLS for command in commands):
        commands += tuple(command for script in scripts for command in read_script(script))
    return commands


def is_heredoc(word: str) -> bool:
    """Whether the word opens a here-document."""
    return _HEREDOC.fullmatch(word) is not None


def _is_shell(script: str) -> bool:
    first = script.partition("\n")[0]
    return not first.startswith("#!") or any(part.rpartition("/")[2] in SHELLS for part in first[2:].split())


def heredocs(instruction: Instruction) -> list[dict[str, str]]:
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
