"""Secrets of a workload: written out in variables and commands, and given to more containers than need them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from compliance.sources import secret_values
from compliance.sources.kubernetes.fields import mapping, mappings, sequence, text

if TYPE_CHECKING:
    from collections.abc import Iterator

_LISTS: Final = ("containers", "initContainers", "ephemeralContainers")
_MAX_SCRIPT: Final = 64 * 1024
_FLAG: Final = re.compile(r"--?([A-Za-z][\w.-]{0,63})(?:=(.*))?", re.DOTALL)
# In a script: a flag with its value, or an assignment; a value ends at a space, or with the quote that it begins with.
_IN_SCRIPT: Final = re.compile(
    r"(?:(?<=\s)--?(?P<flag>[A-Za-z][\w.-]{0,63})(?:=|[ \t]+(?!-))|(?:^|(?<=[\s;&(]))(?P<variable>[A-Za-z_]\w{0,63})=)"
    r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s\"';|&)]+)",
    re.MULTILINE,
)


def secrets(pod: dict[str, Any]) -> dict[str, Any]:
    """Variables and arguments that hold a secret (never its value), and Secret volumes that all containers mount."""
    variables, arguments = [], []
    for _, index, container in _containers(pod):
        name = text(container.get("name")) or str(index)
        for variable, words in _variables(container):
            variables.append(
                {"container": name, "at": f"containers[{name}].env[{variable}]", "name": variable, "format": words}
            )
        for part, _, setting, words in arguments_of(container):
            arguments.append({"container": name, "at": f"containers[{name}].{part}", "name": setting, "format": words})
    return {"variables": variables, "arguments": arguments, "mounted_everywhere": list(_mounted_everywhere(pod))}


def secret_paths(pod: dict[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """The paths in a pod spec of every value that `secrets` tells of."""
    for field, index, container in _containers(pod):
        for number, item in enumerate(sequence(container.get("env"))):
            if isinstance(item, dict) and _secret_of(item) is not None:
                yield (field, index, "env", number)
        for part, number, _, _ in arguments_of(container):
            yield (field, index, part, number)


def arguments_of(container: dict[str, Any]) -> Iterator[tuple[str, int, str | None, str]]:
    """The arguments that hold a secret: `command` or `args`, the number, the setting's name and what it holds."""
    for part in ("command", "args"):
        previous: str | None = None
        for number, word in enumerate(sequence(container.get(part))):
            if isinstance(word, str):
                for setting, words in _of_word(word[:_MAX_SCRIPT], previous):
                    yield part, number, setting, words
                flag = _FLAG.fullmatch(word)
                previous = flag[1] if flag and flag[2] is None else None


def _of_word(word: str, previous: str | None) -> Iterator[tuple[str | None, str]]:
    if (known := secret_values.known_format(word)) is not None:
        yield None, known
    elif previous is not None and not word.startswith("-") and secret_values.is_literal(previous, word):
        yield previous, secret_values.CLEAR_TEXT
    elif (flag := _FLAG.fullmatch(word)) is not None:
        if flag[2] and secret_values.is_literal(flag[1], flag[2]):
            yield flag[1], secret_values.CLEAR_TEXT
    else:
        yield from _of_script(word)


def _of_script(script: str) -> Iterator[tuple[str, str]]:
    names: dict[str, None] = {}
    for match in _IN_SCRIPT.finditer(script):
        name = match["flag"] or match["variable"]
        if name not in names and secret_values.is_literal(name, match["value"]):
            names[name] = None
            yield name, secret_values.CLEAR_TEXT


def _containers(pod: dict[str, Any]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for field in _LISTS:
        for index, container in enumerate(sequence(pod.get(field))):
            if isinstance(container, dict):
                yield field, index, container


def _variables(container: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for item in mappings(container.get("env")):
        if (words := _secret_of(item)) is not None:
            yield str(item.get("name")), words


def _secret_of(variable: dict[str, Any]) -> str | None:
    value = text(variable.get("value"))
    return secret_values.secret_in(str(variable.get("name")), value) if value else None


def _mounted_everywhere(pod: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Secret volumes that each of several containers that run side by side mounts."""
    running = list(mappings(pod.get("containers")))
    running += [item for item in mappings(pod.get("initContainers")) if item.get("restartPolicy") == "Always"]
    if len(running) < 2:  # noqa: PLR2004 - one container alone is no everywhere
        return
    mounted = [{text(mount.get("name")) for mount in mappings(item.get("volumeMounts"))} for item in running]
    for volume in mappings(pod.get("volumes")):
        secret = text(mapping(volume, "secret").get("secretName"))
        name = text(volume.get("name"))
        if secret is not None and name is not None and all(name in names for names in mounted):
            yield {"secret": secret, "volume": name}
