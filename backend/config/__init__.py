"""The project. Importing it binds `shared_task` to our Celery application in every process."""

from backend.config.celery import app as celery_app

__all__ = ["celery_app"]
