"""Whether a text is YAML at all, for what is no Kubernetes object: any tags, keys, types and depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaml import YAMLError

from compliance.sources.kubernetes.yaml.events import events_of
from compliance.sources.kubernetes.yaml.problems import explained

if TYPE_CHECKING:
    from compliance.errors import ReadError


def syntax_error(text: str) -> ReadError | None:
    """Why libyaml cannot read a stream of documents; lines are counted from 1.

    Raises:
        ToolMissing: PyYAML was built without libyaml.
    """
    try:
        event = events_of(text)
        while event() is not None:
            pass
    except (YAMLError, UnicodeEncodeError) as error:
        return explained(error, text, 1)
    return None
