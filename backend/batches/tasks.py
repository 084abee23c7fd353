"""Celery doors."""

from celery import shared_task


@shared_task(name="backend.batches.tasks.purge_empty")
def purge_empty() -> None:
    """What retention left of batches: a name without cases."""
    from backend.batches.services import empty_batches_purge  # noqa: PLC0415 (apps must be loaded first)

    empty_batches_purge()
