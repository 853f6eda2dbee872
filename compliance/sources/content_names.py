"""Names for what has none (an instruction, a step): the beginning of its content, never its position."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_TEXT = 60


def content_names(contents: Iterable[str]) -> dict[str, str]:
    """Name each content by its first 60 characters; those that begin alike get a digest of the whole added."""
    normal = {content: " ".join(content.split()) for content in contents}
    shorts = Counter(_shortened(text) for text in set(normal.values()))
    return {
        content: _shortened(text) if shorts[_shortened(text)] == 1 else f"{_shortened(text)} {_digest(text)}"
        for content, text in normal.items()
    }


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
