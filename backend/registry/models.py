"""Model versions, the checks they went through, and the record of who did what with which one."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.core.models import AppendOnlyModel, BaseModel
from backend.registry.choices import (
    OPEN_CHECKS,
    VERSION_CHOICES,
    CheckState,
    EventAction,
    VersionState,
)
from ml.taxonomy import Joining

NAME_LENGTH = 120
REASON_LENGTH = 500


class ModelVersion(BaseModel):
    """One checkpoint for one modality, or a fusion of several (`modality` is then "fusion"); its manifest is
    copied here, its weights lie in the storage."""

    name = models.CharField(max_length=NAME_LENGTH)
    modality = models.CharField(max_length=16, choices=VERSION_CHOICES)
    architecture = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=VersionState.choices, default=VersionState.UPLOADED)
    synthetic = models.BooleanField(help_text="Trained on computer-made phantoms, not on patients' images.")
    notes = models.CharField(
        max_length=REASON_LENGTH, blank=True, editable=False, help_text="What was said when it came in."
    )
    format_version = models.PositiveSmallIntegerField()
    manifest = models.JSONField(editable=False)
    file = models.FileField(
        upload_to="models/",
        max_length=255,
        blank=True,
        editable=False,
        help_text="Empty once the weights were deleted.",
    )
    file_bytes = models.PositiveBigIntegerField(editable=False)
    file_sha256 = models.CharField(max_length=64, editable=False)
    tensor_sha256 = models.CharField(max_length=64, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    activated_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["modality"],
                condition=Q(state=VersionState.ACTIVE),
                name="one_active_version_per_modality",
            ),
            models.UniqueConstraint(
                fields=["modality", "tensor_sha256", "format_version"],
                condition=~Q(state=VersionState.REJECTED),
                name="same_weights_once_per_modality",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_modality_display()})"

    @property
    def is_fusion(self) -> bool:
        """It joins answers and never sees an image."""
        return self.modality == Joining.FUSION

    @property
    def input_size(self) -> int | None:
        """Height and width of the model's input in pixels; None for a fusion."""
        return None if self.is_fusion else int(self.manifest["input_size"])

    @property
    def last_check(self) -> "VersionCheck | None":
        """The latest check, of those that were prefetched or else of all."""
        return max(self.checks.all(), key=lambda check: check.created_at, default=None)


class VersionCheck(BaseModel):
    """One examination of a version by a worker; the latest one counts. `attempt` fences lost workers."""

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="checks")
    state = models.CharField(max_length=16, choices=CheckState.choices, default=CheckState.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    findings = models.JSONField(default=list, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=REASON_LENGTH)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(state__in=OPEN_CHECKS), name="one_open_check_per_version"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_CHECKS) ^ Q(finished_at__isnull=False),
                name="check_finished_when_terminal",
            ),
            models.CheckConstraint(
                condition=~Q(state=CheckState.RUNNING) | Q(lease_expires_at__isnull=False),
                name="running_check_holds_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"check of {self.version_id} ({self.state})"


class VersionEvent(AppendOnlyModel):
    """Who did what with a version, when and why. Append only."""

    action = models.CharField(max_length=16, choices=EventAction.choices)
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="events")
    from_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    modality = models.CharField(max_length=16, choices=VERSION_CHOICES)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=REASON_LENGTH)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["modality", "action", "-created_at"], name="event_by_modality"),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.version.name}: {self.get_action_display().lower()}"
