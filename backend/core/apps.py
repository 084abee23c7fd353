"""The `core` app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What Django must know to load the app."""

    name = "backend.core"
    default_auto_field = "django.db.models.BigAutoField"
