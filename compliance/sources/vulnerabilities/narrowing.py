"""What of a scan is judged: the options of scanners that pipelines already use, with the same meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.errors import UsageError
from compliance.sources.vulnerabilities.records import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping


def parse_severities(said: str) -> frozenset[str]:
    """Read `HIGH,CRITICAL` as `trivy --severity` takes it, in any letter case.

    Raises:
        UsageError: a name in it is no severity of vulnerabilities, or there is none.
    """
    names = frozenset(name.strip().lower() for name in said.split(",") if name.strip())
    unknown = sorted(names - set(SEVERITIES))
    if unknown or not names:
        what = f"{unknown[0]!r} is no severity" if unknown else "no severity is named"
        raise UsageError(
            f"{what} of vulnerabilities", remedy=f"use {', '.join(reversed(SEVERITIES))}, separated by commas"
        )
    return names


def narrowed(
    body: Mapping[str, Any], *, severities: frozenset[str] | None = None, ignore_unfixed: bool = False
) -> dict[str, Any]:
    """The `scan` object with only the vulnerabilities that are judged: of these severities, and with a fix."""
    kept = [
        one
        for one in body["vulnerabilities"]
        if (severities is None or one["severity"] in severities)
        and not (ignore_unfixed and one["fixed_version"] is None)
    ]
    return {**body, "vulnerabilities": kept}
