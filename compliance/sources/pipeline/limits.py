"""What one pipeline may cost; beyond it reading stops with an error that says so, before the memory is spent."""

from __future__ import annotations

from typing import Final

from compliance.errors import ReadError

MAX_JOBS: Final = 500
MAX_STEPS: Final = 20_000
MAX_PARTS: Final = 500_000
"""Keys, lines and variables of a pipeline, those that jobs take from each other written out at each."""


def check_size(*, jobs: int = 0, steps: int = 0, parts: int = 0) -> None:
    """Stop at a pipeline that is too large.

    Raises:
        ReadError: it has more than 500 jobs, 20,000 steps or, written out, 500,000 keys, lines and variables.
    """
    if jobs > MAX_JOBS or steps > MAX_STEPS:
        raise ReadError(f"it has more than {MAX_JOBS} jobs or {MAX_STEPS} steps", remedy="split the pipeline")
    if parts > MAX_PARTS:
        raise ReadError(
            f"its jobs take more than {MAX_PARTS} keys and lines from each other", remedy="split the pipeline"
        )
