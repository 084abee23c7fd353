"""What one task of a worker holds: it claims once, and goes on claiming for a while when that is done."""

import logging
import uuid
from collections import deque
from time import perf_counter

from django.conf import settings
from django.db import DatabaseError

from backend.inference import engine
from backend.inference.claims import claim, next_waiting
from backend.inference.models import Prediction
from backend.inference.states import analyses_begin
from backend.inference.worker import say_listening

logger = logging.getLogger(__name__)
AHEAD_S = 4.0  # of the network's work that a process takes at once: what it leaves is there for others
AHEAD_BATCHES = 8  # beyond that many, claiming costs next to nothing
GO_ON_S, GO_ON_SHARE = 8.0, 0.15  # so long, and no more of the hard limit, a task claims what waits


class Claimed:
    """`all` that is held, its `attempts`, what of it has not begun (`waiting`), and `at` what moment the last
    claim was made. What has long ended is held no more: a fast network ends thousands in one task."""

    def __init__(self, rows: list[Prediction]) -> None:
        self.all: list[Prediction] = []
        self.attempts: dict[uuid.UUID, int] = {}
        self.waiting: deque[Prediction] = deque()
        self._until = perf_counter() + min(GO_ON_S, GO_ON_SHARE * settings.HARD_TIME_LIMIT_S)
        self._add(rows)

    def go_on(self) -> None:
        """Claim what waits now: between two tasks the network would have nothing to do. Not for ever, because
        a worker has other tasks too."""
        if perf_counter() >= self._until:
            return
        try:
            hint = next_waiting()
            if hint is not None:
                say_listening()
                self._forget_ended()
                self._add(taken(hint))
        except DatabaseError:
            logger.warning("nothing more could be claimed", exc_info=True)

    def _forget_ended(self) -> None:
        """Where nothing waits, one batch at most has not ended: the last."""
        del self.all[: -settings.BATCH_SIZE]
        for ended in self.attempts.keys() - {row.pk for row in self.all}:
            del self.attempts[ended]

    def _add(self, rows: list[Prediction]) -> None:
        self.at = perf_counter()
        self.all += rows
        self.attempts |= {row.pk: row.attempt for row in rows}
        self.waiting += rows


def taken(hint: uuid.UUID) -> list[Prediction]:
    """What one claim gets, whose analyses run from now on; nothing where the hint comes too late."""
    rows = claim(hint, batch=settings.BATCH_SIZE, most=most_at_once())
    if rows:
        analyses_begin(row.analysis_id for row in rows)
    return rows


def most_at_once() -> int:
    """Images that one claim may take: as many batches as fit into AHEAD_S at the pace of the last answer."""
    batch = settings.BATCH_SIZE
    pace = engine.seconds_an_image()
    if pace is None or settings.ENGINE_COMPILE:  # CUDA graphs answer to the thread that recorded them alone
        return batch
    batches = int(AHEAD_S / (max(pace, 1e-3) * batch))
    return int(batch * min(AHEAD_BATCHES, max(1, batches)))
