"""The background worker: everybody else's work goes first, and it stops between two pieces of its own.

A worker that takes messages of the background queue and of no other becomes one by itself, however it was
started. Three levers, because each works where another does not:

- SCHED_IDLE: a live prediction that wakes up takes the core at once, instead of at the end of a time slice;
- nice 19: the same wish in words that every system understands, and what counts inside one control group;
- the nice value of the session: Linux shares the processor between sessions first ("autogroup"), and a nice
  value counts only inside its own. `manage.py serve` gives each process a session, so there this one decides.

Containers share the processor by weights of their own: docker-compose.yml gives this worker the smallest.
"""

import contextlib
import mmap
import os
from pathlib import Path

from celery import current_app
from celery.signals import worker_init, worker_shutting_down
from django.conf import settings

LOWEST_NICE = 19
_AUTOGROUP = Path("/proc/self/autogroup")
_stop = mmap.mmap(-1, 1)  # shared with the pool processes, which are forked later


def lowest_priority() -> None:
    """This thread, and every process and thread that it starts, yields the processor to all others."""
    os.nice(LOWEST_NICE)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    if os.getsid(0) == os.getpid():  # else the session belongs to somebody's terminal
        with contextlib.suppress(OSError):  # not there, or just written
            _AUTOGROUP.write_text(str(LOWEST_NICE))


def is_background_worker() -> bool:
    """True in a worker that takes messages of the background queue alone."""
    return set(current_app.amqp.queues.consume_from) == {settings.BACKGROUND_QUEUE}


def asked_to_stop() -> bool:
    """True once the worker was told to end: a long task hands back what it has not begun."""
    return _stop[0] != 0


@worker_init.connect
def _step_back(**kwargs: object) -> None:
    if is_background_worker():
        os.environ["OMP_NUM_THREADS"] = "1"  # torch is not loaded yet: one core at most
        os.environ["OMP_WAIT_POLICY"] = "passive"
        lowest_priority()


@worker_shutting_down.connect
def _stop_soon(**kwargs: object) -> None:
    _stop[0] = 1
