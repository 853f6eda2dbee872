"""hadolint/hadolint: `ruleCatches "DL3008" "RUN …"` and `ruleCatchesNot` in `test/Hadolint/Rule/DL*Spec.hs`.

The Dockerfiles are Haskell literals: a string, `Text.unlines` of a list of strings, or the name that a `let` gave to
one. Of Haskell only that much is read here; an expectation in another form ends the run, so that none is lost silently.
Where a specification sets a configuration of its own, its cases are left out: ours is set otherwise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cases import Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from compliance.catalogue import Catalogue

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\\s+\\|\\.)*"|--[^\n]*|[\w?][\w\'.?]*|[\[\]$(){}=]|\S')
_EXPECTATION: Final = re.compile(r"(onBuild|onbuild)?[rR]uleCatches(Not)?")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "&": ""}
_CONTINUED: Final = re.compile(r"\\\s+\\")
_RUN: Final = re.compile(r"(?im)^(\s*)RUN\b")
_FROM: Final = re.compile(r"(?im)^\s*FROM\b")
_WRAPPING: Final = frozenset({"$", "(", "Text.unlines", "unlines"})


def cases(checkout: Path, _catalogue: Catalogue) -> Iterator[Case]:
    """All expectations about a Dockerfile under the default configuration."""
    for spec in sorted((checkout / "test/Hadolint/Rule").glob("DL*Spec.hs")):
        yield from _expectations(spec)


def _expectations(spec: Path) -> Iterator[Case]:
    text = spec.read_text(encoding="utf-8")
    tokens = [token for token in _TOKEN.findall(text) if not token.startswith("--")]
    named: dict[str, str] = {}
    default = True
    for index, token in enumerate(tokens):
        after = tokens[index + 1 : index + 2]
        if token == "?config":  # noqa: S105 - a token of Haskell
            default = tokens[index + 3 : index + 4] != ["{"] and tokens[index + 2] == "def"
        elif after == ["="] and token.isidentifier():
            if (given := _literal(tokens, index + 2, named)) is not None:
                named[token] = given
        elif default and (expectation := _EXPECTATION.fullmatch(token)) and after[0].startswith('"'):
            dockerfile = _literal(tokens, index + 2, named)
            if dockerfile is None:
                raise ValueError(f"{spec.name}: cannot read what follows {' '.join(tokens[index : index + 4])}")
            rule, line = _unquoted(after[0]), text.count("\n", 0, _offset(text, index))
            yield _case(f"{rule} {index} line {line + 1}", rule, expectation, dockerfile)


def _case(name: str, rule: str, expectation: re.Match[str], dockerfile: str) -> Case:
    if expectation[1]:
        name, dockerfile = f"onbuild {name}", _RUN.sub(r"\1ONBUILD RUN", dockerfile)
    if not _FROM.search(dockerfile):
        dockerfile = f"FROM registry.example.com/base:1.0\n{dockerfile}"
    return Case(name, (rule,), expectation[2] is None, text=f"{dockerfile.rstrip()}\n", file="Dockerfile")


def _literal(tokens: list[str], index: int, named: dict[str, str]) -> str | None:
    """The text at a place: a string, the lines of a list, or what a name stands for."""
    while index < len(tokens) and tokens[index] in _WRAPPING:
        index += 1
    token = tokens[index] if index < len(tokens) else ""
    if token.startswith('"'):
        return _unquoted(token)
    if token == "[":  # noqa: S105 - a token of Haskell
        end = tokens.index("]", index)
        return "\n".join(_unquoted(line) for line in tokens[index:end] if line.startswith('"'))
    return named.get(token)


def _unquoted(token: str) -> str:
    joined = _CONTINUED.sub("", token[1:-1])
    return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), joined)


def _offset(text: str, index: int) -> int:
    """Where the token of a number, comments apart, begins."""
    starts = (found.start() for found in _TOKEN.finditer(text) if not found[0].startswith("--"))
    return next(start for number, start in enumerate(starts) if number == index)
