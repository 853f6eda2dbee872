"""Who the user of an image is, by its own /etc/passwd, as container runtimes look it up.

The format is passwd(5); the look-up is that of github.com/moby/sys/user, GetExecUser: a line counts by its name or,
where the text is a number, by its user id, and the first one wins, so that a user called `1000` may well be root. A
number that is none, or is missing, is 0 there. containerd asks no line about a number, and keeps 32 bits of an id
(CVE-2024-40635). Where runtimes differ, one by which it is root is enough.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_BLANKS: Final = "\t\n\v\f\r \x85\xa0"
_WINDOWS: Final = {"": None, "containeradministrator": True, "containeruser": False}
_IDS: Final = 2**32


def is_root(user: str, os: str, accounts: bytes | None) -> bool | None:
    """Whether `User` of a configuration is root; None where nobody can tell. `accounts` is /etc/passwd, None unread."""
    name = user.partition(":")[0]
    if os == "windows":
        return _WINDOWS.get(name.lower())
    number = int(name) if _NUMBER.fullmatch(name) else None
    if number is not None and number % _IDS == 0:
        return True
    for account, user_id in _accounts(accounts or b""):
        if name and (account == name or user_id == number):
            return user_id % _IDS == 0
    if number is not None:
        return False
    return True if name in {"", "root"} else None


def _accounts(accounts: bytes) -> Iterator[tuple[str, int]]:
    for line in accounts.decode("utf-8", "replace").split("\n"):
        name, _, user_id, *_ = (*line.strip(_BLANKS).split(":"), "", "")
        yield name, int(user_id) if _NUMBER.fullmatch(user_id) else 0
