"""Failures that are told apart inside of the client alone."""

from __future__ import annotations

from compliance.errors import ContentUnavailable


class Unreachable(ContentUnavailable):
    """No connection with `host`; `lasting` where another attempt would fail alike (an unknown name, a certificate)."""

    def __init__(self, message: str, *, host: str, remedy: str, lasting: bool = False) -> None:
        super().__init__(message, remedy=remedy)
        self.host = host
        self.lasting = lasting
