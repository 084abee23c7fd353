"""A worker holds what it runs by leases that it keeps renewing; when it dies, they run out."""

import logging
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.models import Model, Q

from backend.core.moments import from_now
from backend.inference.choices import PredictionState
from backend.inference.models import Prediction

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=15)
RENEW_EVERY_S = 4.0
Attempts = Mapping[uuid.UUID, int]


def held(attempts: Attempts) -> Q:
    """Rows that are still running in the very attempts given."""
    held_by_us = Q(pk__in=[])
    for prediction_id, attempt in attempts.items():
        held_by_us |= Q(pk=prediction_id, attempt=attempt, state=PredictionState.RUNNING)
    return held_by_us


@contextmanager
def leases_renewed(
    attempts: Attempts, rows: type[Model] = Prediction, lease: timedelta = LEASE
) -> Iterator[None]:
    """Renew the leases from a thread for as long as the block runs, also of what `attempts` gets meanwhile.
    Short work never touches them."""
    done = threading.Event()
    thread = threading.Thread(target=_renew, args=(attempts, rows, lease, done), name="leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew(attempts: Attempts, rows: type[Model], lease: timedelta, done: threading.Event) -> None:
    while not done.wait(RENEW_EVERY_S):
        try:
            held_now = rows._default_manager.filter(held(dict(attempts)))
            held_now.update(lease_expires_at=from_now(lease))
        except DatabaseError:
            logger.warning("leases could not be renewed; trying again")
        finally:
            connection.close()
