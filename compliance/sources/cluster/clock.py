"""The API server's clock beside ours: waivers end, rules begin and ages count by ours.

Each answer has the server's time (`Date`, RFC 9110, section 6.6.1). What is told in hours and days is wrong where the
two differ by that much, and which of them is right is not for us to know.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from compliance.model import Gap, Stage
from compliance.pauses import http_date

_TOLERATED: Final = timedelta(hours=1)
_DAY: Final = 24
_REMEDY: Final = "set the clock that is wrong, and run again: waivers end, rules begin and ages count by the clock here"


def before(date: str | None, seconds: float) -> datetime | None:
    """What a server's clock said so many seconds before it said `date`; None where that is missing or no date."""
    said = http_date(date or "")
    try:
        return None if said is None else said - timedelta(seconds=seconds)
    except OverflowError:
        return None


def gaps(cluster: str, here: datetime, there: datetime | None) -> list[Gap]:
    """The gap of a clock that is wrong, where the two differ by an hour and more."""
    if there is None or abs(here - there) < _TOLERATED:
        return []
    hours = round(abs(here - there) / timedelta(hours=1))
    number, unit = (hours, "hour") if hours < _DAY else (round(hours / _DAY), "day")
    told = f"{number} {unit}{'' if number == 1 else 's'}"
    why = f"the clock here is {told} {'ahead of' if here > there else 'behind'} the server's"
    return [Gap(Stage.EVALUATE, cluster, why, _REMEDY)]
