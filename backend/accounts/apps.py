"""The `accounts` app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Connects the signals."""

    name = "backend.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backend.accounts.schema  # noqa: PLC0415
        import backend.accounts.signals  # noqa: F401, PLC0415 (models must be loaded first)
