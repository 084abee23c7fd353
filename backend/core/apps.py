"""The `core` app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Connects the hooks of the background worker."""

    name = "backend.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backend.core.background  # noqa: F401, PLC0415 (settings must be loaded first)
