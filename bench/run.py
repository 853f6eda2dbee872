"""Measures what the README says of speed and memory, and prints it; it never fails on a number.

make bench                        everything
python bench/run.py --quick       without the 10,000 files and the peers
python bench/run.py --rules       only what each rule costs
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import corpora
from images import print_images
from measure import Measurement, measure
from peers import PEERS, rego_checks
from rule_costs import print_rule_costs

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROGRAM = str(Path(sys.executable).with_name("compliance"))
_FAILED = 4


@dataclass(frozen=True, slots=True)
class _Case:
    """One line of the table; `budget` is what the project promises itself: seconds, MiB or None."""

    title: str
    arguments: Sequence[str]
    budget: tuple[float, float | None] | None = None
    runs: int = 3
    fresh_cache: bool = False


def _cases(folder: Path, *, quick: bool) -> list[_Case]:
    one = corpora.deployments(folder / "one", 1)
    thousand = corpora.deployments(folder / "1k", 1000)
    cases = [
        _Case("--help", ["--help"], (0.3, None), runs=5),
        _Case("--version", ["--version"], (0.3, None), runs=5),
        _Case("rules list", ["rules", "list"], runs=5),
        _Case("1 Deployment", ["scan", str(one)], (0.8, None), runs=5),
        _Case("1 Deployment, empty cache", ["scan", str(one)], runs=1, fresh_cache=True),
        _Case("1,000 Deployments", ["scan", str(thousand)], (2, 200)),
        _Case("500 Dockerfiles", ["scan", str(corpora.dockerfiles(folder / "docker", 500))], (3, None)),
        _Case("200 Terraform folders", ["scan", str(corpora.terraform_folders(folder / "tf", 200))], (8, None)),
    ]
    if not quick:
        many = corpora.deployments(folder / "10k", 10_000)
        cases.append(_Case("10,000 Deployments", ["scan", str(many)], (15, 300), runs=1))
    return cases


def _measure(case: _Case, folder: Path) -> Measurement:
    # An installed command has its bytecode; a container that forbids writing it would time the compiler instead.
    env = {"PYTHONDONTWRITEBYTECODE": ""}
    if case.fresh_cache:
        env["XDG_CACHE_HOME"] = tempfile.mkdtemp(dir=folder)
    return measure([_PROGRAM, *case.arguments], runs=case.runs, cwd=folder, env=env)


def _print_ours(folder: Path, *, quick: bool) -> dict[str, Measurement]:
    print(f"{'compliance':28}{'wall':>9}{'cpu':>9}{'memory':>10}  {'budget':14}exit")
    measured = {}
    for case in _cases(folder, quick=quick):
        found = measured[case.title] = _measure(case, folder)
        row = f"{case.title:28}{found.wall:7.2f} s{found.cpu:7.2f} s{found.memory:6.0f} MiB"
        print(
            f"{row}  {_budget(case):14}{found.exit_code}{' FAILED' if found.exit_code >= _FAILED else ''}", flush=True
        )
    return measured


def _budget(case: _Case) -> str:
    if case.budget is None:
        return ""
    seconds, memory = case.budget
    return f"{seconds:g} s" + (f", {memory:g} MiB" if memory else "")


def _print_growth(measured: dict[str, Measurement]) -> None:
    one, thousand, many = (
        measured[f"{count} Deployment{s}"] for count, s in (("1", ""), ("1,000", "s"), ("10,000", "s"))
    )
    grown = (many.wall - one.wall) / (thousand.wall - one.wall)
    print(f"\ngrowth from 1,000 to 10,000, start-up taken off: {grown:.1f} times the time (10 is linear)")


def _print_peers(folder: Path, ours: Measurement) -> None:
    rego = rego_checks(folder / "checks")
    print(f"\n{'the same 1,000 Deployments':28}{'wall':>9}{'cpu':>9}{'memory':>10}  compliance takes")
    for peer in PEERS:
        if shutil.which(peer.name) is None:
            print(f"{peer.name:28}not on PATH (tests/real/tools/install.py builds opa, conftest and kube-score)")
            continue
        found = measure(peer.command(str(folder / "1k"), rego), cwd=folder)
        if found.exit_code not in peer.exit_codes:
            print(f"{peer.name:28}failed with exit code {found.exit_code}")
            continue
        row = f"{peer.name:28}{found.wall:7.2f} s{found.cpu:7.2f} s{found.memory:6.0f} MiB"
        print(f"{row}  {ours.wall / found.wall:.1f} times as long", flush=True)


def _print_rule_costs(folder: Path) -> None:
    some = folder / "some"
    corpora.deployments(some / "kubernetes", 100)
    corpora.dockerfiles(some / "docker", 100)
    corpora.terraform_folders(some / "tf", 30)
    print_rule_costs([some])


def _print_machine() -> None:
    info = Path("/proc/cpuinfo")
    models = [line for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    model = models[0].partition(":")[2].strip() if models else platform.processor() or platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    print(f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}")
    print(
        f"load before the start: {os.getloadavg()[0]:.1f}; wall and cpu are medians, memory is all processes together\n"
    )


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Measure speed and memory; prints, never fails on a number.")
    parser.add_argument("--quick", action="store_true", help="leave out the 10,000 files and the other programs")
    parser.add_argument("--rules", action="store_true", help="measure only what each rule costs")
    given = parser.parse_args()
    quick = given.quick
    _print_machine()
    with tempfile.TemporaryDirectory(prefix="compliance-bench-") as name:
        folder = Path(name)
        if given.rules:
            _print_rule_costs(folder)
            return 0
        measured = _print_ours(folder, quick=quick)
        _print_rule_costs(folder)
        print_images(_PROGRAM, folder / "images")
        if not quick:
            _print_growth(measured)
            _print_peers(folder, measured["1,000 Deployments"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
