"""The one door to libyaml, which PyYAML brings along: a text's parsing events, one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import ScalarEvent

from compliance.errors import ToolMissing

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Extent:
    """A part of a text: characters from `start` to before `end`; it begins in `line` (from 1) at `column` (from 0)."""

    start: int
    end: int
    line: int
    column: int = 0

    def of(self, text: str) -> str:
        """The part by itself, moved to its column so that indentation stays true."""
        return " " * self.column + text[self.start : self.end]


def events_of(text: str) -> Callable[[], Any]:
    """A function that gives the next event at each call, and None after the last.

    Raises:
        ToolMissing: PyYAML was built without libyaml. Its parser in Python is no way out: it accepts other texts.
    """
    if not yaml.__with_libyaml__:
        remedy = "install PyYAML from a wheel: pip install --force-reinstall --only-binary :all: pyyaml"
        raise ToolMissing("PyYAML was built without libyaml", remedy=remedy)
    return yaml.CBaseLoader(text).get_event


def is_empty(event: object) -> bool:
    """Whether the root of a document is nothing at all, as between two `---`."""
    return isinstance(event, ScalarEvent) and not event.value and event.implicit[0] and not (event.anchor or event.tag)
