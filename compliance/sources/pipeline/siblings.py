"""Whether another workflow of the same repository looks for vulnerabilities."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SCANS = re.compile(
    rb"trivy|grype|anchore/scan|snyk|docker scout|scout-action|clair|osv-scanner|container-scan|image-scan|ecr.*scan"
    rb"|inspector|wizcli|prisma|sysdig|lacework|black ?duck|scan",
    re.IGNORECASE,
)
_MAX_FILES = 200
_MAX_BYTES = 256 * 1024


def others_scan(path: Path) -> bool:
    """Whether a workflow beside this one names a scanner, as far as its text tells."""
    return bool(_scanning(path.parent) - {path.name})


@lru_cache(maxsize=16)
def _scanning(folder: Path) -> frozenset[str]:
    """The names of the workflows in a folder that name a scanner."""
    found = set()
    try:
        files = sorted(folder.glob("*.y*ml"))[:_MAX_FILES]
        for file in files:
            with file.open("rb") as stream:
                if _SCANS.search(stream.read(_MAX_BYTES)):
                    found.add(file.name)
    except OSError:
        pass
    return frozenset(found)
