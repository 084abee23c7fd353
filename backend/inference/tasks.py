"""Celery doors: ids in, nothing out. Imports wait for the call, because the pipeline loads torch."""

# ruff: noqa: PLC0415
from celery import shared_task


@shared_task(name="backend.inference.tasks.run_prediction")
def run_prediction(prediction_id: str) -> None:
    """There may be work: this prediction, if it is still queued."""
    from backend.inference import pipeline

    pipeline.work(prediction_id)


@shared_task(name="backend.inference.tasks.look_again")
def look_again(prediction_id: str) -> None:
    """This prediction has its answer; look for print in its image."""
    import uuid

    from backend.inference import second_look

    second_look.look(uuid.UUID(prediction_id))


@shared_task(name="backend.inference.tasks.sweep")
def sweep() -> None:
    """Bring back what was lost on the way."""
    from backend.inference import recovery

    recovery.sweep()


@shared_task(name="backend.inference.tasks.purge_anonymous")
def purge_anonymous() -> None:
    """Delete what is too old: anonymous work, everybody's and the audit log's where there is a limit; and
    unmasked pictures that belong to nothing."""
    from backend.audit.services import audit_purge
    from backend.inference import retention
    from backend.studies.spool import strays_delete

    retention.anonymous_purge()
    retention.old_cases_purge()
    audit_purge()
    strays_delete()


@shared_task(name="backend.inference.tasks.heartbeat")
def heartbeat() -> None:
    """A message that came through the inference queue: this worker listens."""
    from backend.inference import worker

    worker.say_listening()
