"""Failures that are told apart inside of the client alone."""

from __future__ import annotations

from compliance.errors import ContentUnavailable


class LastingFailure(ContentUnavailable):
    """No answer, and asking again would give none: an unknown name, a certificate that nobody vouches for."""
