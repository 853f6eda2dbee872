"""Text as Go's strconv writes it, which is how Rego shows values."""

from __future__ import annotations

import unicodedata

_ESCAPES = {
    "\a": r"\a",
    "\b": r"\b",
    "\f": r"\f",
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
    "\v": r"\v",
    "\\": "\\\\",
    '"': r"\"",
}
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_LAST_ASCII = 0x7F
_LAST_SHORT = 0xFFFF


def printable(character: str) -> bool:
    """Whether Go's strconv.IsPrint holds: letters, marks, numbers, punctuation, symbols and the ASCII space."""
    return character == " " or unicodedata.category(character) not in _UNPRINTABLE


def quote(text: str, *, ascii_only: bool = False) -> str:
    """Write `text` as strconv.Quote does, or strconv.QuoteToASCII."""
    return f'"{"".join(_escape(character, ascii_only=ascii_only) for character in text)}"'


def _escape(character: str, *, ascii_only: bool) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if printable(character) and not (ascii_only and code > _LAST_ASCII):
        return character
    if code < ord(" ") or code == _LAST_ASCII:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LAST_SHORT else f"\\U{code:08x}"
