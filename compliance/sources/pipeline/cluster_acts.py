"""What commands do to a cluster or a host: deploy, name another image, reach into what runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compliance.sources.pipeline.found import Found
from compliance.sources.shell import read_script, read_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from compliance.sources.pipeline.words import Arguments
    from compliance.sources.shell import ShellCommand

_CHANGING = frozenset(
    {
        *(
            "apt",
            "apt-get",
            "apk",
            "yum",
            "dnf",
            "zypper",
            "pip",
            "pip3",
            "npm",
            "yarn",
            "gem",
            "composer",
            "systemctl",
        ),
        *(
            "service",
            "supervisorctl",
            "pm2",
            "rm",
            "mv",
            "cp",
            "chmod",
            "chown",
            "ln",
            "tee",
            "vi",
            "vim",
            "nano",
            "kill",
        ),
        *("pkill", "killall", "reboot", "git", "unzip", "tar", "patch", "iptables", "useradd", "passwd"),
        *("docker-compose", "docker", "podman"),
    }
)
_READING = frozenset({"ps", "logs", "images", "inspect", "version", "info", "stats", "status", "log", "diff", "list"})
_DEPLOYING = frozenset({"apply", "create", "replace", "run"})
_IMAGE_PAIR = re.compile(r"[\w*.-]+=(\S+)")
_VALUED = frozenset(
    {
        *("-n", "--namespace", "-c", "--container", "-i", "--identity_file", "-p", "-o", "-l", "-F", "-J", "-L", "-R"),
        *("--context", "--user", "-u", "-e", "-w"),
    }
)


def executed(tool: str, words: Sequence[str], start: int) -> Iterator[Found]:
    """A command that runs inside a container or on a host; `start` is where its options begin."""
    inner = _inner(words, start)
    yield Found("exec" if tool in {"docker", "kubectl", "oc"} else "ssh", tool, None, changes=_changes(inner))


def _inner(words: Sequence[str], start: int) -> list[str]:
    """The words that run over there: after `--`, or after the first word that is no option, which names the place."""
    if "--" in words[start:]:
        return list(words[words.index("--", start) + 1 :])
    at = start
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in _VALUED else 1
    return list(words[at + 1 :])


def _changes(words: Sequence[str]) -> bool:
    commands = [*read_words(words), *(read_script(" ".join(words)) if words else ())]
    return any(is_change(command) for command in commands)


def is_change(command: ShellCommand) -> bool:
    """Whether a command changes the place that it runs in."""
    program, words, output = command.program, command.words, command.output
    if program == "sed":
        return any(re.match(r"-[a-zA-Z]*i", word) for word in words[1:])
    if output is not None and not output.startswith(("/dev/", "/tmp/", "&")):  # noqa: S108 - compared, not used
        return True
    return program in _CHANGING and not _READING.intersection(words[1:3])


def _kubectl(arguments: Arguments) -> Iterator[Found]:
    tool, rest = arguments.program, arguments.rest
    sub = rest[0] if rest else ""
    if rest[:2] == ("set", "image"):
        yield from _set_image(arguments)
    elif sub == "exec":
        yield from executed(tool, arguments.words, arguments.words.index("exec") + 1)
    elif (sub == "cp" and ":" in rest[-1] and "://" not in rest[-1]) or sub == "edit":
        yield Found("exec", tool, None, changes=True)
    elif sub in _DEPLOYING and rest[1:2] != ("namespace",):
        yield from _applied(arguments, sub)
    elif rest[:2] in {("rollout", "restart"), ("rollout", "undo")}:
        yield Found("deploy", tool, None)


def _applied(arguments: Arguments, sub: str) -> Iterator[Found]:
    kind = arguments.rest[1] if len(arguments.rest) > 1 else ""
    if sub == "create" and not {"-f", "--filename", "-k"}.intersection(arguments.options) and "deploy" not in kind:
        return
    yield Found("deploy", arguments.program, arguments.option("--image"))


def _set_image(arguments: Arguments) -> Iterator[Found]:
    for word in arguments.rest[2:]:
        if pair := _IMAGE_PAIR.fullmatch(word):
            yield Found("set_image", arguments.program, pair[1])


def _helm(arguments: Arguments) -> Iterator[Found]:
    sub = arguments.rest[0] if arguments.rest else ""
    if sub == "login" or arguments.starts("registry", "login"):
        yield Found("login", "helm", None)
    elif sub in {"upgrade", "install"}:
        yield Found("deploy", "helm", None)


def _argocd(arguments: Arguments) -> Iterator[Found]:
    if arguments.starts("app", "sync") or arguments.starts("app", "set"):
        yield Found("deploy", "argocd", None)


def _cloud(arguments: Arguments) -> Iterator[Found]:
    starts = (("run", "deploy"), ("ecs", "update-service"), ("containerapp", "update"), ("job", "run"))
    if any(arguments.starts(*words) for words in starts):
        yield Found("deploy", arguments.program, arguments.option("--image"))


def _ssh(arguments: Arguments) -> Iterator[Found]:
    yield from executed("ssh", arguments.words, 1)


def _deploying(arguments: Arguments) -> Iterator[Found]:
    yield Found("deploy", arguments.program, None)


RECOGNISERS: dict[str, Callable[[Arguments], Iterator[Found]]] = {
    **dict.fromkeys(("kubectl", "oc"), _kubectl),
    **dict.fromkeys(("helm", "helm3"), _helm),
    "argocd": _argocd,
    **dict.fromkeys(("gcloud", "aws", "az", "nomad"), _cloud),
    "ssh": _ssh,
    "helmfile": _deploying,
}
