"""The request's id travels in the header of each Celery message: a worker's log lines name the request."""

from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun

from backend.core.request_id import accepted_or_new, current_request_id, set_request_id

HEADER = "request_id"
NOBODY = "-"


@before_task_publish.connect
def send_along(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """Into the message's headers; beat has no request, so a task by the clock gets an id of its own later."""
    if headers is not None and current_request_id() != NOBODY:
        headers[HEADER] = current_request_id()


@task_prerun.connect
def take_over(task: Any = None, **kwargs: Any) -> None:
    """Name the coming log lines; a header that is not a harmless id is replaced."""
    set_request_id(accepted_or_new(str(getattr(task.request, HEADER, None) or "")))


@task_postrun.connect
def let_go(**kwargs: Any) -> None:
    """Lines between two tasks belong to none."""
    set_request_id(NOBODY)
