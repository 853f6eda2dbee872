"""Trying again what failed in passing: with growing pauses, as long as a server asks for, and not for ever."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from compliance import pauses
from compliance.errors import NotificationError

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
_FIRST_PAUSE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one message may take, in seconds, with at most so many attempts of at most so many seconds each.

    `clock` is monotonic; `spread` gives the factor that keeps many senders from coming back at once.
    """

    total: float = 60.0
    attempts: int = 5
    attempt: float = 20.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    spread: Callable[[], float] = pauses.spread


def persistently(attempt: Callable[[float], Result], patience: Patience) -> Result:
    """Call `attempt` with the seconds that it may take, until it succeeds or trying again is no use.

    Raises:
        NotificationError: that of the last attempt.
    """
    end = patience.clock() + patience.total
    for number in range(patience.attempts):
        try:
            return attempt(min(patience.attempt, end - patience.clock()))
        except NotificationError as error:
            pause = max(error.wait, pauses.growing(_FIRST_PAUSE, number, patience.spread()))
            last = number + 1 == patience.attempts or patience.clock() + pause >= end
            if last or not error.passing:
                raise
            patience.sleep(pause)
    raise AssertionError("the last attempt returns or raises")
