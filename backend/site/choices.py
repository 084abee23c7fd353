"""The words of the site's settings."""

from django.db import models

LONGEST_RETENTION_DAYS = 3650


class FirstReadMode(models.TextChoices):
    """Who writes down a read before the model's answer is shown."""

    OFF = "off", "Nobody"
    CHOICE = "choice", "Each user's choice"
    ALL = "all", "Everybody"


class SiteLanguage(models.TextChoices):
    """The page's language for who has chosen none."""

    BROWSER = "browser", "As the browser asks"
    EN = "en", "English"
    ZH = "zh", "Simplified Chinese"
