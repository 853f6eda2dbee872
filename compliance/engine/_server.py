"""An OPA server of our own: on loopback, for us alone, and gone when we are.

Another user of this machine could be quicker to take the port that was chosen. So before the token is sent anywhere,
the server has to prove that it is ours: it knows a secret that only the files we gave it hold.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from pathlib import Path
from typing import IO, Final

from compliance.errors import EngineError

HOST: Final = "127.0.0.1"
_READY_WITHIN = 30.0
_POLL = 0.02
_ATTEMPTS = 3
_ENDS_WITHIN = 5.0
_PORT_TAKEN = b"bind:"
_KEEPER = Path(__file__).with_name("_keeper.py")
_OPTIONS = (
    "--authentication=token",
    "--authorization=basic",
    "--skip-version-check",
    "--log-level=error",
    "--log-format=text",
    "--bundle",
)
_ACCESS = """\
package system.authz

default allow := false

allow if {{
	input.method == "POST"
	array.slice(input.path, 0, 4) == ["v1", "data", "compliance", "entry"]
	crypto.sha256(input.identity) == "{token_sha256}"
}}

allow if {{
	input.method == "POST"
	input.path == ["v1", "data", "compliance", "door", "answer"]
}}
"""
_DOOR = """\
package compliance.door

answer := crypto.hmac.sha256(input.nonce, "{secret}")
"""


class LocalServer:
    """A running `opa run --server`; `url` and `token` are what a client needs."""

    def __init__(self, opa: Path, bundle: bytes) -> None:
        """Start a server that answers queries on a bundle, and wait until it does.

        Raises:
            EngineError: it does not start.
        """
        self.token = secrets.token_urlsafe(32)
        self._secret = secrets.token_hex(32)
        self._folder = tempfile.TemporaryDirectory(prefix="compliance-opa-")
        self._process: subprocess.Popen[bytes] | None = None
        self._said: deque[bytes] = deque(maxlen=20)
        self._listener = threading.Thread()
        try:
            files = self._files(Path(self._folder.name), bundle)
            self.url = self._start(opa, files)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the server and remove its files."""
        self._end()
        self._folder.cleanup()

    def _files(self, folder: Path, bundle: bytes) -> list[Path]:
        rules, access = folder / "rules.tar.gz", folder / "access"
        rules.write_bytes(bundle)
        access.mkdir()
        token_sha256 = hashlib.sha256(self.token.encode()).hexdigest()
        (access / "authz.rego").write_text(_ACCESS.format(token_sha256=token_sha256), encoding="utf-8")
        (access / "door.rego").write_text(_DOOR.format(secret=self._secret), encoding="utf-8")
        roots = {"roots": ["system/authz", "compliance/door"]}
        (access / ".manifest").write_text(json.dumps(roots), encoding="utf-8")
        return [rules, access]

    def _start(self, opa: Path, files: list[Path]) -> str:
        for _ in range(_ATTEMPTS):
            port = _free_port()
            argv = [str(opa), "run", "--server", f"--addr={HOST}:{port}", *_OPTIONS, *map(str, files)]
            self._process = self._spawn(argv)
            ours = self._becomes_ready(self._process, port)
            if ours:
                return f"http://{HOST}:{port}"
            self._end()
            if ours is None and not any(_PORT_TAKEN in line for line in self._said):
                break
        said = b" ".join(self._said).decode(errors="replace").strip()
        raise EngineError(f"opa does not start as a server: {said or 'it says nothing'}", remedy="use --engine wasm")

    def _spawn(self, argv: list[str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 - argv is a list of ours, no shell
            [sys.executable, "-I", "-S", str(_KEEPER), *argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if not name.startswith("OPA_")},
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, args=(process.stderr,), daemon=True)
        self._listener.start()
        return process

    def _listen(self, stderr: IO[bytes] | None) -> None:
        """Take in what the server says, so that it never waits for a reader."""
        for line in stderr or ():
            self._said.append(line)

    def _becomes_ready(self, process: subprocess.Popen[bytes], port: int) -> bool | None:
        """Wait for an answer: whether it is ours; None when there is none in time, or the server has ended."""
        until = time.monotonic() + _READY_WITHIN
        while time.monotonic() < until and process.poll() is None:
            if (ours := self._is_ours(port)) is not None:
                return ours
            time.sleep(_POLL)
        return None

    def _is_ours(self, port: int) -> bool | None:
        """Ask for the proof; None while nobody answers."""
        nonce = secrets.token_hex(16)
        connection = http.client.HTTPConnection(HOST, port, timeout=_ENDS_WITHIN)
        try:
            connection.request("POST", "/v1/data/compliance/door/answer", json.dumps({"input": {"nonce": nonce}}))
            said = json.loads(connection.getresponse().read(4096)).get("result")
        except (ConnectionError, TimeoutError):
            return None
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            return False
        finally:
            connection.close()
        proof = hmac.new(self._secret.encode(), nonce.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(str(said).encode(), proof.encode())

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        self._process = None
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            _kill(process)
            process.wait()
        self._listener.join(_ENDS_WITHIN)
        if process.stderr is not None:
            process.stderr.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the keeper and the server with it: they are a session of their own."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
