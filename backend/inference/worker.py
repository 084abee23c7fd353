"""What a worker process does besides predictions: get ready, and say that it listens."""

import logging
import os
from time import monotonic

from celery import current_app, current_task
from celery.signals import worker_init, worker_process_init, worker_ready
from django.db import DatabaseError

from backend.core.heartbeat import heartbeat_record
from backend.core.queue import hint_send
from backend.inference.masking import finder_load
from backend.registry.selectors import active_versions
from backend.site.selectors import site_settings, text_masked

logger = logging.getLogger(__name__)
INFERENCE_QUEUE = "inference"
SAY_EVERY_S = 5.0
_last_said = -SAY_EVERY_S


def say_listening() -> None:
    """Note in the database that this worker takes messages, at most every few seconds."""
    from backend.inference import engine  # noqa: PLC0415 (loads torch)

    global _last_said  # noqa: PLW0603 (one a process)
    if monotonic() - _last_said < SAY_EVERY_S:
        return
    _last_said = monotonic()
    name = getattr(getattr(current_task, "request", None), "hostname", None) or current_app.main
    heartbeat_record(worker=str(name), device=str(engine.device()))


def preload() -> None:
    """Load the active versions, what tells ultrasound from other pictures, and the finder of text where it is
    covered: no first image waits for them."""
    from backend.inference import engine  # noqa: PLC0415 (loads torch)
    from backend.inference.trust import looks_load  # noqa: PLC0415 (for workers alone)

    try:
        looks_load()
        for version in active_versions().values():
            engine.loaded(version)
        if text_masked(site_settings()):
            finder_load()
    except (DatabaseError, engine.ModelUnavailable):
        logger.exception("what answers images could not be loaded ahead of time")


@worker_init.connect
def _import_before_fork(**kwargs: object) -> None:
    """Importing torch takes seconds: a process that replaces a killed one finds it done. Models and CUDA wait
    for the child, which is where they may be touched."""
    if runs_predictions():
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # leave the core to others while waiting
        from backend.inference import engine  # noqa: F401, PLC0415 (loads torch)


@worker_process_init.connect
def _get_ready(**kwargs: object) -> None:
    if runs_predictions():
        preload()


def runs_predictions() -> bool:
    """True in a worker that takes messages of the inference queue."""
    return INFERENCE_QUEUE in current_app.amqp.queues.consume_from


@worker_ready.connect
def _bring_back(**kwargs: object) -> None:
    """Whatever the former worker left behind is looked for at once."""
    sweep = current_app.tasks.get("backend.inference.tasks.sweep")
    if sweep is not None:
        hint_send(sweep)
