"""The words of the site's settings."""

from django.db import models

LONGEST_RETENTION_DAYS = 3650


class FirstReadMode(models.TextChoices):
    """Who writes down a read before the model's answer is shown."""

    OFF = "off", "Nobody"
    CHOICE = "choice", "Each user's choice"
    ALL = "all", "Everybody"


class SetLevel(models.IntegerChoices):
    """Percent of the cases of each class in which that class has to be in the set."""

    P80 = 80, "80 %"
    P85 = 85, "85 %"
    P90 = 90, "90 %"
    P95 = 95, "95 %"
    P99 = 99, "99 %"


class GatePolicy(models.TextChoices):
    """How an answer is shown that something speaks against as a whole. The flag stays in either case."""

    ASK = "ask", "The reason first, the answer after one click"
    BESIDE = "beside", "The reason beside the answer"
    REFUSE = "refuse", "As the first; what is no ultrasound image gets no answer"


class SiteLanguage(models.TextChoices):
    """The page's language for who has chosen none."""

    BROWSER = "browser", "As the browser asks"
    EN = "en", "English"
    ZH = "zh", "Simplified Chinese"
