"""The `studies` app."""

from django.apps import AppConfig


class StudiesConfig(AppConfig):
    """What Django must know to load the app."""

    name = "backend.studies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.studies import signals  # noqa: F401, PLC0415 (models must be loaded first)
