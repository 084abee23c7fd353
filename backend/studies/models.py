"""Cases and their ultrasound images: pixels and pseudonyms, never a patient."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.core.models import BaseModel
from backend.registry.choices import MODALITY_CHOICES
from backend.studies.choices import LIES_WHERE_MASKING_SAYS, READABLE, Masking

LABEL_LENGTH = 64


class Case(BaseModel):
    """One node of one patient at one visit: one to three images under a pseudonym."""

    label = models.CharField(max_length=LABEL_LENGTH, blank=True, help_text="A pseudonym, never a name.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    anonymous_id = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=True) ^ Q(anonymous_id__isnull=True), name="case_has_one_owner"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="case_of_owner"),
            models.Index(
                fields=["anonymous_id", "created_at"],
                name="case_of_browser",
                condition=Q(anonymous_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.pk)


class UltrasoundImage(BaseModel):
    """One upright 8-bit RGB image as PNG; of the uploaded file nothing else is left."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="images")
    modality = models.CharField(max_length=16, choices=MODALITY_CHOICES)
    file = models.FileField(
        max_length=255, blank=True, editable=False, help_text="Empty while the image may not be read."
    )
    sha256 = models.CharField(max_length=64, editable=False, help_text="Of the RGB bytes, row by row.")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    source_format = models.CharField(max_length=16, editable=False)
    frame = models.PositiveIntegerField(default=0, editable=False, help_text="Counted from 0.")
    frame_count = models.PositiveIntegerField(default=1, editable=False)
    region = models.JSONField(
        null=True, blank=True, editable=False, help_text="[x, y, width, height] in pixels."
    )
    scanner_region = models.JSONField(
        null=True, blank=True, editable=False, help_text="The region that the DICOM header marks."
    )
    kept = models.BooleanField(
        default=True, editable=False, help_text="No: the file is deleted once the image is answered."
    )
    file_deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    masking = models.CharField(max_length=16, choices=Masking.choices, default=Masking.OFF, editable=False)
    spool = models.CharField(
        max_length=255,
        blank=True,
        default="",
        editable=False,
        help_text="The unmasked file, which only the worker reads; empty once it is deleted.",
    )
    masked_boxes = models.JSONField(
        default=list, blank=True, editable=False, help_text="[x, y, width, height] of each covered place."
    )

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "modality"], name="one_image_per_modality_and_case"),
            models.CheckConstraint(
                condition=Q(kept=False) | Q(file_deleted_at__isnull=True) | Q(masking=Masking.DROPPED),
                name="kept_image_has_its_file",
            ),
            models.CheckConstraint(
                condition=LIES_WHERE_MASKING_SAYS, name="image_lies_where_its_masking_says"
            ),
        ]
        indexes = [
            models.Index(
                fields=["case"],
                name="image_to_be_deleted",
                condition=Q(kept=False, file_deleted_at__isnull=True),
            ),
            models.Index(fields=["spool"], name="image_with_a_spool", condition=~Q(spool="")),
        ]

    @property
    def key(self) -> str:
        """Where the PNG lies in the storage; empty where there is none that may be read."""
        return str(self.file.name or "")

    @property
    def is_readable(self) -> bool:
        """Whether there is a picture for people; never before its text is masked."""
        return self.masking in READABLE and self.file_deleted_at is None

    def __str__(self) -> str:
        return f"{self.get_modality_display()}, {self.width} × {self.height}"
