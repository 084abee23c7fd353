"""The `inference` app."""

from django.apps import AppConfig


class InferenceConfig(AppConfig):
    """Connects the signals, the worker's hooks and the metrics."""

    name = "backend.inference"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from backend.inference import (  # noqa: PLC0415 (models must be loaded first)
            metrics,  # noqa: F401
            signals,  # noqa: F401
            worker,  # noqa: F401
        )
