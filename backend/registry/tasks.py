"""Celery doors of the registry: ids in, nothing out."""

# ruff: noqa: PLC0415 (imports wait for the call: the checks need what sends their messages)
from celery import shared_task


@shared_task(name="backend.registry.tasks.check_version")
def check_version(check_id: str) -> None:
    """There may be a check to make: this one, if it still waits."""
    from backend.registry import checks

    checks.work(check_id)


@shared_task(name="backend.registry.tasks.sweep")
def sweep() -> None:
    """Bring back checks that were lost on the way; remove what broken uploads left."""
    from backend.registry import recovery

    recovery.sweep()
