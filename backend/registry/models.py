"""Model versions and the record of who made which one active."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.core.models import BaseModel
from backend.registry.choices import MODALITY_CHOICES, VersionState


class ModelVersion(BaseModel):
    """One checkpoint for one modality; its manifest is copied here, its weights lie in the storage."""

    name = models.CharField(max_length=120)
    modality = models.CharField(max_length=16, choices=MODALITY_CHOICES)
    architecture = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=VersionState.choices, default=VersionState.UPLOADED)
    synthetic = models.BooleanField(help_text="Trained on computer-made phantoms, not on patients' images.")
    format_version = models.PositiveSmallIntegerField()
    manifest = models.JSONField(editable=False)
    file = models.FileField(upload_to="models/", max_length=255, editable=False)
    file_bytes = models.PositiveBigIntegerField(editable=False)
    file_sha256 = models.CharField(max_length=64, editable=False)
    tensor_sha256 = models.CharField(max_length=64, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    activated_at = models.DateTimeField(null=True, blank=True, editable=False)

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
    def input_size(self) -> int:
        """Height and width of the model's input in pixels."""
        return int(self.manifest["input_size"])


class ImmutableEventError(Exception):
    """Raised by an attempt to change or delete a line of the history."""


class ActivationEvent(BaseModel):
    """Who made which version active in whose place, when and why. Append only."""

    modality = models.CharField(max_length=16, choices=MODALITY_CHOICES)
    from_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="activations")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=500)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} {self.modality}: {self.to_version.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only new lines are written."""
        if not self._state.adding:
            raise ImmutableEventError("An activation event is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Lines are never removed."""
        raise ImmutableEventError("An activation event is never deleted.")
