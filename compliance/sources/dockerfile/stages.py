"""Facts of a Dockerfile's stages: each instruction in its place, and what a stage takes over from the one below it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compliance.sources.content_names import content_names
from compliance.sources.dockerfile import facts
from compliance.sources.dockerfile.scope import GlobalScope, StageScope, source_facts
from compliance.sources.dockerfile.words import WordError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.sources.dockerfile.instructions import Instruction
    from compliance.sources.dockerfile.places import Places

_LISTS = ("args", "env", "labels", "copies", "runs", "ports", "volumes", "workdirs", "onbuild")
_INHERITED = ("user", "healthcheck", "entrypoint", "cmd", "shell", "stopsignal")


@dataclass(slots=True)
class _File:
    """What is known of the file so far: its stages by name and by number."""

    scope: GlobalScope
    places: Places
    stages: dict[str, _Stage] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    numbered: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Stage:
    body: dict[str, Any]
    scope: StageScope


def read_stages(instructions: Sequence[Instruction], escape: str, places: Places) -> dict[str, Any]:
    """The keys `args`, `images` and `stages` of the facts; notes where everything stands in `places`.

    Raises:
        ReadError: a FROM names what cannot be an image, an ARG above it has a default that cannot be read, or a part is
            larger than can be judged.
    """
    file = _File(GlobalScope(escape), places)
    starts = [index for index, instruction in enumerate(instructions) if instruction.name == "FROM"]
    args = [arg for instruction in instructions[: starts[0]] for arg in _global_args(instruction, file)]
    for start, end in zip(starts, [*starts[1:], len(instructions)], strict=True):
        _read_stage(instructions[start:end], file, final=start == starts[-1])
    stages = [stage.body for stage in file.stages.values()]
    _mark_shipped(stages)
    return {"args": args, "images": [image for stage in stages for image in _images(stage)], "stages": stages}


def _global_args(instruction: Instruction, file: _File) -> list[dict[str, Any]]:
    found = []
    for name, raw in facts.declared_args(instruction):
        try:
            value = file.scope.declare(name, raw)
        except WordError as error:
            raise instruction.refuse(str(error)) from None
        fact = facts.variable(name, raw, value)
        found.append(_placed(fact, f"args[{name}]", instruction, file.places, name))
    return found


def _placed(fact: dict[str, Any], at: str, instruction: Instruction, places: Places, text: str = "") -> dict[str, Any]:
    """Add where it stands; the lines of a secret are hidden."""
    places.add(at, instruction.start, instruction.end, text)
    if fact.get("secret"):
        places.hide(instruction.start, instruction.end)
    return fact | {"at": at, "lines": instruction.lines}


def _read_stage(instructions: Sequence[Instruction], file: _File, *, final: bool) -> None:
    start = instructions[0]
    number = str(len(file.stages))
    name = start.words[2].lower() if len(start.words) > 1 else None
    stage_id = _stage_id(name, number, file, final=final)
    base = file.scope.read_base(start, file.named)
    base["stage"] = file.named.get(base["stage"])
    parent = file.stages.get(base["stage"])
    scope = parent.scope.child() if parent else StageScope(file.scope, {}, {})
    stage = _Stage(_empty(stage_id, name, parent, final=final), scope)
    stage.body |= _foundation(instructions, base, f"stages[{stage_id}]", parent, file.places)
    _StageReader(stage, f"stages[{stage_id}]", file).read(instructions[1:])
    stage.body["runnable"] = _is_runnable(stage.body, parent)
    file.stages[stage_id] = stage
    file.numbered[number] = stage_id
    if name:
        file.named[name] = stage_id


def _foundation(
    instructions: Sequence[Instruction], base: dict[str, Any], at: str, parent: _Stage | None, places: Places
) -> dict[str, Any]:
    """What FROM says, and the lines of the stage; `at` alone is the line of FROM."""
    start = instructions[0]
    places.add(at, start.start, start.end)
    return {
        "base": _placed(base, f"{at}.base", start, places, start.words[0]),
        "base_image": parent.body["base_image"] if parent else base["image"],
        "platform": start.options.get("platform"),
        "lines": {"start": start.start, "end": instructions[-1].end},
    }


def _stage_id(name: str | None, number: str, file: _File, *, final: bool) -> str:
    """The stage's name; one without is `final` when it is the last and that is free, else its number."""
    wanted = name or ("final" if final else number)
    return wanted if wanted not in file.stages else number


def _empty(stage_id: str, name: str | None, parent: _Stage | None, *, final: bool) -> dict[str, Any]:
    inherited = {key: parent.body[key] if parent else None for key in _INHERITED}
    own: dict[str, Any] = {key: [] for key in _LISTS}
    return {"id": stage_id, "name": name, "final": final, "shipped": False, "maintainer": None} | inherited | own


def _is_runnable(stage: dict[str, Any], parent: _Stage | None) -> bool:
    """Whether a container can start from it; from scratch that takes an ENTRYPOINT or CMD."""
    if stage["entrypoint"] or stage["cmd"]:
        return True
    return bool(parent.body["runnable"]) if parent else stage["base"]["kind"] != "scratch"


def _mark_shipped(stages: Sequence[dict[str, Any]]) -> None:
    """Mark the stages whose layers are in the final image: the last, and those that it builds on."""
    by_id = {stage["id"]: stage for stage in stages}
    current: str | None = stages[-1]["id"]
    while current is not None:
        by_id[current]["shipped"] = True
        current = by_id[current]["base"]["stage"]


def _images(stage: dict[str, Any]) -> list[dict[str, Any]]:
    """Images from outside that the stage builds on or takes files from."""
    sources = [("FROM", stage["base"]["image"], stage["base"])]
    sources += [(copy["instruction"], (copy["from"] or {}).get("image"), copy) for copy in stage["copies"]]
    sources += [("RUN", (mount["from"] or {}).get("image"), run) for run in stage["runs"] for mount in run["mounts"]]
    return [
        {"stage": stage["id"], "instruction": name, "image": image, "at": holder["at"], "lines": holder["lines"]}
        for name, image, holder in sources
        if image is not None
    ]


class _StageReader:
    """Reads the instructions of one stage in their order."""

    def __init__(self, stage: _Stage, at: str, file: _File) -> None:
        self._body = stage.body
        self._scope = stage.scope
        self._at = at
        self._file = file
        self._names: dict[str, str] = {}

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
            "VOLUME": self._paths,
            "WORKDIR": self._paths,
            "ONBUILD": self._onbuild,
            "SHELL": self._shell,
            "STOPSIGNAL": self._single,
            "MAINTAINER": self._single,
        }
        for instruction in instructions:
            handlers[instruction.name](instruction)

    def _add(self, key: str, fact: dict[str, Any], name: str, instruction: Instruction, text: str = "") -> None:
        at = f"{self._at}.{key}[{name}]"
        self._body[key].append(_placed(fact, at, instruction, self._file.places, text))

    def _set(self, key: str, fact: dict[str, Any], instruction: Instruction) -> None:
        placed = _placed(fact, f"{self._at}.{key}", instruction, self._file.places)
        self._body[key] = placed | {"stage": self._body["id"]}

    def _args(self, instruction: Instruction) -> None:
        for name, raw in facts.declared_args(instruction):
            fact = facts.variable(name, raw, self._scope.declare(name, raw))
            self._add("args", fact, name, instruction, name)

    def _env(self, instruction: Instruction) -> None:
        values = facts.named_values(instruction, self._scope)
        for name, raw, value in values:
            self._add("env", facts.variable(name, raw, value), name, instruction, name)
        self._scope.env.update({name: value for name, _, value in values})

    def _labels(self, instruction: Instruction) -> None:
        for name, _, value in facts.named_values(instruction, self._scope):
            self._add("labels", {"name": name, "value": value}, name, instruction, name)

    def _source(self, text: str, *, by_number: bool = True) -> dict[str, Any]:
        return source_facts(text, self._file.named, self._file.numbered if by_number else {})

    def _copy(self, instruction: Instruction) -> None:
        fact = facts.copy(instruction, self._scope, self._source)
        self._add("copies", fact, self._names[facts.content(instruction)], instruction)

    def _run(self, instruction: Instruction) -> None:
        fact = facts.run(instruction, self._scope, lambda text: self._source(text, by_number=False))
        self._add("runs", fact, self._names[facts.content(instruction)], instruction)

    def _user(self, instruction: Instruction) -> None:
        self._set("user", facts.user(instruction, self._scope), instruction)

    def _healthcheck(self, instruction: Instruction) -> None:
        self._set("healthcheck", facts.healthcheck(instruction), instruction)

    def _start(self, instruction: Instruction) -> None:
        key = instruction.name.lower()
        form = "exec" if instruction.is_json else "shell"
        self._set(key, {"form": form, "text": facts.start_text(instruction)}, instruction)
        if not instruction.words:
            self._body[key] = None

    def _ports(self, instruction: Instruction) -> None:
        for fact in facts.ports(instruction, self._scope):
            self._add("ports", fact, fact["text"], instruction, fact["text"])

    def _paths(self, instruction: Instruction) -> None:
        for word in instruction.words:
            self._add(f"{instruction.name.lower()}s", {"path": self._scope.text(word)}, word, instruction, word)

    def _onbuild(self, instruction: Instruction) -> None:
        if facts.sets_secret(instruction):
            self._file.places.hide(instruction.start, instruction.end)
        fact = {"instruction": instruction.trigger, "text": facts.content(instruction)}
        self._add("onbuild", fact, self._names[facts.content(instruction)], instruction)

    def _shell(self, instruction: Instruction) -> None:
        self._body["shell"] = list(instruction.words)

    def _single(self, instruction: Instruction) -> None:
        self._body[instruction.name.lower()] = instruction.words[0]
