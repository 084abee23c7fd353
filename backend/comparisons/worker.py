"""What the background worker does when it starts."""

from celery import current_app
from celery.signals import worker_ready

from backend.core.background import is_background_worker
from backend.core.queue import hint_send


@worker_ready.connect
def _bring_back(**kwargs: object) -> None:
    """Whatever the former worker left behind is looked for at once."""
    if is_background_worker():
        hint_send(current_app.tasks["backend.comparisons.tasks.sweep"])
