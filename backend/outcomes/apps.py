"""The `outcomes` app."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    """What people say of a case beside the model: the first read, the verdict, the pathology."""

    name = "backend.outcomes"
    default_auto_field = "django.db.models.BigAutoField"
