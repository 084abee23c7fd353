"""Is the server ready to answer an upload? Each check is one sentence; apps add their own."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from kombu.exceptions import KombuError, OperationalError

from backend.core.heartbeat import HEARD_WITHIN, listening_workers

logger = logging.getLogger(__name__)
BROKER_WAIT_S = 1


@dataclass(frozen=True)
class Finding:
    """Whether one thing works, and what is wrong or how it is."""

    ok: bool
    detail: str


Check = Callable[[], Finding]
_checks: dict[str, Check] = {}


def readiness_check(name: str) -> Callable[[Check], Check]:
    """Decorator: the function's finding appears under `name` in /readyz."""

    def register(check: Check) -> Check:
        _checks[name] = check
        return check

    return register


def readiness() -> dict[str, Finding]:
    """Every finding by name; a check that raises counts as failed, and is heard in the log."""
    return {name: _guarded(name, check) for name, check in _checks.items()}


def _guarded(name: str, check: Check) -> Finding:
    try:
        return check()
    except (OSError, DatabaseError, KombuError, OperationalError) as error:
        logger.warning("readiness check %s failed: %s", name, type(error).__name__)
        return Finding(False, f"{name} does not answer ({type(error).__name__})")


@readiness_check("database")
def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(True, "answers")


@readiness_check("broker")
def _broker() -> Finding:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_WAIT_S)
    return Finding(True, "answers")


@readiness_check("storage")
def _storage() -> Finding:
    name = default_storage.save(f"probe-{uuid.uuid4().hex}", ContentFile(b"ready?"))
    default_storage.delete(name)
    return Finding(True, "takes and deletes a file")


@readiness_check("worker")
def _worker() -> Finding:
    count = listening_workers().count()
    seconds = round(HEARD_WITHIN.total_seconds())
    if count:
        return Finding(True, f"{count} heard from within {seconds} s")
    return Finding(False, f"no worker was heard from within {seconds} s: is one running?")
