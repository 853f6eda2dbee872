"""Image references in pipelines, where variables stand for what nobody knows before the run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compliance import image_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE = re.compile(r"\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$\w+|%\w+%")
_NAMED = re.compile(r"\$\{\{\s*env\.(\w+)\s*\}\}|\$\{(\w+)\}|\$(\w+)")
_STAND_IN = "var"
_MAX_TEXT = 500


def expanded(text: str, known: Mapping[str, str]) -> str:
    """The text with the variables that the pipeline itself sets put in, once."""
    return _NAMED.sub(lambda match: known.get(match[1] or match[2] or match[3], match[0])[:_MAX_TEXT], text[:_MAX_TEXT])


def image_facts(text: str, known: Mapping[str, str]) -> dict[str, Any]:
    """Facts of an image reference; what a variable hides is None.

    `by` is what the reference names its content by: `digest`, `tag`, `none` (so `latest`), or None when unknown.
    """
    full = expanded(text, known).strip().removeprefix("docker://")[:_MAX_TEXT]
    blank: dict[str, Any] = dict.fromkeys(("registry", "repository", "name", "tag", "digest", "normalised", "by"))
    try:
        reference = image_reference.parse(full)
    except ValueError:
        return {**blank, "text": full, "valid": False, **_with_variables(full)}
    by = "digest" if reference.digest else "tag" if reference.tag else "none"
    parts = {"registry": reference.registry, "repository": reference.repository, "name": reference.name}
    rest = {"tag": reference.tag, "digest": reference.digest, "normalised": reference.normalised}
    return {"text": full, "valid": True, **parts, **rest, "by": by}


def _with_variables(text: str) -> dict[str, str | None]:
    """What can be told of a reference with variables: its name as written, a literal tag, and what it goes by."""
    name, by_digest, _ = text.partition("@")
    if by_digest:
        return {"name": name, "by": "digest"}
    plain = _VARIABLE.sub(_STAND_IN, text)
    if plain == text:
        return {}
    last = plain.rpartition("/")[2]
    _, colon, tag = last.partition(":")
    if not colon:
        return {"name": text, "by": None if _STAND_IN in last else "none"}
    raw = _last_colon(text)
    return {"name": text[:raw], "tag": None if _STAND_IN in tag else tag, "by": "tag"}


def _last_colon(text: str) -> int:
    """Where the colon before the tag stands: one that is in no variable."""
    hidden = _VARIABLE.sub(lambda match: _STAND_IN[0] * len(match[0]), text)
    return hidden.rfind(":")
