"""PostgreSQL and Redis of our own, in throw-away folders on free ports. Both can be killed and come back."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.processes import Running, free_port, port_answers, wait_until


class Redis:
    """A server without persistence: after a kill it comes back empty."""

    def __init__(self, program: str, folder: Path) -> None:
        self.port, self._folder = free_port(), folder
        self._command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder)]
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Up to where it answers."""
        command = [*self._command, "--save", ""]
        self.server = Running("redis", command, log=self._folder / "log", env=os.environ, cwd=self._folder)
        wait_until(lambda: port_answers(self.port), seconds=30, what="Redis answers")

    def kill(self) -> None:
        """kill -9."""
        self.server.kill()


class Postgres:
    """A cluster of its own; PostgreSQL refuses to run as root, so it runs as `postgres` where we are root."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.port, self.programs, self._folder = free_port(), programs, folder
        self._data, self._log = folder / "data", Path(tempfile.gettempdir()) / f"{folder.name}.log"
        self.url = f"postgres://cv4ln@127.0.0.1:{self.port}/postgres"
        initialise = ["-D", str(self._data), "-U", "cv4ln", "--auth=trust", "-E", "UTF8", "-N"]
        self._run("initdb", *initialise)

    def start(self, environment: Mapping[str, str] = os.environ) -> None:
        """Up to where it accepts connections."""
        command = [
            str(self.programs / "postgres"), "-D", str(self._data), "-p", str(self.port),
            "-k", str(self._folder), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
            "-c", "max_connections=60",
        ]  # fmt: skip
        self.server = Running(
            "postgres", _as_postgres(command), log=self._log, env=environment, cwd=Path("/")
        )
        wait_until(self._accepts, seconds=60, what="PostgreSQL accepts connections")

    def kill(self) -> None:
        """Every connection is cut at once and nothing is written any more, as when the machine goes down."""
        self._run("pg_ctl", "stop", "-D", str(self._data), "-m", "immediate", "-w")
        self.server.stop()

    def stop(self) -> None:
        """For good."""
        self.server.stop()
        self._log.unlink(missing_ok=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = _as_postgres([str(self.programs / program), *arguments])
        subprocess.run(command, check=True, capture_output=True, cwd="/")

    def _accepts(self) -> bool:
        command = [str(self.programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """It runs; the test is skipped where it is not installed."""
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="cv4ln-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
        server = Postgres(programs, folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis_server() -> Iterator[Redis]:
    """It runs; the test is skipped where it is not installed."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("Redis is not installed (Debian: apt-get install redis-server)")
    folder = Path(tempfile.mkdtemp(prefix="cv4ln-redis-"))
    server = Redis(program, folder)
    try:
        server.start()
        yield server
    finally:
        server.server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL of one's own while it runs."""
    with postgres_server() as server:
        yield server.url


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis of one's own while it runs."""
    with redis_server() as server:
        yield server.url


def _postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    beside = shutil.which("postgres")
    return found[-1].parent if found else Path(beside).parent if beside else None


def _as_postgres(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command
