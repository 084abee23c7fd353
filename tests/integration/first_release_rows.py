"""The first release's database, which is SQLite, as it would stand in PostgreSQL: the schema of that day, by
the migrations of that day, and every row of it."""

import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.integration.stack import Stack

AS_POSTGRES: dict[str, Callable[[Any], Any]] = {
    "boolean": bool,
    "uuid": lambda value: uuid.UUID(str(value)),
    "timestamp with time zone": lambda value: f"{value}+00",
}
MIGRATE = """
from django.core.management import call_command
for app, name in {}:
    call_command("migrate", app, name, verbosity=0)
"""
SEQUENCES = """
SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)
FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'
"""


def rows_moved(stack: Stack, source: Path, database_url: str) -> None:
    """From the file to the database behind the stack, which is empty."""
    with sqlite3.connect(source) as old, psycopg.connect(database_url, autocommit=True) as new:
        stack.manage("shell", "--verbosity", "0", "-c", MIGRATE.format(_last_migrations(old)))
        tables = [name for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        new.execute("SET session_replication_role = replica")  # rows come in any order
        for table in tables:
            if not table.startswith("sqlite_"):
                _copy(old, new, table)
        for table, column, sequence in new.execute(SEQUENCES).fetchall():
            _continue(new, table, column, sequence)


def _last_migrations(old: sqlite3.Connection) -> list[tuple[str, str]]:
    return old.execute("SELECT app, max(name) FROM django_migrations GROUP BY app").fetchall()


def _copy(old: sqlite3.Connection, new: psycopg.Connection[Any], table: str) -> None:
    """What the migrations put there goes; the first release had its own."""
    types = dict(
        new.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", (table,)
        ).fetchall()
    )
    found = old.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (a name of the schema)
    names = [column[0] for column in found.description]
    insert = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([sql.Placeholder()] * len(names)),
    )
    new.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    for row in found:
        new.execute(insert, [_value(types[name], value) for name, value in zip(names, row, strict=True)])


def _value(kind: str, value: Any) -> Any:
    return value if value is None else AS_POSTGRES.get(kind, lambda same: same)(value)


def _continue(new: psycopg.Connection[Any], table: str, column: str, sequence: str) -> None:
    """The next number is a new one."""
    greatest = sql.SQL("SELECT setval(%s, coalesce((SELECT max({}) FROM {}), 0) + 1, false)")
    new.execute(greatest.format(sql.Identifier(column), sql.Identifier(table)), (sequence,))
