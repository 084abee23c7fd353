"""The Celery application: `celery -A backend.config.celery worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings.base")

app = Celery("cv4lymphnode")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
