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


# Those that `ml.backbones` can build; repeated here because importing it would load torch (a test compares).
KNOWN_ARCHITECTURES = (
    "resnet152",
    "convnext_large",
    "efficientnet_b7",
    "vit_b_16",
    "resnet18",
    "resnet50",
    "convnext_tiny",
    "efficientnet_b0",
)
