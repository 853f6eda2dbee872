"""How tests start a server and are rid of it again."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from servers import NotStartedError, running

_WITH_A_CHILD = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(f"processes {os.getpid()} {child.pid}")
print("port 4321", flush=True)
time.sleep(60)
"""
_PORT = r"^port (\d+)\n"


def _gone(process: int) -> bool:
    """Whether it ends within five seconds."""
    deadline = time.monotonic() + 5
    while _alive(process) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not _alive(process)


def _alive(process: int) -> bool:
    """Whether it runs; what has ended but was not waited for does not."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_a_server_and_what_it_started_end_with_the_block(tmp_path: Path) -> None:
    with running([sys.executable, "-c", _WITH_A_CHILD], tmp_path / "log", _PORT) as port:
        processes = [int(word) for word in (tmp_path / "log").read_text().split()[1:3]]
        assert all(map(_alive, processes))

    assert port == 4321
    assert all(map(_gone, processes))


def test_a_server_s_standard_input_ends_with_the_block(tmp_path: Path) -> None:
    until_told = "import sys; print('port 1', flush=True); sys.stdin.read(); open(sys.argv[1], 'w').close()"

    with running(
        [sys.executable, "-c", f"import signal; signal.signal(15, signal.SIG_IGN); {until_told}", tmp_path / "told"],
        tmp_path / "log",
        _PORT,
    ):
        assert not (tmp_path / "told").exists()

    assert (tmp_path / "told").exists()


def test_a_server_that_ends_at_once_is_an_error_with_its_log(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such setting')"]

    with pytest.raises(NotStartedError, match="no such setting"), running(command, tmp_path / "log", _PORT):
        pytest.fail("it never ran")


def test_a_server_that_tells_no_port_in_time_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servers._START_DEADLINE", 1.0)
    command = ["/bin/sh", "-c", "echo $$; exec sleep 60"]

    with pytest.raises(NotStartedError), running(command, tmp_path / "log", _PORT):
        pytest.fail("it never told a port")

    assert _gone(int((tmp_path / "log").read_text()))
