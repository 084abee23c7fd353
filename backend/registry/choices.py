"""The words of the registry."""

from django.db import models

from ml.taxonomy import Modality

MODALITY_LABELS = {
    Modality.B_MODE: "2D grey-scale",
    Modality.CDFI: "CDFI (colour Doppler)",
    Modality.ELASTOGRAPHY: "Strain elastography",
}
MODALITY_CHOICES = [(modality.value, label) for modality, label in MODALITY_LABELS.items()]


class VersionState(models.TextChoices):
    """uploaded → checking → checked | rejected; checked ⇄ active; retired by hand."""

    UPLOADED = "uploaded", "Uploaded"
    CHECKING = "checking", "Checking"
    CHECKED = "checked", "Checked"
    REJECTED = "rejected", "Rejected"
    ACTIVE = "active", "Active"
    RETIRED = "retired", "Retired"
