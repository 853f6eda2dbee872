"""Facts of single instructions of a stage: variables, health checks, users, ports; and what names an instruction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compliance.sources.dockerfile.trust import variable_unchecked
from compliance.sources.secret_names import is_secret, names_secret, without_credentials
from compliance.sources.secret_values import known_format, without_known_formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compliance.sources.dockerfile.instructions import Instruction
    from compliance.sources.dockerfile.scope import StageScope

_PORT = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?(?:/([A-Za-z]+))?")
_ASSIGNED = re.compile(r"""(?<![\w$])([A-Za-z_]\w*)=('[^']*'|"[^"]*"|[^\s;&|'"]+)""")
_ROOT = re.compile(r"|root|0+|containeradministrator", re.IGNORECASE)


def declared_args(instruction: Instruction) -> Iterator[tuple[str, str | None]]:
    """Names and raw defaults of an ARG."""
    for word in instruction.words:
        name, equals, raw = word.partition("=")
        yield name, raw if equals else None


def variable(name: str, raw: str | None, value: str | None) -> dict[str, Any]:
    """Facts of one ARG or ENV name; the value of a secret stays out of them."""
    secret = raw is not None and (is_secret(name, raw.strip("'\"")) or known_format(raw) is not None)
    return {
        "name": name,
        "value": None if secret else value,
        "given": raw is not None,
        "secret": secret,
        "names_secret": names_secret(name),
        "certificates_unchecked": variable_unchecked(name, value),
    }


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


def same_statement(instruction: Instruction, scope: StageScope) -> dict[str, list[str]]:
    """Names that each variable of an ENV uses although the same statement is what sets them."""
    names = [scope.text(name) for name in instruction.words[::2]]
    found: dict[str, list[str]] = {}
    for index, name in enumerate(names):
        own = instruction.words[2 * index + 1]
        others = {other for place, other in enumerate(names) if place != index and not scope.knows(other)}
        found.setdefault(name, []).extend(sorted(other for other in others if _uses(own, other)))
    return found


def _uses(raw: str, name: str) -> bool:
    return (
        not raw.startswith("'")
        and re.search(rf"(?<!\\)\$(?:{re.escape(name)}(?!\w)|\{{{re.escape(name)}\W)", raw) is not None
    )


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
    """Facts of each port of an EXPOSE; a range gives its first and last."""
    for word in instruction.words:
        match = _PORT.fullmatch(scope.text(word))
        yield {
            "text": word,
            "port": int(match[1]) if match else None,
            "last": int(match[2] or match[1]) if match else None,
            "protocol": (match[3] or "tcp").lower() if match else None,
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
    text = " ".join([*parts, *words, *(heredoc.content for heredoc in instruction.heredocs)])
    return without_known_formats(without_credentials(_without_secrets(text) if "=" in text else text))


def _without_secrets(text: str) -> str:
    return _ASSIGNED.sub(
        lambda match: f"{match[1]}=***" if is_secret(match[1], match[2].strip("'\"")) else match[0], text
    )
