"""The `batches` app."""

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    """Many cases that were sent together, and their answers as one table."""

    name = "backend.batches"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.batches import signals  # noqa: F401, PLC0415 (models must be loaded first)
