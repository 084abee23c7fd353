"""What must be true before anything is started."""

import fcntl
import os
import socket
from pathlib import Path

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def refuse_old_database() -> None:
    """One sentence instead of a page of errors when migrations are missing."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise CommandError(
            f"The database lacks {len(missing)} migrations: run `python manage.py migrate` first."
        )


def refuse_taken_port(host: str, port: int) -> None:
    """The port must be free now; gunicorn would retry and say so less plainly."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"{host}:{port} can't be used ({error.strerror}): choose another with --port."
            ) from None


def lock_data_folder(folder: Path) -> int:
    """One server a DATA_DIR; the lock ends with the process, however it ends. Returns the descriptor."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CommandError(f"A server already works in {folder}: stop it, or set another DATA_DIR.") from None
    return descriptor
