"""Reads of the site's settings: one small row, asked for at each request, so that a change acts at once."""

from django.conf import settings
from django.db.models import QuerySet

from backend.site.models import THE_ROW, SettingsChange, SiteSettings


def site_settings() -> SiteSettings:
    """The settings in force; the defaults while nobody has changed any."""
    return SiteSettings.objects.filter(pk=THE_ROW).first() or SiteSettings()


def anonymous_allowed(site: SiteSettings) -> bool:
    """The environment is the upper bound: where ALLOW_ANONYMOUS is off, no row opens the site."""
    return bool(settings.ALLOW_ANONYMOUS) and site.anonymous_use


def text_masked(site: SiteSettings) -> bool:
    """Whether text in what is sent now is covered; where MASK_TEXT is off, the server can't."""
    return bool(settings.MASK_TEXT) and site.mask_text


def settings_changes() -> QuerySet[SettingsChange]:
    """The record, newest first."""
    return SettingsChange.objects.select_related("actor")
