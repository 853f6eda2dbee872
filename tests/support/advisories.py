"""The made-up advisories that every database here holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SEVERITIES = {"UNKNOWN": 0, "LOW": 1, "MEDIUM": 2, "HIGH": 3, "CRITICAL": 4}
_FILE = Path(__file__).with_name("advisories.json")


def load(*, without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The advisories, less what concerns the ecosystems `without`."""
    advisories: list[dict[str, Any]] = json.loads(_FILE.read_bytes())
    for advisory in advisories:
        advisory["affected"] = [each for each in advisory["affected"] if each["ecosystem"] not in without]
    return [advisory for advisory in advisories if advisory["affected"]]
