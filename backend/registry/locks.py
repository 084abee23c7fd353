"""Who may switch a modality: one at a time, and never while a worker is taking work for it."""

from django.db import connection

from backend.registry.choices import VERSION_CHOICES

_SPACE = 0x4C4E  # "LN": our corner of PostgreSQL's advisory locks
_NUMBERS = {modality: number for number, (modality, _) in enumerate(VERSION_CHOICES)}


def modality_lock(modality: str, *, shared: bool = False) -> None:
    """Hold the modality's active version as it is until the transaction ends; `shared` with other readers.

    What is read after this call was committed before it, so the version that a claim writes down is the one
    that the history names for that moment. SQLite needs no lock: its transactions come one after another.
    """
    if connection.vendor != "postgresql":
        return
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_SPACE, _NUMBERS[modality]])
