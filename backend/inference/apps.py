"""The `inference` app."""

from django.apps import AppConfig


class InferenceConfig(AppConfig):
    """What Django must know to load the app."""

    name = "backend.inference"
    default_auto_field = "django.db.models.BigAutoField"
