"""Times a command as a whole: wall clock, processor time, and memory of all its processes together."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SAMPLE_EVERY = 0.03
_DEADLINE = 900.0
_MEBI = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Measurement:
    """Seconds of the median run, and MiB at the peak: of all processes, or of the largest where /proc cannot tell."""

    wall: float
    cpu: float
    memory: float
    exit_code: int


@dataclass(frozen=True, slots=True)
class _Run:
    wall: float
    cpu: float
    largest: float
    together: float
    exit_code: int


def measure(argv: Sequence[str], *, runs: int = 3, cwd: Path, env: Mapping[str, str] | None = None) -> Measurement:
    """Run the command `runs` times for its times, then once more for its memory (looking at memory costs time).

    Raises:
        TimeoutError: a run took longer than fifteen minutes.
    """
    timed = [_run(argv, cwd, env, sample=False) for _ in range(runs)]
    sampled = _run(argv, cwd, env, sample=True)
    return Measurement(
        wall=statistics.median(run.wall for run in timed),
        cpu=statistics.median(run.cpu for run in timed),
        memory=max(sampled.together, sampled.largest),
        exit_code=sampled.exit_code,
    )


def _run(argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None, *, sample: bool) -> _Run:
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - the benchmark's own commands
        argv,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    ended = threading.Event()
    guard = threading.Timer(_DEADLINE, os.killpg, (process.pid, signal.SIGKILL))
    guard.start()
    sampler = _Sampler(process.pid, ended)
    if sample:
        sampler.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    ended.set()
    guard.cancel()
    if wall >= _DEADLINE:
        raise TimeoutError(f"{argv[0]} took longer than {_DEADLINE:g} s")
    process.returncode = os.waitstatus_to_exitcode(status)
    if sample:
        sampler.join()
    largest = usage.ru_maxrss / 1024
    return _Run(wall, usage.ru_utime + usage.ru_stime, largest, sampler.peak / _MEBI, process.returncode)


class _Sampler(threading.Thread):
    """Adds up, again and again, what the processes of one tree hold; shared pages count once (PSS)."""

    def __init__(self, root: int, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self._root = root
        self._ended = ended
        self.peak = 0

    def run(self) -> None:
        """Sample until the root process has ended."""
        while not self._ended.wait(_SAMPLE_EVERY):
            self.peak = max(self.peak, sum(_share(pid) for pid in _tree(self._root)))


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return
    for child in " ".join(children).split():
        yield from _tree(int(child))


def _share(pid: int) -> int:
    """Bytes of the process, each shared page divided among those that share it; 0 when it is gone."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0)
