"""The `studies` app."""

from django.apps import AppConfig


class StudiesConfig(AppConfig):
    """What Django must know to load the app."""

    name = "backend.studies"
    default_auto_field = "django.db.models.BigAutoField"
