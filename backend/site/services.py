"""Writes of the site's settings: each change leaves a line in the record."""

import uuid
from typing import Any

from django.db import transaction

from backend.site.models import THE_ROW, SettingsChange, SiteSettings


@transaction.atomic
def site_settings_update(*, actor_id: uuid.UUID, changes: dict[str, Any]) -> SiteSettings:
    """Set the named fields (checked already), and write down those that really changed."""
    SiteSettings.objects.get_or_create(pk=THE_ROW)
    site = SiteSettings.objects.select_for_update().get(pk=THE_ROW)
    changed = {name: value for name, value in changes.items() if getattr(site, name) != value}
    for name, value in changed.items():
        SettingsChange.objects.create(actor_id=actor_id, field=name, old=getattr(site, name), new=value)
        setattr(site, name, value)
    if changed:
        site.save(update_fields=list(changed))
    return site
