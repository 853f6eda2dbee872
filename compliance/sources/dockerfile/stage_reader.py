"""Reads the instructions of one stage into its facts, each with its name and place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compliance.sources.content_names import content_names
from compliance.sources.dockerfile import copies, facts, runs
from compliance.sources.dockerfile.scope import source_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.sources.dockerfile.instructions import Instruction
    from compliance.sources.dockerfile.places import Places
    from compliance.sources.dockerfile.scope import GlobalScope, StageScope


@dataclass(slots=True)
class File:
    """What is known of the file so far: its stages by name and by number."""

    scope: GlobalScope
    places: Places
    stages: dict[str, Stage] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    numbered: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Stage:
    """Facts of one stage, and the variables and folder that its next instruction sees."""

    body: dict[str, Any]
    scope: StageScope


def placed(fact: dict[str, Any], at: str, instruction: Instruction, places: Places, text: str = "") -> dict[str, Any]:
    """Add where it stands; the lines of a secret are hidden."""
    places.add(at, instruction.start, instruction.end, text)
    if fact.get("secret"):
        places.hide(instruction.start, instruction.end)
    return fact | {"at": at, "lines": instruction.lines}


class StageReader:
    """Reads the instructions of one stage in their order."""

    def __init__(self, stage: Stage, at: str, file: File) -> None:
        self._body = stage.body
        self._scope = stage.scope
        self._at = at
        self._file = file
        self._names: dict[str, str] = {}
        self._seen: set[str] = set()

    def read(self, instructions: Sequence[Instruction]) -> None:
        """Read them all."""
        for kind in ({"RUN"}, {"COPY", "ADD"}, {"ONBUILD"}):
            self._names |= content_names(facts.content(each) for each in instructions if each.name in kind)
        handlers = {
            "ARG": self._args,
            "ENV": self._env,
            "LABEL": self._labels,
            "COPY": self._copy,
            "ADD": self._copy,
            "RUN": self._run,
            "USER": self._user,
            "HEALTHCHECK": self._healthcheck,
            "ENTRYPOINT": self._start,
            "CMD": self._start,
            "EXPOSE": self._ports,
            "VOLUME": self._volumes,
            "WORKDIR": self._workdir,
            "ONBUILD": self._onbuild,
            "SHELL": self._shell,
            "STOPSIGNAL": self._single,
            "MAINTAINER": self._single,
        }
        for instruction in instructions:
            handlers[instruction.name](instruction)

    def _add(self, key: str, fact: dict[str, Any], name: str, instruction: Instruction, text: str = "") -> None:
        at = f"{self._at}.{key}[{name}]"
        self._body[key].append(placed(fact, at, instruction, self._file.places, text))

    def _set(self, key: str, fact: dict[str, Any], instruction: Instruction) -> None:
        if key in self._seen and key != "user":
            repeated = {"instruction": instruction.name, "at": f"{self._at}.{key}", "lines": instruction.lines}
            self._body["repeated"].append(repeated)
        self._seen.add(key)
        told = placed(fact, f"{self._at}.{key}", instruction, self._file.places)
        self._body[key] = told | {"stage": self._body["id"]}

    def _args(self, instruction: Instruction) -> None:
        for name, raw in facts.declared_args(instruction):
            fact = facts.variable(name, raw, self._scope.declare(name, raw))
            self._add("args", fact, name, instruction, name)

    def _env(self, instruction: Instruction) -> None:
        values = facts.named_values(instruction, self._scope)
        used = facts.same_statement(instruction, self._scope)
        for name, raw, value in values:
            fact = facts.variable(name, raw, value) | {"same_statement": used[name]}
            self._add("env", fact, name, instruction, name)
        self._scope.env.update({name: value for name, _, value in values})

    def _labels(self, instruction: Instruction) -> None:
        for name, _, value in facts.named_values(instruction, self._scope):
            self._add("labels", {"name": name, "value": value}, name, instruction, name)

    def _source(self, text: str, *, by_number: bool = True) -> dict[str, Any]:
        return source_facts(text, self._file.named, self._file.numbered if by_number else {})

    def _copy(self, instruction: Instruction) -> None:
        fact = copies.copy(instruction, self._scope, self._source)
        self._add("copies", fact, self._names[facts.content(instruction)], instruction)

    def _run(self, instruction: Instruction) -> None:
        shell = self._body["shell"] or ()
        fact = runs.run(instruction, self._scope, shell, lambda text: self._source(text, by_number=False))
        if fact["secrets"]:
            self._file.places.hide(instruction.start, instruction.end)
        self._add("runs", fact, self._names[facts.content(instruction)], instruction)

    def _user(self, instruction: Instruction) -> None:
        self._set("user", facts.user(instruction, self._scope), instruction)

    def _healthcheck(self, instruction: Instruction) -> None:
        self._set("healthcheck", facts.healthcheck(instruction), instruction)

    def _start(self, instruction: Instruction) -> None:
        key = instruction.name.lower()
        self._set(key, runs.start(instruction), instruction)
        if not instruction.words:
            self._body[key] = None

    def _ports(self, instruction: Instruction) -> None:
        for fact in facts.ports(instruction, self._scope):
            self._add("ports", fact, fact["text"], instruction, fact["text"])

    def _volumes(self, instruction: Instruction) -> None:
        for word in instruction.words:
            self._add("volumes", {"path": self._scope.text(word)}, word, instruction, word)

    def _workdir(self, instruction: Instruction) -> None:
        """A relative path continues the WORKDIR above it; one that a variable hides is taken for absolute."""
        word = instruction.words[0]
        path = self._scope.expand(word)
        relative = None if path is None else not copies.is_absolute(path)
        above = self._scope.workdir
        fact = {"path": self._scope.text(word), "relative": relative, "above": above}
        self._add("workdirs", fact, word, instruction, word)
        self._scope.workdir = f"{above}/{path}" if relative and above else above if relative else (path or word)

    def _onbuild(self, instruction: Instruction) -> None:
        if facts.sets_secret(instruction):
            self._file.places.hide(instruction.start, instruction.end)
        fact = {"instruction": instruction.trigger, "text": facts.content(instruction)}
        self._add("onbuild", fact, self._names[facts.content(instruction)], instruction)

    def _shell(self, instruction: Instruction) -> None:
        self._body["shell"] = list(instruction.words)

    def _single(self, instruction: Instruction) -> None:
        key = instruction.name.lower()
        self._body[key] = instruction.words[0]
        self._file.places.add(f"{self._at}.{key}", instruction.start, instruction.end)
