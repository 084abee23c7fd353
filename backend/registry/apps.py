"""The `registry` app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Connects the readiness check and the metrics."""

    name = "backend.registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backend.registry.health  # noqa: F401, PLC0415 (models must be loaded first)
