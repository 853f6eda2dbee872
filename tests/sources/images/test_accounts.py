"""Who is root, by the image's own accounts."""

from __future__ import annotations

import pytest

from compliance.sources.images.accounts import is_root

_ACCOUNTS = (
    b"root:x:0:0:root:/root:/bin/sh\napp:x:10001:10001::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n1000:x:0:0::/:/bin/sh\n"
)


@pytest.mark.parametrize(
    ("user", "accounts", "root"),
    [
        ("", None, True),
        ("", _ACCOUNTS, True),
        ("0", None, True),
        ("0:10001", None, True),
        ("00", None, True),
        ("root", None, True),
        ("10001", None, False),
        ("10001:0", None, False),
        ("app", _ACCOUNTS, False),
        ("app:root", _ACCOUNTS, False),
        ("toor", _ACCOUNTS, True),
        ("1000", _ACCOUNTS, True),
        ("app", None, None),
        ("nobody", _ACCOUNTS, None),
        ("app", b"\xff\xfe:::\n", None),
        ("app", b"app:x\n", True),
        ("app", b"app\napp:x:10001:\n", True),
        ("app", b"app:x:zero:\napp:x:10001:\n", True),
        ("app", b" app:x:0:\napp:x:10001:\n", True),
        ("app", b"#\x0capp:x:10001:\napp:x:0:\n", True),
        ("app", b"app:x:4294967296:\n", True),
        ("app", b"app:x:10001:\napp:x:0:\n", False),
        ("0", b"0:x:10001:\n", True),
        ("+0", None, True),
        ("-0:app", None, True),
        ("+10001", None, False),
        ("4294967296", None, True),
        ("42949672960000", None, True),
    ],
)
def test_who_is_root(user: str, accounts: bytes | None, root: bool | None) -> None:  # noqa: FBT001 - a table
    assert is_root(user, "linux", accounts) is root


@pytest.mark.parametrize(
    ("user", "root"), [("ContainerAdministrator", True), ("ContainerUser", False), ("app", None), ("", None)]
)
def test_who_is_root_on_windows(user: str, root: bool | None) -> None:  # noqa: FBT001 - a table
    assert is_root(user, "windows", None) is root
