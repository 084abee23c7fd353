"""A copy of everything that can't be made again: the database and the stored files, with their checksums.

The database goes first: a file that a row names is there unless it was deleted meanwhile, and a file without
a row does no harm."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection

from backend.core.stored import SPOOL

DATABASE = {"postgresql": "database.dump", "sqlite": "database.sqlite3"}
SUMS = "files.sha256"
FILES = "files"
# Uploads under way are worth nothing without their request, and unmasked pictures never leave the server.
PASSING = ("incoming", SPOOL)
CHUNK = 1 << 20


class BackupError(Exception):
    """Why nothing was copied, or nothing restored, in a sentence."""


def backup(folder: Path) -> int:
    """Write a new folder, whole or not at all; the number of files in it."""
    if folder.exists():
        raise BackupError(f"{folder} exists already: give a new folder.")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / FILES).mkdir(parents=True)
    try:
        _database_dump(partial / DATABASE[connection.vendor])
        sums = {name: _copy_out(name, partial / FILES / name) for name in stored_files()}
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
        (partial / SUMS).write_text(lines, encoding="utf-8")
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return len(sums)


def restore(folder: Path) -> int:
    """Fill an empty database and an empty storage; checksums are compared before anything is written."""
    dump = folder / DATABASE[connection.vendor]
    if not dump.is_file() or not (folder / SUMS).is_file():
        raise BackupError(f"{folder} is no backup of a {connection.vendor} installation.")
    sums = _read_sums(folder / SUMS)
    wrong = [name for name, digest in sums.items() if _digest(folder / FILES / name) != digest]
    if wrong:
        raise BackupError(f"{len(wrong)} of {len(sums)} files are damaged or missing, {wrong[0]} the first.")
    if connection.introspection.table_names() or any(True for _ in stored_files()):
        raise BackupError("There is data here already: restore into an empty database and storage.")
    _database_load(dump)
    for name in sums:
        with (folder / FILES / name).open("rb") as source:
            default_storage.save(name, File(source))
    return len(sums)


def stored_files(folder: str = "") -> Iterator[str]:
    """Names of everything in the storage, what is on its way in apart."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}" if folder else name
    for name in folders:
        if folder or name not in PASSING:
            yield from stored_files(f"{folder}/{name}" if folder else name)


def _copy_out(name: str, target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    with default_storage.open(name) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, CHUNK)
    return _digest(target)


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _read_sums(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def _database_dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        here = connection.settings_dict["NAME"]
        with closing(sqlite3.connect(here)) as source, closing(sqlite3.connect(target)) as sink:
            source.backup(sink)
        return
    _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def _database_load(dump: Path) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        shutil.copyfile(dump, connection.settings_dict["NAME"])
        return
    name = f"--dbname={connection.settings_dict['NAME']}"
    _postgres("pg_restore", name, "--no-owner", "--exit-on-error", "--single-transaction", str(dump))


def _postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on our database; the password goes by environment."""
    chosen = connection.settings_dict
    values = {
        "PGHOST": chosen["HOST"],
        "PGPORT": str(chosen["PORT"] or ""),
        "PGUSER": chosen["USER"],
        "PGPASSWORD": chosen["PASSWORD"],
        "PGDATABASE": chosen["NAME"],
    }
    env = {**os.environ, **{name: value for name, value in values.items() if value}}
    try:
        done = subprocess.run(  # noqa: S603 (the program is one of two names in this file)
            [program, *arguments], env=env, check=False, capture_output=True, text=True
        )
    except FileNotFoundError:
        reason = f"{program} is not installed (Debian: apt-get install postgresql-client)."
        raise BackupError(reason) from None
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-500:]}")
