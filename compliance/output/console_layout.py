"""Lines for a terminal: wrapped by the width that characters take, beside each other in columns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.text import Text

from compliance.output.text import for_terminal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

NARROWEST: Final = 40
_GUTTER: Final = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of one line: its style is a rich style, `width` in columns (0 is what is left of the line)."""

    text: str
    style: str = ""
    width: int = 0


class Page:
    """A text that grows line by line and is printed once."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._encoding = console.encoding
        self._text = Text()
        self.width = max(console.width, NARROWEST)
        self.has_signs = console.encoding.lower().startswith("utf")

    def line(self, *cells: Cell, indent: int = 0) -> None:
        """Add one row; a cell that is too long for its width goes on below itself."""
        left = self.width - indent - sum(cell.width + _GUTTER for cell in cells if cell.width)
        widths = [cell.width or max(left, NARROWEST // 2) for cell in cells]
        stacks = [self._wrapped(cell.text, width) for cell, width in zip(cells, widths, strict=True)]
        for pieces in zip_longest(*stacks, fillvalue=""):
            self._row(pieces, cells, widths, indent)

    def heading(self, text: str) -> None:
        """Add an empty line and a line in bold."""
        self._text.append("\n")
        self.line(Cell(text, "bold"))

    def gap(self) -> None:
        """Add an empty line."""
        self._text.append("\n")

    def print(self) -> None:
        """Print everything; nothing in it is read as markup, and the terminal wraps no further."""
        self._console.print(self._text, end="", soft_wrap=True, markup=False, highlight=False, emoji=False)

    def _row(self, pieces: Sequence[str], cells: Sequence[Cell], widths: Sequence[int], indent: int) -> None:
        last = max((position for position, piece in enumerate(pieces) if piece), default=-1)
        self._text.append(" " * indent)
        for position in range(last + 1):
            piece = pieces[position]
            self._text.append(piece, cells[position].style or None)
            if position < last:
                self._text.append(" " * (widths[position] - cell_len(piece) + _GUTTER))
        self._text.append("\n")

    def _wrapped(self, text: str, width: int) -> list[str]:
        shown = self._encodable(for_terminal(text))
        if len(shown) <= width and cell_len(shown) <= width:
            return [shown]
        lines = Text(shown).wrap(self._console, width, overflow="fold")
        return [line.plain.rstrip() for line in lines]

    def _encodable(self, text: str) -> str:
        return text if text.isascii() else text.encode(self._encoding, "backslashreplace").decode(self._encoding)


def widest(texts: Iterable[str], limit: int) -> int:
    """The width of a column that holds `texts`, up to `limit`."""
    return min(max((cell_len(for_terminal(text)) for text in texts), default=0), limit)
