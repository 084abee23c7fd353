"""A candidate's answers to past cases. Rows of their own, so that no clinician's query can ever show them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.comparisons.choices import OPEN_COMPARISONS, ComparisonState
from backend.core.models import BaseModel
from backend.inference.choices import OPEN_STATES, FailureCode, PredictionState
from backend.inference.holders import NAME_LENGTH
from backend.inference.models import Prediction
from backend.registry.choices import MODALITY_CHOICES
from backend.registry.models import REASON_LENGTH, ModelVersion

CLASS_LENGTH = 16


class Comparison(BaseModel):
    """One candidate over the last cases of its modality."""

    candidate = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="comparisons")
    modality = models.CharField(max_length=16, choices=MODALITY_CHOICES, editable=False)
    state = models.CharField(
        max_length=16, choices=ComparisonState.choices, default=ComparisonState.QUEUED, editable=False
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=REASON_LENGTH)
    dispatched_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OPEN_COMPARISONS) ^ Q(finished_at__isnull=False),
                name="comparison_finished_when_terminal",
            ),
        ]

    def __str__(self) -> str:
        return f"comparison {self.pk} ({self.state})"


class ComparisonCase(BaseModel):
    """The candidate's answer beside one that was given. `attempt` fences, as in a prediction."""

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="cases")
    prediction = models.ForeignKey(Prediction, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(editable=False, help_text="0: the newest; also the order of work.")
    answered_class = models.CharField(max_length=CLASS_LENGTH, editable=False)
    candidate_class = models.CharField(max_length=CLASS_LENGTH, blank=True, editable=False)
    changed = models.BooleanField(null=True, editable=False, help_text="The candidate names another class.")
    state = models.CharField(
        max_length=16, choices=PredictionState.choices, default=PredictionState.QUEUED, editable=False
    )
    attempt = models.PositiveSmallIntegerField(default=0, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_by = models.CharField(max_length=NAME_LENGTH, blank=True, default="", editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    probabilities = models.JSONField(null=True, blank=True, editable=False)
    maps = models.JSONField(
        null=True, blank=True, editable=False, help_text="Storage key by class; null: no positive evidence."
    )
    candidate_ms = models.FloatField(null=True, blank=True, editable=False)
    answered_ms = models.FloatField(
        null=True, blank=True, editable=False, help_text="The version that answered, timed once more."
    )
    failure_code = models.CharField(max_length=32, choices=FailureCode.choices, blank=True, editable=False)
    late_results = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["comparison", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "prediction"], name="one_comparison_case_per_prediction"
            ),
            models.UniqueConstraint(
                fields=["comparison", "position"], name="one_comparison_case_per_position"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES) ^ Q(finished_at__isnull=False),
                name="comparison_case_finished_when_terminal",
            ),
            models.CheckConstraint(
                condition=~Q(state=PredictionState.SUCCEEDED)
                | Q(probabilities__isnull=False, maps__isnull=False, changed__isnull=False),
                name="comparison_case_success_has_its_result",
            ),
            models.CheckConstraint(
                condition=Q(state=PredictionState.FAILED) ^ Q(failure_code=""),
                name="comparison_case_failure_has_its_code",
            ),
            models.CheckConstraint(
                condition=~Q(state=PredictionState.RUNNING) | Q(lease_expires_at__isnull=False),
                name="comparison_case_running_holds_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_expires_at"],
                name="comparison_case_running",
                condition=Q(state=PredictionState.RUNNING),
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.position} of comparison {self.comparison_id} ({self.state})"
