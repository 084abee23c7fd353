"""Batches: a name, an owner, and the analyses that were sent under it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.core.models import BaseModel
from backend.inference.models import Analysis

NAME_LENGTH = 64
MOST_CASES = 1000


class Batch(BaseModel):
    """Cases that were sent together. Each of them is an analysis like any other."""

    name = models.CharField(max_length=NAME_LENGTH, blank=True, help_text="Never a patient's name.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="batches"
    )
    anonymous_id = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=True) ^ Q(anonymous_id__isnull=True), name="batch_has_one_owner"
            ),
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="batch_of_owner")]

    def __str__(self) -> str:
        return self.name or str(self.pk)


class BatchCase(models.Model):
    """One analysis of a batch; rows keep the order in which the cases came."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="cases")
    analysis = models.OneToOneField(Analysis, on_delete=models.CASCADE, related_name="batch_case")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.analysis_id} of {self.batch_id}"
