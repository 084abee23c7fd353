"""Database, file storage and logs, each from one value of the environment."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from backend.config.settings.environment import env

LOCK_WAIT_S = 20
SQLITE_OPTIONS = {
    "timeout": LOCK_WAIT_S,
    "transaction_mode": "IMMEDIATE",  # a writer queues for the lock instead of failing half-way
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def database(url: str) -> dict[str, Any]:
    """Django's connection settings for a database URL (sqlite:/// or postgres://)."""
    settings: dict[str, Any] = env.db_url_config(url)
    if settings["ENGINE"].endswith("sqlite3"):
        Path(settings["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        return settings | {"OPTIONS": SQLITE_OPTIONS}
    options = {"connect_timeout": 5} | settings.get("OPTIONS", {})
    return settings | {"OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def file_storages(kind: str, media_root: Path) -> dict[str, Any]:
    """Where images and checkpoints lie. Nothing in it is ever public: no URL is configured."""
    if kind != "filesystem":
        raise ImproperlyConfigured(f"STORAGE must be 'filesystem', not '{kind}'.")
    return {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(media_root), "base_url": None},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def log_settings(level: str) -> dict[str, Any]:
    """One line an event on standard error, with the request's id; no image, label or token in it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "backend.core.request_id.RequestIdFilter"},
            "no_probes": {"()": "backend.core.request_id.ProbeFilter"},
        },
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["request_id", "no_probes"],
            },
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "gunicorn.http.wsgi": {"level": "ERROR"},  # warns of each HEAD whose body it drops
            "kombu.connection": {"level": "ERROR"},  # warns that a file broker has no host name
            "django.server": {"handlers": [], "level": level, "propagate": True},
        },
    }
