"""The `registry` app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """What Django must know to load the app."""

    name = "backend.registry"
    default_auto_field = "django.db.models.BigAutoField"
