"""Times the history of audits: python bench/history_store.py [--findings 17000] [--store URL].

Prints seconds by the clock and of the processor for the first night, one like it, one in which a hundredth is fixed and
as much is new, and for reading back. Without --store it is a SQLite file in a temporary folder.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

_ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_ROOT / "tests" / "support"))

from histories import finding, judged, night  # noqa: E402 - found by the line above

from compliance.store import open_store  # noqa: E402 - likewise

if TYPE_CHECKING:
    from collections.abc import Callable

    from compliance.store.history import Store

T = TypeVar("T")
_SCOPE = f"bench {time.time_ns()}"


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Time the history of audits.")
    parser.add_argument("--findings", type=int, default=17_000)
    parser.add_argument("--store", metavar="URL")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history"
        with open_store(given.store or f"sqlite:///{file}") as store:
            print(f"{given.findings} findings in {store.place}")
            _nights(store, given.findings, file)
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return 0


def _nights(store: Store, size: int, file: Path) -> None:
    first = [f"web-{number}" for number in range(size)]
    later = [*first[size // 100 :], *(f"new-{number}" for number in range(size // 100))]
    coverage = judged(*first, *later[-(size // 100) :])
    for number, (what, names) in enumerate((("first night", first), ("the same", first), ("a changed one", later))):
        taken = night(number, map(finding, names))
        saved = _timed(what, partial(store.save, taken, scope=_SCOPE, coverage=coverage, whole=True))
        said = saved.comparison
        grown = f", {file.stat().st_size / 1e6:.1f} MB" if file.exists() else ""
        print(f"  {saved.pieces} pieces, {len(said.new)} new, {len(said.fixed)} fixed{grown}")
    _timed("read back", lambda: store.latest(_SCOPE))
    _timed("recall with its comparison", lambda: store.recall(saved.run))
    _timed("check everything", store.check)


def _timed(what: str, work: Callable[[], T]) -> T:
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    print(f"{what:28}{time.perf_counter() - wall:7.2f} s{time.process_time() - cpu:7.2f} CPU-s", flush=True)
    return done


if __name__ == "__main__":
    sys.exit(main())
