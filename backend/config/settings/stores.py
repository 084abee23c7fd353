"""Database, file storage and logs, each from one value of the environment."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from backend.config.settings.environment import env

LOCK_WAIT_S = 20
S3_CONNECT_WAIT_S = 2
S3_READ_WAIT_S = 4  # of silence: together with the second attempt, no request waits for more than ten seconds
S3_ATTEMPTS = 2
S3_IN_MEMORY_BYTES = 8 * 1024 * 1024  # of an object that is read; the rest of it lies in a temporary file
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
    if kind not in ("filesystem", "s3"):
        raise ImproperlyConfigured(f"STORAGE must be 'filesystem' or 's3', not '{kind}'.")
    return {
        "default": _object_store() if kind == "s3" else _folder(media_root),
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def _folder(media_root: Path) -> dict[str, Any]:
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(media_root), "base_url": None},
    }


def _object_store() -> dict[str, Any]:
    """One private bucket of an S3-compatible store. Without keys, the machine's own role is asked."""
    bucket = env.str("S3_BUCKET", default="")
    if not bucket:
        raise ImproperlyConfigured("STORAGE=s3 needs S3_BUCKET, the name of a private bucket.")
    from boto3.s3.transfer import TransferConfig  # noqa: PLC0415 (slow to load, and a folder needs none)
    from botocore.config import Config  # noqa: PLC0415

    patience = Config(
        connect_timeout=S3_CONNECT_WAIT_S,
        read_timeout=env.float("S3_READ_WAIT_S", default=S3_READ_WAIT_S),
        retries={"mode": "standard", "total_max_attempts": S3_ATTEMPTS},
        s3={"addressing_style": env.str("S3_ADDRESSING", default="path")},
        signature_version="s3v4",
    )
    return {
        "BACKEND": "backend.core.object_store.ObjectStore",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
            "region_name": env.str("S3_REGION", default="") or None,
            "access_key": env.str("S3_ACCESS_KEY", default="") or None,
            "secret_key": env.str("S3_SECRET_KEY", default="") or None,
            "location": env.str("S3_PREFIX", default=""),
            "file_overwrite": False,
            "max_memory_size": S3_IN_MEMORY_BYTES,
            "client_config": patience,
            "transfer_config": TransferConfig(num_download_attempts=1),  # each is S3_ATTEMPTS requests
        },
    }


def log_settings(level: str, *, form: str) -> dict[str, Any]:
    """One line an event on standard error, with the request's id; no image, label or token in it.

    `form`: `line` for people, `json` for programs."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "backend.core.request_id.RequestIdFilter"},
            "no_probes": {"()": "backend.core.request_id.ProbeFilter"},
        },
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
            "json": {"()": "backend.core.log_lines.JsonFormatter"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": form,
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
