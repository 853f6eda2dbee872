"""A PostgreSQL server of its own for tests: in a temporary folder, not as root, to be stopped at will.

It listens on a Unix socket and, with TLS, on loopback, and wants a password (scram-sha-256) everywhere.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from certificates import issue_certificate
from commands import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

USER = "auditor"
PASSWORD = "correct horse@battery/staple"  # noqa: S105 - of a server that lives as long as a test
_QUOTED = "correct%20horse%40battery%2Fstaple"
_DEADLINE = 60.0
_LOOK_EVERY = 0.02
_READY = "database system is ready to accept connections"
_UNPRIVILEGED = ("postgres", "nobody")


@dataclass(slots=True)
class PostgreSQLServer:
    """A server in a folder: `authority` is the PEM file that vouches for its certificate (127.0.0.1, localhost)."""

    programs: Path
    folder: Path
    port: int
    authority: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, database: str, *, user: str = USER, password: str = _QUOTED) -> str:
        """The database over the Unix socket."""
        return f"postgresql://{user}:{password}@/{database}?host={self.folder}&port={self.port}"

    def tcp_url(self, database: str, host: str, query: str = "") -> str:
        """The database over TCP, at loopback under that name."""
        return f"postgresql://{USER}:{_QUOTED}@{host}:{self.port}/{database}?hostaddr=127.0.0.1{query}"

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        log = self.folder / "log"
        data = self.folder / "data"
        settings: dict[str, object] = {
            "fsync": "off",  # the server crashes in tests, the machine does not
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "shared_buffers": "16MB",
            "max_connections": 30,
            "ssl": "on",
            "ssl_cert_file": self.folder / "server.pem",
            "ssl_key_file": self.folder / "server.key",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - the tests' own command
                [*_as_unprivileged(), str(self.programs / "postgres"), "-D", str(data), *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _DEADLINE
        while _READY not in log.read_text(errors="replace"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(_LOOK_EVERY)

    def stop(self, *, crash: bool = False) -> None:
        """Stop it and end every connection (fast shutdown), or leave it to recover at its next start (immediate)."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if crash else signal.SIGINT)
            self._process.wait(_DEADLINE)
            self._process = None

    def sql(self, statement: str, *, database: str = "postgres") -> str:
        """Run a statement as the superuser; what it printed."""
        server = ("-h", self.folder, "-p", str(self.port), "-U", USER, "-d", database)
        return run([self.programs / "psql", "-X", "-At", *server, "-c", statement], env={"PGPASSWORD": PASSWORD})

    def wait_until_left(self, database: str) -> None:
        """Wait until no session is in a database: that of a killed client ends when the server notices."""
        deadline = time.monotonic() + _DEADLINE
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while self.sql(others, database=database).strip() != "0":
            if time.monotonic() > deadline:
                raise AssertionError(f"somebody stays in {database}")
            time.sleep(_LOOK_EVERY)

    def create(self, database: str) -> str:
        """Make a database; its URL."""
        self.sql(f"CREATE DATABASE {database}")
        return self.url(database)


@contextmanager
def postgresql_server(programs: Path) -> Iterator[PostgreSQLServer]:
    """Make a cluster and run its server for the length of a block.

    Its folder is not pytest's, which only the tests' own user may enter.
    """
    folder = Path(tempfile.mkdtemp(prefix="compliance-postgresql-"))
    try:
        server = PostgreSQLServer(programs, folder, _free_port(), _prepare(programs, folder))
        server.start()
        try:
            yield server
        finally:
            server.stop(crash=True)
    finally:
        shutil.rmtree(folder)


def _prepare(programs: Path, folder: Path) -> Path:
    """Make the cluster and its certificate; the authority's file."""
    issued = issue_certificate(folder)
    issued.key.chmod(0o600)
    (folder / "password").write_text(PASSWORD)
    if os.geteuid() == 0:
        owner = _unprivileged()
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    options = ["--no-sync", "--auth=scram-sha-256", f"--username={USER}", f"--pwfile={folder / 'password'}"]
    locale = ["--encoding=UTF8", "--locale=C"]
    run([*_as_unprivileged(), programs / "initdb", "-D", folder / "data", *options, *locale])
    return issued.authority


def _as_unprivileged() -> Sequence[str]:
    """What a command begins with, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return ()
    owner = _unprivileged()
    return ("setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups")


def _unprivileged() -> pwd.struct_passwd:
    for name in _UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LookupError(f"no user of {', '.join(_UNPRIVILEGED)}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
