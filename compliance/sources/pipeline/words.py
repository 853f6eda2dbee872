"""The words of one command: subcommands, options with their values, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FLAGS = frozenset(
    {
        *(
            "-q",
            "--quiet",
            "-a",
            "--all-tags",
            "--all",
            "--disable-content-trust",
            "-d",
            "--debug",
            "-v",
            "-vv",
            "--yes",
        ),
        *(
            "-y",
            "-r",
            "--recursive",
            "-f",
            "--force",
            "--ignore-unfixed",
            "--no-progress",
            "--insecure",
            "--offline-scan",
        ),
        *("--skip-db-update", "--skip-update", "--skip-java-db-update", "--list-all-pkgs", "--only-fixed", "--light"),
        *("--push", "--load", "--no-cache", "--pull", "--rm", "-i", "-t", "-it", "-ti", "--all-platforms", "--wait"),
        *("--add-cpes-if-none", "--insecure-ignore-tlog", "--allow-insecure-registry", "--reset", "--no-color"),
    }
)
_WITH_FLAG_F = frozenset({"cosign", "buildah"})


@dataclass(frozen=True, slots=True)
class Arguments:
    """A command's words after the program, told apart."""

    program: str
    words: tuple[str, ...]
    options: dict[str, str]
    rest: tuple[str, ...]

    def option(self, *names: str) -> str | None:
        """The value of the first of these options that is there; empty for a flag."""
        return next((self.options[name] for name in names if name in self.options), None)

    def starts(self, *subcommands: str) -> bool:
        """Whether what is no option begins with these words."""
        return self.rest[: len(subcommands)] == subcommands

    def image(self, skip: int) -> str | None:
        """The word after the subcommands that looks most like an image."""
        words = self.rest[skip:]
        likely = [word for word in words if "/" in word or ":" in word or "$" in word]
        found = likely or list(words)
        return found[-1] if found else None


def read_arguments(words: tuple[str, ...], flags: Iterable[str] = _FLAGS) -> Arguments:
    """Tell options from other words; an option that is no known flag takes the next word, unless that is one too."""
    program = words[0].rpartition("/")[2]
    options: dict[str, str] = {}
    rest: list[str] = []
    at = 1
    while at < len(words):
        word = words[at]
        name, equals, value = word.partition("=")
        at += 1
        if word == "--":
            rest.extend(words[at:])
            break
        if not word.startswith("-") or word == "-":
            rest.append(word)
        elif equals or _is_flag(program, word, flags) or at == len(words) or words[at].startswith("-"):
            options.setdefault(name, value)
        else:
            options.setdefault(name, words[at])
            at += 1
    return Arguments(program, words, options, tuple(rest))


def _is_flag(program: str, word: str, flags: Iterable[str]) -> bool:
    if program not in _WITH_FLAG_F and word == "-f":
        return False
    return word in flags
