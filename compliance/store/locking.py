"""Who holds a lock, for whoever is refused it."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime

from compliance.output.text import one_line
from compliance.store.records import Holder


def this_process() -> Holder:
    """This process, from now on: user, machine and process number."""
    return Holder(one_line(f"{_user()}@{platform.node() or 'unnamed'}, process {os.getpid()}"), datetime.now(UTC))


def _user() -> str:
    """The user's name; a container often runs as a number that no name belongs to."""
    import pwd  # noqa: PLC0415 - absent where there is no POSIX

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"
