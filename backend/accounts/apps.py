"""The `accounts` app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Connects the signals."""

    name = "backend.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import backend.accounts.audit_trail  # noqa: PLC0415
        import backend.accounts.schema  # noqa: PLC0415
        import backend.accounts.signals  # noqa: F401, PLC0415 (models must be loaded first)
        from backend.accounts.roles import groups_sync  # noqa: PLC0415

        post_migrate.connect(groups_sync, dispatch_uid="accounts.groups_sync")
