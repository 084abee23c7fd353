"""Hints at the broker: the row is the truth, so a broker that is down costs nothing."""

import logging
from typing import Any

from celery import Task, current_app
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


def hints_waiting(task: Task) -> int:
    """Messages in the task's queue that nobody has taken yet; 0 as well where the broker can't be asked."""
    queue = current_app.amqp.router.route({}, task.name)["queue"].name
    with current_app.connection_for_write() as connection:
        away: tuple[type[BaseException], ...] = (
            *connection.connection_errors, *connection.channel_errors, OSError,
        )  # fmt: skip
        try:
            channel: Any = connection.channel()
            return int(channel.queue_declare(queue, passive=True).message_count)
        except away:
            return 0
