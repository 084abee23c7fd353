"""PostgreSQL and Redis of our own, in throw-away folders on free ports."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.processes import Running, free_port, port_answers, wait_until


def _postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    beside = shutil.which("postgres")
    return found[-1].parent if found else Path(beside).parent if beside else None


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def postgres() -> Iterator[str]:
    """Its URL while it runs; the test is skipped where it is not installed."""
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="cv4ln-postgres-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
        data, port = folder / "data", free_port()
        initialise = [
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            "cv4ln",
            "--auth=trust",
            "-E",
            "UTF8",
            "-N",
        ]
        subprocess.run(_as_postgres(initialise), check=True, capture_output=True, cwd="/")
        command = [
            str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder),
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=60",
        ]  # fmt: skip
        log = Path(tempfile.gettempdir()) / f"{folder.name}.log"
        server = Running("postgres", _as_postgres(command), log=log, env=os.environ, cwd=Path("/"))
        try:
            wait_until(lambda: _accepts(programs, port), seconds=60, what="PostgreSQL accepts connections")
            yield f"postgres://cv4ln@127.0.0.1:{port}/postgres"
        finally:
            server.stop()
            log.unlink(missing_ok=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _accepts(programs: Path, port: int) -> bool:
    command = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@contextmanager
def redis() -> Iterator[str]:
    """Its URL while it runs; the test is skipped where it is not installed."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("Redis is not installed (Debian: apt-get install redis-server)")
    folder = Path(tempfile.mkdtemp(prefix="cv4ln-redis-"))
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    server = Running("redis", command, log=folder / "log", env=os.environ, cwd=folder)
    try:
        wait_until(lambda: port_answers(port), seconds=30, what="Redis answers")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
