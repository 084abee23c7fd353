"""Sending a hint to the broker: the row is the truth, so a broker that is down costs nothing."""

import logging
from typing import Any

from celery import Task
from kombu.exceptions import KombuError, OperationalError

logger = logging.getLogger(__name__)


def hint_send(task: Task, *args: Any, **options: Any) -> bool:
    """Publish a task once; False when the broker can't be reached (the sweep sends it again)."""
    try:
        task.apply_async(args=args, ignore_result=True, **options)
    except (OperationalError, KombuError, OSError) as error:
        logger.warning("broker unreachable, %s waits for the sweep (%s)", task.name, type(error).__name__)
        return False
    return True
