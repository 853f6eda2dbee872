"""Secrets in pipelines: what a step prints, what stands on a command line, and what must not be shown of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compliance.sources.secret_names import is_secret, without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compliance.sources.shell import ShellCommand

_ASSIGNED = re.compile(r"""\b([A-Za-z_]\w*)(\s*[=:]\s*)("[^"$\n]*"|'[^'$\n]*'|[^\s"'$;|&(){}\[\]]+)""")
_LOGIN = re.compile(
    r"""(\blogin\b(?:(?!\blogin\b)[^\n])*?\s(?:-p|--password)[ =])("[^"$\n]*"|'[^'$\n]*'|[^\s"'$-][^\s]*)"""
)
_BEARER = re.compile(r"(\b(?:Bearer|Basic|token)\s+)[A-Za-z0-9._~+/=-]{16,}")
_READ = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_GROUP_REDIRECTED = re.compile(r"(?:[})]|\bdone|\bfi)\s*(?:\d?>|\|)|<<|\$\(|`")
_PRINTERS = frozenset({"echo", "printf"})
_SHOWERS = frozenset({"sort", "tee", "cat", "less", "more"})
_TESTING = re.compile(
    r"test|example|dummy|fake|1234|local|temp|sample|change.?me|secret|password|admin|root|postgres|x{3,}|ci\b|[.*]{3,}"
)
_SERVICES = re.compile(
    r"(?:POSTGRES|PG|MYSQL|MARIADB|MONGO|RABBITMQ|REDIS|MSSQL|SA|DB|DATABASE|KEYCLOAK|MINIO)_", re.IGNORECASE
)
_RANDOM = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9].*[0-9])\S{12,}")  # a person's throw-away password is shorter, or a word
MASK = "***"


def masked(text: str) -> str:
    """The text without the values of secrets that are written in it."""
    text = _LOGIN.sub(rf"\1{MASK}", _BEARER.sub(rf"\1{MASK}", text))
    return _ASSIGNED.sub(_masked_value, without_credentials(text))


def _masked_value(match: re.Match[str]) -> str:
    return match[1] + match[2] + MASK if is_secret(match[1], match[3].strip("\"'")) else match[0]


def is_literal_secret(name: str, value: str) -> bool:
    """Whether a variable holds a secret in clear; what only tests or a throw-away database use is none."""
    if "$" in value or _SERVICES.match(name) or _TESTING.search(value.lower()):
        return False
    return is_secret(name, value) and _RANDOM.fullmatch(value) is not None


def printed(commands: Sequence[ShellCommand], script: str) -> Iterator[tuple[str, str, int]]:
    """How (`echo`, `trace`, `environment`) which variable is printed, and by which command, by its number."""
    quiet = _GROUP_REDIRECTED.search(script) is not None
    traced = False
    for number, command in enumerate(commands):
        follower = commands[number + 1].program if number + 1 < len(commands) else ""
        shown = command.output is None and (command.operator not in {"|", "|&"} or follower in _SHOWERS)
        if command.program == "set":
            traced = _traces(command.words, traced=traced)
        elif shown and command.words in {("env",), ("printenv",), ("export", "-p")}:
            yield "environment", "", number
        elif shown and not quiet and command.program in _PRINTERS and "::add-mask::" not in command.text:
            yield from (("echo", name, number) for name in _secrets_in(command.text))
        elif traced and not quiet:
            yield from (("trace", name, number) for name in _secrets_in(command.text))


def _traces(words: Sequence[str], *, traced: bool) -> bool:
    for word in words[1:]:
        if word[:1] in {"-", "+"} and "x" in word:
            traced = word[0] == "-"
    return traced


def _secrets_in(text: str) -> list[str]:
    """Names of the secret variables whose values the words of a command hold, outside single quotes."""
    text = re.sub(r"'[^'\n]*'", "", text)
    names = {first or second for first, second in _READ.findall(text)}
    # Credentials by name are as a rule the path of a file with them.
    return sorted(name for name in names if is_secret(name, "value") and "CREDENTIAL" not in name.upper())


def login_password(command: ShellCommand) -> bool | None:
    """Whether a login has its password on the command line; None when the command is no login."""
    words = command.words
    if "login" not in words[1:3] or command.program not in _LOGINS:
        return None
    options = {word.partition("=")[0] for word in words}
    return bool(options & {"-p", "--password"}) or any(re.match(r"-p[^-]", word) for word in words)


_LOGINS = frozenset({"docker", "podman", "buildah", "skopeo", "crane", "helm", "oras", "nerdctl"})
