"""Celery doors. Imports wait for the call, because the pipeline loads torch."""

# ruff: noqa: PLC0415
from celery import shared_task


@shared_task(name="backend.comparisons.tasks.run_comparisons")
def run_comparisons() -> None:
    """There may be work: the next cases of the comparison that was asked for first."""
    from backend.comparisons import pipeline

    pipeline.work()


@shared_task(name="backend.comparisons.tasks.sweep")
def sweep() -> None:
    """Bring back what was lost on the way."""
    from backend.comparisons import recovery

    recovery.sweep()
