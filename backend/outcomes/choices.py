"""The words of outcomes."""

from django.db import models

from ml.taxonomy import CLASS_NAMES

CLASS_CHOICES = [(name, name) for name in CLASS_NAMES]
CLASS_LENGTH = 16
REASON_LENGTH = 500


class Confidence(models.TextChoices):
    """How sure one is of one's own read."""

    LOW = "low", "Unsure"
    MEDIUM = "medium", "Fairly sure"
    HIGH = "high", "Sure"
