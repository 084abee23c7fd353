"""Hints to the workers, sent after commit. A hint that gets lost is sent again by the sweep."""

import uuid
from collections.abc import Iterable

from django.db import transaction

from backend.core.queue import hint_send
from backend.inference.tasks import run_prediction


def dispatch_on_commit(prediction_ids: Iterable[uuid.UUID]) -> None:
    """Send one hint a prediction once the rows are committed."""
    ids = [str(prediction_id) for prediction_id in prediction_ids]
    transaction.on_commit(lambda: dispatch(ids))


def dispatch(prediction_ids: Iterable[str]) -> None:
    """Send hints until the broker does not answer; then the sweep takes over."""
    for prediction_id in prediction_ids:
        if not hint_send(run_prediction, prediction_id):
            return
