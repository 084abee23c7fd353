"""The `core` app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Connects the hooks of the background worker, and the request ids of messages."""

    name = "backend.core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backend.core.background  # noqa: PLC0415 (settings must be loaded first)
        import backend.core.task_request_id  # noqa: F401, PLC0415
