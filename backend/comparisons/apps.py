"""The `comparisons` app."""

from django.apps import AppConfig


class ComparisonsConfig(AppConfig):
    """Connects the signals and the worker's hook."""

    name = "backend.comparisons"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backend.comparisons.signals  # noqa: PLC0415 (models must be loaded first)
        import backend.comparisons.worker  # noqa: F401, PLC0415
