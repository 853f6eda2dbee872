"""The command line as a whole: its list of commands, and how errors end it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from compliance import __version__, cli
from compliance.errors import (
    CatalogueError,
    ComplianceError,
    ConfigurationError,
    DeadlineError,
    EngineError,
    ReadError,
    ToolMissing,
    UsageError,
)
from compliance.model import Origin, Span

Capture = pytest.CaptureFixture[str]


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def _python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii", **environment},
    )


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Add a command `try` that does what it is given."""

    def add(body: Callable[[], None]) -> None:
        module = ModuleType("compliance_test_command")
        vars(module)["run"] = body
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setitem(cli.COMMANDS, "try", (f"{module.__name__}:run", "Try it."))

    return add


def test_the_list_of_commands_names_every_command_and_what_it_does(capsys: Capture) -> None:
    assert _run("--help") == 0
    shown = capsys.readouterr().out
    for name, (_, description) in cli.COMMANDS.items():
        assert f"  {name}" in shown
        assert description in shown


def test_help_imports_no_command_and_nothing_heavy() -> None:
    program = (
        "import sys\nfrom compliance.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'rich', 'yaml', 'orjson', 'wasmtime', 'httpx', 'jinja2', 'jsonschema_rs', 'compliance.cli.rules'}\n"
        "sys.exit(', '.join(heavy & sys.modules.keys()) or None)"
    )
    done = _python("-c", program)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_command_can_be_imported_and_shows_help(capsys: Capture) -> None:
    for name in cli.COMMANDS:
        assert _run(name, "-h") == 0
        assert f"Usage: compliance {name}" in capsys.readouterr().out


def test_version(capsys: Capture) -> None:
    assert _run("--version") == 0
    assert capsys.readouterr().out == f"compliance {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scna"], "Did you mean 'scan'?"),
        (["--nonsense"], "No such option"),
        (["rules", "list", "--format", "xml"], "'xml'"),
        (["rules", "show"], "Missing argument"),
        ([], "Usage: compliance"),
        (["rules"], "Usage: compliance rules"),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_says_what_is_wrong(
    capsys: Capture, arguments: list[str], said: str
) -> None:
    assert _run(*arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (ConfigurationError("x"), 2),
        (CatalogueError("x"), 2),
        (EngineError("x"), 3),
        (DeadlineError("x"), 3),
        (ToolMissing("x"), 3),
        (ReadError("x"), 3),
        (ComplianceError("x"), 4),
    ],
)
def test_an_error_of_ours_ends_a_command_by_its_kind(
    command: Callable[[Callable[[], None]], None], error: ComplianceError, code: int
) -> None:
    def body() -> None:
        raise error

    command(body)
    assert _run("try") == code


def test_an_error_names_its_place_and_the_remedy(
    command: Callable[[Callable[[], None]], None], capsys: Capture
) -> None:
    def body() -> None:
        raise ConfigurationError("is no key", remedy="remove it", origin=Origin("a.yaml", Span(3, 5)))

    command(body)
    _run("try")
    assert capsys.readouterr() == ("", "error: a.yaml:3:5: is no key\n  remove it\n")


def test_a_bug_is_one_line_and_ends_with_4(
    command: Callable[[Callable[[], None]], None], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def body() -> None:
        raise ZeroDivisionError("by\nzero")

    command(body)
    monkeypatch.delenv("COMPLIANCE_TRACEBACK", raising=False)
    assert _run("try") == 4
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("internal error: ZeroDivisionError: by; please report it")
    monkeypatch.setenv("COMPLIANCE_TRACEBACK", "1")
    assert _run("try") == 4
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(
    command: Callable[[Callable[[], None]], None], capsys: Capture, tmp_path: Path
) -> None:
    def body() -> None:
        tmp_path.write_bytes(b"")

    command(body)
    assert _run("try") == 2
    assert capsys.readouterr().err == f"error: {tmp_path}: Is a directory\n"


def test_a_system_error_without_a_file_is_a_failure_of_ours(
    command: Callable[[Callable[[], None]], None], capsys: Capture
) -> None:
    def body() -> None:
        raise OSError(28, "No space left on device")

    command(body)
    assert _run("try") == 4
    assert "No space left on device" in capsys.readouterr().err


def test_an_interrupt_ends_with_130_and_without_a_word(
    command: Callable[[Callable[[], None]], None], capsys: Capture
) -> None:
    def body() -> None:
        raise KeyboardInterrupt

    command(body)
    assert _run("try") == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_a_reader_that_has_gone_is_no_verdict_and_no_traceback(tmp_path: Path, size: int) -> None:
    (tmp_path / "chatty.py").write_text(f"import typer\ndef run(): typer.echo('x' * {size})\n", encoding="utf-8")
    program = "from compliance import cli; cli.COMMANDS['try'] = ('chatty:run', ''); cli.main(['try'])"
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", program],
            stdout=nobody,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
        )
    assert (done.returncode, done.stderr) == (141, "")


def test_a_terminal_without_our_characters_gets_them_spelled_out(tmp_path: Path) -> None:
    (tmp_path / "wordy.py").write_text("def run(): print('a\\u2026')\n", encoding="utf-8")
    program = "from compliance import cli; cli.COMMANDS['try'] = ('wordy:run', ''); cli.main(['try'])"
    done = _python("-c", program, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "a\\u2026\n", "")
