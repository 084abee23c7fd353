"""Analyses and predictions: the rows are the truth, messages only hint that there is work."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.core.models import BaseModel
from backend.inference.choices import (
    OPEN_STATES,
    AnalysisState,
    FailureCode,
    FirstReadState,
    PredictionState,
)
from backend.inference.holders import NAME_LENGTH
from backend.registry.models import ModelVersion
from backend.studies.models import Case, UltrasoundImage
from ml.taxonomy import MODALITIES

SCOPE_LENGTH = 64
KEY_LENGTH = 128
CLASS_LENGTH = 16
_MODALITY_ORDER = [modality.value for modality in MODALITIES]


class Analysis(BaseModel):
    """One run over a case: a prediction per image, and one answer for the case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="analyses")
    state = models.CharField(
        max_length=16, choices=AnalysisState.choices, default=AnalysisState.QUEUED, editable=False
    )
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    first_read = models.CharField(
        max_length=16, choices=FirstReadState.choices, default=FirstReadState.NOT_ASKED, editable=False
    )
    answered_class = models.CharField(
        max_length=CLASS_LENGTH,
        blank=True,
        default="",
        editable=False,
        help_text="What the case answer names, to search by; written when the analysis finishes.",
    )
    fusion = models.ForeignKey(
        ModelVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="The version that joined the modalities; null where none was fitted for their versions.",
    )
    idempotency_scope = models.CharField(max_length=SCOPE_LENGTH, blank=True, editable=False)
    idempotency_key = models.CharField(max_length=KEY_LENGTH, blank=True, editable=False)
    request_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "analyses"
        constraints = [
            models.UniqueConstraint(
                fields=["idempotency_scope", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="one_analysis_per_idempotency_key",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES) ^ Q(finished_at__isnull=False),
                name="analysis_finished_when_terminal",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="analysis_newest_first"),
            models.Index(fields=["answered_class", "-created_at"], name="analysis_by_class"),
        ]

    def __str__(self) -> str:
        return f"analysis {self.pk} ({self.state})"

    @property
    def is_withheld(self) -> bool:
        """The model's answer is shown to nobody before the clinician's own read is saved."""
        return self.first_read == FirstReadState.AWAITED

    @property
    def ordered_predictions(self) -> list["Prediction"]:
        """In the order of the modalities; uses what was prefetched."""
        return sorted(self.predictions.all(), key=lambda row: _MODALITY_ORDER.index(row.image.modality))


class Prediction(BaseModel):
    """One model version over one image. `attempt` fences: a worker that lost its lease changes nothing."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="predictions")
    image = models.ForeignKey(UltrasoundImage, on_delete=models.CASCADE, related_name="predictions")
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="predictions"
    )
    state = models.CharField(
        max_length=16, choices=PredictionState.choices, default=PredictionState.QUEUED, editable=False
    )
    attempt = models.PositiveSmallIntegerField(default=0, editable=False)
    starts = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Attempts in which work on it began: these are limited."
    )
    dispatched_at = models.DateTimeField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_by = models.CharField(max_length=NAME_LENGTH, blank=True, default="", editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    probabilities = models.JSONField(null=True, blank=True, editable=False)
    logits = models.JSONField(null=True, blank=True, editable=False)
    maps = models.JSONField(
        null=True, blank=True, editable=False, help_text="Storage key by class; null: no positive evidence."
    )
    timings_ms = models.JSONField(null=True, blank=True, editable=False)
    engine = models.JSONField(null=True, blank=True, editable=False)
    p_values = models.JSONField(
        null=True, blank=True, editable=False, help_text="By class; null where the version is not calibrated."
    )
    prediction_set = models.JSONField(
        null=True, blank=True, editable=False, help_text="The classes that can't be ruled out at the level."
    )
    set_level = models.PositiveSmallIntegerField(null=True, blank=True, editable=False, help_text="Percent.")
    unlikeness = models.FloatField(
        null=True, blank=True, editable=False, help_text="Above 1: unlike what the version learned from."
    )
    spread = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="Low and high by class, of the members of an ensemble; null: one model alone.",
    )
    flags = models.JSONField(default=list, blank=True, editable=False)
    text_check = models.JSONField(
        null=True, blank=True, editable=False, help_text="Of burned-in text; comes after the answer."
    )
    text_check_due = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When to ask for the check again; null: it is over."
    )
    failure_code = models.CharField(max_length=32, choices=FailureCode.choices, blank=True, editable=False)
    failure_detail = models.CharField(max_length=500, blank=True, editable=False)
    late_results = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Results that came after the row had moved on, and were dropped."
    )

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "image"], name="one_prediction_per_image"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES) ^ Q(finished_at__isnull=False),
                name="prediction_finished_when_terminal",
            ),
            models.CheckConstraint(
                condition=~Q(state=PredictionState.SUCCEEDED)
                | Q(probabilities__isnull=False, maps__isnull=False, model_version__isnull=False),
                name="success_has_its_result",
            ),
            models.CheckConstraint(
                condition=Q(state=PredictionState.FAILED) ^ Q(failure_code=""), name="failure_has_its_code"
            ),
            models.CheckConstraint(
                condition=~Q(state=PredictionState.RUNNING) | Q(lease_expires_at__isnull=False),
                name="running_holds_a_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["model_version", "analysis"], name="prediction_of_version"),
            models.Index(
                fields=["text_check_due"],
                name="prediction_text_check",
                condition=Q(text_check_due__isnull=False),
            ),
            models.Index(
                fields=["created_at"], name="prediction_queued", condition=Q(state=PredictionState.QUEUED)
            ),
            models.Index(
                fields=["lease_expires_at"],
                name="prediction_running",
                condition=Q(state=PredictionState.RUNNING),
            ),
        ]

    def __str__(self) -> str:
        return f"prediction {self.pk} ({self.state})"


class KeyReservation(models.Model):
    """An idempotency key whose first request is being answered; the row goes when the answer is known."""

    scope = models.CharField(max_length=SCOPE_LENGTH)
    key = models.CharField(max_length=KEY_LENGTH)
    request_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_reservation_per_key"),
        ]

    def __str__(self) -> str:
        return f"key in use since {self.created_at}"


class AnalysisShare(BaseModel):
    """A link to an analysis for colleagues with an account. The link itself is nowhere, only its hash."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="shares")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"link to {self.analysis_id} until {self.expires_at}"


class ShareOpening(models.Model):
    """Who has opened a link: from then on this account reads the analysis while the link lives."""

    share = models.ForeignKey(AnalysisShare, on_delete=models.CASCADE, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share", "user"], name="one_opening_per_account_and_link"),
        ]

    def __str__(self) -> str:
        return f"opened at {self.opened_at}"
