"""Hints to the workers, sent after commit. A hint that gets lost is sent again by the sweep.

Behind a long queue none is sent: a worker claims several images a hint, and looks for what waits before it
ends, so that most hints would come too late; each of those costs it some of its time."""

import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction

from backend.core.queue import hint_send
from backend.inference.claims import next_waiting
from backend.inference.selectors import queued_images
from backend.inference.tasks import run_prediction

HINTED = 16  # images that wait: more than there are idle workers, nearly always


def dispatch_on_commit(prediction_ids: Iterable[uuid.UUID], *, waiting: int = 0) -> None:
    """Send one hint a prediction once the rows are committed, unless a long queue is before them. So many
    were `waiting` some time ago: only where those were many is the queue looked at again."""
    ids = [str(prediction_id) for prediction_id in prediction_ids]
    transaction.on_commit(lambda: _dispatch_unless_long(ids, waiting))


def _dispatch_unless_long(ids: Sequence[str], waiting: int) -> None:
    if waiting < HINTED or queued_images() <= HINTED:
        dispatch(ids)


def next_hint() -> None:
    """One for the oldest image that waits: whoever calls this will not look for it."""
    oldest = next_waiting()
    if oldest is not None:
        dispatch([str(oldest)])


def dispatch(prediction_ids: Iterable[str]) -> None:
    """Send hints until the broker does not answer; then the sweep takes over."""
    for prediction_id in prediction_ids:
        if not hint_send(run_prediction, prediction_id):
            return
