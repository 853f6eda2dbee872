"""A Dockerfile's instructions, held to what BuildKit accepts.

What `docker build` refuses after parsing (an unknown instruction, a FROM with too many words) is refused here.
Reference: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance.errors import ReadError
from compliance.model import Span
from compliance.sources.dockerfile.parser import BEGIN, CHECK, parse
from compliance.sources.secret_text import shown_word

if TYPE_CHECKING:
    from collections.abc import Sequence

_AT_LEAST_ONE = (
    *("FROM", "ARG", "ENV", "LABEL", "EXPOSE", "VOLUME", "USER", "WORKDIR", "STOPSIGNAL", "SHELL", "HEALTHCHECK"),
    *("ONBUILD", "MAINTAINER"),
)
_MINIMUM = {"COPY": 2, "ADD": 2, "RUN": 0, "CMD": 0, "ENTRYPOINT": 0} | dict.fromkeys(_AT_LEAST_ONE, 1)
_NO_TRIGGERS = frozenset({"ONBUILD", "FROM", "MAINTAINER"})
_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")
_MAX_SHOWN = 60
_MAX_WORDS = 5000
_NAMED_STAGE = 3


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document of an instruction: its delimiter and its lines."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction as BuildKit sees it; `words` still have their quotes and variables, lines count from 1."""

    name: str
    words: tuple[str, ...]
    flags: tuple[str, ...]
    is_json: bool
    text: str
    heredocs: tuple[Heredoc, ...]
    trigger: str | None
    start: int
    end: int

    @property
    def lines(self) -> dict[str, int]:
        """The line span as facts hold it."""
        return {"start": self.start, "end": self.end}

    @property
    def options(self) -> dict[str, str]:
        """Flags by name; the last of several wins, and one without a value says `true`."""
        named = (flag.removeprefix("--").partition("=") for flag in self.flags)
        return {name: value if equals else "true" for name, equals, value in named}

    def values(self, flag: str) -> list[str]:
        """All values of a flag that may repeat."""
        prefix = f"--{flag}="
        return [text.removeprefix(prefix) for text in self.flags if text.startswith(prefix)]

    def refuse(self, why: str, remedy: str = CHECK) -> ReadError:
        """The error that says why this instruction cannot be read."""
        return ReadError(
            f"{shown_word(self.name)[:_MAX_SHOWN] or 'a line'}: {why}",
            remedy=remedy,
            span=Span(self.start, 1, self.end),
        )


def read_instructions(text: str) -> list[Instruction]:
    """Parse the text.

    Raises:
        ReadError: BuildKit would refuse the file; with the line where that can be told.
    """
    instructions = [_instruction(command) for command in parse(text)]
    for instruction in instructions:
        _check(instruction)
    _check_order(instructions)
    return instructions


def _instruction(command: Any) -> Instruction:  # noqa: ANN401 - the library has no types
    """Our form of the library's command, in which an empty text is None."""
    return Instruction(
        name=(command.cmd or "").upper(),
        words=command.value,
        flags=command.flags,
        is_json=command.json,
        text=command.original or "",
        heredocs=tuple(Heredoc(heredoc.name or "", heredoc.content or "") for heredoc in command.heredocs),
        trigger=command.sub_cmd.upper() if command.sub_cmd else None,
        start=command.start_line,
        end=command.end_line,
    )


def _check(instruction: Instruction) -> None:
    name = instruction.name
    if name not in _MINIMUM:
        raise instruction.refuse(
            "no such instruction", "correct the name, or end the line before with the escape character"
        )
    if len(instruction.words) < _MINIMUM[name] and instruction.trigger is None:
        raise instruction.refuse(f"needs at least {_MINIMUM[name]} argument{'s' if _MINIMUM[name] > 1 else ''}")
    if len(instruction.words) > _MAX_WORDS:
        raise instruction.refuse(f"has more than {_MAX_WORDS} words", "split it")
    if name == "ONBUILD":
        _check_trigger(instruction)
    elif name == "FROM":
        _check_from(instruction)
    elif name == "HEALTHCHECK":
        _check_healthcheck(instruction)
    elif name in {"ENV", "LABEL"} and "" in instruction.words[::2]:
        raise instruction.refuse("a name is blank")
    elif name == "SHELL" and not instruction.is_json:
        raise instruction.refuse('needs its JSON form, as in SHELL ["/bin/bash", "-c"]')


def _check_trigger(instruction: Instruction) -> None:
    if instruction.trigger in _NO_TRIGGERS or instruction.trigger not in _MINIMUM:
        raise instruction.refuse(f"{shown_word(str(instruction.trigger))[:_MAX_SHOWN]} cannot follow it")


def _check_from(instruction: Instruction) -> None:
    words = instruction.words
    if not (len(words) == 1 or (len(words) == _NAMED_STAGE and words[1].upper() == "AS")):
        raise instruction.refuse(
            "takes an image, or an image, AS and a name",
            "write `FROM image AS name`; a comment stands on a line of its own",
        )
    if len(words) == _NAMED_STAGE and _STAGE_NAME.fullmatch(words[2].lower()) is None:
        raise instruction.refuse(
            f"{words[2][:_MAX_SHOWN]!r} is no name for a stage",
            "start it with a letter, and use letters, digits, hyphens, underscores and dots",
        )


def _check_healthcheck(instruction: Instruction) -> None:
    kind, *rest = instruction.words
    if kind.upper() not in {"CMD", "NONE"} or bool(rest) != (kind.upper() == "CMD"):
        raise instruction.refuse("takes CMD with a command, or NONE alone")


def _check_order(instructions: Sequence[Instruction]) -> None:
    for instruction in instructions:
        if instruction.name == "FROM":
            return
        if instruction.name != "ARG":
            raise instruction.refuse("stands before the first FROM", "begin with FROM; only ARG may stand above it")
    raise ReadError("there is no FROM, so no image to build", remedy=BEGIN)
