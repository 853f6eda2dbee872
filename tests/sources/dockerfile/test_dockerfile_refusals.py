"""What cannot be built, or is no text, is refused: with its place when that can be told, and with a remedy."""

import subprocess
import sys
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from compliance.errors import ReadError
from compliance.model import Span
from compliance.sources.dockerfile import read

REFUSED = {
    "empty": "",
    "only comments": "# FROM alpine\n\n",
    "no FROM": "ARG A=1\n",
    "an instruction before FROM": "ARG A=1\nRUN true\nFROM alpine\n",
    "an unknown instruction": "FROM alpine\nRUM true\n",
    "a comment behind FROM": "FROM alpine:3.15 # the base\n",
    "a stage's name": "FROM alpine AS 3rd\n",
    "an invisible line": "FROM alpine\n\\\n\ufeff",
    "a flag in another script": "FROM alpine\nCOPY --chown=公 a b\n",
    "a fault in a long file": "FROM alpine\n" + f"# {'x' * 1_000}\n" * 100 + "ENV A\n",
    "a template": "FROM {{ base }}\n",
    "an upper-case repository": "FROM alpine AS a\nFROM Alpine:3.15\n",
    "an open quote in FROM": "FROM 'alpine\n",
    "a substitution": "ARG A=b\nFROM ${A^^}\n",
    "a nested substitution": "FROM " + "${A:-" * 40 + "x" + "}" * 40,
    "a default that is open": "ARG A='b\nFROM alpine\n",
    "defaults that double": "ARG A0=xx\n"
    + "".join(f"ARG A{i}=${{A{i - 1}}}${{A{i - 1}}}\n" for i in range(1, 40))
    + "FROM a",
    "an open here-document": "FROM alpine\nRUN <<A\ntrue\nA\nRUN <<B\ntrue\nA\n",
    "ENV without value": "FROM alpine\nENV A=b\nENV A\nENV C=d\nRUN <<E\nE\n",
    "ENV without name": "FROM alpine\nENV =b\n",
    "ENV with a space in a value": "FROM alpine\nENV PASSWORD=correct hunter2\n",
    "a list of numbers": "FROM alpine\nRUN true\nCMD [1, 2]\n",
    "COPY with one word": 'FROM alpine\nCOPY ["a"]\n',
    "USER without a name": "FROM alpine\nUSER\n",
    "SHELL as text": "FROM alpine\nSHELL /bin/bash\n",
    "HEALTHCHECK without CMD": "FROM alpine\nHEALTHCHECK curl localhost\n",
    "ONBUILD twice": "FROM alpine\nONBUILD ONBUILD RUN true\n",
    "an escape that is none": "# escape=x\nFROM alpine\n",
    "too many lines": "FROM alpine\n" + "\n" * 10_000,
    "a long instruction": "FROM alpine\nRUN " + f"{'x' * 1_000}\\\n" * 40,
    "many commands": "FROM alpine\nRUN " + "a;" * 5_001,
    "many words": "FROM alpine\nEXPOSE " + "1 " * 5_001,
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_built_is_refused_with_its_place_and_a_remedy(what: str, snapshot: SnapshotAssertion) -> None:
    with pytest.raises(ReadError) as caught:
        read(REFUSED[what].encode(), "Dockerfile")

    assert caught.value.remedy
    assert {"message": caught.value.message, "remedy": caught.value.remedy, "span": caught.value.span} == snapshot


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"FROM a\nRUN \xff\n", 2),
        (b"\xff\xfeF\0R\0", 1),
        (b"FROM a\n\nRUN \0\n", 3),
        (b"\x7fELF\x02\x01\x01\0\0", 1),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_line(data: bytes, line: int) -> None:
    with pytest.raises(ReadError) as caught:
        read(data, "Dockerfile")

    assert caught.value.span == Span(line)


def test_a_large_file_is_refused_unread() -> None:
    with pytest.raises(ReadError, match="larger than 1048576 bytes"):
        read(b"#" * (1024 * 1024 + 1), "Dockerfile")


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
def test_a_process_that_is_forked_too_late_is_refused_instead_of_hanging(tmp_path: Path) -> None:
    script = tmp_path / "forked.py"
    script.write_text(
        "import os\n"
        "from compliance.errors import ReadError\n"
        "from compliance.sources.dockerfile import read\n"
        "read(b'FROM a:1', 'x')\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    try:\n"
        "        read(b'FROM a:1', 'x')\n"
        "    except ReadError as error:\n"
        "        print(error.message, flush=True)\n"
        "    os._exit(0)\n"
        "os.waitpid(child, 0)\n"
    )
    done = subprocess.run(  # noqa: S603 - a script of this test
        [sys.executable, "-W", "ignore", script], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "BuildKit's parser was loaded before this process was forked\n"
