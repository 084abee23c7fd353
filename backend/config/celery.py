"""The Celery application: `celery -A backend.config.celery worker`."""

import os

from celery import Celery

from backend.core.file_broker import use_safe_file_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings.base")
use_safe_file_broker()

app = Celery("cv4lymphnode")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
