"""Run a server for as long as the process that asked for it lives.

Started as a script, in a process of its own: `_keeper.py PROGRAM ARGUMENT…`. Its standard input is a pipe from the
asking process, which closes however that process ends; then the server is ended too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading


def main(argv: list[str]) -> int:
    """Run `argv` until it ends or standard input does; return its exit code."""
    server = subprocess.Popen(argv, stdin=subprocess.DEVNULL)  # noqa: S603 - given by our own process, no shell
    threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
    return server.wait()


def _end_with_input(server: subprocess.Popen[bytes]) -> None:
    # Not through sys.stdin, whose lock the interpreter would wait for when the server ends first.
    while os.read(0, 4096):
        pass
    server.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
