"""The words of comparisons."""

from django.db import models

ANSWERED, CANDIDATE = SIDES = ("answered", "candidate")


class ComparisonState(models.TextChoices):
    """queued → running → finished | cancelled; the last two never change."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    CANCELLED = "cancelled", "Cancelled"


OPEN_COMPARISONS = (ComparisonState.QUEUED, ComparisonState.RUNNING)
