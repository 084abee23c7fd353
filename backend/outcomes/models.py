"""What people say of a case. Rows are added, never changed: the latest counts, the others are the history."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.core.models import AppendOnlyModel
from backend.inference.models import Analysis
from backend.outcomes.choices import CLASS_CHOICES, CLASS_LENGTH, REASON_LENGTH, Confidence
from backend.studies.models import Case


class Statement(AppendOnlyModel):
    """Who says which class; nobody's name stands for anonymous work."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    class_name = models.CharField(max_length=CLASS_LENGTH, choices=CLASS_CHOICES)

    class Meta:
        abstract = True
        ordering = ["-created_at", "-id"]


class ClinicianRead(Statement):
    """The clinician's own call before the model's answer was shown: one an analysis, for good."""

    analysis = models.OneToOneField(Analysis, on_delete=models.CASCADE, related_name="clinician_read")
    confidence = models.CharField(max_length=16, choices=Confidence.choices)

    def __str__(self) -> str:
        return f"read of {self.analysis_id}: {self.class_name}"


class Verdict(Statement):
    """Whether the clinician agrees with the model's answer, or what overrides it and why."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="verdicts")
    agrees = models.BooleanField()
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta(Statement.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(reason=""), name="override_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"verdict on {self.analysis_id}: {self.class_name}"


class Pathology(Statement):
    """What pathology found, entered later; a correction is another row."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pathology")
    reported_on = models.DateField(help_text="The date of the report.")
    note = models.CharField(max_length=REASON_LENGTH, blank=True, help_text="Never a name.")

    class Meta(Statement.Meta):
        verbose_name_plural = "pathology"

    def __str__(self) -> str:
        return f"pathology of {self.case_id}: {self.class_name}"
