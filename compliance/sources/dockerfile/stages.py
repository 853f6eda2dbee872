"""Facts of a Dockerfile's stages: each instruction in its place, and what a stage takes over from the one below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.dockerfile import facts
from compliance.sources.dockerfile.scope import GlobalScope, StageScope
from compliance.sources.dockerfile.stage_reader import File, Stage, StageReader, placed
from compliance.sources.dockerfile.words import WordError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.sources.dockerfile.instructions import Instruction
    from compliance.sources.dockerfile.places import Places

_LISTS = ("args", "env", "labels", "copies", "runs", "ports", "volumes", "workdirs", "onbuild", "repeated")
_INHERITED = ("user", "healthcheck", "entrypoint", "cmd", "shell", "stopsignal")


def read_stages(instructions: Sequence[Instruction], escape: str, places: Places) -> dict[str, Any]:
    """The keys `args`, `images` and `stages` of the facts; notes where everything stands in `places`.

    Raises:
        ReadError: a FROM names what cannot be an image, an ARG above it has a default that cannot be read, or a part is
            larger than can be judged.
    """
    file = File(GlobalScope(escape), places)
    starts = [index for index, instruction in enumerate(instructions) if instruction.name == "FROM"]
    args = [arg for instruction in instructions[: starts[0]] for arg in _global_args(instruction, file)]
    for start, end in zip(starts, [*starts[1:], len(instructions)], strict=True):
        _read_stage(instructions[start:end], file, final=start == starts[-1])
    stages = [stage.body for stage in file.stages.values()]
    _mark_shipped(stages)
    return {"args": args, "images": [image for stage in stages for image in _images(stage)], "stages": stages}


def _global_args(instruction: Instruction, file: File) -> list[dict[str, Any]]:
    found = []
    for name, raw in facts.declared_args(instruction):
        try:
            value = file.scope.declare(name, raw)
        except WordError as error:
            raise instruction.refuse(str(error)) from None
        fact = facts.variable(name, raw, value)
        found.append(placed(fact, f"args[{name}]", instruction, file.places, name))
    return found


def _read_stage(instructions: Sequence[Instruction], file: File, *, final: bool) -> None:
    start = instructions[0]
    number = str(len(file.stages))
    name = start.words[2].lower() if len(start.words) > 1 else None
    stage_id = _stage_id(name, number, file, final=final)
    base = file.scope.read_base(start, file.named)
    base["stage"] = file.named.get(base["stage"])
    parent = file.stages.get(base["stage"])
    scope = parent.scope.child() if parent else StageScope(file.scope, {}, {})
    stage = Stage(_empty(stage_id, name, parent, final=final), scope)
    stage.body |= _foundation(instructions, base, f"stages[{stage_id}]", parent, file.places)
    stage.body |= {"name_taken": name in file.named, "windows": file.scope.windows}
    StageReader(stage, f"stages[{stage_id}]", file).read(instructions[1:])
    stage.body["runnable"] = _is_runnable(stage.body, parent)
    file.stages[stage_id] = stage
    file.numbered[number] = stage_id
    if name:
        file.named[name] = stage_id


def _foundation(
    instructions: Sequence[Instruction], base: dict[str, Any], at: str, parent: Stage | None, places: Places
) -> dict[str, Any]:
    """What FROM says, and the lines of the stage; `at` alone is the line of FROM."""
    start = instructions[0]
    places.add(at, start.start, start.end)
    return {
        "base": placed(base, f"{at}.base", start, places, start.words[0]),
        "base_image": parent.body["base_image"] if parent else base["image"],
        "platform": start.options.get("platform"),
        "lines": {"start": start.start, "end": instructions[-1].end},
    }


def _stage_id(name: str | None, number: str, file: File, *, final: bool) -> str:
    """The stage's name; one without is `final` when it is the last and that is free, else its number."""
    wanted = name or ("final" if final else number)
    return wanted if wanted not in file.stages else number


def _empty(stage_id: str, name: str | None, parent: Stage | None, *, final: bool) -> dict[str, Any]:
    inherited = {key: parent.body[key] if parent else None for key in _INHERITED}
    own: dict[str, Any] = {key: [] for key in _LISTS}
    named = {"id": stage_id, "called": f"stage {stage_id}", "name": name, "final": final}
    return named | {"shipped": False, "maintainer": None} | inherited | own


def _is_runnable(stage: dict[str, Any], parent: Stage | None) -> bool:
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
