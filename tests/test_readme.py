"""What the README shows is what the program prints. `make readme` writes the page anew."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_README = _ROOT / "README.md"
_BLOCK = re.compile(r"```console\n\$ (?P<command>compliance [^\n]*)\n(?P<shown>.*?)```", re.DOTALL)


def _printed(command: str) -> str:
    """What the command prints when it stands in a pipe that is 110 columns wide."""
    program, *arguments = shlex.split(command)
    env = {**os.environ, "COLUMNS": "110", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(  # noqa: S603 - commands of our own page
        [Path(sys.executable).with_name(program), *arguments],
        cwd=_ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


def _as_printed(page: str) -> str:
    return _BLOCK.sub(lambda block: f"```console\n$ {block['command']}\n{_printed(block['command'])}```", page)


def test_every_console_block_shows_what_the_command_prints() -> None:
    page = _README.read_text(encoding="utf-8")
    assert _BLOCK.search(page)

    current = _as_printed(page)

    if os.environ.get("UPDATE_README") == "1":
        _README.write_text(current, encoding="utf-8")
    else:
        assert page == current, "the README is behind the program: run `make readme`"


def test_the_page_begins_with_the_two_commands_that_set_up() -> None:
    first = re.search(r"```sh\n(.*?)```", _README.read_text(encoding="utf-8"), re.DOTALL)

    assert first is not None
    assert [line.split("#")[0].strip() for line in first[1].splitlines()] == ["make demo", "make test"]


def test_the_files_that_the_page_points_to_exist() -> None:
    links = re.findall(r"\]\(([^):]+)\)", _README.read_text(encoding="utf-8"))

    assert links
    assert [link for link in links if not (_ROOT / link).exists()] == []


def test_the_configuration_and_the_waiver_that_the_page_shows_are_accepted(tmp_path: Path) -> None:
    *configurations, waivers = re.findall(r"```yaml\n(.*?)```", _README.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "compliance.yaml").write_text("".join(configurations))
    (tmp_path / "compliance-waivers.yaml").write_text(waivers)
    shutil.copy(_ROOT / "examples/seed/deployment.yaml", tmp_path)

    result = json.loads(_printed(f"compliance scan --quiet -o json=- {tmp_path}"))

    assert [waiver["state"] for waiver in result["waivers"]] != ["invalid"]
    assert len(result["waivers"]) == 1
