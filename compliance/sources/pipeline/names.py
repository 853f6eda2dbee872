"""Files that are pipelines by their name and folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compliance.sources.pipeline.model import System

if TYPE_CHECKING:
    from pathlib import Path

_JENKINSFILE = re.compile(r"Jenkinsfile(?:[._-][\w.-]+)?|[\w.-]+\.[Jj]enkinsfile|jenkinsfile")
_OTHER_SUFFIX = re.compile(r".*\.(?:md|txt|ya?ml|json|j2|tmpl|tpl|bak|orig|old|png|svg|erb|html)", re.IGNORECASE)
_GITLAB = re.compile(r"(?:[\w.-]*)\.gitlab-ci\.ya?ml")


def is_pipeline(path: Path) -> bool:
    """Whether a file is a pipeline by its name and folder, without a look into it."""
    return system_of(path) is not None


def system_of(path: Path) -> System | None:
    """The system whose pipeline a file is, by its name and folder."""
    if _GITLAB.fullmatch(path.name):
        return System.GITLAB
    if _JENKINSFILE.fullmatch(path.name) and not _OTHER_SUFFIX.fullmatch(path.name):
        return System.JENKINS
    if path.suffix in {".yml", ".yaml"} and path.parent.parts[-2:] == (".github", "workflows"):
        return System.GITHUB
    return None
