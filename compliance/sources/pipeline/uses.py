"""References to ready-made actions and workflows of GitHub.

Reference: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax,
`jobs.<job_id>.steps[*].uses`.
"""

from __future__ import annotations

import re
from typing import Any

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def use_facts(text: str, at: str) -> dict[str, Any]:
    """Facts of a `uses`: `kind` is action, workflow, image or local."""
    name, has_ref, ref = text.partition("@")
    parts = name.split("/")
    local = name.startswith(("./", "../")) or name in {".", ""}
    kind = (
        "local"
        if local
        else "image"
        if name.startswith("docker://")
        else "workflow"
        if ".github/workflows" in name
        else "action"
    )
    plain = kind in {"action", "workflow"} and len(parts) > 1 and "$" not in text
    return {
        "text": text,
        "kind": kind,
        "owner": parts[0] if plain else None,
        "name": "/".join(parts[:2]) if plain else None,
        "ref": ref if plain and has_ref else None,
        "pinned_by_sha": _COMMIT.fullmatch(ref) is not None if plain else None,
        "at": at,
    }
