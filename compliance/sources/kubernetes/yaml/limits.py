"""What one stream may cost; beyond it reading stops with an error that says so."""

from __future__ import annotations

from typing import Final

MAX_SIZE: Final = 16 * 1024 * 1024
"""Bytes of a stream, and characters of what a document's aliases stand for when written out."""

MAX_DOCUMENTS: Final = 10_000
"""Documents of a stream, broken ones included."""

MAX_DEPTH: Final = 100
"""Mappings and lists inside each other."""

MAX_NODES: Final = 1_000_000
"""Keys and values of one document, with aliases written out."""
