"""Hints to the background worker, sent after commit. A hint that gets lost is sent again by the sweep."""

import uuid
from collections.abc import Iterable

from django.db import transaction

from backend.core.queue import hint_send
from backend.registry.tasks import check_version

HINT_EXPIRES_S = 300  # a check that waits longer gets another hint; old ones must not pile up


def check_dispatch_on_commit(check_ids: Iterable[uuid.UUID]) -> None:
    """Send one hint a check once the rows are committed."""
    ids = [str(check_id) for check_id in check_ids]
    transaction.on_commit(lambda: check_dispatch(ids))


def check_dispatch(check_ids: Iterable[str]) -> None:
    """Send hints until the broker does not answer; then the sweep takes over."""
    for check_id in check_ids:
        if not hint_send(check_version, check_id, expires=HINT_EXPIRES_S):
            return
