"""Django's admin with our door (see `admin_site`)."""

from django.contrib.admin.apps import AdminConfig


class SiteAdminConfig(AdminConfig):
    """Stands in INSTALLED_APPS in place of django.contrib.admin."""

    default_site = "backend.accounts.admin_site.Site"
