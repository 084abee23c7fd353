"""Hints to the background worker, sent after commit. A hint that gets lost is sent again by the sweep."""

from django.db import transaction
from django.db.models.functions import Now

from backend.comparisons.claims import waiting_comparisons
from backend.comparisons.models import Comparison
from backend.comparisons.tasks import run_comparisons
from backend.core.queue import hint_send


def dispatch_on_commit() -> None:
    """One hint once the rows are committed."""
    transaction.on_commit(lambda: hint_send(run_comparisons))


def hint_again() -> bool:
    """Another hint when cases wait; which, the rows say."""
    first = waiting_comparisons().first()
    if first is not None:
        Comparison.objects.filter(pk=first.pk).update(dispatched_at=Now())
        hint_send(run_comparisons)
    return first is not None
