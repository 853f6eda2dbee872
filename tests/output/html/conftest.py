"""A strict reader of pages, so that tests can ask what a page holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Element:
    """One element of a page: its attributes, and its text and elements in order."""

    name: str
    attributes: dict[str, str | None]
    content: list[str | Element] = field(default_factory=list)

    def all(self, name: str | None = None) -> list[Element]:
        """Every element below, of one name or of all, in the order of the page."""
        found: list[Element] = []
        for item in self.content:
            if isinstance(item, Element):
                found += [item, *item.all()]
        return [element for element in found if name in (None, element.name)]

    def text(self) -> str:
        """All text below."""
        return "".join(item if isinstance(item, str) else item.text() for item in self.content)


class _Reader(HTMLParser):
    """Reads a page strictly: elements close in order, and none has an attribute twice."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        assert len(element.attributes) == len(attrs)
        self.open[-1].content.append(element)
        if tag != "meta":
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop().name

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)


@pytest.fixture
def parse_html() -> Callable[[str], Element]:
    """Read a page into a tree."""

    def parse(text: str) -> Element:
        reader = _Reader()
        reader.feed(text)
        reader.close()
        assert len(reader.open) == 1
        return reader.open[0]

    return parse
