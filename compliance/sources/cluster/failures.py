"""What an API server may answer instead of what was asked for."""

from __future__ import annotations

from http import HTTPStatus

from compliance.errors import ClusterError


class NoAnswer(ClusterError):  # noqa: N818 - reads as the state it reports
    """It cannot be reached, or does not answer in time; `lasting`: asking again would give the same."""

    def __init__(self, message: str, *, remedy: str = "", lasting: bool = False) -> None:
        super().__init__(message, remedy=remedy)
        self.lasting = lasting


class AnswerTooLarge(ClusterError):  # noqa: N818 - likewise
    """An answer has more bytes than we take."""


class StatusError(ClusterError):
    """It answers with an error: its HTTP `status`, the seconds that it asks us to wait, and where a list goes on.

    `resume` is the continue token that a 410 carries for the rest of a list (API concepts, "Retrieving large results
    sets in chunks").
    """

    def __init__(
        self, message: str, status: int, *, remedy: str = "", retry_after: float = 0.0, resume: str | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.retry_after = retry_after
        self.resume = resume

    @property
    def is_forbidden(self) -> bool:
        """Whether the user may not do that (RBAC)."""
        return self.status == HTTPStatus.FORBIDDEN

    @property
    def is_temporary(self) -> bool:
        """Whether it is of the kind that passes: too many requests, or a server in trouble."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def is_missing(self) -> bool:
        """Whether there is no such thing, or no such kind any more."""
        return self.status == HTTPStatus.NOT_FOUND

    @property
    def is_expired(self) -> bool:
        """Whether a continue token is too old."""
        return self.status == HTTPStatus.GONE
