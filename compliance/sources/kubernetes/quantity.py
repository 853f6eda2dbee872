"""Resource quantities as numbers.

Grammar: Kubernetes API conventions and `k8s.io/apimachinery/pkg/api/resource` (quantity.go): a signed decimal with a
binary suffix (Ki … Ei), a decimal suffix (n, u, m, k, M … E) or a decimal exponent.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_QUANTITY = re.compile(
    r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]{1,3})?"
)
_FACTORS = {
    "": 1.0,
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    **{suffix: 1000.0**power for power, suffix in enumerate("kMGTPE", 1)},
    **{f"{suffix}i": 1024.0**power for power, suffix in enumerate("KMGTPE", 1)},
}


@lru_cache(maxsize=4096)
def _parse(text: str) -> float | None:
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return None
    number, suffix = match[1], match[2] or ""
    if suffix[:1] in ("e", "E") and len(suffix) > 1 and suffix[1] != "i":
        return float(number + suffix)
    return round(float(number) * _FACTORS[suffix], 12)


def quantity(value: object) -> dict[str, Any] | None:
    """`{"text": "500m", "value": 0.5}`; the value is None when the text is no quantity, the whole when absent."""
    if value is None or isinstance(value, (bool, dict, list)):
        return None
    written = str(value)
    return {"text": written, "value": _parse(written)}
