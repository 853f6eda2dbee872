"""The whole of a Dockerfile's facts from its text, and where each of them stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from compliance.sources.dockerfile.instructions import read_instructions
from compliance.sources.dockerfile.places import Places
from compliance.sources.dockerfile.stages import read_stages
from compliance.sources.dockerfile.words import read_directives


def read_body(text: str) -> tuple[dict[str, Any], Places]:
    """Facts as `rules/schemas/dockerfile.json` has them, without `params`.

    Raises:
        ReadError: BuildKit would refuse the text.
    """
    places = Places([line.removesuffix("\r") for line in text.split("\n")])
    directives, ordered = read_directives(text)
    instructions = read_instructions(ordered)
    return {"directives": asdict(directives), "ignore_file": None} | read_stages(
        instructions, directives.escape, places
    ), places
