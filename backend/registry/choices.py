"""The words of the registry."""

from django.db import models

from ml.taxonomy import Joining, Modality

MODALITY_LABELS = {
    Modality.B_MODE: "2D grey-scale",
    Modality.CDFI: "CDFI (colour Doppler)",
    Modality.ELASTOGRAPHY: "Strain elastography",
}
MODALITY_CHOICES = [(modality.value, label) for modality, label in MODALITY_LABELS.items()]
# What a version answers for: one modality, or the case once the modalities have answered.
VERSION_CHOICES = [*MODALITY_CHOICES, (Joining.FUSION.value, "Case answer (fusion)")]


class VersionState(models.TextChoices):
    """uploaded → checking → checked | rejected; checked ⇄ active; retired by hand."""

    UPLOADED = "uploaded", "Uploaded"
    CHECKING = "checking", "Checking"
    CHECKED = "checked", "Checked"
    REJECTED = "rejected", "Rejected"
    ACTIVE = "active", "Active"
    RETIRED = "retired", "Retired"


RETIRABLE = (VersionState.UPLOADED, VersionState.CHECKED, VersionState.REJECTED)


class CheckState(models.TextChoices):
    """waiting → running → passed | failed; a lost worker brings it back to waiting once."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    PASSED = "passed", "Passed"
    FAILED = "failed", "Failed"


OPEN_CHECKS = (CheckState.WAITING, CheckState.RUNNING)


class EventAction(models.TextChoices):
    """What the history tells."""

    UPLOADED = "uploaded", "Uploaded"
    CHECKED = "checked", "Passed its check"
    REJECTED = "rejected", "Rejected"
    ACTIVATED = "activated", "Activated"
    RETIRED = "retired", "Retired"
    COMPARED = "compared", "Compared"
