"""One id a request, carried from the browser to the log lines."""

import logging
import re
import uuid
from contextvars import ContextVar

HEADER = "X-Request-ID"
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="-")


def accepted_or_new(offered: str) -> str:
    """The caller's id when it is harmless in a log line, else a new one."""
    return offered if _ACCEPTED.fullmatch(offered) else uuid.uuid4().hex


def set_request_id(value: str) -> None:
    """Name the request (or the task) that the coming log lines belong to."""
    _current.set(value)


def current_request_id() -> str:
    """The id that log lines carry now; `-` outside a request."""
    return _current.get()


class ProbeFilter(logging.Filter):
    """Drops the line that Django writes for each 503 of /readyz: a probe asks every second."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(getattr(record, "request", None), "path", "") != "/readyz"


class RequestIdFilter(logging.Filter):
    """Gives every log record a `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _current.get()
        return True
