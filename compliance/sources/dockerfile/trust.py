"""Switches by which programs trust what they download: certificates or signatures that are not checked."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from compliance.sources.shell import assignment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.sources.shell import ShellCommand

_OFF = frozenset({"0", "false", "no", "off"})
_VARIABLES = {
    "NODE_TLS_REJECT_UNAUTHORIZED": frozenset({"0"}),
    "PYTHONHTTPSVERIFY": frozenset({"0"}),
    "NPM_CONFIG_STRICT_SSL": _OFF,
    "GIT_SSL_NO_VERIFY": None,
    "PIP_TRUSTED_HOST": None,
}
_CURL_INSECURE = re.compile(r"--insecure|-[a-zA-Z]*k[a-zA-Z]*")
_SSL_VERIFY = re.compile(r"(?:--setopt=)?(?:.*\.)?(?:http\.)?sslverify=(?:0|false|no)", re.IGNORECASE)
_STRICT_SSL = re.compile(r"(?:--)?strict-ssl=false|--no-strict-ssl")
_SWITCHES = (
    (re.compile(r"curl"), _CURL_INSECURE),
    (re.compile(r"wget"), re.compile(r"--no-check-certificate")),
    (re.compile(r"pip[\d.]*|python[\d.]*|uv"), re.compile(r"--trusted-host(?:=.*)?")),
    (re.compile(r"(?:yum|dnf)(?:-config-manager)?|tdnf|microdnf"), _SSL_VERIFY),
)
_RPM_MANAGERS = frozenset({"yum", "dnf", "tdnf", "microdnf"})
_SIGNATURE_SWITCHES = {
    "apk": frozenset({"--allow-untrusted"}),
    "apt": frozenset({"--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories"}),
    "rpm": frozenset({"--nosignature", "--nodigest", "--noverify", "--nofiledigest"}),
    "dnf": frozenset({"--nogpgcheck", "--no-gpgchecks", "--setopt=gpgcheck=0"}),
    "zypper": frozenset({"--no-gpg-checks"}),
}
_SIGNED_BY = {"apk": "apk", "apt": "apt", "apt-get": "apt", "aptitude": "apt", "rpm": "rpm", "zypper": "zypper"} | (
    dict.fromkeys(_RPM_MANAGERS, "dnf")
)


def variable_unchecked(name: str, value: str | None) -> bool:
    """Whether a variable of that value turns the check of certificates off for the programs that read it."""
    known = name if name in _VARIABLES else name.upper() if name.lower().startswith("npm_config_") else ""
    if known not in _VARIABLES or not value:
        return False
    values = _VARIABLES[known]
    return values is None or value.lower() in values


def certificates_unchecked(command: ShellCommand) -> str | None:
    """The program and switch, or the variable, by which a command takes any server for the one it asked for."""
    for name, value in (*command.variables, *_exported(command)):
        if variable_unchecked(name, value):
            return name
    switch = _certificate_switch(command.program, command.words[1:])
    return f"{command.program} {switch}" if switch else None


def _exported(command: ShellCommand) -> Sequence[tuple[str, str]]:
    return [pair for word in command.words[1:] if (pair := assignment(word))] if command.program == "export" else []


def _certificate_switch(program: str, words: Sequence[str]) -> str | None:
    if program in {"npm", "yarn", "pnpm"}:
        pair = "set" in words and ("strict-ssl", "false") in pairwise(words)
        return "strict-ssl=false" if pair or any(map(_STRICT_SSL.fullmatch, words)) else None
    if program == "git":
        pairs = [(first.lower(), second.lower()) for first, second in pairwise(words)]
        named = ("http.sslverify", "false") in pairs or any(map(_SSL_VERIFY.fullmatch, words))
        return "http.sslVerify=false" if named else None
    switch = next((pattern for programs, pattern in _SWITCHES if programs.fullmatch(program)), None)
    return next((word.partition("=")[0] for word in words if switch.fullmatch(word)), None) if switch else None


def signatures_unchecked(command: ShellCommand) -> str | None:
    """The program and switch by which a package manager installs what nobody it knows has signed."""
    switches = _SIGNATURE_SWITCHES.get(_SIGNED_BY.get(command.program, ""), frozenset())
    return next((f"{command.program} {word}" for word in command.words[1:] if word in switches), None)
