"""One row of settings that the site's admin changes while the server runs, and the record of the changes."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from backend.core.models import AppendOnlyModel
from backend.site.choices import LONGEST_RETENTION_DAYS, FirstReadMode, GatePolicy, SetLevel, SiteLanguage

THE_ROW = 1


class SiteSettings(models.Model):
    """The only row, or its defaults while nothing was ever changed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ROW, editable=False)
    anonymous_use = models.BooleanField(
        default=True, help_text="Work without an account, where ALLOW_ANONYMOUS permits it at all."
    )
    retention_days = models.PositiveIntegerField(
        default=0,
        validators=[MaxValueValidator(LONGEST_RETENTION_DAYS)],
        help_text="Cases older than so many days are deleted with their files. 0: kept.",
    )
    keep_images = models.BooleanField(
        default=True,
        help_text="Off: an image sent from now on is deleted from the server once it is answered.",
    )
    mask_text = models.BooleanField(
        default=True,
        help_text="On: text in an image sent from now on is covered before anyone can see the image.",
    )
    first_read = models.CharField(
        max_length=16,
        choices=FirstReadMode.choices,
        default=FirstReadMode.OFF,
        help_text="Who saves a read of one's own before the model's answer is shown.",
    )
    set_level = models.PositiveSmallIntegerField(
        choices=SetLevel.choices,
        default=SetLevel.P90,
        help_text="How sure a set of classes has to be; it holds for answers from now on.",
    )
    gate_policy = models.CharField(
        max_length=16,
        choices=GatePolicy.choices,
        default=GatePolicy.ASK,
        help_text="What the page shows first where something speaks against an answer as a whole.",
    )
    default_language = models.CharField(
        max_length=16, choices=SiteLanguage.choices, default=SiteLanguage.BROWSER
    )

    class Meta:
        verbose_name_plural = "site settings"
        constraints = [
            models.CheckConstraint(condition=Q(id=THE_ROW), name="one_row_of_site_settings"),
            models.CheckConstraint(
                condition=Q(retention_days__lte=LONGEST_RETENTION_DAYS), name="retention_within_bounds"
            ),
        ]

    def __str__(self) -> str:
        return "the site's settings"


class SettingsChange(AppendOnlyModel):
    """Who changed which setting, when, from what to what. Append only."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=32)
    old = models.JSONField()
    new = models.JSONField()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"
