"""The `accounts` app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """What Django must know to load the app."""

    name = "backend.accounts"
    default_auto_field = "django.db.models.BigAutoField"
