"""Celery: three queues, limits derived from one number, and a broker that never holds a request up."""

from pathlib import Path
from typing import Any

INFERENCE_QUEUE = "inference"
MAINTENANCE_QUEUE = "maintenance"
BACKGROUND_QUEUE = "background"
BACKGROUND_TASKS = ("backend.registry.tasks.check_version", "backend.comparisons.tasks.run_comparisons")
BACKGROUND_PATIENCE = 10  # times the hard limit: with the lowest priority, the same work takes longer
SOFT_SHARE = 0.9  # of the hard limit
VISIBILITY_SHARE = 1.1  # of the longest hard limit: a running message is never handed out twice
WORKER_START_S = 120.0  # a child process loads torch and the active versions before it says that it is up
PUBLISH_WAIT_S = 1.0  # how long a request may wait for a broker that does not answer


def broker_transport(url: str, *, data_dir: Path, poll_s: float, hard_limit_s: int) -> dict[str, Any]:
    """Transport options for the broker that `url` names; folders of the file broker are made here."""
    if url.startswith("filesystem"):
        return _file_broker(data_dir / "broker", poll_s)
    return {
        "visibility_timeout": round(background_limit_s(hard_limit_s) * VISIBILITY_SHARE),
        "socket_connect_timeout": PUBLISH_WAIT_S,
        "socket_timeout": 2 * PUBLISH_WAIT_S,
        "retry_on_timeout": False,
        "max_retries": 0,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.2,
        "connect_retries_timeout": PUBLISH_WAIT_S,
        "client_name": "cv4lymphnode",
    }


def background_limit_s(hard_limit_s: int) -> int:
    """Seconds after which a task of the background queue is killed."""
    return hard_limit_s * BACKGROUND_PATIENCE


def _file_broker(folder: Path, poll_s: float) -> dict[str, Any]:
    """One folder for messages, one for the transport's bookkeeping."""
    messages, control = folder / "messages", folder / "control"
    for path in (messages, control):
        path.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "store_processed": False,
        "polling_interval": poll_s,
    }


def celery_settings(
    *, broker_url: str, transport_options: dict[str, Any], hard_limit_s: int
) -> dict[str, Any]:
    """Every CELERY_ setting. The row in the database is the truth; a message is only a hint."""
    return {
        "CELERY_BROKER_URL": broker_url,
        "CELERY_BROKER_TRANSPORT_OPTIONS": transport_options,
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
        "CELERY_BROKER_CONNECTION_MAX_RETRIES": None,  # a worker waits for its broker for ever
        "CELERY_TASK_PUBLISH_RETRY": False,  # the sweep sends again what could not be sent
        "CELERY_TASK_SERIALIZER": "json",
        "CELERY_RESULT_SERIALIZER": "json",
        "CELERY_ACCEPT_CONTENT": ["json"],
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        "CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS": False,
        "CELERY_WORKER_SEND_TASK_EVENTS": False,
        "CELERY_WORKER_PROC_ALIVE_TIMEOUT": WORKER_START_S,
        "CELERY_WORKER_LOST_WAIT": 1.0,  # results are in the database: nothing to wait for after a crash
        "CELERY_WORKER_ENABLE_REMOTE_CONTROL": not broker_url.startswith("filesystem"),
        "CELERY_WORKER_HIJACK_ROOT_LOGGER": False,
        "CELERY_TASK_TIME_LIMIT": hard_limit_s,
        "CELERY_TASK_SOFT_TIME_LIMIT": round(hard_limit_s * SOFT_SHARE),
        "CELERY_TASK_ANNOTATIONS": dict.fromkeys(BACKGROUND_TASKS, _limits(background_limit_s(hard_limit_s))),
        "CELERY_TASK_DEFAULT_QUEUE": MAINTENANCE_QUEUE,
        "CELERY_TASK_CREATE_MISSING_QUEUES": True,
        "CELERY_TASK_ROUTES": {
            "backend.inference.tasks.run_prediction": {"queue": INFERENCE_QUEUE},
            "backend.inference.tasks.look_again": {"queue": INFERENCE_QUEUE},
            "backend.inference.tasks.heartbeat": {"queue": INFERENCE_QUEUE},
            **{task: {"queue": BACKGROUND_QUEUE} for task in BACKGROUND_TASKS},
        },
        "CELERY_BEAT_SCHEDULE": beat_schedule(),
        "CELERY_BEAT_SCHEDULER": "celery.beat:Scheduler",  # in memory: nothing to corrupt, nothing pickled
        "CELERY_TIMEZONE": "UTC",
    }


def _limits(hard_limit_s: int) -> dict[str, int]:
    return {"time_limit": hard_limit_s, "soft_time_limit": round(hard_limit_s * SOFT_SHARE)}


def beat_schedule() -> dict[str, dict[str, Any]]:
    """What runs by the clock. A message that nobody took before the next one is due expires."""
    return {
        "sweep": _every(5, "backend.inference.tasks.sweep", MAINTENANCE_QUEUE),
        "sweep-registry": _every(15, "backend.registry.tasks.sweep", MAINTENANCE_QUEUE),
        "sweep-comparisons": _every(15, "backend.comparisons.tasks.sweep", MAINTENANCE_QUEUE),
        "heartbeat": _every(5, "backend.inference.tasks.heartbeat", INFERENCE_QUEUE),
        "purge-anonymous": _every(3600, "backend.inference.tasks.purge_anonymous", MAINTENANCE_QUEUE),
        "purge-batches": _every(3600, "backend.batches.tasks.purge_empty", MAINTENANCE_QUEUE),
    }


def _every(seconds: int, task: str, queue: str) -> dict[str, Any]:
    return {"task": task, "schedule": float(seconds), "options": {"queue": queue, "expires": seconds * 2}}
