"""How gunicorn runs the web process: `gunicorn backend.config.wsgi --config backend/config/gunicorn.py`."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings.base")

from django.conf import settings

bind = f"{settings.HOST}:{settings.PORT}"
worker_class = "gthread"
workers = settings.WEB_WORKERS
threads = settings.WEB_THREADS
timeout = 60  # seconds without a sign of life from a web worker
graceful_timeout = 20
keepalive = 5
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 (heartbeat files, not data)
control_socket_disable = True
loglevel = "warning"
proc_name = "cv4lymphnode-web"
