"""The `site` app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """What this installation allows and asks for."""

    name = "backend.site"
    default_auto_field = "django.db.models.BigAutoField"
