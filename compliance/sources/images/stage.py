"""A built image as the one stage that it was built by: what rules on Dockerfiles judge, taken from its configuration.

The shape is that of `stages` in rules/schemas/dockerfile.json. `lines` count entries of the image's history, from 1;
(0, 0) says that no entry tells. Values of variables stay out, and so does COPY: the history has its words, but not
where from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ReadError
from compliance.model import Gap, Stage
from compliance.sources.content_names import content_names
from compliance.sources.dockerfile import facts, runs
from compliance.sources.dockerfile.copies import is_absolute
from compliance.sources.dockerfile.instructions import Instruction
from compliance.sources.dockerfile.scope import GlobalScope, StageScope
from compliance.sources.secret_text import masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compliance.sources.images.configuration import Configuration
    from compliance.sources.images.history import Entry

    Json = dict[str, Any]

ID: Final = "final"
CALLED: Final = "the image"
_AT: Final = f"stages[{ID}]"
_NOWHERE: Final = {"start": 0, "end": 0}
_ESCAPE: Final = "\\"
_SHELL: Final = ("/bin/sh", "-c")
_HEALTH_SHELL: Final = "CMD-SHELL"
_BASE: Final[dict[str, Any]] = {
    "text": "",
    "resolved": None,
    "unresolved": False,
    "unset": [],
    "kind": "unknown",
    "stage": None,
    "image": None,
    "at": f"{_AT}.base",
    "lines": _NOWHERE,
}


def stage_facts(configuration: Configuration, root: bool | None, about: str) -> tuple[Json, list[Gap]]:  # noqa: FBT001 - a fact
    """The image as a stage, and gaps for what of its history cannot be judged; `about` names the image in them."""
    ran, gaps = _runs(configuration.history, configuration.shell, about)
    started = configuration.entrypoint or configuration.cmd
    stage = {
        "id": ID,
        "called": CALLED,
        "name": None,
        "name_taken": False,
        "final": True,
        "shipped": True,
        "runnable": bool(started),
        "windows": configuration.platform.os == "windows",
        "base_image": None,
        "platform": None,
        "base": _BASE,
        "user": _user(configuration, root),
        "healthcheck": _health_check(configuration),
        "entrypoint": _start(configuration.entrypoint, configuration, "entrypoint"),
        "cmd": _start(configuration.cmd, configuration, "cmd"),
        "shell": list(configuration.shell) or None,
        "stopsignal": configuration.stop_signal or None,
        "maintainer": None,
        "args": _arguments(configuration.history),
        "env": _env(configuration),
        "labels": [
            _placed({"name": name, "value": masked(value)}, "labels", name)
            for name, value in configuration.labels.items()
        ],
        "copies": [],
        "runs": ran,
        "ports": list(_ports(configuration)),
        "volumes": [_placed({"path": path}, "volumes", path) for path in configuration.volumes],
        "workdirs": _working_folder(configuration),
        "onbuild": _on_build(configuration.on_build),
        "lines": {"start": min(1, len(configuration.history)), "end": len(configuration.history)},
        "repeated": [],
    }
    return stage, gaps


def _placed(fact: Json, key: str, name: str, lines: Json | None = None) -> Json:
    return fact | {"at": f"{_AT}.{key}[{name}]", "lines": lines or _NOWHERE}


def _set(fact: Json, key: str) -> Json:
    return fact | {"at": f"{_AT}.{key}", "lines": _NOWHERE, "stage": ID}


def _instruction(name: str, words: Sequence[str], *, is_json: bool, line: int = 0, text: str = "") -> Instruction:
    return Instruction(name, tuple(words), (), is_json, text, (), None, line, line)


def _user(configuration: Configuration, root: bool | None) -> Json | None:  # noqa: FBT001 - a fact
    if not configuration.user:
        return None
    name, colon, group = configuration.user.partition(":")
    return _set({"text": configuration.user, "name": name, "group": group if colon else None, "root": root}, "user")


def _health_check(configuration: Configuration) -> Json | None:
    test = configuration.health_check
    if not test or not test[0]:
        return None
    disabled = test[0] == "NONE"
    form = None if disabled else "shell" if test[0] == _HEALTH_SHELL else "exec"
    command = None if disabled else masked(" ".join(test[1:]))
    return _set({"disabled": disabled, "form": form, "command": command, "options": {}}, "healthcheck")


def _start(words: Sequence[str], configuration: Configuration, key: str) -> Json | None:
    """Facts of an ENTRYPOINT or CMD; the shell form is a shell with one text behind it."""
    if not words:
        return None
    shell = configuration.shell or _SHELL
    is_shell = len(words) == len(shell) + 1 and tuple(words[:-1]) == tuple(shell)
    given = words[-1:] if is_shell else words
    instruction = _instruction(key.upper(), [masked(word) for word in given], is_json=not is_shell)
    return _set(runs.start(instruction), key)


def _env(configuration: Configuration) -> list[Json]:
    return [
        _placed(facts.variable(name, value, value) | {"value": None, "same_statement": []}, "env", name)
        for name, value in configuration.env
    ]


def _arguments(history: Sequence[Entry]) -> list[Json]:
    """Build arguments, once each, at the first RUN that saw them."""
    seen: dict[str, Json] = {}
    for entry in history:
        for name, value in entry.arguments.items():
            fact = facts.variable(name, value, value) | {"value": None}
            if name not in seen or (fact["secret"] and not seen[name]["secret"]):
                seen[name] = _placed(fact, "args", name, {"start": entry.number, "end": entry.number})
    return list(seen.values())


def _ports(configuration: Configuration) -> Iterator[Json]:
    for port in configuration.ports:
        for fact in facts.ports(_instruction("EXPOSE", [port], is_json=False), _scope()):
            yield _placed(fact, "ports", port)


def _working_folder(configuration: Configuration) -> list[Json]:
    folder = configuration.working_folder
    if not folder:
        return []
    relative = not is_absolute(folder)
    return [_placed({"path": folder, "relative": relative, "above": None}, "workdirs", folder)]


def _on_build(instructions: Sequence[str]) -> list[Json]:
    texts = [masked(text) for text in instructions]
    names = content_names(texts)
    return [
        _placed({"instruction": text.partition(" ")[0].upper(), "text": text}, "onbuild", names[text]) for text in texts
    ]


def _scope() -> StageScope:
    return StageScope(GlobalScope(_ESCAPE), {}, {})


def _runs(history: Sequence[Entry], shell: Sequence[str], about: str) -> tuple[list[Json], list[Gap]]:
    """Facts of each RUN in the history; its text without secrets."""
    found, gaps, scope = [], [], _scope()
    for entry in history:
        if entry.script is None:
            continue
        try:
            fact = _run(entry.script, entry.number, scope, shell)
        except ReadError as error:
            where = f"entry {entry.number} of the history of {about}"
            gaps.append(Gap(Stage.COLLECT, where, error.message, error.remedy))
            continue
        found.append(fact)
    names = content_names(fact["text"] for fact in found)
    return [_placed(fact, "runs", names[fact["text"]], fact.pop("lines")) for fact in found], gaps


def _run(script: str, number: int, scope: StageScope, shell: Sequence[str]) -> Json:
    instruction = _instruction("RUN", [script], is_json=False, line=number)
    fact = runs.run(instruction, scope, shell, _no_source)
    hidden = masked(script)
    if hidden != script or fact["secrets"]:
        shown = _instruction("RUN", [hidden], is_json=False, line=number)
        fact = runs.run(shown, scope, shell, _no_source) | {"secrets": fact["secrets"]}
    return fact | {"lines": instruction.lines}


def _no_source(text: str) -> Json:
    """The history has no flags, so that nothing can be copied or mounted from elsewhere."""
    return {"text": text, "kind": "name", "stage": None, "image": None}
