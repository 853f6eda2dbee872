"""Fetches Trivy's databases."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from compliance.errors import ReadError
from compliance.sources.vulnerabilities import running

if TYPE_CHECKING:
    from compliance.vulnerability_settings import VulnerabilitySettings


def fetch(program: Path, cache: Path, settings: VulnerabilitySettings, folder: Path, *, java: bool) -> None:
    """Fetch the database, or the Java database, into a cache; `folder` is an empty one to run in.

    It is fetched into a folder of its own, and the files are swapped in: Trivy itself deletes what is there before it
    asks for more. A scan that runs meanwhile keeps the file that it has open.

    Raises:
        ReadError: Trivy could not fetch it.
        OSError: the cache cannot be written.
    """
    name, repository = ("java-db", settings.java_db_repository) if java else ("db", settings.db_repository)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".update-") as fetched:
        argv: list[str | Path] = [program, "image", f"--download-{'java-' if java else ''}db-only", "--no-progress"]
        argv += ["--cache-dir", fetched, *([f"--{name}-repository", repository] if repository else [])]
        done = running.run(argv, folder=folder, deadline=settings.deadline, own_home=False)
        if done.returncode:
            raise ReadError(running.complaint(done))
        (cache / name).mkdir(exist_ok=True)
        for file in sorted(Path(fetched, name).iterdir(), reverse=True):
            file.replace(cache / name / file.name)
