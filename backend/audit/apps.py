"""The `audit` app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what, when and from where."""

    name = "backend.audit"
    default_auto_field = "django.db.models.BigAutoField"
