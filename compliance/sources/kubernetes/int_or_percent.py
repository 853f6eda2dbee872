"""Counts that may be written as a share: `maxUnavailable: 1` or `maxUnavailable: 25%`.

Source: `k8s.io/apimachinery/pkg/util/intstr` (GetScaledValueFromIntOrPercent): a number, or digits and a percent sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_PERCENT = re.compile(r"(\d{1,9})%")


@dataclass(frozen=True, slots=True)
class IntOrPercent:
    """A count, or a share in per cent; both None when the text is neither."""

    text: str
    number: int | None
    percent: int | None

    def of(self, total: int | None, *, up: bool) -> int | None:
        """The count out of `total`, with a broken share rounded up or down; None where it cannot be told."""
        if self.number is not None:
            return self.number
        if self.percent is None or total is None:
            return None
        return -(-self.percent * total // 100) if up else self.percent * total // 100

    def told(self) -> dict[str, Any]:
        """As facts."""
        return {"text": self.text, "number": self.number, "percent": self.percent}


def int_or_percent(value: object) -> IntOrPercent | None:
    """Read `1` or `"25%"`; None when absent or of another type."""
    if isinstance(value, int) and not isinstance(value, bool):
        return IntOrPercent(str(value), value, None)
    if not isinstance(value, str):
        return None
    match = _PERCENT.fullmatch(value)
    return IntOrPercent(value, None, int(match[1]) if match else None)
