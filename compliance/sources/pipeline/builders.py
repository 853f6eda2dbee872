"""Tools beside Docker that build, copy and publish images."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compliance.sources.pipeline.found import Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compliance.sources.pipeline.words import Arguments


def _copy(arguments: Arguments) -> Iterator[Found]:
    sub = arguments.rest[0] if arguments.rest else ""
    target = arguments.rest[-1] if len(arguments.rest) > 1 else None
    if sub == "login":
        yield Found("login", arguments.program, None)
    elif arguments.program == "skopeo" and sub == "copy" and target and target.startswith("docker://"):
        copied = arguments.rest[1].startswith("docker://")
        yield Found("publish", "skopeo", target.removeprefix("docker://"), copied=copied)
    elif arguments.program == "crane" and sub in {"push", "copy", "cp"}:
        yield Found("publish", "crane", target, copied=sub != "push")


def _kaniko(arguments: Arguments) -> Iterator[Found]:
    words = arguments.words
    target = arguments.option("--destination", "-d")
    target = next((word.partition("=")[2] for word in words if word.startswith("--destination=")), target)
    yield Found("build", "kaniko", target)
    if target and not {"--no-push", "--no-push=true", "--noPush"}.intersection(words):
        yield Found("publish", "kaniko", target)


def _ko(arguments: Arguments) -> Iterator[Found]:
    words = set(arguments.words)
    if arguments.rest and arguments.rest[0] in {"build", "publish", "apply", "resolve", "create"}:
        yield Found("build", "ko", None)
        if not words & {"--local", "-L", "--push=false"}:
            yield Found("publish", "ko", None)


def _java(arguments: Arguments) -> Iterator[Found]:
    text = " ".join(arguments.words)
    if re.search(r"(?<![\w-])(?:jib:build|:?(?:\w+:)*jib)(?![\w:])", text):
        yield Found("publish", "jib", arguments.option("-Dimage", "-Djib.to.image", "--image"))
    elif "build-image" in text and re.search(r"publish=true|--publishImage", text):
        yield Found("publish", "buildpacks", None)


def _pack(arguments: Arguments) -> Iterator[Found]:
    if arguments.starts("build"):
        yield Found("build", "pack", arguments.image(1))
        if "--publish" in arguments.words:
            yield Found("publish", "pack", arguments.image(1))


RECOGNISERS: dict[str, Callable[[Arguments], Iterator[Found]]] = {
    **dict.fromkeys(("skopeo", "crane"), _copy),
    **dict.fromkeys(("executor", "kaniko"), _kaniko),
    "ko": _ko,
    **dict.fromkeys(("mvn", "mvnw", "gradle", "gradlew"), _java),
    "pack": _pack,
}
